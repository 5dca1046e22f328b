//! Apple's push service over HTTP/2, with tokens signed by a key of the team's.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::Mutex;
use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use shared::notice::Urgency;
use shared::time::Timestamp;

use super::answers::{Outcome, describe, of_answer, of_error};
use super::message::Message;
use super::pem::read_private_key;

/// How long a token is used: Apple takes none older than an hour.
const TOKEN_S: i64 = 50 * 60;

/// Before this age no other is made, whatever Apple says of it: who makes them more often is refused for that.
const TOKEN_LEAST_S: i64 = 20 * 60;

/// The most bytes of a message: 4,096, of which `aps` takes some.
const MOST_BYTES: usize = 3_500;

/// Who sends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApnsTeam {
    /// The key's id.
    pub key_id: String,
    /// The team's id.
    pub team_id: String,
    /// The app's bundle id.
    pub topic: String,
}

/// Sends by APNs.
pub struct Apns {
    base: String,
    team: ApnsTeam,
    signing: EncodingKey,
    token: Mutex<Option<(String, i64)>>,
}

impl Apns {
    /// With the `.p8` file of a key, at an address without a slash at its end; a sentence where it cannot be
    /// used.
    pub fn read(key: &str, team: ApnsTeam, base: &str) -> Result<Self, &'static str> {
        let signing = read_private_key(key)
            .filter(|document| EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document).is_ok());
        let signing = EncodingKey::from_ec_der(&signing.ok_or("is not a key of APNs")?);
        Ok(Self { base: base.to_owned(), team, signing, token: Mutex::default() })
    }

    /// Sends a message to an iPhone or iPad.
    pub async fn send(&self, client: &reqwest::Client, device: &str, message: &Message, now: Timestamp) -> Outcome {
        let Some(token) = self.token(now) else {
            return Outcome::later("nothing can be signed");
        };
        let is_shown = message.says.is_some();
        let request = client
            .post(format!("{}/3/device/{device}", self.base))
            .bearer_auth(token)
            .header("apns-topic", &self.team.topic)
            .header("apns-push-type", if is_shown { "alert" } else { "background" })
            // What only wakes the app up must not ask for more.
            .header("apns-priority", if is_shown && message.is_urgent { "10" } else { "5" })
            .header("apns-expiration", (now.0.div_euclid(1_000) + message.ttl_s).to_string())
            .header("apns-collapse-id", &message.tag)
            .header("apns-id", message.id.to_string())
            .json(&body_for(message));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return of_error(&error),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            return Outcome::Accepted;
        }
        let body: Value = answer.json().await.unwrap_or_default();
        let word = body["reason"].as_str().unwrap_or_default();
        match (status, word) {
            (StatusCode::GONE, _) | (_, "BadDeviceToken" | "DeviceTokenNotForTopic" | "Unregistered") => {
                let known_at = body["timestamp"].as_i64().map(Timestamp);
                Outcome::Gone { reason: describe("APNs", status, word), known_at }
            }
            (_, "ExpiredProviderToken" | "InvalidProviderToken" | "MissingProviderToken") => {
                self.give_up_token(now);
                Outcome::later(describe("APNs", status, word))
            }
            _ => of_answer(("APNs", word), status, &headers),
        }
    }

    fn give_up_token(&self, now: Timestamp) {
        let mut kept = self.token.lock();
        if kept.as_ref().is_some_and(|(_, made_at)| now.0.div_euclid(1_000) - made_at >= TOKEN_LEAST_S) {
            *kept = None;
        }
    }

    fn token(&self, now: Timestamp) -> Option<String> {
        let now_s = now.0.div_euclid(1_000);
        let mut kept = self.token.lock();
        if let Some((token, made_at)) = kept.as_ref()
            && (*made_at..*made_at + TOKEN_S).contains(&now_s)
        {
            return Some(token.clone());
        }
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.team.key_id.clone());
        let claims = json!({ "iss": self.team.team_id, "iat": now_s });
        let token = jsonwebtoken::encode(&header, &claims, &self.signing).ok()?;
        *kept = Some((token.clone(), now_s));
        Some(token)
    }
}

fn body_for(message: &Message) -> Value {
    let payload = message.payload_within(MOST_BYTES);
    let mut body: Map<String, Value> = serde_json::from_slice(&payload).unwrap_or_default();
    let (title, text) = (body.remove("title"), body.remove("text"));
    let aps = match &message.says {
        None => json!({ "content-available": 1 }),
        Some(says) => {
            let level = match says.urgency {
                Urgency::Quiet => "passive",
                Urgency::Normal if !message.is_urgent => "active",
                _ => "time-sensitive",
            };
            json!({ "alert": { "title": title, "body": text }, "sound": "default", "content-available": 1,
                "interruption-level": level, "thread-id": message.event })
        }
    };
    body.insert("aps".to_owned(), aps);
    Value::Object(body)
}
