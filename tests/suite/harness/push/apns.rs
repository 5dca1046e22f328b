//! Apple's push service over HTTP/2 with TLS, as its documentation describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cumbre::clock::Clock;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use parking_lot::Mutex;
use rcgen::CertifiedKey;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::book::Book;
use super::http::{Asked, Reply, Turn};
use super::jwt::read_signed;

/// The key's id.
pub const KEY_ID: &str = "ABC123DEFG";
/// The team's id.
pub const TEAM_ID: &str = "DEF123GHIJ";
/// The app's bundle id.
pub const TOPIC: &str = "example.cumbre";

/// The most bytes of a message.
const MOST_BYTES: usize = 4_096;

/// A message that was taken.
#[derive(Clone, PartialEq, Debug)]
pub struct ApnsMessage {
    /// The device's token.
    pub device: String,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The payload.
    pub payload: Value,
}

struct Desk {
    devices: Mutex<BTreeSet<String>>,
    book: Book<ApnsMessage>,
    provider_tokens: Mutex<BTreeSet<String>>,
    connections: AtomicUsize,
    public_key: Vec<u8>,
    clock: Clock,
}

/// The service on a port of its own.
pub struct ApnsService {
    desk: Arc<Desk>,
    key: String,
    authority: String,
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for ApnsService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Deref for ApnsService {
    type Target = Book<ApnsMessage>;
    fn deref(&self) -> &Book<ApnsMessage> {
        &self.desk.book
    }
}

impl ApnsService {
    /// Opens it, with a certificate that it signed itself.
    pub async fn open(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).unwrap();
        let desk = Arc::new(Desk {
            devices: Mutex::default(),
            book: Book::default(),
            provider_tokens: Mutex::default(),
            connections: AtomicUsize::new(0),
            public_key: pair.public_key().as_ref().to_vec(),
            clock: clock.clone(),
        });
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let private_key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let mut tls = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], private_key)
            .unwrap();
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let (port, acceptor) = (listener.local_addr().unwrap().port(), TlsAcceptor::from(Arc::new(tls)));
        let at = Arc::clone(&desk);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acceptor.clone(), Arc::clone(&at)));
            }
        });
        Self { desk, key: STANDARD.encode(document.as_ref()), authority: cert.pem(), port, task }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The `.p8` file of the key that is believed.
    pub fn key_file(&self) -> String {
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", self.key)
    }

    /// The certificate that a client is to believe, as PEM.
    pub fn authority(&self) -> String {
        self.authority.clone()
    }

    /// A phone's registration, as its app registers it; the token is the name in hex.
    pub fn register(&self, name: &str) -> Value {
        let token = Self::token_of(name);
        self.desk.devices.lock().insert(token.clone());
        json!({ "provider": "apns", "token": token })
    }

    /// The token of a phone.
    pub fn token_of(name: &str) -> String {
        name.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The app was taken off the phone.
    pub fn forget(&self, name: &str) {
        self.desk.devices.lock().remove(&Self::token_of(name));
    }

    /// How many connections were opened, and how many tokens of the sender's were shown.
    pub fn count_connections_and_tokens(&self) -> (usize, usize) {
        (self.desk.connections.load(Ordering::SeqCst), self.desk.provider_tokens.lock().len())
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, desk: Arc<Desk>) {
    let Ok(tls) = acceptor.accept(stream).await else { return };
    if tls.get_ref().1.alpn_protocol() != Some(b"h2") {
        return;
    }
    let Ok(mut connection) = h2::server::handshake(tls).await else { return };
    desk.connections.fetch_add(1, Ordering::SeqCst);
    let cut = Arc::new(Notify::new());
    loop {
        tokio::select! {
            () = cut.notified() => return,
            accepted = connection.accept() => {
                let Some(Ok((request, respond))) = accepted else { return };
                tokio::spawn(answer(request, respond, (Arc::clone(&desk), Arc::clone(&cut))));
            }
        }
    }
}

async fn answer(
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    (desk, cut): (Arc<Desk>, Arc<Notify>),
) {
    let (head, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(Ok(data)) = stream.data().await {
        let _ = stream.flow_control().release_capacity(data.len());
        body.extend_from_slice(&data);
    }
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let asked = Asked { method: head.method.to_string(), path: head.uri.path().to_owned(), headers, body };
    let device = asked.path.strip_prefix("/3/device/").unwrap_or_default().to_owned();
    let turn = desk.book.deal(&device, || match take(&desk, &device, &asked) {
        Ok(message) => (Some(message), Reply::of_status(200)),
        Err((status, reason)) => (None, Reply::json(status, &json!({ "reason": reason }))),
    });
    let reply = match turn {
        Turn::Reply(reply) => reply,
        Turn::Late(pause, reply) => {
            tokio::time::sleep(pause).await;
            reply
        }
        Turn::Cut => return cut.notify_one(),
        Turn::Never => std::future::pending().await,
    };
    let mut response = http::Response::builder().status(reply.status).header("apns-id", asked.header("apns-id"));
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let Ok(mut sent) = respond.send_response(response.body(()).unwrap(), reply.body.is_empty()) else {
        return respond.send_reset(Reason::INTERNAL_ERROR);
    };
    if !reply.body.is_empty() {
        let _ = sent.send_data(reply.body.into(), true);
    }
}

/// The message, or the status and the word that it is refused with.
fn take(desk: &Desk, device: &str, asked: &Asked) -> Result<ApnsMessage, (u16, &'static str)> {
    if asked.method != "POST" {
        return Err((405, "MethodNotAllowed"));
    }
    require_sender(desk, asked.header("authorization"))?;
    let number = |name: &str| asked.header(name).parse::<u64>().ok();
    let is_alert = asked.header("apns-push-type") == "alert";
    if !is_alert && asked.header("apns-push-type") != "background" {
        return Err((400, "InvalidPushType"));
    }
    match number("apns-priority") {
        Some(5) => {}
        Some(10) if is_alert => {}
        _ => return Err((400, "BadPriority")),
    }
    if asked.header("apns-topic") != TOPIC {
        return Err((400, "BadTopic"));
    }
    if number("apns-expiration").is_none() {
        return Err((400, "BadExpirationDate"));
    }
    if asked.header("apns-collapse-id").len() > 64 {
        return Err((400, "BadCollapseId"));
    }
    if asked.header("apns-id").parse::<uuid::Uuid>().is_err() {
        return Err((400, "BadMessageId"));
    }
    if asked.body.len() > MOST_BYTES {
        return Err((413, "PayloadTooLarge"));
    }
    let payload: Value = serde_json::from_slice(&asked.body).map_err(|_| (400, "PayloadEmpty"))?;
    let aps = payload["aps"].as_object().ok_or((400, "PayloadEmpty"))?;
    // What only wakes the app up shows and sounds nothing (TN2265).
    let is_silent = !["alert", "sound", "badge"].iter().any(|name| aps.contains_key(*name));
    if is_alert == is_silent || (!is_alert && aps["content-available"] != 1) {
        return Err((400, "InvalidPushType"));
    }
    if !desk.devices.lock().contains(device) {
        return Err((410, "Unregistered"));
    }
    Ok(ApnsMessage { device: device.to_owned(), headers: asked.headers.clone(), payload })
}

fn require_sender(desk: &Desk, authorization: &str) -> Result<(), (u16, &'static str)> {
    let token = authorization.strip_prefix("Bearer ").ok_or((403, "MissingProviderToken"))?;
    let read = read_signed(token, &ECDSA_P256_SHA256_FIXED, &desk.public_key);
    let (head, claims) = read.ok_or((403, "InvalidProviderToken"))?;
    let is_ours = head["alg"] == "ES256" && head["kid"] == KEY_ID && claims["iss"] == TEAM_ID;
    let age_s = claims["iat"].as_i64().map(|made| desk.clock.now().0 / 1_000 - made);
    match age_s {
        Some(-60..=3_600) if is_ours => {}
        Some(_) if is_ours => return Err((403, "ExpiredProviderToken")),
        _ => return Err((403, "InvalidProviderToken")),
    }
    desk.provider_tokens.lock().insert(token.to_owned());
    Ok(())
}
