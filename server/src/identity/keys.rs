//! The keys that sign access tokens: one signs, the ones before it still verify.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use shared::time::Timestamp;

use super::tokens::{ACCESS_TOKEN_MS, LEEWAY_MS};

/// How long a new key is known before it signs, so that every node can verify what it signs.
pub const NOTICE_MS: i64 = 15_000;

/// How long a retired key still verifies: it signs until its successor does, and then its tokens
/// must run out.
pub const VERIFIES_AFTER_MS: i64 = NOTICE_MS + ACCESS_TOKEN_MS + LEEWAY_MS;

/// A key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name in tokens and in the key set.
    pub kid: String,
    /// The PKCS#8 document, base64.
    pub private_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the next one was made.
    pub retired_at: Option<Timestamp>,
}

impl StoredKey {
    /// A new random key. `None` if the machine gives no randomness.
    pub fn generate(now: Timestamp) -> Option<Self> {
        let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).ok()?;
        Some(Self {
            kid: uuid::Uuid::now_v7().simple().to_string(),
            private_key: STANDARD.encode(document),
            created_at: now,
            retired_at: None,
        })
    }
}

/// A key ready for use.
pub struct SigningKey {
    /// Its name.
    pub kid: String,
    /// What signs.
    pub encoding: EncodingKey,
    /// What verifies.
    pub decoding: DecodingKey,
    created_at: Timestamp,
    retired_at: Option<Timestamp>,
}

impl SigningKey {
    fn read(stored: &StoredKey) -> Option<Self> {
        let document = STANDARD.decode(&stored.private_key).ok()?;
        let pair = Ed25519KeyPair::from_pkcs8(&document).ok()?;
        Some(Self {
            kid: stored.kid.clone(),
            encoding: EncodingKey::from_ed_der(&document),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
            created_at: stored.created_at,
            retired_at: stored.retired_at,
        })
    }

    /// Whether what this key signed may still be valid.
    fn verifies_at(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|at| now.0 < at.0 + VERIFIES_AFTER_MS)
    }
}

/// The keys known to this node, the newest first.
#[derive(Default)]
pub struct Keyring(Vec<SigningKey>);

impl Keyring {
    /// The keys that can be read, of those stored.
    pub fn new(stored: &[StoredKey]) -> Self {
        let mut keys: Vec<_> = stored.iter().filter_map(SigningKey::read).collect();
        keys.sort_by_key(|key| (std::cmp::Reverse(key.created_at), std::cmp::Reverse(key.kid.clone())));
        Self(keys)
    }

    /// The key that signs: the newest that all nodes know by now, else the oldest there is.
    pub fn signing_at(&self, now: Timestamp) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.created_at.0 + NOTICE_MS <= now.0).or(self.0.last())
    }

    /// The key of that name, if what it signed may still be valid.
    pub fn find(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.kid == kid && key.verifies_at(now))
    }

    /// The public keys (RFC 7517).
    pub fn public_at(&self, now: Timestamp) -> JwkSet {
        let keys = self.0.iter().filter(|key| key.verifies_at(now)).filter_map(|key| {
            let mut jwk = Jwk::from_decoding_key(&key.decoding, Some(Algorithm::EdDSA)).ok()?;
            jwk.common.key_id = Some(key.kid.clone());
            jwk.common.public_key_use = Some(PublicKeyUse::Signature);
            jwk.common.key_operations = Some(vec![KeyOperations::Verify]);
            Some(jwk)
        });
        JwkSet { keys: keys.collect() }
    }
}
