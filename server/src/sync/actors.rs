//! Who acts at an event, and as what: accounts by roles, attendees and whoever acts for them, enrolled devices.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::ids::{AccountId, AttendeeId, DeviceId, RecordId};
use shared::sync::Profile;

/// Who acts, for the audit log and the store of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Actor {
    /// The account, unless the command line acts.
    pub account: Option<AccountId>,
    /// The device that the account acts from.
    pub device: Option<DeviceId>,
    /// The attendee that it acts for.
    pub attendee: Option<AttendeeId>,
}

/// A role of an account at an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Changes everything.
    Organiser,
    /// Decides who is invited, and sees what is closed.
    Protocol,
    /// Leads the registration desks.
    DeskLead,
    /// Works at a registration desk.
    Desk,
    /// Arranges what people with access needs need, and reads those.
    Accessibility,
}

impl Role {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organiser => "organiser",
            Self::Protocol => "protocol",
            Self::DeskLead => "desk_lead",
            Self::Desk => "desk",
            Self::Accessibility => "accessibility",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Organiser, Self::Protocol, Self::DeskLead, Self::Desk, Self::Accessibility]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(())
    }
}

/// How an account stands to an attendee.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is the attendee's own.
    #[serde(rename = "self")]
    Myself,
    /// It acts for the attendee.
    Assistant,
}

impl Relation {
    /// The relation with this word; everything that is not `self` acts for somebody.
    pub fn of_word(word: &str) -> Self {
        if word == Self::Myself.as_str() { Self::Myself } else { Self::Assistant }
    }

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Myself => "self",
            Self::Assistant => "assistant",
        }
    }
}

/// What a device that checks who may enter was enrolled for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// How much it holds.
    pub profile: Profile,
    /// Whether it holds that now.
    pub state: EnrolmentState,
    /// Where it checks; without any, wherever it stands.
    pub checkpoints: BTreeSet<RecordId>,
    /// Whether who stands at it settles what is odd about scans.
    pub is_lead: bool,
}

impl Assignment {
    /// Whether who stands at it settles incidents: of desks alone, which know who is who.
    pub fn settles_incidents(&self) -> bool {
        self.is_lead && self.profile == Profile::Full && self.state == EnrolmentState::Active
    }

    /// Whether it may check who enters there now.
    pub fn checks_at(&self, checkpoint: RecordId) -> bool {
        let is_its = self.checkpoints.is_empty() || self.checkpoints.contains(&checkpoint);
        self.state == EnrolmentState::Active && is_its
    }
}

/// Whether an enrolled device is in use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentState {
    /// It holds its roster.
    Active,
    /// It holds no roster until it is resumed.
    Suspended,
    /// It never holds a roster again; what it scanned before it may still hand in.
    Revoked,
}

impl EnrolmentState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Revoked];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }
}

impl std::str::FromStr for EnrolmentState {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// One line of the audit log.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditLine {
    /// Who did it.
    pub actor: Actor,
    /// What was done, such as `session.move`.
    pub operation: String,
    /// The collection of what was changed.
    pub collection: &'static str,
    /// What was changed.
    pub record: uuid::Uuid,
    /// As it was; none for what is new.
    pub before: Option<Value>,
    /// As it is; none for what is gone.
    pub after: Option<Value>,
}
