//! Delegations: attendees who represent one country or organisation.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::localised::Localised;

/// Attendees who represent one country or organisation. Its members' registrations name it, with
/// their role in it; its focal points and liaison officers are accounts with a duty.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// Unique in the event.
    pub slug: String,
    /// The name that it goes by in each language; it need not be a country's usual one.
    pub name: Localised,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The organisation, where it is one of the event's records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<RecordId>,
    /// Its place in the order of delegations, as the protocol officer set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// Whether everybody may know that it comes.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub is_listed: bool,
    /// The most registrations that are confirmed at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The most people in parts and sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
}

/// How many of a delegation may be in one part or session ("1 + 2" is a most of 3).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The part; either this or `session`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// The most who accept an invitation to it, or have a seat in it. It binds answers and seats, not
    /// the door: an invitation that nobody answered lets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// The most who are inside at one time. It binds at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside_at_most: Option<u32>,
}

/// A member's role in their delegation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationRole {
    /// Leads it; one at most.
    Head,
    /// Leads it in the head's absence.
    Alternate,
    /// Belongs to it.
    #[default]
    Member,
}

impl DelegationRole {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Alternate => "alternate",
            Self::Member => "member",
        }
    }
}

/// What an account does for a delegation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationDuty {
    /// Registers, cancels and chooses for its members.
    FocalPoint,
    /// Looks after it on the spot: sees its members and their access needs.
    Liaison,
}

impl DelegationDuty {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FocalPoint => "focal_point",
            Self::Liaison => "liaison",
        }
    }
}

impl std::str::FromStr for DelegationDuty {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::FocalPoint, Self::Liaison].into_iter().find(|duty| duty.as_str() == text).ok_or(())
    }
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}
