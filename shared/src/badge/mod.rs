//! Badges: a signed text that a code carries, which verifies with no data but the event's keys.
//!
//! A badge is 102 bytes in base45 (RFC 9285), 153 characters: the alphanumeric mode of a QR code holds
//! them in version 6 (41 modules) with error correction M, and no byte more; as one segment, since an
//! encoder that sets runs of digits apart may come to need version 7.
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | the version of this layout, 1 |
//! | 1 | the number of the key that signed |
//! | 4 | the event: the first bytes of the SHA-256 of its id's 16 bytes |
//! | 16 | the registration's secret |
//! | 4 | the carrier: which of the registration's badges it is |
//! | 2 | the category: the first bytes of the SHA-256 of its id's 16 bytes |
//! | 2 | marks of access |
//! | 4, 4 | not valid before (readers allow ten minutes for clocks), valid until; in seconds since 1970 |
//! | 64 | the Ed25519 signature (RFC 8032) of `cumbre badge\0` and the 38 bytes before it |
//!
//! Numbers are big endian. Keys 0 to 127 are the event's; 128 to 255 belong to desks, for walk-ins.
//!
//! A door's rows name a guest by an index made of the secret, and what they say of the person is sealed
//! with a key made of the secret: who has the rows and not the badge reads neither.

mod base45;
mod carrier;
mod claims;
mod details;
mod keys;
mod layout;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use carrier::{Carrier, CarrierKind, VoidCarrier, VoidReason, carrier_row_id};
pub use claims::{Access, BadgeClaims, BadgeSecret, category_mark, event_mark, fault_at};
pub use details::{SealFault, open, seal};
pub use keys::{
    BadgeKey, BadgeKeys, BadgeSigner, DESK_KEYS, EVENT_KEYS, SEED_BYTES, SigningFault, is_public_key, key_named_in,
    key_row_id,
};
pub use layout::{CLAIMS_BYTES, TEXT_CHARS};

/// Why a text is not a badge that counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadgeFault {
    /// It is no badge: another code, or a badge of which something is missing.
    #[error("is not a badge")]
    Malformed,
    /// It is of a version that this program does not know.
    #[error("is of another version")]
    UnsupportedVersion,
    /// It is of another event.
    #[error("is of another event")]
    OtherEvent,
    /// The key that it names is not one of the event's.
    #[error("names an unknown key")]
    UnknownKey,
    /// The desk whose key it names may not issue badges any more.
    #[error("names a key that was revoked")]
    RevokedKey,
    /// The signature is not of the key that it names, or it says what that key may not say.
    #[error("is forged")]
    Forged,
    /// It is not valid yet.
    #[error("is not valid yet")]
    NotYet,
    /// It is not valid any more.
    #[error("has expired")]
    Expired,
}

#[cfg(test)]
mod tests;
