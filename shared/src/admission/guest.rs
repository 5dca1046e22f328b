//! What a roster says of a guest, as far as letting them in is concerned.

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::ids::{AttendeeId, GuestIndex, RecordId};
use crate::invitation::{Delegator, EntryTerms, Facts, Guest, InvitedAs, check};
use crate::object;
use crate::registration::{PartCategory, RegistrationStatus};
use crate::signup::SignUpState;
use crate::time::{Day, Timestamp};

/// A guest in a roster. It says nothing of who they are.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterGuest {
    /// Where the registration stands.
    pub status: RegistrationStatus,
    /// Its category.
    pub category: RecordId,
    /// Its categories in parts where they differ.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub part_categories: Vec<PartCategory>,
    /// The delegation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// The audiences that they are in, of those that an access area names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<RecordId>,
    /// What they have in parts and sessions that are not open to everybody registered, or where they
    /// are on duty.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// What whoever sees them first is to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether one of their badges is reported stolen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_reported_stolen: bool,
}

impl RosterGuest {
    /// One without anything but a registration.
    pub fn new(status: RegistrationStatus, category: RecordId) -> Self {
        Self {
            status,
            category,
            part_categories: Vec::new(),
            delegation: None,
            audiences: Vec::new(),
            claims: Vec::new(),
            note: None,
            is_reported_stolen: false,
        }
    }

    /// Where the registration stands, and what the guest has.
    pub fn standing(&self) -> Standing<'_> {
        (self.status, &self.claims)
    }

    /// The category that counts in a part.
    pub fn category_in(&self, part: Option<RecordId>) -> RecordId {
        let own = self.part_categories.iter().find(|own| Some(own.part) == part);
        own.map_or(self.category, |own| own.category)
    }
}

/// What a guest has in one part or session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The part or session.
    pub object: RecordId,
    /// Whether they take part in it or work there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_on_duty: bool,
    /// Whether they are in an audience of the admission that decides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_in_audience: bool,
    /// Their invitations that count there ([`Guest::invitations`]).
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<InvitedAs>,
    /// Their seat, offer or place in the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SignUpState>,
    /// For whom they sit in there.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub sits_in_for: Vec<SitsInFor>,
    /// Who sits in for them there.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub stood_in_by: Vec<StoodInBy>,
}

/// Somebody for whom a guest sits in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitsInFor {
    /// Who.
    pub guest: GuestIndex,
    /// On which day only; absent, whenever it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// What they have that would let them in.
    pub has: Guest,
}

/// Somebody who sits in for a guest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoodInBy {
    /// Who.
    pub guest: GuestIndex,
    /// On which day only; absent, whenever it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
}

impl Claim {
    /// Whether somebody else sits on the same seat, or may.
    pub fn is_shared(&self) -> bool {
        !self.sits_in_for.is_empty() || !self.stood_in_by.is_empty()
    }

    /// Nothing, in one part or session.
    pub fn new(object: RecordId) -> Self {
        Self {
            object,
            is_on_duty: false,
            is_in_audience: false,
            invitations: Vec::new(),
            seat: None,
            sits_in_for: Vec::new(),
            stood_in_by: Vec::new(),
        }
    }
}

/// Where a guest's registration stands, and what they have.
pub type Standing<'a> = (RegistrationStatus, &'a [Claim]);

/// Whether somebody is to come: their registration is confirmed, and the check would let them in to what is
/// entered, whatever the time. Where everybody registered may enter, everybody confirmed is expected.
pub fn is_expected(guest: Standing<'_>, subject: Option<&Subject>) -> bool {
    let is_let_in = |subject: &Subject| {
        let terms = EntryTerms { starts_at: None, ends_at: None, ..subject.terms.clone() };
        check(&facts_of(guest, subject.id, terms, None), Timestamp(0)).may_enter
    };
    guest.0 == RegistrationStatus::Confirmed && subject.is_none_or(is_let_in)
}

/// What the invitation check looks at, of what a roster says of a guest. `day` is the day in the event's
/// time zone. Others are named as the roster names them.
pub fn facts_of((status, claims): Standing<'_>, object: RecordId, terms: EntryTerms, day: Option<Day>) -> Facts {
    let none = Claim::new(object);
    let claim = claims.iter().find(|claim| claim.object == object).unwrap_or(&none);
    let is_today = |only: Option<Day>| only.is_none() || only == day;
    let named = |index: GuestIndex| AttendeeId(index.0);
    Facts {
        terms,
        opens_minutes_before: None,
        guest: Guest {
            registration: Some(status),
            is_on_duty: claim.is_on_duty,
            is_in_audience: claim.is_in_audience,
            invitations: claim.invitations.clone(),
            seat: claim.seat,
        },
        sits_in_for: claim
            .sits_in_for
            .iter()
            .find(|other| is_today(other.day))
            .map(|other| Delegator { attendee: named(other.guest), guest: other.has.clone() }),
        stood_in_by: claim.stood_in_by.iter().find(|other| is_today(other.day)).map(|other| named(other.guest)),
    }
}
