//! Web Push (RFC 8030): browsers, each at an endpoint of its push service.

mod encryption;
mod vapid;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{StatusCode, Url};
use serde::{Deserialize, Serialize};
use shared::time::Timestamp;

pub use encryption::{AUTH_BYTES, PUBLIC_KEY_BYTES};
pub use vapid::{Vapid, mint_key};

use super::answers::{Outcome, describe, of_answer, of_error};
use super::guard::Guard;
use super::message::Message;

/// The longest endpoint accepted, in bytes.
const ENDPOINT_MAX_BYTES: usize = 2_000;

/// What whoever answers at an endpoint is called.
const SERVICE: &str = "the push service";

/// Where a browser is reached, as its subscription says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The address at the push service.
    pub endpoint: String,
    /// The browser's keys.
    pub keys: SubscriptionKeys,
}

/// What a message to a browser is encrypted for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionKeys {
    /// A point of P-256, uncompressed, base64url.
    pub p256dh: String,
    /// Sixteen bytes, base64url.
    pub auth: String,
}

impl SubscriptionKeys {
    fn read(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        // Some browsers pad what they encode.
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let (public, auth) = (decode(&self.p256dh)?, decode(&self.auth)?);
        let is_whole = public.len() == PUBLIC_KEY_BYTES && public.first() == Some(&4) && auth.len() == AUTH_BYTES;
        is_whole.then_some((public, auth))
    }
}

impl Subscription {
    /// What is wrong with it: the field, and the rest of a sentence. What lies behind the endpoint's name is
    /// looked at when something is sent.
    pub fn fault(&self, guard: &Guard) -> Option<(&'static str, &'static str)> {
        let url = Url::parse(&self.endpoint).ok().filter(|_| self.endpoint.len() <= ENDPOINT_MAX_BYTES);
        match url {
            Some(url) if guard.may_reach(&url) => {}
            _ => return Some(("/endpoint", "is no https address of a push service")),
        }
        let is_read =
            self.keys.read().is_some_and(|(public, auth)| encryption::encrypt(b"", (&public, &auth)).is_some());
        (!is_read).then_some(("/keys", "are not those of a subscription"))
    }
}

/// Sends a message to a browser.
pub async fn send(
    client: &reqwest::Client,
    (vapid, guard): (&Vapid, &Guard),
    subscription: &Subscription,
    message: &Message,
    now: Timestamp,
) -> Outcome {
    let Some(url) = Url::parse(&subscription.endpoint).ok().filter(|url| guard.may_reach(url)) else {
        return Outcome::gone("its endpoint is not a public one");
    };
    let sealed = subscription.keys.read().and_then(|(public, auth)| {
        let payload = message.payload_within(encryption::MOST_BYTES);
        encryption::encrypt(&payload, (&public, &auth))
    });
    let Some(sealed) = sealed else { return Outcome::gone("its keys cannot be used") };
    let Some(authorization) = vapid.authorization(&url.origin().ascii_serialization(), now) else {
        return Outcome::later("nothing can be signed");
    };
    let request = client
        .post(url)
        .header(AUTHORIZATION, authorization)
        .header(CONTENT_ENCODING, "aes128gcm")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("TTL", message.ttl_s.to_string())
        .header("Urgency", if message.is_urgent { "high" } else { "normal" })
        .header("Topic", &message.tag)
        .body(sealed);
    match request.send().await {
        Err(error) => of_error(&error),
        Ok(answer) if matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::GONE) => {
            Outcome::gone(describe(SERVICE, answer.status(), ""))
        }
        // A second try would be as large.
        Ok(answer) => of_answer((SERVICE, ""), answer.status(), answer.headers()),
    }
}
