//! The server's HTTP interface, as a device uses it.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, DeviceId};
use shared::sync::{ExchangeResponse, Position};
use thiserror::Error;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may say nothing: longer than the longest `wait_s` and two comments of the
/// live stream.
const SILENCE: Duration = Duration::from_secs(50);
/// How long somebody who stands there waits for an answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why the server did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ApiError {
    /// It was not reached, or the connection broke.
    #[error("the server was not reached: {0}")]
    Unreachable(String),
    /// It refused, for the reason of the stable `code`.
    #[error("the server refused ({code}): {detail}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The stable word.
        code: String,
        /// A sentence.
        detail: String,
        /// After how many seconds to come again, if the server said so.
        after_s: Option<u32>,
    },
    /// Its answer was not understood.
    #[error("the server's answer was not understood: {0}")]
    Unreadable(String),
}

impl ApiError {
    /// Whether this refusal has the HTTP status.
    pub fn has_status(&self, wanted: u16) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == wanted)
    }
}

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: &(dyn std::error::Error + 'static) = &error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        // A body that was cut off is no JSON either, but the network's doing.
        if cause.is::<serde_json::Error>() {
            Self::Unreadable(cause.to_string())
        } else {
            Self::Unreachable(cause.to_string())
        }
    }
}

/// What a device signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignInRequest {
    /// The code that was handed out or mailed.
    pub code: String,
    /// For a mailed code, the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the device is.
    pub device: DeviceDescription,
}

/// A device as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceDescription {
    /// What its owner knows it by.
    pub name: String,
    /// `phone`, `desk`, `console` or `terminal`.
    pub kind: &'static str,
}

/// The two tokens of a device. They are never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Tokens {
    /// Shown with every request.
    pub access_token: String,
    /// Exchanged for new ones, once.
    #[serde(default)]
    pub refresh_token: Option<String>,
}

/// Something with an id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct Named<T> {
    /// The id.
    pub id: T,
}

/// An event as a sign-in names it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct EventName {
    /// Its slug.
    pub slug: String,
}

/// An attendee whom the account is or acts for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ActsFor {
    /// The attendee.
    pub id: AttendeeId,
    /// At which event.
    pub event: EventName,
    /// The attendee's name.
    pub name: String,
}

/// A role of the account.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct RoleHeld {
    /// At which event.
    pub event: EventName,
}

/// The answer to a sign-in.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SignedIn {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// The account.
    pub account: Named<AccountId>,
    /// The device, as the server knows it from now on.
    pub device: Named<DeviceId>,
    /// Whom the account is or acts for, at all events.
    #[serde(default)]
    pub attendees: Vec<ActsFor>,
    /// The account's roles, at all events.
    #[serde(default)]
    pub roles: Vec<RoleHeld>,
}

/// What a device enrols itself with: exactly one of `code` and `link`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redemption {
    /// The code, as it was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The address that was scanned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What the device calls itself.
    pub device: DeviceName,
}

/// A device by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceName {
    /// Its name.
    pub name: String,
}

/// What an enrolled device gets.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Enrolled {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// Its own account.
    pub account: Named<AccountId>,
    /// The device, as the server knows it from now on.
    pub device: Named<DeviceId>,
    /// Where it checks.
    pub event: EventName,
    /// What it is for.
    pub enrolment: EnrolledAs,
}

/// What an enrolled device is for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct EnrolledAs {
    /// What the organisers call it.
    pub name: String,
    /// `full`, `door` or `protocol`.
    pub profile: String,
}

/// A request for the live stream.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LiveRequest {
    /// The device.
    pub device: DeviceId,
    /// The schema of rows that it reads.
    pub schema: u32,
    /// The newest `covers` stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Position>,
    /// The position of each scope held.
    pub holds: BTreeMap<String, Option<Position>>,
}

#[derive(Deserialize)]
struct ProblemBody {
    #[serde(default)]
    code: String,
    #[serde(default)]
    detail: String,
}

/// A server.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    server: String,
}

impl Api {
    /// The server at this URL, such as `https://cumbre.example.org`.
    pub fn new(server: &str) -> Result<Self, ApiError> {
        let client = Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).build()?;
        Ok(Self { client, server: server.trim_end_matches('/').to_owned() })
    }

    /// Asks for a code by mail. The server does not say whether it knows the address.
    pub async fn request_code(&self, email: &str) -> Result<(), ApiError> {
        answer_to(self.post("/v1/sign-in/codes").json(&json!({ "email": email }))).await.map(drop)
    }

    /// Signs a device in.
    pub async fn sign_in(&self, request: &SignInRequest) -> Result<SignedIn, ApiError> {
        Ok(answer_to(self.post("/v1/sign-in").json(request)).await?.json().await?)
    }

    /// Enrols a device that checks who may enter.
    pub async fn redeem(&self, redemption: &Redemption) -> Result<Enrolled, ApiError> {
        Ok(answer_to(self.post("/v1/enrolments/redeem").json(redemption)).await?.json().await?)
    }

    /// New tokens for a refresh token, which is used up by this.
    pub async fn renew(&self, refresh_token: &str) -> Result<Tokens, ApiError> {
        let request = self.post("/v1/tokens/refresh").json(&json!({ "refresh_token": refresh_token }));
        Ok(answer_to(request).await?.json().await?)
    }

    /// One exchange, whose body is sent as it is.
    pub async fn exchange(&self, event: &str, token: &str, body: Vec<u8>) -> Result<ExchangeResponse, ApiError> {
        let request = self.post(&format!("/v1/events/{event}/sync")).bearer_auth(token);
        let answer = answer_to(request.header(CONTENT_TYPE, "application/json").body(body)).await?.bytes().await?;
        serde_json::from_slice(&answer).map_err(|error| ApiError::Unreadable(error.to_string()))
    }

    /// Asks for something that is no exchange, and does not wait long: somebody stands there.
    pub async fn ask(&self, path: &str, token: &str, body: &Value) -> Result<Value, ApiError> {
        let request = self.post(path).bearer_auth(token).timeout(PATIENCE).json(body);
        let answer = answer_to(request).await?.bytes().await?;
        serde_json::from_slice(&answer).map_err(|error| ApiError::Unreadable(error.to_string()))
    }

    /// Opens the live stream.
    pub async fn listen(&self, event: &str, token: &str, request: &LiveRequest) -> Result<Response, ApiError> {
        answer_to(self.post(&format!("/v1/events/{event}/live")).bearer_auth(token).json(request)).await
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.server))
    }
}

async fn answer_to(request: RequestBuilder) -> Result<Response, ApiError> {
    let response = request.send().await?;
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    let after_s = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let problem = response.json().await.unwrap_or(ProblemBody { code: String::new(), detail: String::new() });
    Err(refusal(status, problem, after_s))
}

fn refusal(status: StatusCode, problem: ProblemBody, after_s: Option<u32>) -> ApiError {
    let ProblemBody { code, detail } = problem;
    let code = if code.is_empty() { status.as_u16().to_string() } else { code };
    let detail = if detail.is_empty() { status.to_string() } else { detail };
    ApiError::Refused { status: status.as_u16(), code, detail, after_s }
}
