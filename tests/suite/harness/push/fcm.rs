//! Firebase Cloud Messaging with its token endpoint, as their documentation describes them.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cumbre::clock::Clock;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::book::{Book, Whim};
use super::http::{Asked, HttpService, Reply, Turn};
use super::jwt::read_signed;

const PROJECT: &str = "punta-nueva";
const EMAIL: &str = "pushes@punta-nueva.iam.example";
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";

/// How long a token is good for, in seconds.
const TOKEN_LIFE_S: i64 = 3_599;

/// The most bytes of a message's words and data.
const MOST_BYTES: usize = 4_096;

struct Desk {
    devices: Mutex<BTreeSet<String>>,
    messages: Book<Value>,
    token_requests: Book<String>,
    tokens: Mutex<Vec<(String, i64)>>,
    public_key: Vec<u8>,
    origin: String,
    clock: Clock,
}

/// Both services on a port of their own; what they take are the messages.
pub struct FcmService {
    desk: Arc<Desk>,
    key: String,
    _http: HttpService,
}

impl Deref for FcmService {
    type Target = Book<Value>;
    fn deref(&self) -> &Book<Value> {
        &self.desk.messages
    }
}

impl FcmService {
    /// Opens both.
    pub async fn open(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let document: Pkcs8V1Der<'static> = pair.as_der().unwrap();
        let desk = Arc::new(Desk {
            devices: Mutex::default(),
            messages: Book::default(),
            token_requests: Book::default(),
            tokens: Mutex::default(),
            public_key: pair.public_key().as_ref().to_vec(),
            origin: format!("http://{}", listener.local_addr().unwrap()),
            clock: clock.clone(),
        });
        let at = Arc::clone(&desk);
        let key = STANDARD.encode(document.as_ref());
        Self { desk, key, _http: HttpService::on(listener, move |asked| deal(&at, asked)) }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.desk.origin.clone()
    }

    /// The file of the service account, as the console hands it out.
    pub fn account_file(&self) -> String {
        let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", self.key);
        json!({ "type": "service_account", "project_id": PROJECT, "private_key_id": "1", "private_key": key,
            "client_email": EMAIL, "client_id": "1", "token_uri": format!("{}/token", self.desk.origin) })
        .to_string()
    }

    /// A phone's registration, as its app registers it; its token is the name.
    pub fn register(&self, name: &str) -> Value {
        self.desk.devices.lock().insert(name.to_owned());
        json!({ "provider": "fcm", "token": name })
    }

    /// The app was taken off the phone.
    pub fn forget(&self, name: &str) {
        self.desk.devices.lock().remove(name);
    }

    /// The assertions that tokens were asked for with.
    pub fn token_requests(&self) -> &Book<String> {
        &self.desk.token_requests
    }

    /// What was given out is not good any more.
    pub fn revoke_tokens(&self) {
        self.desk.tokens.lock().clear();
    }
}

/// The answer to a message that is refused with this word of theirs.
pub fn fcm_error(status: u16, word: &str) -> Whim {
    Whim::Say(status, Vec::new(), error(status, word, "Refused.", &[]).body)
}

