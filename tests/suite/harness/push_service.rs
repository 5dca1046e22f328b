//! A push service of browsers, of the test's own (RFC 8030): it checks who sends, decrypts what it takes, and can
//! be told to be difficult.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as VerifyingKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

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

/// How one message is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whim {
    /// It is answered with this status, and `Retry-After` where there are seconds.
    Answer(u16, Option<u32>),
    /// The line is cut before anything is answered.
    Cut,
}

struct Browser {
    key: PrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

struct Desk {
    browsers: Mutex<BTreeMap<String, Browser>>,
    whims: Mutex<VecDeque<Whim>>,
    taken: watch::Sender<Vec<Pushed>>,
    asked: watch::Sender<usize>,
    origin: String,
    server_key: Mutex<String>,
}

/// A push service on a port of its own.
pub struct PushService {
    desk: Arc<Desk>,
    task: JoinHandle<()>,
}

impl Drop for PushService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl PushService {
    /// Opens one that believes who signs with this key.
    pub async fn open(server_key: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let desk = Arc::new(Desk {
            browsers: Mutex::default(),
            whims: Mutex::default(),
            taken: watch::Sender::default(),
            asked: watch::Sender::default(),
            origin: format!("http://{address}"),
            server_key: Mutex::new(server_key.to_owned()),
        });
        let at = Arc::clone(&desk);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let desk = Arc::clone(&at);
                tokio::spawn(async move { drop(serve(stream, &desk).await) });
            }
        });
        Self { desk, task }
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

    /// Treats the messages that come next in these ways, and those after them well.
    pub fn expect_whims(&self, whims: &[Whim]) {
        self.desk.whims.lock().extend(whims);
    }

    /// Everything that was taken so far.
    pub fn taken(&self) -> Vec<Pushed> {
        self.desk.taken.borrow().clone()
    }

    /// Everything that was taken, when that is at least so much.
    pub async fn wait_for(&self, count: usize) -> Vec<Pushed> {
        let mut taken = self.desk.taken.subscribe();
        let waiting = taken.wait_for(|taken| taken.len() >= count);
        let found = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        found.unwrap_or_else(|_| panic!("only {} pushes came", self.taken().len())).unwrap().clone()
    }

    /// Waits until so many messages were handed in, taken or not.
    pub async fn wait_for_attempts(&self, count: usize) {
        let mut asked = self.desk.asked.subscribe();
        let waiting = asked.wait_for(|asked| *asked >= count);
        tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap().unwrap();
    }
}

async fn serve(stream: TcpStream, desk: &Desk) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut headers = BTreeMap::new();
        loop {
            let mut header = String::new();
            stream.read_line(&mut header).await?;
            let Some((name, value)) = header.trim_end().split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await?;
        let whim = desk.whims.lock().pop_front();
        let name = line.split(' ').nth(1).and_then(|path| path.strip_prefix("/push/")).unwrap_or_default().to_owned();
        let (status, retry_after) = match whim {
            Some(Whim::Cut) => {
                desk.asked.send_modify(|asked| *asked += 1);
                return Ok(());
            }
            Some(Whim::Answer(status, seconds)) => (status, seconds),
            None => (take(desk, &name, (&line, headers, &body)), None),
        };
        let wait = retry_after.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
        let answer = format!("HTTP/1.1 {status} So\r\n{wait}Content-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
        desk.asked.send_modify(|asked| *asked += 1);
    }
}

/// The status that a message is answered with.
fn take(desk: &Desk, name: &str, (line, headers, body): (&str, BTreeMap<String, String>, &[u8])) -> u16 {
    let browsers = desk.browsers.lock();
    let Some(browser) = browsers.get(name) else { return 410 };
    let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
    if !line.starts_with("POST ") || !is_from(desk, header("authorization")) {
        return 403;
    }
    let ttl: Option<u32> = header("ttl").parse().ok();
    let is_topic =
        header("topic").len() <= 32 && header("topic").bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if header("content-encoding") != "aes128gcm" || ttl.is_none() || !is_topic || body.len() > 4_096 {
        return 400;
    }
    let Some(says) = decrypt(browser, body) else { return 400 };
    let pushed = Pushed { browser: name.to_owned(), headers, says };
    desk.taken.send_modify(|taken| taken.push(pushed));
    201
}

/// Whether it is signed by the server, for this service (RFC 8292).
fn is_from(desk: &Desk, authorization: &str) -> bool {
    let parts = || {
        let (token, key) = authorization.strip_prefix("vapid t=")?.split_once(", k=")?;
        let (signed, signature) = token.rsplit_once('.')?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split('.').nth(1)?).ok()?).ok()?;
        let public = VerifyingKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).ok()?);
        public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        let is_subject = claims["sub"].as_str()?.starts_with("http");
        Some(is_subject && claims["exp"].is_i64() && claims["aud"] == desk.origin && key == *desk.server_key.lock())
    };
    parts().unwrap_or(false)
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
