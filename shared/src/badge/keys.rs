//! Signing badges, and telling those that the event's keys have signed.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::layout::{self, claims_bytes, signed_bytes};
use super::{BadgeClaims, BadgeFault, event_mark};
use crate::ids::{DeviceId, EventId};
use crate::time::Timestamp;

/// The numbers of an event's own keys.
pub const EVENT_KEYS: RangeInclusive<u8> = 0..=127;
/// The numbers of desks' keys.
pub const DESK_KEYS: RangeInclusive<u8> = 128..=255;
/// How many bytes make a key (RFC 8032, section 5.1.5).
pub const SEED_BYTES: usize = 32;

/// A key as everybody who checks badges knows it: a row of every roster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BadgeKey {
    /// Its number in badges.
    pub number: u8,
    /// The 32 bytes that verify, in base64url.
    pub public: String,
    /// The desk whose key it is; absent for one of the event's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// When the next one took its place. What it signed stays valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
    /// When what it signed stopped being valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// Whether a text is the half of a key that verifies.
pub fn is_public_key(public: &str) -> bool {
    URL_SAFE_NO_PAD.decode(public).is_ok_and(|bytes| ParsedPublicKey::new(&ED25519, &bytes).is_ok())
}

/// The id of a key's rows: a UUID of version 5, in the event's namespace, of its number.
pub fn key_row_id(event: EventId, number: u8) -> Uuid {
    Uuid::new_v5(&event.0, &[number])
}

/// The number of the key that a badge names, before anybody looked at its signature; none where it is no
/// badge.
pub fn key_named_in(text: &str) -> Option<u8> {
    layout::read(text).ok().map(|badge| badge.claims.key)
}

#[derive(Clone, Debug)]
struct Verifier {
    key: ParsedPublicKey,
    is_revoked: bool,
}

/// The keys that badges of one event are verified with.
#[derive(Clone, Debug)]
pub struct BadgeKeys {
    event: [u8; 4],
    verifiers: BTreeMap<u8, Verifier>,
}

impl BadgeKeys {
    /// The keys of an event. One that cannot be read is left out: its badges name an unknown key.
    pub fn new<'a>(event: EventId, keys: impl IntoIterator<Item = &'a BadgeKey>) -> Self {
        let verifiers = keys.into_iter().filter_map(|key| {
            let public = URL_SAFE_NO_PAD.decode(&key.public).ok()?;
            let parsed = ParsedPublicKey::new(&ED25519, &public).ok()?;
            Some((key.number, Verifier { key: parsed, is_revoked: key.revoked_at.is_some() }))
        });
        Self { event: event_mark(event), verifiers: verifiers.collect() }
    }

    /// What a badge says. When it is valid is another question ([`BadgeClaims::check_time`]).
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it: it is no badge, of another version, of another event,
    /// names a key that is not there or was revoked, is forged.
    pub fn verify(&self, text: &str) -> Result<BadgeClaims, BadgeFault> {
        let badge = layout::read(text)?;
        if badge.claims.event != self.event {
            return Err(BadgeFault::OtherEvent);
        }
        let verifier = self.verifiers.get(&badge.claims.key).ok_or(BadgeFault::UnknownKey)?;
        let is_signed = verifier.key.verify_sig(&signed_bytes(&badge.bytes), &badge.signature).is_ok();
        match (is_signed && badge.claims.is_within_key(), verifier.is_revoked) {
            (false, _) => Err(BadgeFault::Forged),
            (true, true) => Err(BadgeFault::RevokedKey),
            (true, false) => Ok(badge.claims),
        }
    }
}

/// That a key cannot sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the key cannot sign")]
pub struct SigningFault;

/// A private key.
pub struct BadgeSigner(Ed25519KeyPair);

impl BadgeSigner {
    /// The key made of this seed.
    ///
    /// # Errors
    ///
    /// The cryptographic library refuses it.
    pub fn new(seed: &[u8; SEED_BYTES]) -> Result<Self, SigningFault> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(|_| SigningFault)
    }

    /// The 32 bytes that verify, in base64url ([`BadgeKey::public`]).
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key())
    }

    /// The badge that says this.
    ///
    /// # Errors
    ///
    /// The cryptographic library cannot sign.
    pub fn sign(&self, claims: &BadgeClaims) -> Result<String, SigningFault> {
        let bytes = claims_bytes(claims);
        let signature = self.0.try_sign(&signed_bytes(&bytes)).map_err(|_| SigningFault)?;
        Ok(layout::text(&bytes, signature.as_ref()))
    }
}

/// Keys stay out of logs.
impl fmt::Debug for BadgeSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BadgeSigner(..)")
    }
}
