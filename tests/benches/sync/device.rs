//! A device as the benchmark plays it: what it holds, and the bytes of its requests.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};
use shared::ids::DeviceId;
use shared::sync::{ExchangeResponse, Position, SCHEMA};

use crate::Failure;
use crate::child::Role;
use crate::load::Connection;
use crate::world;

/// One signed-in device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Its access token.
    pub token: String,
    /// The position in each scope.
    pub holds: BTreeMap<String, Option<Position>>,
    /// The newest `covers`.
    pub covers: Option<Position>,
}

impl Device {
    /// `count` devices of the first attendee, signed in.
    pub fn sign_in(server: &mut Role, count: usize) -> Result<Vec<Self>, Failure> {
        Self::read(&server.ask(&format!("tokens {count}"))?)
    }

    /// A device of each of the first `count` attendees, signed in.
    pub fn sign_in_crowd(server: &mut Role, count: usize) -> Result<Vec<Self>, Failure> {
        Self::read(&server.ask(&format!("crowd {count}"))?)
    }

    /// The phone of each of the first `count` attendees that pushes go to, signed in.
    pub fn sign_in_phones(server: &mut Role, count: usize) -> Result<Vec<Self>, Failure> {
        Self::read(&server.ask(&format!("phones {count}"))?)
    }

    /// A device of the organiser, signed in.
    pub fn sign_in_organiser(server: &mut Role) -> Result<Self, Failure> {
        Ok(Self::read(&server.ask("organiser")?)?.remove(0))
    }

    fn read(pairs: &str) -> Result<Vec<Self>, Failure> {
        let pairs: Vec<(DeviceId, String)> = serde_json::from_str(pairs)?;
        let device = |(id, token)| Self { id, token, holds: BTreeMap::new(), covers: None };
        Ok(pairs.into_iter().map(device).collect())
    }

    /// Exchanges until nothing is left; how many bytes came.
    pub async fn sync(&mut self, server: &Role) -> Result<usize, Failure> {
        self.sync_over(&mut Connection::open(server.address).await?).await
    }

    /// The same over a connection that is open.
    pub async fn sync_over(&mut self, connection: &mut Connection) -> Result<usize, Failure> {
        let mut bytes = 0;
        loop {
            let request = self.exchange(&json!({}));
            let body = connection.call(&request).await?;
            bytes += body.len();
            let answer: ExchangeResponse = serde_json::from_slice(body)?;
            for entry in answer.scopes {
                self.holds.insert(entry.scope, entry.to);
            }
            self.covers = Some(answer.covers);
            if !answer.more {
                return Ok(bytes);
            }
        }
    }

    /// The request of an exchange, with `more` in its body.
    pub fn exchange(&self, more: &Value) -> Bytes {
        let mut body = json!({ "device": self.id, "schema": SCHEMA, "at_least": self.covers, "holds": self.holds });
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        self.post("sync", &body)
    }

    /// The request of a live stream.
    pub fn live(&self) -> Bytes {
        let body = json!({ "device": self.id, "schema": SCHEMA, "at_least": self.covers, "holds": self.holds });
        self.post("live", &body)
    }

    /// A request with this JSON.
    pub fn post(&self, resource: &str, body: &Value) -> Bytes {
        self.post_text(resource, &body.to_string())
    }

    /// A merge patch.
    pub fn patch(&self, resource: &str, body: &Value) -> Bytes {
        self.request(("PATCH", resource), ("application/merge-patch+json", &body.to_string()))
    }

    /// A request with this body.
    pub fn post_text(&self, resource: &str, body: &str) -> Bytes {
        self.request(("POST", resource), ("application/json", body))
    }

    /// A request with a file, of this type.
    pub fn post_file(&self, resource: &str, file: (&str, &str)) -> Bytes {
        self.request(("POST", resource), file)
    }

    fn request(&self, (method, resource): (&str, &str), (media, body): (&str, &str)) -> Bytes {
        let head = format!(
            "{method} /v1/events/{}/{resource} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
            world::SLUG,
            self.token,
            body.len()
        );
        (head + body).into()
    }
}
