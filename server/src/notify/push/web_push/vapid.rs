//! Saying to push services who sends (VAPID, RFC 8292).

use std::collections::HashMap;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::Mutex;
use serde_json::json;
use shared::time::Timestamp;

/// How long a token is good for: services take at most a day.
const LIFE_S: i64 = 12 * 3_600;

/// How long before its end it is made anew.
const SPARE_S: i64 = 3_600;

/// The key that names this server, and the tokens made with it.
pub struct Vapid {
    signing: EncodingKey,
    public: String,
    subject: String,
    tokens: Mutex<HashMap<String, (String, i64)>>,
}

/// A new random key as it is stored; empty if the machine gives no randomness.
pub fn mint_key() -> String {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    document.map(|document| STANDARD.encode(document)).unwrap_or_default()
}

impl Vapid {
    /// With a stored key; none where it cannot be read. `subject` is whom a push service writes to.
    pub fn read(stored: &str, subject: &str) -> Option<Self> {
        let document = STANDARD.decode(stored).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document).ok()?;
        Some(Self {
            signing: EncodingKey::from_ec_der(&document),
            public: URL_SAFE_NO_PAD.encode(pair.public_key()),
            subject: subject.to_owned(),
            tokens: Mutex::default(),
        })
    }

    /// The public key, as browsers subscribe with it.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// The value of `Authorization` for a push service; none where it cannot be signed.
    pub fn authorization(&self, origin: &str, now: Timestamp) -> Option<String> {
        let now_s = now.0.div_euclid(1_000);
        let mut tokens = self.tokens.lock();
        if let Some((value, until)) = tokens.get(origin)
            && now_s + SPARE_S < *until
            && *until - LIFE_S <= now_s
        {
            return Some(value.clone());
        }
        let until = now_s + LIFE_S;
        let claims = json!({ "aud": origin, "exp": until, "sub": self.subject });
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.signing).ok()?;
        let value = format!("vapid t={token}, k={}", self.public);
        // Anybody may subscribe with an endpoint of their own making.
        if tokens.len() >= 1_000 {
            tokens.clear();
        }
        tokens.insert(origin.to_owned(), (value.clone(), until));
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    fn is_signed_by(token: &str, public: &str) -> bool {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(public).unwrap());
        key.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).is_ok()
    }

    fn parts(value: &str) -> (&str, &str) {
        let (token, public) = value.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        (token, public)
    }

    /// RFC 8292, section 2.4.
    const OF_THE_RFC: &str = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

    #[test]
    fn what_we_sign_is_of_the_form_of_the_rfc_and_verifies_as_its_example_does() {
        let (token, public) = parts(OF_THE_RFC);
        assert!(is_signed_by(token, public));
        let vapid = Vapid::read(&mint_key(), "mailto:push@example.com").unwrap();
        let now = Timestamp(1_453_480_568_000);
        let value = vapid.authorization("https://push.example.net", now).unwrap();
        let (own, public) = parts(&value);
        assert!(is_signed_by(own, public) && public == vapid.public_key());
        assert_eq!(own.split('.').next(), token.split('.').next(), "the head of the RFC's token");
        assert_eq!(own.split('.').nth(1), token.split('.').nth(1), "its claims");
    }

    #[test]
    fn a_token_is_kept_until_shortly_before_its_end() {
        let vapid = Vapid::read(&mint_key(), "mailto:push@example.com").unwrap();
        let at = |s: i64| vapid.authorization("https://push.example.net", Timestamp(s * 1_000)).unwrap();
        let first = at(1_000_000);
        assert_eq!(at(1_000_000 + LIFE_S - SPARE_S - 1), first);
        assert_ne!(at(1_000_000 + LIFE_S - SPARE_S), first);
        assert_ne!(vapid.authorization("https://other.example.net", Timestamp(1_000_000_000)).unwrap(), first);
    }
}
