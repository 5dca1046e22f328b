use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::super::keys::{NOTICE_MS, StoredKey};
use super::*;

const NOW: Timestamp = Timestamp(1_541_000_000_000);

fn tokens_with(keys: &[StoredKey]) -> AccessTokens {
    let tokens = AccessTokens::new("https://cumbre.example", "cumbre", 8);
    tokens.set_keys(Keyring::new(keys));
    tokens
}

fn key() -> StoredKey {
    StoredKey::generate(Timestamp(NOW.0 - 60_000)).unwrap()
}

fn somebody() -> (AccountId, DeviceId) {
    (AccountId(uuid::Uuid::from_u128(1)), DeviceId(uuid::Uuid::from_u128(2)))
}

fn after(milliseconds: i64) -> Timestamp {
    Timestamp(NOW.0 + milliseconds)
}

#[test]
fn a_token_names_its_account_and_device_until_it_expires() {
    let tokens = tokens_with(&[key()]);
    let (account, device) = somebody();
    let (token, expires_at) = tokens.issue(account, device, NOW).unwrap();
    assert_eq!(expires_at, after(ACCESS_TOKEN_MS));
    let bearer = Bearer { account, device, expires_at };
    assert_eq!(tokens.verify(&token, NOW), Some(bearer));
    assert_eq!(tokens.verify(&token, after(ACCESS_TOKEN_MS + LEEWAY_MS - 1)), Some(bearer), "from memory");
    assert_eq!(tokens.verify(&token, after(ACCESS_TOKEN_MS + LEEWAY_MS)), None);
}

#[test]
fn an_old_key_verifies_until_its_tokens_are_out() {
    let mut old = key();
    let tokens = tokens_with(std::slice::from_ref(&old));
    let (account, device) = somebody();
    let new = StoredKey::generate(NOW).unwrap();
    old.retired_at = Some(NOW);
    tokens.set_keys(Keyring::new(&[new.clone(), old.clone()]));

    let kid_at = |at| tokens.keys().signing_at(at).map(|key| key.kid.clone());
    assert_eq!(kid_at(after(NOTICE_MS - 1)), Some(old.kid.clone()), "other nodes may not know the new one yet");
    assert_eq!(kid_at(after(NOTICE_MS)), Some(new.kid.clone()));

    let (last, expires_at) = tokens.issue(account, device, after(NOTICE_MS - 1)).unwrap();
    assert!(tokens.verify(&last, expires_at).is_some());
    assert_eq!(tokens.keys().public_at(expires_at).keys.len(), 2);
    let out = after(NOTICE_MS + ACCESS_TOKEN_MS + LEEWAY_MS);
    assert_eq!(tokens.verify(&last, out), None);
    assert_eq!(tokens.keys().public_at(out).keys.len(), 1);
}

#[test]
fn the_published_key_set_verifies_a_token() {
    let tokens = tokens_with(&[key(), key()]);
    let (account, device) = somebody();
    let (token, _) = tokens.issue(account, device, NOW).unwrap();
    let published = serde_json::to_string(&tokens.keys().public_at(NOW)).unwrap();
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&published).unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let decoding = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let claims = jsonwebtoken::decode::<Claims>(&token, &decoding, &tokens.validation).unwrap().claims;
    assert_eq!((claims.sub, claims.dev), (account, device));
    assert!(!published.contains("\"d\""), "a private part was published");
}

/// A token whose claims would do, made otherwise.
fn forged(header: &Header, encoding: &EncodingKey, audience: &str) -> String {
    let (sub, dev) = somebody();
    let iat = NOW.0 / 1000;
    let iss = "https://cumbre.example".to_owned();
    let claims = Claims { sub, dev, iss, aud: audience.to_owned(), iat, exp: iat + 600 };
    jsonwebtoken::encode(header, &claims, encoding).unwrap()
}

#[test]
fn a_token_made_with_the_public_key_as_a_shared_secret_is_refused() {
    let stored = key();
    let tokens = tokens_with(std::slice::from_ref(&stored));
    let set = tokens.keys().public_at(NOW);
    let jsonwebtoken::jwk::AlgorithmParameters::OctetKeyPair(public) = &set.keys[0].algorithm else {
        panic!("an Ed25519 key is an octet key pair");
    };
    let public = URL_SAFE_NO_PAD.decode(&public.x).unwrap();
    let header = Header { kid: Some(stored.kid), ..Header::new(Algorithm::HS256) };
    assert_eq!(tokens.verify(&forged(&header, &EncodingKey::from_secret(&public), "cumbre"), NOW), None);
}

#[test]
fn tokens_for_another_audience_or_of_another_key_are_refused() {
    let stored = key();
    let tokens = tokens_with(std::slice::from_ref(&stored));
    let ours = EncodingKey::from_ed_der(&STANDARD.decode(&stored.private_key).unwrap());
    let theirs = EncodingKey::from_ed_der(&STANDARD.decode(key().private_key).unwrap());
    let header = Header { kid: Some(stored.kid), ..Header::new(Algorithm::EdDSA) };
    assert!(tokens.verify(&forged(&header, &ours, "cumbre"), NOW).is_some());
    assert_eq!(tokens.verify(&forged(&header, &ours, "another"), NOW), None);
    assert_eq!(tokens.verify(&forged(&header, &theirs, "cumbre"), NOW), None);
    assert_eq!(tokens.verify(&forged(&Header::new(Algorithm::EdDSA), &ours, "cumbre"), NOW), None, "no kid");
    for nonsense in ["", "a.b.c", "é", &"x".repeat(5_000)] {
        assert_eq!(tokens.verify(nonsense, NOW), None);
    }
}

#[test]
fn memory_of_verified_tokens_is_bounded() {
    let tokens = tokens_with(&[key()]);
    for n in 0..50 {
        let (token, _) = tokens.issue(AccountId(uuid::Uuid::from_u128(n)), somebody().1, NOW).unwrap();
        assert!(tokens.verify(&token, NOW).is_some());
    }
    let seen = tokens.seen.read();
    assert!(seen.younger.len() + seen.older.len() <= 8);
}
