//! What can be done to a programme, as devices, requests and the command line say it.

use serde::Deserialize;
use serde_json::Value;
use shared::ids::RecordId;
use shared::programme::{Collection, ProgressState, RecordKey};
use shared::time::Timestamp;

use crate::programme::rules::close_room::CloseRoom;
use crate::programme::rules::move_session::MoveSession;
use crate::programme::rules::shift::Shift;
use crate::sync::change_log::Role;
use crate::sync::feed::Rights;

/// One thing to do, and what must still hold when it is done.
#[derive(Clone, PartialEq, Debug)]
pub struct Command {
    /// What to do.
    pub verb: Verb,
    /// What must hold.
    pub guard: Guard,
}

/// What must still hold when a command is run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Guard {
    /// The commit that the editor had seen: what it changes must not have changed since (field by
    /// field, and not counting changes from the same device).
    pub base: Option<u64>,
    /// The revs of which the record must have one (If-Match).
    pub revs: Option<Vec<u64>>,
}

/// What to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Verb {
    /// Make a record; its id is new in the event.
    Create {
        /// The record to be.
        key: RecordKey,
        /// Its body.
        body: Value,
    },
    /// Change fields of a record by a JSON merge patch (RFC 7396).
    Patch {
        /// Which record.
        key: RecordKey,
        /// The patch.
        patch: Value,
    },
    /// Publish, cancel or restore a record.
    ChangeState {
        /// Which record.
        key: RecordKey,
        /// What becomes of it.
        change: StateChange,
    },
    /// Take a record away for good.
    Delete {
        /// Which record.
        key: RecordKey,
    },
    /// Give a session another place or time.
    Move(MoveSession),
    /// Say how a session stands.
    Progress(SetProgress),
    /// Close a room and re-house its sessions.
    CloseRoom(CloseRoom),
    /// Exchange the slots of two sessions.
    Swap(Swap),
    /// Shift a part or a day.
    Shift(Shift),
}

/// A change of a record's state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StateChange {
    /// A draft becomes public.
    Publish,
    /// What is published will not take place.
    Cancel,
    /// What was cancelled takes place.
    Restore,
}

/// How a session stands on the day.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetProgress {
    /// Which session.
    pub session: RecordId,
    /// Started, running late or ended.
    pub state: ProgressState,
    /// How late it runs, in minutes.
    #[serde(default)]
    pub minutes_late: Option<u32>,
    /// Since when; the server's time where absent.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// Two sessions whose rooms and times are exchanged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The one.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
}

impl Verb {
    /// The word for it in mutations and in the audit log.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Create { .. } => "record.create",
            Self::Patch { .. } => "record.patch",
            Self::ChangeState { change: StateChange::Publish, .. } => "record.publish",
            Self::ChangeState { change: StateChange::Cancel, .. } => "record.cancel",
            Self::ChangeState { change: StateChange::Restore, .. } => "record.restore",
            Self::Delete { .. } => "record.delete",
            Self::Move(_) => "session.move",
            Self::Progress(_) => "session.progress",
            Self::CloseRoom(_) => "room.close",
            Self::Swap(_) => "sessions.swap",
            Self::Shift(_) => "sessions.shift",
        }
    }

    /// The one record that it is about, if it is about one.
    pub fn subject(&self) -> Option<RecordKey> {
        match self {
            Self::Create { key, .. }
            | Self::Patch { key, .. }
            | Self::ChangeState { key, .. }
            | Self::Delete { key } => Some(*key),
            Self::Move(arguments) => Some((Collection::Sessions, arguments.session)),
            Self::Progress(arguments) => Some((Collection::Sessions, arguments.session)),
            Self::CloseRoom(arguments) => Some((Collection::Rooms, arguments.room)),
            Self::Swap(_) | Self::Shift(_) => None,
        }
    }
}

impl Verb {
    /// Whether it says where a delegation stands in their order, and nothing else.
    fn orders_a_delegation(&self) -> bool {
        let Self::Patch { key: (Collection::Delegations, _), patch } = self else { return false };
        patch.as_object().is_some_and(|fields| !fields.is_empty() && fields.keys().all(|name| name == "order"))
    }
}

impl From<Verb> for Command {
    fn from(verb: Verb) -> Self {
        Self { verb, guard: Guard::default() }
    }
}

/// Whether an account with these rights may do it: the programme is the organisers', and the order in
/// which delegations stand the protocol officer's as well.
pub fn may_run(rights: &Rights, verb: &Verb) -> bool {
    rights.is_organiser() || (rights.roles.contains(&Role::Protocol) && verb.orders_a_delegation())
}
