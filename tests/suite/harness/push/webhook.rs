//! A gateway of the operator's own, which believes what is signed.

use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::hmac;
use cumbre::clock::Clock;
use serde_json::Value;
use tokio::net::TcpListener;

use super::book::Book;
use super::http::{Asked, HttpService, Reply, Turn};

/// What the server signs with.
pub const SECRET: &str = "between us two";

/// A gateway on a port of its own; what it takes are the bodies.
pub struct WebhookService {
    book: Arc<Book<Value>>,
    http: HttpService,
}

impl Deref for WebhookService {
    type Target = Book<Value>;
    fn deref(&self) -> &Book<Value> {
        &self.book
    }
}

impl WebhookService {
    /// Opens one that goes by a clock's time.
    pub async fn open(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let book = Arc::new(Book::default());
        let (at, clock) = (Arc::clone(&book), clock.clone());
        Self { book, http: HttpService::on(listener, move |asked| deal((&at, &clock), asked)) }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/messages", self.http.address)
    }
}

fn deal((book, clock): (&Book<Value>, &Clock), asked: &Asked) -> Turn {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let to = body["to"].as_str().unwrap_or_default().to_owned();
    book.deal(&to, || {
        let is_once = asked.header("idempotency-key") == body["id"].as_str().unwrap_or_default();
        let is_whole = asked.method == "POST" && asked.header("content-type") == "application/json" && is_once;
        match (is_signed(asked, clock), is_whole) {
            (false, _) => (None, Reply::of_status(403)),
            (true, false) => (None, Reply::of_status(400)),
            (true, true) => (Some(body), Reply::of_status(204)),
        }
    })
}

/// Whether the time, a dot and the body are signed, and that just now, as a gateway checks it.
fn is_signed(asked: &Asked, clock: &Clock) -> bool {
    let parts = asked.header("cumbre-signature").strip_prefix("t=").and_then(|rest| rest.split_once(",v1="));
    let Some((at, signature)) = parts else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, &[at.as_bytes(), b".", &asked.body].concat());
    let expected: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let is_now = at.parse::<i64>().is_ok_and(|at| (at - clock.now().0 / 1_000).abs() <= 300);
    is_now && signature == expected
}
