//! What the code of a badge says.

use diesel::QueryResult;
use shared::badge::{Access, BadgeClaims, BadgeSecret, category_mark, event_mark};
use shared::ids::{EventId, RecordId};
use shared::time::Timestamp;

use super::keys::Signers;
use super::store::Stored;

/// What a badge says of its guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marks {
    /// The category.
    pub category: RecordId,
    /// What is known of what they may enter.
    pub access: Access,
}

/// The token of a carrier, signed by the key that it was issued with.
///
/// # Errors
///
/// The key is not there, or cannot sign.
pub fn token_of(
    signers: &Signers,
    (event, secret): (EventId, BadgeSecret),
    carrier: &Stored,
    marks: Marks,
) -> QueryResult<String> {
    let claims = BadgeClaims {
        key: carrier.key,
        event: event_mark(event),
        secret,
        carrier: carrier.carrier,
        category: category_mark(marks.category),
        access: marks.access,
        not_before: seconds(carrier.issued_at),
        expires: seconds(carrier.expires_at),
    };
    let signer = signers.find(carrier.key).ok_or_else(unsigned)?;
    signer.sign(&claims).map_err(|_| unsigned())
}

fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.0.max(0) / 1_000).unwrap_or(u32::MAX)
}

fn unsigned() -> diesel::result::Error {
    diesel::result::Error::SerializationError("a badge cannot be signed".into())
}
