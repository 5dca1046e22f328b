//! People at the server: who they are signed in as, and what they ask it.

use cumbre::app::App;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AccountId, DeviceId};

use super::wire::{Answer, Wire};

/// Somebody who asks the server, signed in or not.
#[derive(Clone)]
pub struct Actor {
    /// Their line to a server.
    pub wire: Wire,
    /// The account and the device, where signed in.
    pub signed_in: Option<SignedIn>,
}

/// What a sign-in gave.
#[derive(Clone)]
pub struct SignedIn {
    /// Who.
    pub account: AccountId,
    /// On which device.
    pub device: DeviceId,
    /// Shown with every request.
    pub access_token: String,
    /// Good for one renewal.
    pub refresh_token: String,
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn anonymous(base: &str) -> Self {
        Self { wire: Wire::to(base), signed_in: None }
    }

    /// Signs a new device in with a code that staff hand out.
    pub async fn sign_in(app: &App, base: &str, account: AccountId) -> Self {
        let (code, _) = app.identity.mint_code(account).await.unwrap();
        let mut actor = Self::anonymous(base);
        let body = json!({ "code": code, "device": { "name": "A device", "kind": "phone" } });
        actor.take_tokens(&actor.post("/v1/sign-in", &body).await.expect(200).json());
        actor
    }

    /// Goes on as the answer to a sign-in says.
    pub fn take_tokens(&mut self, answer: &Value) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.signed_in = Some(SignedIn {
            account: text(&answer["account"]["id"]).parse().unwrap(),
            device: text(&answer["device"]["id"]).parse().unwrap(),
            access_token: text(&answer["access_token"]),
            refresh_token: text(&answer["refresh_token"]),
        });
    }

    /// The same person on the same device, at another address of the service.
    pub fn at(&self, base: &str) -> Self {
        Self { wire: Wire::to(base), signed_in: self.signed_in.clone() }
    }

    /// The device.
    pub fn device(&self) -> DeviceId {
        self.signed_in.as_ref().unwrap().device
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.signed_in.as_ref().unwrap().account
    }

    /// The access token, empty where not signed in.
    pub fn token(&self) -> &str {
        self.signed_in.as_ref().map_or("", |signed_in| &signed_in.access_token)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// GET with headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, path, headers).await
    }

    /// The items of a list, read in pages of `limit`, none of which may be longer.
    pub async fn list_by_pages(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let mut page = self.get(&format!("{path}?limit={limit}")).await.expect(200).json();
        loop {
            let held = page["items"].as_array().unwrap();
            assert!(held.len() <= limit && !held.is_empty(), "{page}");
            items.extend(held.iter().cloned());
            let Some(cursor) = page["next"].as_str() else { return items };
            page = self.get(&format!("{path}?limit={limit}&cursor={cursor}")).await.expect(200).json();
        }
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[]).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send((Method::POST, path), &[], body).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send((Method::PUT, path), &[], body).await
    }

    /// PUT of bytes of a media type.
    pub async fn put_bytes(&self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        self.send_bytes((Method::PUT, path), &[("content-type", media_type)], body.to_vec()).await
    }

    /// PATCH by a JSON merge patch.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send((Method::PATCH, path), &[("content-type", "application/merge-patch+json")], body).await
    }

    /// JSON with headers of its own.
    pub async fn send(&self, target: (Method, &str), headers: &[(&str, &str)], body: &Value) -> Answer {
        self.send_bytes(target, headers, body.to_string().into_bytes()).await
    }

    /// Any bytes, as `application/json` unless the headers say otherwise.
    pub async fn send_bytes(&self, target: (Method, &str), headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.retain(|(name, _)| !headers.iter().any(|(given, _)| given == name));
        all.extend(headers);
        self.send_whole(target, &all, Some(body)).await.unwrap()
    }

    /// What a request without a body is answered.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_whole((method, path), headers, None).await.unwrap()
    }

    /// A request as it is; an error is a connection that broke.
    pub async fn send_whole(
        &self,
        target: (Method, &str),
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> reqwest::Result<Answer> {
        let bearer = format!("Bearer {}", self.token());
        let mut headers = headers.to_vec();
        if self.signed_in.is_some() {
            headers.push(("authorization", &bearer));
        }
        self.wire.try_send(target, &headers, body).await
    }
}
