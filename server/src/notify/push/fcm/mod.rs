//! Firebase Cloud Messaging (HTTP v1): Android phones, by a service account.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::time::Timestamp;
use tokio::sync::Mutex;

use super::answers::{Outcome, describe, of_answer, of_error};
use super::message::Message;
use super::pem::read_private_key;

/// What a token is asked for.
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";

/// Why pushes wait that have no token.
const NO_TOKEN: &str = "FCM gives the server no token";

/// How long an assertion is good for: the most that is allowed.
const ASSERTION_S: i64 = 3_600;

/// How long before its end a token is asked for anew.
const SPARE_S: i64 = 120;

/// How long a token that was not given is not asked for again.
const REST_MS: i64 = 1_000;

/// The longest that FCM keeps a message.
const LONGEST_TTL_S: i64 = 28 * 86_400;

/// The key of messages that say nothing: the newest replaces the others.
const WAKE_UP: &str = "wake_up";

/// The most bytes of a message's words: a message has 4,096 in all.
const MOST_BYTES: usize = 3_000;

/// The file of a service account, as far as it is read.
#[derive(Deserialize)]
struct ServiceAccount {
    project_id: String,
    client_email: String,
    private_key: String,
    token_uri: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

/// What was last answered to who asked for a token.
#[derive(Default)]
struct Kept {
    /// The token, and until when it is good, in seconds.
    token: Option<(String, i64)>,
    /// When none was given, and what becomes of pushes.
    failed: Option<(Timestamp, Outcome)>,
}

/// Sends by FCM.
pub struct Fcm {
    base: String,
    account: ServiceAccount,
    signing: RsaKeyPair,
    kept: Mutex<Kept>,
}

impl Fcm {
    /// With the file of a service account, at an address without a slash at its end; a sentence where the file
    /// cannot be used.
    pub fn read(file: &str, base: &str) -> Result<Self, &'static str> {
        let account: ServiceAccount = serde_json::from_str(file).map_err(|_| "is not the file of a service account")?;
        let signing =
            read_private_key(&account.private_key).and_then(|document| RsaKeyPair::from_pkcs8(&document).ok());
        let signing = signing.ok_or("has no private key")?;
        Ok(Self { base: base.to_owned(), account, signing, kept: Mutex::default() })
    }

    /// Sends a message to a phone.
    pub async fn send(&self, client: &reqwest::Client, device: &str, message: &Message, now: Timestamp) -> Outcome {
        let token = match self.token(client, now).await {
            Ok(token) => token,
            Err(outcome) => return outcome,
        };
        let url = format!("{}/v1/projects/{}/messages:send", self.base, self.account.project_id);
        let request = client.post(url).bearer_auth(&token).json(&body_for(device, message));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return of_error(&error),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            return Outcome::Accepted;
        }
        if status == StatusCode::UNAUTHORIZED {
            // Others may have asked for a new one meanwhile.
            let mut kept = self.kept.lock().await;
            if kept.token.as_ref().is_some_and(|(refused, _)| *refused == token) {
                kept.token = None;
            }
        }
        let body: Value = answer.json().await.unwrap_or_default();
        let word = error_code(&body);
        match word {
            "UNREGISTERED" | "SENDER_ID_MISMATCH" => Outcome::gone(describe("FCM", status, word)),
            "INVALID_ARGUMENT" if is_about_token(&body) => Outcome::gone(describe("FCM", status, word)),
            _ => of_answer(("FCM", word), status, &headers),
        }
    }

    /// A JWT by RS256. Its key comes as PKCS#8, which the crate for tokens does not take for RSA.
    fn sign(&self, claims: &Value) -> Option<String> {
        let head = json!({ "alg": "RS256", "typ": "JWT" });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&head), encode(claims));
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    async fn token(&self, client: &reqwest::Client, now: Timestamp) -> Result<String, Outcome> {
        // Who comes while one is asked for waits for it, and does not ask too.
        let mut kept = self.kept.lock().await;
        let now_s = now.0.div_euclid(1_000);
        if let Some((token, _)) = kept.token.as_ref().filter(|(_, until)| now_s + SPARE_S < *until) {
            return Ok(token.clone());
        }
        if let Some((_, outcome)) = kept.failed.as_ref().filter(|(at, _)| (now.0 - at.0).abs() < REST_MS) {
            return Err(outcome.clone());
        }
        match self.ask_for_token(client, now_s).await {
            Ok(TokenAnswer { access_token, expires_in }) => {
                *kept = Kept { token: Some((access_token.clone(), now_s + expires_in)), failed: None };
                Ok(access_token)
            }
            Err(outcome) => {
                kept.failed = Some((now, outcome.clone()));
                Err(outcome)
            }
        }
    }

    async fn ask_for_token(&self, client: &reqwest::Client, now_s: i64) -> Result<TokenAnswer, Outcome> {
        let claims = json!({ "iss": self.account.client_email, "scope": SCOPE, "aud": self.account.token_uri,
            "iat": now_s, "exp": now_s + ASSERTION_S });
        let assertion = self.sign(&claims).ok_or_else(|| Outcome::later("nothing can be signed"))?;
        // Both are made of letters that a form needs not escape, but for the colons.
        let form = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let request = client
            .post(&self.account.token_uri)
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.map_err(|error| of_error(&error))?;
        if !answer.status().is_success() {
            let after_ms = match of_answer(("FCM", ""), answer.status(), answer.headers()) {
                Outcome::Later { after_ms, .. } => after_ms,
                _ => None,
            };
            return Err(Outcome::Later { reason: NO_TOKEN.to_owned(), after_ms });
        }
        answer.json().await.map_err(|_| Outcome::later(NO_TOKEN))
    }
}

