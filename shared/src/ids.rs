//! Identifiers. On the wire every one is a UUID (version 7 where the server makes it, RFC 9562).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// One event (an edition).
    EventId,
    /// One record of the programme, whatever its collection.
    RecordId,
    /// Somebody who comes to an event.
    AttendeeId,
    /// Somebody who signs in.
    AccountId,
    /// One installation of an app, as the server knows it.
    DeviceId,
    /// One mutation, made by the device that sends it.
    MutationId,
    /// That something was handed out, lent or taken back ([`crate::handover::Handover`]).
    HandoverId,
    /// A guest in rows that name nobody: made of their badge's secret ([`crate::badge::BadgeSecret`]).
    GuestIndex,
}

/// The longest slug accepted, in bytes.
pub const SLUG_MAX_BYTES: usize = 80;

/// Whether `text` is a slug: lower-case ASCII letters, digits and single inner hyphens, not
/// shaped like a UUID (so that a path segment is one or the other), at most [`SLUG_MAX_BYTES`].
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SLUG_MAX_BYTES
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && Uuid::parse_str(text).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_words_and_never_look_like_ids() {
        assert!(is_slug("csw-2018"));
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é", "0192f1aa-7a10-7000-8000-000000000001"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
