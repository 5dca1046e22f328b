//! What carries a badge: a phone, a paper.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{EventId, GuestIndex};
use crate::time::Timestamp;

/// What a badge is carried by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarrierKind {
    /// The person's own phones, which show one and the same badge.
    Phone,
    /// A printed badge.
    Paper,
    /// What a desk printed for somebody who walked in, until the server knows of them.
    Provisional,
}

impl CarrierKind {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::Provisional => "provisional",
        }
    }
}

impl std::str::FromStr for CarrierKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Phone, Self::Paper, Self::Provisional].into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Why a carrier does not count any more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// Nobody knows where it is.
    Lost,
    /// Somebody else has it: whoever shows it is watched, without a word.
    Stolen,
    /// It cannot be read, or says something wrong.
    Damaged,
    /// Somebody else came instead of the person.
    Replaced,
    /// The registration was declined or cancelled.
    RegistrationEnded,
    /// The key of the desk that signed it was revoked.
    KeyRevoked,
}

impl VoidReason {
    /// Every reason.
    pub const ALL: [Self; 6] =
        [Self::Lost, Self::Stolen, Self::Damaged, Self::Replaced, Self::RegistrationEnded, Self::KeyRevoked];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Damaged => "damaged",
            Self::Replaced => "replaced",
            Self::RegistrationEnded => "registration_ended",
            Self::KeyRevoked => "key_revoked",
        }
    }

    /// Whether people give it; the others come with what becomes of the registration, and of the desk.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Lost | Self::Stolen | Self::Damaged)
    }
}

impl std::str::FromStr for VoidReason {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(())
    }
}

/// One carrier of a person's badge: a row of their `own:` scope.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// Its number at the event.
    pub carrier: u32,
    /// What it is.
    pub kind: CarrierKind,
    /// What its code says; absent where it is void, and for paper, which says it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// When it was handed to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_out_at: Option<Timestamp>,
    /// When it stopped counting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_at: Option<Timestamp>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<VoidReason>,
}

/// A carrier that does not count any more: a row of every roster, which names nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidCarrier {
    /// Its number.
    pub carrier: u32,
    /// Whose it was.
    pub guest: GuestIndex,
    /// Why it does not count.
    pub reason: VoidReason,
}

/// The id of a carrier's rows: a UUID of version 5, in the event's namespace, of its four bytes.
pub fn carrier_row_id(event: EventId, carrier: u32) -> Uuid {
    Uuid::new_v5(&event.0, &carrier.to_be_bytes())
}