/// The most specific word for what went wrong.
fn error_code(body: &Value) -> &str {
    let details = body["error"]["details"].as_array().into_iter().flatten();
    let specific = details.filter_map(|detail| detail["errorCode"].as_str()).next();
    specific.or_else(|| body["error"]["status"].as_str()).unwrap_or_default()
}

/// Whether the token is what is wrong: by the field that is named or, where none is, by the sentence.
fn is_about_token(body: &Value) -> bool {
    let details = body["error"]["details"].as_array().into_iter().flatten();
    let fields = details.flat_map(|detail| detail["fieldViolations"].as_array().into_iter().flatten());
    let named: Vec<&str> = fields.filter_map(|violation| violation["field"].as_str()).collect();
    let message = body["error"]["message"].as_str().unwrap_or_default();
    match named.as_slice() {
        [] => message.contains("registration token"),
        named => named.contains(&"message.token"),
    }
}

/// All values of a message's data are texts. There is data alone: of a message that has a notification the phone shows
/// that by itself and does not wake the app, which could not fetch then what it tells of, nor forget what is not so any more.
fn body_for(device: &str, message: &Message) -> Value {
    let payload = message.payload_within(MOST_BYTES);
    let whole: Map<String, Value> = serde_json::from_slice(&payload).unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let data: Map<String, Value> = whole.iter().map(|(name, value)| (name.clone(), text(value).into())).collect();
    // FCM keeps four keys of a phone that is not in touch; all that only wake it up are the same to it.
    let collapse_key = if message.says.is_some() { message.tag.as_str() } else { WAKE_UP };
    let android = json!({
        "priority": if message.is_urgent { "HIGH" } else { "NORMAL" },
        "ttl": format!("{}s", message.ttl_s.clamp(0, LONGEST_TTL_S)),
        "collapse_key": collapse_key,
    });
    json!({ "message": { "token": device, "data": data, "android": android } })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_long_hence_asks_for_no_more_than_fcm_keeps() {
        let message = |ttl_s| Message {
            id: Uuid::nil(),
            event: None,
            covers: None,
            spread_s: 0,
            tag: "t".to_owned(),
            says: None,
            ttl_s,
            is_urgent: false,
        };
        let ttl = |ttl_s| body_for("x", &message(ttl_s))["message"]["android"]["ttl"].clone();
        assert_eq!((ttl(60), ttl(90 * 86_400)), (json!("60s"), json!("2419200s")));
    }
}
