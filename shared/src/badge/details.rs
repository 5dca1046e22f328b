//! Details of a guest that only their badge opens.
//!
//! The key is HKDF-SHA256 (RFC 5869) of the badge's secret, with the event's 16 bytes as salt and
//! `cumbre badge details` as info; the cipher AES-256-GCM with the guest's index as additional data; what
//! travels is the nonce, the ciphertext and its tag, in base64url. A browser's WebCrypto opens it as well.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

use super::BadgeSecret;
use crate::ids::EventId;

const DETAILS: &[u8] = b"cumbre badge details";
const NONCES: &[u8] = b"cumbre badge nonce";

/// That details cannot be sealed or opened: they are not the guest's, or something was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the details do not open")]
pub struct SealFault;

impl From<aws_lc_rs::error::Unspecified> for SealFault {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self
    }
}

/// Seals details for who has the badge. The nonce is made of what is sealed, by a key of its own: the
/// same details give the same text, so that a row does not change when nothing did, and others never
/// share a nonce.
///
/// # Errors
///
/// The cryptographic library refuses it.
pub fn seal(secret: &BadgeSecret, event: EventId, details: &[u8]) -> Result<String, SealFault> {
    let index = secret.index();
    let nonce = nonce_of(secret, event, details)?;
    let mut sealed = details.to_vec();
    let aad = Aad::from(index.0.as_bytes());
    details_key(secret, event)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)?;
    Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
}

/// Opens what was sealed.
///
/// # Errors
///
/// It was not sealed for this badge at this event, or was changed since.
pub fn open(secret: &BadgeSecret, event: EventId, sealed: &str) -> Result<Vec<u8>, SealFault> {
    let mut bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealFault)?;
    let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or(SealFault)?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let index = secret.index();
    Ok(details_key(secret, event)?.open_in_place(nonce, Aad::from(index.0.as_bytes()), sealed)?.to_vec())
}

fn details_key(secret: &BadgeSecret, event: EventId) -> Result<LessSafeKey, SealFault> {
    let parent = Salt::new(HKDF_SHA256, event.0.as_bytes()).extract(&secret.0);
    let key = parent.expand(&[DETAILS], &AES_256_GCM)?;
    Ok(LessSafeKey::new(UnboundKey::from(key)))
}

fn nonce_of(secret: &BadgeSecret, event: EventId, details: &[u8]) -> Result<[u8; NONCE_LEN], SealFault> {
    let parent = Salt::new(HKDF_SHA256, event.0.as_bytes()).extract(&secret.0);
    let key = hmac::Key::from(parent.expand(&[NONCES], hmac::HMAC_SHA256)?);
    let tag = hmac::sign(&key, details);
    tag.as_ref().first_chunk().copied().ok_or(SealFault)
}
