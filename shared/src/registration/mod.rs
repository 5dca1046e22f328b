//! Registrations: an attendee's place at an event, as it travels.

mod access;
mod consent;
mod details;
pub mod form;
pub mod transitions;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use access::{AccessNeed, AccessNeeds};
pub use consent::GivenConsent;
pub use details::{Details, Shared};
pub use form::is_phone;

use crate::ids::{AttendeeId, RecordId};
use crate::programme::DelegationRole;

/// Where a registration stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationStatus {
    /// The event asked the person to come; they have not answered.
    Invited,
    /// The person asked to come; nobody has decided.
    Requested,
    /// There is no room at present.
    Waitlisted,
    /// The person comes.
    Confirmed,
    /// The person said no, or the event did.
    Declined,
    /// It was confirmed, or could have been, and is not any more.
    Cancelled,
}

impl RegistrationStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Invited, Self::Requested, Self::Waitlisted, Self::Confirmed, Self::Declined, Self::Cancelled];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Requested => "requested",
            Self::Waitlisted => "waitlisted",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }
}

impl RegistrationStatus {
    /// The statuses in which nobody has what they are invited to, or what they were put into an audience for.
    pub const WITHOUT_INVITATIONS: [Self; 3] = [Self::Requested, Self::Declined, Self::Cancelled];

    /// The statuses of those who do not come any more.
    pub const ENDED: [Self; 2] = [Self::Declined, Self::Cancelled];

    /// Whether somebody does not come any more: they are let in nowhere, whatever they were to do there.
    pub fn has_ended(self) -> bool {
        Self::ENDED.contains(&self)
    }

    /// Whether somebody has what they are invited to. The event asked them to come, or took them; who asked to come
    /// is nobody's guest before somebody decided, and who does not come is none any more.
    pub fn has_invitations(self) -> bool {
        !Self::WITHOUT_INVITATIONS.contains(&self)
    }
}

impl std::str::FromStr for RegistrationStatus {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}

/// What the rules of audiences, invitations and seats look at of a registration.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Whose it is.
    pub attendee: AttendeeId,
    /// Where it stands.
    pub status: RegistrationStatus,
    /// Its category.
    pub category: RecordId,
    /// Its categories in parts where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_categories: Vec<PartCategory>,
    /// The delegation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// Its role there.
    #[serde(default)]
    pub delegation_role: DelegationRole,
    /// Whether it holds a place for somebody not yet named.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_placeholder: bool,
}

impl Standing {
    /// The category that counts in a part.
    pub fn category_in(&self, part: Option<RecordId>) -> RecordId {
        let own = self.part_categories.iter().find(|own| Some(own.part) == part);
        own.map_or(self.category, |own| own.category)
    }
}

/// The category of a registration in one part (a minister in the dialogue is a speaker in the clinic).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartCategory {
    /// The part.
    pub part: RecordId,
    /// The category there.
    pub category: RecordId,
}

/// An attendee's place at an event, as it is kept. Its id is the attendee's: there is one for each.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Where it stands.
    pub status: RegistrationStatus,
    /// What the person is known by where the organisers' lists come from; files name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Its category.
    pub category: RecordId,
    /// Its categories in parts where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub part_categories: Vec<PartCategory>,
    /// The delegation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// Its role there.
    #[serde(default)]
    pub delegation_role: DelegationRole,
    /// Whether it holds a place for somebody not yet named; the attendee's name says for whom ("the
    /// Minister of Justice or representative").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_placeholder: bool,
    /// Its number in the waitlist, given once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waitlist_number: Option<u64>,
    /// Personal details.
    #[serde(default)]
    pub details: Details,
    /// Answers to the category's form, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Value>,
    /// Whom the person accompanies because of that person's access needs; it counts in no quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub companion_of: Option<AttendeeId>,
    /// Whose place it took for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<AttendeeId>,
    /// Who took its place for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<AttendeeId>,
    /// What other attendees may see of the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Shared>,
    /// Why it was declined or cancelled, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Registration {
    /// A registration that says nothing but where it stands.
    pub fn blank(category: RecordId, status: RegistrationStatus) -> Self {
        Self {
            status,
            external_id: None,
            category,
            part_categories: Vec::new(),
            delegation: None,
            delegation_role: DelegationRole::default(),
            is_placeholder: false,
            waitlist_number: None,
            details: Details::default(),
            answers: BTreeMap::new(),
            companion_of: None,
            replaces: None,
            replaced_by: None,
            shares: Vec::new(),
            reason: None,
        }
    }

    /// What is left of it when the person is erased: what is counted, and nothing that tells who it was.
    pub fn without_person(&self) -> Self {
        Self {
            external_id: None,
            details: Details::default(),
            answers: BTreeMap::new(),
            shares: Vec::new(),
            reason: None,
            ..self.clone()
        }
    }

    /// What rules look at of it.
    pub fn standing(&self, attendee: AttendeeId) -> Standing {
        Standing {
            attendee,
            status: self.status,
            category: self.category,
            part_categories: self.part_categories.clone(),
            delegation: self.delegation,
            delegation_role: self.delegation_role,
            is_placeholder: self.is_placeholder,
        }
    }
}