fn error(status: u16, word: &str, message: &str, fields: &[&str]) -> Reply {
    let name = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
    let mut details =
        vec![json!({ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": word })];
    if !fields.is_empty() {
        let violations: Vec<Value> = fields.iter().map(|field| json!({ "field": field })).collect();
        details.push(json!({ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations }));
    }
    let body = json!({ "error": { "code": status, "message": message, "status": name, "details": details } });
    Reply::json(status, &body)
}

fn deal(desk: &Desk, asked: &Asked) -> Turn {
    if asked.path == "/token" {
        return desk.token_requests.deal("token", || give_token(desk, asked));
    }
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let device = body["message"]["token"].as_str().unwrap_or_default().to_owned();
    desk.messages.deal(&device, || match take(desk, asked, &body) {
        Ok(()) => {
            let name = format!("projects/{PROJECT}/messages/{}", uuid::Uuid::new_v4());
            (Some(body["message"].clone()), Reply::json(200, &json!({ "name": name })))
        }
        Err(refused) => (None, refused),
    })
}

/// RFC 7523, as Google has it for service accounts.
fn give_token(desk: &Desk, asked: &Asked) -> (Option<String>, Reply) {
    let refused = |why: &str| (None, Reply::json(400, &json!({ "error": "invalid_grant", "error_description": why })));
    let form = String::from_utf8_lossy(&asked.body).into_owned();
    let grant = form.strip_prefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=");
    let is_form = asked.method == "POST" && asked.header("content-type") == "application/x-www-form-urlencoded";
    let Some(assertion) = grant.filter(|_| is_form) else { return refused("no grant") };
    let Some((head, claims)) = read_signed(assertion, &RSA_PKCS1_2048_8192_SHA256, &desk.public_key) else {
        return refused("Invalid JWT Signature.");
    };
    let now_s = desk.clock.now().0 / 1_000;
    let (Some(made), Some(ends)) = (claims["iat"].as_i64(), claims["exp"].as_i64()) else { return refused("no times") };
    let is_now = (made - now_s).abs() <= 60 && ends > now_s && ends - made <= 3_600;
    let is_ours =
        claims["iss"] == EMAIL && claims["scope"] == SCOPE && claims["aud"] == format!("{}/token", desk.origin);
    if head != json!({ "alg": "RS256", "typ": "JWT" }) || !is_now || !is_ours {
        return refused("Invalid claims.");
    }
    let token = format!("ya29.{}", uuid::Uuid::new_v4());
    desk.tokens.lock().push((token.clone(), now_s + TOKEN_LIFE_S));
    let answer = json!({ "access_token": token, "expires_in": TOKEN_LIFE_S, "token_type": "Bearer" });
    (Some(assertion.to_owned()), Reply::json(200, &answer))
}

fn take(desk: &Desk, asked: &Asked, body: &Value) -> Result<(), Reply> {
    let now_s = desk.clock.now().0 / 1_000;
    let shown = asked.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
    if !desk.tokens.lock().iter().any(|(token, until)| token == shown && now_s < *until) {
        return Err(error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", &[]));
    }
    if asked.method != "POST" || asked.path != format!("/v1/projects/{PROJECT}/messages:send") {
        return Err(error(404, "NOT_FOUND", "Requested entity was not found.", &[]));
    }
    if let Some(field) = find_fault(body) {
        return Err(error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", &[&field]));
    }
    if !desk.devices.lock().contains(body["message"]["token"].as_str().unwrap_or_default()) {
        return Err(error(404, "UNREGISTERED", "Requested entity was not found.", &[]));
    }
    Ok(())
}

/// The field that is not as the reference of HTTP v1 has it, of messages that an app is woken up for: they have data alone.
fn find_fault(body: &Value) -> Option<String> {
    let has_only = |value: &Value, names: &[&str]| {
        value.as_object().is_some_and(|fields| fields.keys().all(|name| names.contains(&name.as_str())))
    };
    let message = &body["message"];
    if !has_only(body, &["message"]) || !has_only(message, &["token", "data", "android"]) {
        return Some("message".to_owned());
    }
    let data = message["data"].as_object().cloned().unwrap_or_default();
    let is_reserved = |name: &str| {
        matches!(name, "from" | "message_type" | "collapse_key" | "notification")
            || name.starts_with("google")
            || name.starts_with("gcm")
    };
    if let Some((name, _)) = data.iter().find(|(name, value)| is_reserved(name) || !value.is_string()) {
        return Some(format!("message.data.{name}"));
    }
    let size: usize = data.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum();
    if size > MOST_BYTES {
        return Some("message".to_owned());
    }
    find_android_fault(&message["android"])
}

fn find_android_fault(android: &Value) -> Option<String> {
    let fields = android.as_object().cloned().unwrap_or_default();
    let is_sound = |(name, value): (&String, &Value)| match name.as_str() {
        "priority" => value == "HIGH" || value == "NORMAL",
        "ttl" => {
            let seconds = value.as_str().and_then(|ttl| ttl.strip_suffix('s')?.parse::<u64>().ok());
            seconds.is_some_and(|seconds| seconds <= 28 * 86_400)
        }
        "collapse_key" => value.is_string(),
        _ => false,
    };
    let faulty = fields.iter().find(|field| !is_sound((field.0, field.1)));
    faulty.map(|(name, _)| format!("message.android.{name}"))
}
