//! What is asked at a checkpoint, and what is known of it.

use serde::{Deserialize, Serialize};

use super::{Admission, Direction, Entry, RosterGuest};
use crate::badge::{Access, BadgeClaims, BadgeFault, BadgeKeys, fault_at};
use crate::ids::RecordId;
use crate::invitation::{EntryTerms, InvitedTo};
use crate::object;
use crate::programme::{AccessArea, CheckpointKind};
use crate::time::{Day, Timestamp};

/// What is asked at a checkpoint.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// When.
    pub now: Timestamp,
    /// The day of it in the event's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// In which direction the guest goes.
    #[serde(default, skip_serializing_if = "Direction::is_in")]
    pub direction: Direction,
    /// What was shown.
    pub presented: Presented,
    /// Whether the badge shown is one that was made void.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_void: bool,
    /// What is known of the guest; absent where the roster does not have them.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub guest: Option<RosterGuest>,
    /// What kind of place it is.
    pub kind: CheckpointKind,
    /// The area that is entered.
    pub area: AccessArea,
    /// The part or session that is entered; absent where the area is the whole event's, and where nothing
    /// is on in its room.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The sessions that were to take place in the area's room, and take place elsewhere.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub moved_away: Vec<Subject>,
    /// What is known of this guest in this use.
    #[serde(default, skip_serializing_if = "Presence::is_none")]
    pub presence: Presence,
    /// How many are inside, and how many may be, where that is bounded.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// How far what is known can be relied upon.
    #[serde(default)]
    pub knowledge: Knowledge,
}

/// What was shown at a checkpoint.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presented {
    /// A badge that verifies.
    Badge(ReadBadge),
    /// Something else.
    Fault(BadgeFault),
    /// Nothing: the guest was found by name or known by sight.
    ByHand,
}

impl Presented {
    /// What a code is, and whom it names.
    pub fn read(keys: &BadgeKeys, code: &str) -> (Self, Option<BadgeClaims>) {
        match keys.verify(code) {
            Ok(claims) => (Self::Badge(ReadBadge::from(&claims)), Some(claims)),
            Err(fault) => (Self::Fault(fault), None),
        }
    }
}

/// What a badge says that verifies, without the secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBadge {
    /// Whether a desk issued it to somebody who walked in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_provisional: bool,
    /// The mark of the category ([`crate::badge::category_mark`]).
    pub category: u16,
    /// Marks of access.
    pub access: Access,
    /// From when on it is valid.
    pub valid_from: Timestamp,
    /// When it stops being valid.
    pub valid_until: Timestamp,
}

impl ReadBadge {
    /// What is wrong with it then: not valid yet, or not any more.
    pub fn fault_at(&self, now: Timestamp) -> Option<BadgeFault> {
        fault_at((self.valid_from, self.valid_until), now)
    }
}

impl From<&BadgeClaims> for ReadBadge {
    fn from(claims: &BadgeClaims) -> Self {
        Self {
            is_provisional: claims.is_provisional(),
            category: claims.category,
            access: claims.access,
            valid_from: claims.valid_from(),
            valid_until: claims.valid_until(),
        }
    }
}

/// A part or session that is entered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Whether it is a part or a session.
    pub collection: InvitedTo,
    /// Its id.
    pub id: RecordId,
    /// The part of a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The room of a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// The mark of access that lets in a guest of whom nothing but the badge is known: the part's, where
    /// its admission decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Access>,
    /// What decides on entering it.
    pub terms: EntryTerms,
}

impl Subject {
    /// The part that it is or belongs to.
    pub fn part(&self) -> Option<RecordId> {
        if self.collection == InvitedTo::Parts { Some(self.id) } else { self.part }
    }
}

/// What is known of one guest in one use.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Presence {
    /// Where and when they were let in first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Entry>,
    /// Whether they are inside.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_inside: bool,
}

impl Presence {
    /// Whether they have not been there.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Admission> for Presence {
    fn from(admission: &Admission) -> Self {
        Self { first: Some(admission.first.clone()), is_inside: admission.is_inside }
    }
}

/// Of what there may be so many inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOf {
    /// Of all guests.
    Area,
    /// Of the guest's delegation.
    Delegation,
    /// In the vehicle whose door it is: its seats.
    Vehicle,
}

/// How many are inside and how many may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Of what.
    pub of: LimitOf,
    /// How many are.
    pub inside: u32,
    /// How many may be.
    pub at_most: u32,
}

/// How far what is known at a checkpoint can be relied upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Knowledge {
    /// How old it is, in milliseconds; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// When it was the server's, by the server's clock: whatever becomes of a device's own clocks, this stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Whether the roster is there as a whole.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_complete: bool,
}

impl Knowledge {
    /// Whether a guest with a badge that was valid from `then` on would be in the roster.
    pub fn would_know_of(&self, then: Timestamp, now: Timestamp) -> bool {
        let by_age = || Some(Timestamp(now.0.saturating_sub_unsigned(self.age_ms?)));
        self.is_complete && self.as_of.or_else(by_age).is_some_and(|as_of| then < as_of)
    }
}
