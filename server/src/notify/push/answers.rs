//! What became of an attempt to push.

use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use shared::time::Timestamp;

/// The longest that a provider can put us off for, in milliseconds.
const LONGEST_MS: i64 = 6 * 3_600_000;

/// Why a push waits whose provider does not answer.
pub const UNREACHED: &str = "the provider cannot be reached";

/// Why a push waits whose provider asked for a pause when another was handed to it.
pub const ASKED_TO_WAIT: &str = "the provider asked for a pause";

/// What became of an attempt. No reason names a receiver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The provider took it.
    Accepted,
    /// The device is not reached by that address any more.
    Gone {
        /// What the provider said.
        reason: String,
        /// Since when the provider knows, where it says so: who registered later is reached.
        known_at: Option<Timestamp>,
    },
    /// It would be refused again.
    Refused(String),
    /// There was no answer; it may be taken later.
    Silent(&'static str),
    /// It may be taken later.
    Later {
        /// Why it was not.
        reason: String,
        /// After how long the provider wants to be asked again, in milliseconds.
        after_ms: Option<i64>,
    },
}

impl Outcome {
    /// The device is not reached any more, as of now.
    pub fn gone(reason: impl Into<String>) -> Self {
        Self::Gone { reason: reason.into(), known_at: None }
    }

    /// It may be taken later, after a pause of our own.
    pub fn later(reason: impl Into<String>) -> Self {
        Self::Later { reason: reason.into(), after_ms: None }
    }
}

/// What a provider answered, for those who read why a push failed: its name, the status, and its own word for it.
pub fn describe(provider: &str, status: StatusCode, word: &str) -> String {
    let is_word = !word.is_empty() && word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let word = if is_word { format!(" {word}") } else { String::new() };
    format!("{provider} answered {}{word}", status.as_u16())
}

/// By the status of an answer, as far as all providers mean the same by it.
pub fn of_answer((provider, word): (&str, &str), status: StatusCode, headers: &HeaderMap) -> Outcome {
    if status.is_success() {
        return Outcome::Accepted;
    }
    let reason = describe(provider, status, word);
    let is_later = status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::UNAUTHORIZED);
    if is_later { Outcome::Later { reason, after_ms: retry_after(headers) } } else { Outcome::Refused(reason) }
}

/// A connection that failed. Its cause may name the address, and is not told.
pub fn of_error(error: &reqwest::Error) -> Outcome {
    Outcome::Silent(match error {
        error if error.is_timeout() => "the provider did not answer in time",
        error if error.is_connect() => UNREACHED,
        _ => "the connection to the provider broke",
    })
}

/// What `Retry-After` says in seconds, or as a date, which counts from the answer's own `Date`.
fn retry_after(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let read = |text: &str| DateTime::parse_from_rfc2822(text).ok();
            (read(text)? - read(headers.get(DATE)?.to_str().ok()?.trim())?).num_seconds()
        }
    };
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
        headers.insert(DATE, "Mon, 26 Nov 2018 11:00:00 GMT".parse().unwrap());
        of_answer(("FCM", ""), StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn what_may_be_taken_later_is_tried_again_when_the_provider_says() {
        assert_eq!(answered(201, None), Outcome::Accepted);
        assert!(matches!(answered(429, Some("30")), Outcome::Later { after_ms: Some(30_000), .. }));
        assert!(matches!(answered(503, Some("999999999")), Outcome::Later { after_ms: Some(LONGEST_MS), .. }));
        let date = Some("Mon, 26 Nov 2018 11:02:00 GMT");
        assert!(matches!(answered(503, date), Outcome::Later { after_ms: Some(120_000), .. }));
        assert!(matches!(answered(503, Some("Sun, 25 Nov 2018 11:02:00 GMT")), Outcome::Later { after_ms: None, .. }));
        assert!(matches!(answered(500, Some("-3")), Outcome::Later { after_ms: None, .. }));
        assert!(matches!(answered(413, Some("30")), Outcome::Refused(_)));
    }

    #[test]
    fn a_reason_has_the_providers_word_and_nothing_that_is_no_word() {
        let told = |word| describe("FCM", StatusCode::NOT_FOUND, word);
        assert_eq!(told("UNREGISTERED"), "FCM answered 404 UNREGISTERED");
        assert_eq!(told("token dGVzdA1 is gone"), "FCM answered 404");
        assert_eq!(told(""), "FCM answered 404");
    }
}
