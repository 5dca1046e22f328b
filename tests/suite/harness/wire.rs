//! Requests and answers: the one place through which the suite speaks HTTP.

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::check_response;

/// A line to one server. Answers are not decompressed, so that a test sees what a cache would.
#[derive(Clone)]
pub struct Wire {
    client: Client,
    base: String,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request that it is to, such as `GET /healthz`.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as it came.
    pub body: Bytes,
}

impl Wire {
    /// A line to the server at `base`.
    pub fn to(base: &str) -> Self {
        Self { client: Client::builder().no_gzip().build().unwrap(), base: base.to_owned() }
    }

    /// Sends a request; an error is a connection that broke.
    pub async fn try_send(
        &self,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> reqwest::Result<Answer> {
        let name = format!("{method} {path}");
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { request: name, status, headers, body: response.bytes().await? };
        assert!(answer.status < 500 || answer.status == 503, "{answer:?}");
        // The same answers are asked for uncompressed too, which is how the document describes them.
        if answer.header("content-encoding").is_empty() {
            let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            check_response(method.as_str(), path, answer.status, content_type, &answer.body);
        }
        Ok(answer)
    }

    /// Opens a stream, which the caller reads.
    pub async fn open(&self, path: &str, token: &str, body: &Value) -> reqwest::Response {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(token).json(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        self.read()
    }

    /// The body as a type of the wire.
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's text, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// This answer, which has the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.request, self.text());
        self
    }

    /// This answer, which is a problem document with the status and the code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert_eq!(self.problem(), (status, code.to_owned()), "{}: {}", self.request, self.text());
        self
    }

    /// The status and code of a problem document.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), "application/problem+json", "{self:?}");
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Whether the text occurs in any byte of the headers or the body.
    pub fn mentions(&self, text: &str) -> bool {
        let has = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
        has(&self.body)
            || self.headers.iter().any(|(name, value)| has(name.as_str().as_bytes()) || has(value.as_bytes()))
    }
}
