//! What a badge says.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{BadgeFault, DESK_KEYS};
use crate::ids::{EventId, GuestIndex, RecordId};
use crate::time::Timestamp;

/// What a registration's badges have in common and nothing else has: who knows it has the badge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BadgeSecret(pub [u8; 16]);

impl BadgeSecret {
    /// By what rows that name nobody know the guest: the first 16 bytes of the SHA-256 of
    /// `cumbre badge index\0` and the secret.
    pub fn index(&self) -> GuestIndex {
        let hash = Sha256::new().chain_update(b"cumbre badge index\0").chain_update(self.0).finalize();
        GuestIndex(Uuid::from_bytes(first(&hash)))
    }
}

/// Secrets stay out of logs.
impl fmt::Debug for BadgeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BadgeSecret(..)")
    }
}

/// Marks of access: what was known of the guest when the badge was issued, for a door that knows
/// nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Access(pub u16);

impl Access {
    /// The registration was confirmed.
    pub const CONFIRMED: Self = Self(1);
    /// A companion of somebody with access needs.
    pub const COMPANION: Self = Self(1 << 1);
    /// Somebody who works there or takes part in the programme.
    pub const ON_DUTY: Self = Self(1 << 2);
    /// A guest of the protocol: no questions at the door.
    pub const PROTOCOL: Self = Self(1 << 3);
    /// How many parts have a mark of their own.
    pub const PARTS: usize = 12;

    /// The mark of the event's part at this place, in the order in which they were made; none beyond
    /// the first [`Access::PARTS`].
    pub fn part(place: usize) -> Self {
        if place < Self::PARTS { Self(1 << (4 + place)) } else { Self::default() }
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has every mark of the other.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What a badge says, without the signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadgeClaims {
    /// The number of the key that signs.
    pub key: u8,
    /// The event ([`event_mark`]).
    pub event: [u8; 4],
    /// The registration's secret.
    pub secret: BadgeSecret,
    /// Which of the registration's badges.
    pub carrier: u32,
    /// The category ([`category_mark`]).
    pub category: u16,
    /// Marks of access.
    pub access: Access,
    /// From when on it is valid, in seconds since 1970.
    pub not_before: u32,
    /// Until when, in seconds since 1970.
    pub expires: u32,
}

impl BadgeClaims {
    /// Whether it is valid then.
    ///
    /// # Errors
    ///
    /// Not yet, or not any more.
    pub fn check_time(&self, now: Timestamp) -> Result<(), BadgeFault> {
        fault_at((self.valid_from(), self.valid_until()), now).map_or(Ok(()), Err)
    }

    /// From when on it is valid.
    pub fn valid_from(&self) -> Timestamp {
        Timestamp(i64::from(self.not_before) * 1_000)
    }

    /// When it stops being valid.
    pub fn valid_until(&self) -> Timestamp {
        Timestamp(i64::from(self.expires) * 1_000)
    }

    /// Whether a desk issued it, to somebody who walked in.
    pub fn is_provisional(&self) -> bool {
        DESK_KEYS.contains(&self.key)
    }

    /// Whether its key may say this: a desk's makes nobody staff or a guest of the protocol.
    pub fn is_within_key(&self) -> bool {
        !(self.is_provisional() && self.access.has_any(Access::ON_DUTY.and(Access::PROTOCOL)))
    }
}

/// By how much the clock of whoever reads a badge may be behind that of whoever signed it, in minutes (RFC 7519, 4.1.5):
/// a badge is shown as soon as it is printed.
const LEEWAY_MINUTES: i64 = 10;

/// What is wrong then with a badge that is valid from the first time, less a leeway for clocks, until the second.
pub fn fault_at((from, until): (Timestamp, Timestamp), now: Timestamp) -> Option<BadgeFault> {
    if now < from.plus_minutes(-LEEWAY_MINUTES) {
        return Some(BadgeFault::NotYet);
    }
    (now >= until).then_some(BadgeFault::Expired)
}

/// How a badge names its event.
pub fn event_mark(event: EventId) -> [u8; 4] {
    first(&Sha256::digest(event.0.as_bytes()))
}

/// How a badge names its guest's category.
pub fn category_mark(category: RecordId) -> u16 {
    u16::from_be_bytes(first(&Sha256::digest(category.0.as_bytes())))
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|place| bytes.get(place).copied().unwrap_or_default())
}
