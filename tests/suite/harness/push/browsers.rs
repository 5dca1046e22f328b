//! A push service of browsers, of the test's own (RFC 8030): it checks who sends, decrypts what it takes, and can
//! be told to be difficult.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cumbre::clock::Clock;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::book::Book;
use super::http::{Asked, HttpService, Reply, Turn};
use super::jwt::read_signed;

/// A message that came in for a browser.
#[derive(Clone, PartialEq, Debug)]
pub struct Pushed {
    /// The browser's name.
    pub browser: String,
    /// The headers, by their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// What it says, decrypted.
    pub says: Value,
}

struct Browser {
    key: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

struct Desk {
    browsers: Mutex<BTreeMap<String, Browser>>,
    book: Book<Pushed>,
    origin: String,
    server_key: Mutex<String>,
    clock: Clock,
}

/// A push service on a port of its own.
pub struct PushService {
    desk: Arc<Desk>,
    _http: HttpService,
}

impl Deref for PushService {
    type Target = Book<Pushed>;
    fn deref(&self) -> &Book<Pushed> {
        &self.desk.book
    }
}

impl PushService {
    /// Opens one that goes by a clock's time, and believes who signs with this key.
    pub async fn open(clock: &Clock, server_key: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let desk = Arc::new(Desk {
            browsers: Mutex::default(),
            book: Book::default(),
            origin: format!("http://{}", listener.local_addr().unwrap()),
            server_key: Mutex::new(server_key.to_owned()),
            clock: clock.clone(),
        });
        let at = Arc::clone(&desk);
        Self { desk, _http: HttpService::on(listener, move |asked| deal(&at, asked)) }
    }

    /// Believes who signs with this key from now on.
    pub fn believe(&self, server_key: &str) {
        server_key.clone_into(&mut self.desk.server_key.lock());
    }

    /// A browser's subscription, as an app registers it.
    pub fn subscribe(&self, name: &str) -> Value {
        let key = PrivateKey::generate(&ECDH_P256).unwrap();
        let public = key.compute_public_key().unwrap().as_ref().to_vec();
        let auth: [u8; 16] = rand::random();
        let keys = json!({ "p256dh": URL_SAFE_NO_PAD.encode(&public), "auth": URL_SAFE_NO_PAD.encode(auth) });
        self.desk.browsers.lock().insert(name.to_owned(), Browser { key, public, auth });
        json!({ "provider": "web_push", "endpoint": format!("{}/push/{name}", self.desk.origin), "keys": keys })
    }

    /// The browser is gone: what comes for it is answered with 410.
    pub fn forget(&self, name: &str) {
        self.desk.browsers.lock().remove(name);
    }
}

fn deal(desk: &Desk, asked: &Asked) -> Turn {
    let name = asked.path.strip_prefix("/push/").unwrap_or_default();
    desk.book.deal(name, || match take(desk, name, asked) {
        Ok(pushed) => (Some(pushed), Reply::of_status(201)),
        Err(status) => (None, Reply::of_status(status)),
    })
}

/// The message, or the status that it is refused with.
fn take(desk: &Desk, name: &str, asked: &Asked) -> Result<Pushed, u16> {
    let browsers = desk.browsers.lock();
    let browser = browsers.get(name).ok_or(410_u16)?;
    if asked.method != "POST" || !is_from(desk, asked.header("authorization")) {
        return Err(403);
    }
    let (ttl, topic) = (asked.header("ttl").parse::<u32>(), asked.header("topic"));
    let is_topic = topic.len() <= 32 && topic.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if asked.body.len() > 4_096 {
        return Err(413);
    }
    let is_urgency = ["very-low", "low", "normal", "high"].contains(&asked.header("urgency"));
    if asked.header("content-encoding") != "aes128gcm" || ttl.is_err() || !is_topic || !is_urgency {
        return Err(400);
    }
    let says = decrypt(browser, &asked.body).ok_or(400_u16)?;
    Ok(Pushed { browser: name.to_owned(), headers: asked.headers.clone(), says })
}

/// Whether it is signed by the server, for this service (RFC 8292).
fn is_from(desk: &Desk, authorization: &str) -> bool {
    let claims = || {
        let (token, key) = authorization.strip_prefix("vapid t=")?.split_once(", k=")?;
        let (head, claims) = read_signed(token, &ECDSA_P256_SHA256_FIXED, &URL_SAFE_NO_PAD.decode(key).ok()?)?;
        (head["alg"] == "ES256" && key == *desk.server_key.lock()).then_some(claims)
    };
    claims().is_some_and(|claims| {
        let is_subject = claims["sub"].as_str().is_some_and(|subject| subject.starts_with("http"));
        let left_s = claims["exp"].as_i64().map(|ends| ends - desk.clock.now().0 / 1_000);
        let is_now = left_s.is_some_and(|left_s| (1..=86_400).contains(&left_s));
        is_subject && is_now && claims["aud"] == desk.origin
    })
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let mut derived = vec![0; length];
    Salt::new(HKDF_SHA256, salt).extract(secret).expand(&[info], Length(length)).unwrap().fill(&mut derived).unwrap();
    derived
}

/// As a browser does it (RFC 8291, section 3).
fn decrypt(browser: &Browser, body: &[u8]) -> Option<Value> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (size, rest) = rest.split_at_checked(4)?;
    let (length, rest) = rest.split_first()?;
    let (sender, sealed) = rest.split_at_checked(usize::from(*length))?;
    if size != 4_096_u32.to_be_bytes() {
        return None;
    }
    let info = [b"WebPush: info\0", browser.public.as_slice(), sender].concat();
    let public = UnparsedPublicKey::new(&ECDH_P256, sender);
    let secret = agree(&browser.key, public, (), |shared| Ok(derive(&browser.auth, shared, &info, 32))).ok()?;
    let key = derive(salt, &secret, b"Content-Encoding: aes128gcm\0", 16);
    let nonce = derive(salt, &secret, b"Content-Encoding: nonce\0", 12);
    let opening = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    let mut opened = sealed.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
    let plain = opening.open_in_place(nonce, Aad::empty(), &mut opened).ok()?;
    serde_json::from_slice(plain.strip_suffix(&[2])?).ok()
}
