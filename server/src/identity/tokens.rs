//! Access tokens: short JWTs (RFC 7519) signed with Ed25519.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest;
use jsonwebtoken::{Algorithm, Header, Validation};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::keys::Keyring;

/// How long an access token is valid.
pub const ACCESS_TOKEN_MS: i64 = 10 * 60_000;

/// How far the clocks of two nodes may differ.
pub const LEEWAY_MS: i64 = 30_000;

/// A longer text is no access token.
const MAX_BYTES: usize = 1_024;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: AccountId,
    dev: DeviceId,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Who holds a valid access token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bearer {
    /// The account.
    pub account: AccountId,
    /// The device it signed in on.
    pub device: DeviceId,
    /// When the token ends.
    pub expires_at: Timestamp,
}

/// Makes and verifies access tokens.
pub struct AccessTokens {
    issuer: String,
    audience: String,
    validation: Validation,
    keys: RwLock<Arc<Keyring>>,
    seen: RwLock<Seen>,
}

impl AccessTokens {
    /// Tokens of `issuer` for `audience`; remembers about `remembered` verified ones.
    pub fn new(issuer: &str, audience: &str, remembered: usize) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // The expiry is judged below, by the clock that the rest of the server reads.
        validation.validate_exp = false;
        Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation,
            keys: RwLock::default(),
            seen: RwLock::new(Seen { most: (remembered / 2).max(1), ..Seen::default() }),
        }
    }

    /// Takes these keys from now on.
    pub fn set_keys(&self, keys: Keyring) {
        *self.keys.write() = Arc::new(keys);
        // What a dropped key signed must not live on in memory.
        self.seen.write().clear();
    }

    /// The keys in use.
    pub fn keys(&self) -> Arc<Keyring> {
        self.keys.read().clone()
    }

    /// A token for `account` on `device`, and when it ends. `None` without a key.
    pub fn issue(&self, account: AccountId, device: DeviceId, now: Timestamp) -> Option<(String, Timestamp)> {
        let keys = self.keys();
        let key = keys.signing_at(now)?;
        let issued_s = now.0.div_euclid(1000);
        let claims = Claims {
            sub: account,
            dev: device,
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            iat: issued_s,
            exp: issued_s + ACCESS_TOKEN_MS / 1000,
        };
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding).ok()?;
        Some((token, Timestamp(claims.exp * 1000)))
    }

    /// Who holds this token, if it is ours and still valid. One seen before costs one hash.
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
        let known = self.seen.read().find(&hash);
        let bearer = match known {
            Some(bearer) => bearer,
            None => {
                let bearer = self.read(token, now)?;
                self.seen.write().keep(hash, bearer);
                bearer
            }
        };
        (now.0 < bearer.expires_at.0 + LEEWAY_MS).then_some(bearer)
    }

    fn read(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let keys = self.keys();
        let key = keys.find(&header.kid?, now)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &self.validation).ok()?.claims;
        Some(Bearer { account: claims.sub, device: claims.dev, expires_at: Timestamp(claims.exp.checked_mul(1000)?) })
    }
}

/// Verified tokens by their SHA-256, in two generations: when the younger is full, the older goes.
#[derive(Default)]
struct Seen {
    most: usize,
    younger: HashMap<[u8; 32], Bearer>,
    older: HashMap<[u8; 32], Bearer>,
}

impl Seen {
    fn find(&self, hash: &[u8; 32]) -> Option<Bearer> {
        self.younger.get(hash).or_else(|| self.older.get(hash)).copied()
    }

    fn keep(&mut self, hash: [u8; 32], bearer: Bearer) {
        if self.younger.len() >= self.most {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(hash, bearer);
    }

    fn clear(&mut self) {
        self.younger.clear();
        self.older.clear();
    }
}

#[cfg(test)]
mod tests;
