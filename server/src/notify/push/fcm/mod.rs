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

use super::answers::{Outcome, of_answer, of_error};
use super::message::Message;
use super::pem::read_private_key;

/// What a token is asked for.
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";

/// How long an assertion is good for: the most that is allowed.
const ASSERTION_S: i64 = 3_600;

/// How long before its end a token is asked for anew.
const SPARE_S: i64 = 120;

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

/// Sends by FCM.
pub struct Fcm {
    base: String,
    account: ServiceAccount,
    signing: RsaKeyPair,
    token: Mutex<Option<(String, i64)>>,
}

impl Fcm {
    /// With the file of a service account, at an address without a slash at its end; a sentence where the file
    /// cannot be used.
    pub fn read(file: &str, base: &str) -> Result<Self, &'static str> {
        let account: ServiceAccount = serde_json::from_str(file).map_err(|_| "is not the file of a service account")?;
        let signing =
            read_private_key(&account.private_key).and_then(|document| RsaKeyPair::from_pkcs8(&document).ok());
        let signing = signing.ok_or("has no private key")?;
        Ok(Self { base: base.to_owned(), account, signing, token: Mutex::default() })
    }

    /// Sends a message to a phone.
    pub async fn send(&self, client: &reqwest::Client, device: &str, message: &Message, now: Timestamp) -> Outcome {
        let token = match self.token(client, now).await {
            Ok(token) => token,
            Err(outcome) => return outcome,
        };
        let url = format!("{}/v1/projects/{}/messages:send", self.base, self.account.project_id);
        let request = client.post(url).bearer_auth(token).json(&body_for(device, message));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return of_error(&error),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        if status.is_success() {
            return Outcome::Accepted;
        }
        if status == StatusCode::UNAUTHORIZED {
            *self.token.lock().await = None;
        }
        let body: Value = answer.json().await.unwrap_or_default();
        match error_code(&body) {
            "UNREGISTERED" | "SENDER_ID_MISMATCH" => Outcome::Gone("FCM does not know the device any more".to_owned()),
            "INVALID_ARGUMENT" if is_about_token(&body) => Outcome::Gone("FCM does not take the token".to_owned()),
            _ => of_answer(status, &headers),
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
        let now_s = now.0.div_euclid(1_000);
        // Who comes while one is asked for waits for it, and does not ask too.
        let mut kept = self.token.lock().await;
        if let Some((token, _)) = kept.as_ref().filter(|(_, until)| now_s + SPARE_S < *until) {
            return Ok(token.clone());
        }
        let claims = json!({ "iss": self.account.client_email, "scope": SCOPE, "aud": self.account.token_uri,
            "iat": now_s, "exp": now_s + ASSERTION_S });
        let later = |reason: &str| Outcome::Later { reason: reason.to_owned(), after_ms: None };
        let assertion = self.sign(&claims).ok_or_else(|| later("nothing can be signed"))?;
        // Both are made of letters that a form needs not escape, but for the colons.
        let form = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let request = client
            .post(&self.account.token_uri)
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.map_err(|error| of_error(&error))?;
        if !answer.status().is_success() {
            let outcome = of_answer(answer.status(), answer.headers());
            return Err(match outcome {
                Outcome::Later { after_ms, .. } => Outcome::Later { reason: "FCM gives no token".to_owned(), after_ms },
                _ => later("FCM gives no token"),
            });
        }
        let answer: TokenAnswer = answer.json().await.map_err(|_| later("FCM gives no token"))?;
        *kept = Some((answer.access_token.clone(), now_s + answer.expires_in));
        Ok(answer.access_token)
    }
}

/// The most specific word for what went wrong.
fn error_code(body: &Value) -> &str {
    let details = body["error"]["details"].as_array().into_iter().flatten();
    let specific = details.filter_map(|detail| detail["errorCode"].as_str()).next();
    specific.or_else(|| body["error"]["status"].as_str()).unwrap_or_default()
}

fn is_about_token(body: &Value) -> bool {
    let details = body["error"]["details"].as_array().into_iter().flatten();
    let fields = details.flat_map(|detail| detail["fieldViolations"].as_array().into_iter().flatten());
    fields.filter_map(|violation| violation["field"].as_str()).any(|field| field == "message.token")
}

/// All values of a message's data are texts.
fn body_for(device: &str, message: &Message) -> Value {
    let payload = message.payload_within(MOST_BYTES);
    let whole: Map<String, Value> = serde_json::from_slice(&payload).unwrap_or_default();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let words = (whole.get("title").map(text), whole.get("text").map(text));
    let data: Map<String, Value> = whole
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "title" | "text"))
        .map(|(name, value)| (name.clone(), text(value).into()))
        .collect();
    let mut android = json!({
        "priority": if message.is_urgent { "HIGH" } else { "NORMAL" },
        "ttl": format!("{}s", message.ttl_s),
        "collapse_key": message.tag,
    });
    let mut body = json!({ "message": { "token": device, "data": data } });
    if let (Some(title), Some(text)) = words {
        android["notification"] = json!({ "tag": message.tag });
        body["message"]["notification"] = json!({ "title": title, "body": text });
    }
    body["message"]["android"] = android;
    body
}
