//! A signed webhook: a gateway to text messages, or a bridge to a chat.

use aws_lc_rs::hmac;
use serde_json::json;
use shared::time::Timestamp;

use super::answers::{Outcome, describe, of_answer, of_error};
use super::message::Message;

/// The header with the time in seconds and the signature of the time, a dot and the body.
const SIGNATURE: &str = "Cumbre-Signature";

/// What whoever answers there is called.
const GATEWAY: &str = "the webhook";

/// Sends by a webhook.
pub struct Webhook {
    url: String,
    key: hmac::Key,
}

impl Webhook {
    /// To this address, signed with this secret.
    pub fn new(url: &str, secret: &str) -> Self {
        Self { url: url.to_owned(), key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) }
    }

    /// Hands a message for `to` over.
    pub async fn send(&self, client: &reqwest::Client, to: &str, message: &Message, now: Timestamp) -> Outcome {
        let mut body = json!({ "id": message.id, "to": to, "expires_in_s": message.ttl_s });
        if let (Some(body), Some(data)) = (body.as_object_mut(), message.data().as_object()) {
            body.extend(data.clone());
        }
        if let Some(says) = &message.says {
            body["title"] = json!(says.told.title);
            body["text"] = json!(says.told.text);
        }
        let body = body.to_string();
        let at = now.0.div_euclid(1_000);
        let request = client
            .post(&self.url)
            .header(SIGNATURE, format!("t={at},v1={}", self.sign(at, &body)))
            .header("Idempotency-Key", message.id.to_string())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body);
        match request.send().await {
            Ok(answer) if answer.status() == reqwest::StatusCode::GONE => {
                Outcome::gone(describe(GATEWAY, answer.status(), ""))
            }
            Ok(answer) => of_answer((GATEWAY, ""), answer.status(), answer.headers()),
            Err(error) => of_error(&error),
        }
    }

    fn sign(&self, at: i64, body: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{at}.{body}").as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_hmac_of_time_and_body() {
        // As openssl makes it: printf '1543230000.{}' | openssl dgst -sha256 -hmac secret
        let webhook = Webhook::new("https://gateway.example.org", "secret");
        let expected = "19b72092a000fc2cb41fdc1977cadea4b73d1a8ff071ec74ed53175714239352";
        assert_eq!(webhook.sign(1_543_230_000, "{}"), expected);
    }
}
