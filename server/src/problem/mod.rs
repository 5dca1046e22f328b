//! The only place that turns an error into HTTP: problem details (RFC 9457).

mod extractors;
mod query;
mod sources;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};
use shared::problem_code::ProblemCode;

pub use extractors::{json_config, method_not_allowed, not_found, of_framework, path_config, require_media_type};
pub use query::Query;

use crate::middleware::current_request_id;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// One fault of a body or a file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Fault {
    /// The line, from 1, where the source has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The field as a JSON pointer; empty for the whole.
    pub field: String,
    /// What is wrong with it, in English.
    pub problem: String,
    /// The same for programs: `code`, and `details` where it names something; empty where there is no word for it.
    #[serde(flatten)]
    pub kind: Map<String, Value>,
}

impl Fault {
    /// What is wrong as a program reads it, of a type that is serialised with `code` and `details`.
    pub fn kind_of(problem: &impl Serialize) -> Map<String, Value> {
        match serde_json::to_value(problem) {
            Ok(Value::Object(kind)) => kind,
            _ => Map::new(),
        }
    }
}

/// An answer that says what went wrong.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// The stable word, which decides status and title.
    pub code: ProblemCode,
    /// What went wrong this time, for a person. It never repeats secrets or what the reader may not see.
    pub detail: String,
    /// The field concerned, as a JSON pointer.
    pub field: Option<String>,
    /// Each fault, where there can be several.
    pub faults: Vec<Fault>,
    /// When to try again, in seconds.
    pub retry_after_s: Option<u32>,
    /// Members beside the standard ones, such as both values of a conflict.
    pub extra: Box<Map<String, Value>>,
    allow: Option<String>,
}

impl Problem {
    /// A problem with its detail.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            field: None,
            faults: Vec::new(),
            retry_after_s: None,
            extra: Box::default(),
            allow: None,
        }
    }

    /// A fault of the server: `cause` goes to the log and to nobody else.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, request_id = current_request_id(), "a request failed");
        Self::new(ProblemCode::Internal, "The server failed; the request id finds the cause in its log.")
    }

    /// The server cannot answer now: `cause` goes to the log, the caller may try again in a moment.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(%cause, request_id = current_request_id(), "a request could not be answered now");
        Self::new(ProblemCode::Unavailable, "The server cannot answer now. Try again in a moment.").retry_after(2)
    }

    /// Names the field concerned, as a JSON pointer.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Lists faults.
    pub fn with_faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Says when to try again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Adds a member beside the standard ones.
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(member.to_owned(), value.into());
        self
    }

    /// The body as it is sent.
    pub fn to_json(&self) -> Value {
        let mut body = Map::clone(&self.extra);
        body.insert("type".to_owned(), "about:blank".into());
        body.insert("title".to_owned(), self.code.title().into());
        body.insert("status".to_owned(), self.code.status().into());
        body.insert("code".to_owned(), self.code.as_str().into());
        body.insert("detail".to_owned(), self.detail.as_str().into());
        if let Some(field) = &self.field {
            body.insert("field".to_owned(), field.as_str().into());
        }
        if !self.faults.is_empty() {
            body.insert("errors".to_owned(), self.faults.iter().map(fault_json).collect());
        }
        if let Some(id) = current_request_id() {
            body.insert("request_id".to_owned(), id.into());
        }
        Value::Object(body)
    }
}

fn fault_json(fault: &Fault) -> Value {
    serde_json::to_value(fault).unwrap_or_default()
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.status_code());
        answer.content_type(MEDIA_TYPE).insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after_s {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            answer.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        }
        if let Some(allow) = &self.allow {
            answer.insert_header((header::ALLOW, allow.as_str()));
        }
        answer.body(self.to_json().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_standard_members_and_the_code() {
        let fault =
            Fault { line: Some(3), field: "/title".to_owned(), problem: "is missing".to_owned(), ..Fault::default() };
        let problem = Problem::new(ProblemCode::InvalidValue, "One value is wrong.").at("/title").with_faults([fault]);
        let expected = serde_json::json!({
            "type": "about:blank", "title": "A value is not acceptable", "status": 422, "code": "invalid_value",
            "detail": "One value is wrong.", "field": "/title",
            "errors": [{ "line": 3, "field": "/title", "problem": "is missing" }],
        });
        assert_eq!(problem.to_json(), expected);
    }

    #[test]
    fn an_internal_fault_does_not_tell_its_cause() {
        let body = Problem::internal("password of the database is wrong").to_json().to_string();
        assert!(!body.contains("password"), "{body}");
    }

    #[test]
    fn answers_are_not_stored_and_say_when_to_come_back() {
        let answer = Problem::new(ProblemCode::TooManyRequests, "Slower.").retry_after(7).error_response();
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers().get("retry-after").map(HeaderValue::as_bytes), Some(&b"7"[..]));
        assert_eq!(answer.headers().get("cache-control").map(HeaderValue::as_bytes), Some(&b"no-store"[..]));
        assert_eq!(answer.headers().get("content-type").map(HeaderValue::as_bytes), Some(MEDIA_TYPE.as_bytes()));
    }
}
