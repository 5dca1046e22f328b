//! What became of an attempt to push.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The longest that a provider can put us off for, in milliseconds.
const LONGEST_MS: i64 = 6 * 3_600_000;

/// What became of an attempt. No reason names a receiver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The provider took it.
    Accepted,
    /// The device is not reached by that address any more.
    Gone(String),
    /// It would be refused again.
    Refused(String),
    /// It may be taken later.
    Later {
        /// Why it was not.
        reason: String,
        /// After how long the provider wants to be asked again, in milliseconds.
        after_ms: Option<i64>,
    },
}

/// By the status of an answer, as far as all providers mean the same by it.
pub fn of_answer(status: StatusCode, headers: &HeaderMap) -> Outcome {
    if status.is_success() {
        return Outcome::Accepted;
    }
    let reason = format!("the provider answered {}", status.as_u16());
    let is_later = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::UNAUTHORIZED);
    if is_later { Outcome::Later { reason, after_ms: retry_after(headers) } } else { Outcome::Refused(reason) }
}

/// A connection that failed. Its cause may name the address, and is not told.
pub fn of_error(error: &reqwest::Error) -> Outcome {
    let reason = match error {
        error if error.is_timeout() => "the provider did not answer in time",
        error if error.is_connect() => "the provider cannot be reached",
        _ => "the connection to the provider broke",
    };
    Outcome::Later { reason: reason.to_owned(), after_ms: None }
}

/// The seconds in `Retry-After`; a date there is left to our own pauses.
fn retry_after(headers: &HeaderMap) -> Option<i64> {
    let seconds: i64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    (seconds >= 0).then(|| seconds.saturating_mul(1_000).min(LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<&'static str>) -> Outcome {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        of_answer(StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn what_may_be_taken_later_is_tried_again_when_the_provider_says() {
        assert_eq!(answered(201, None), Outcome::Accepted);
        assert!(matches!(answered(429, Some("30")), Outcome::Later { after_ms: Some(30_000), .. }));
        assert!(matches!(answered(503, Some("999999999")), Outcome::Later { after_ms: Some(LONGEST_MS), .. }));
        assert!(matches!(answered(500, Some("-3")), Outcome::Later { after_ms: None, .. }));
        assert!(matches!(answered(413, Some("30")), Outcome::Refused(_)));
    }
}
