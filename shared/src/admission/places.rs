//! The programme as a device knows it, from the rows of its roster.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ground, Subject};
use crate::badge::Access;
use crate::ids::RecordId;
use crate::invitation::InvitedTo;
use crate::programme::{AccessArea, Checkpoint, Vehicle};
use crate::roster::{Restriction, RosterDelegation, RosterPart, RosterSession};

/// The rows of a roster that are about the programme, by their ids.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Places {
    /// `access_areas`.
    pub areas: BTreeMap<RecordId, AccessArea>,
    /// `checkpoints`.
    pub checkpoints: BTreeMap<RecordId, Checkpoint>,
    /// `roster_sessions`.
    pub sessions: BTreeMap<RecordId, RosterSession>,
    /// `roster_parts`.
    pub parts: BTreeMap<RecordId, RosterPart>,
    /// `moved_sessions`.
    pub moved: BTreeMap<RecordId, MovedSession>,
    /// `vehicles`.
    pub vehicles: BTreeMap<RecordId, Vehicle>,
    /// `roster_delegations`.
    pub delegations: BTreeMap<RecordId, RosterDelegation>,
}

/// A session that was to take place elsewhere (`moved_sessions`): the row's id is the session's.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovedSession {
    /// The rooms that it has left. It may have come back to one.
    pub left: BTreeSet<RecordId>,
}

impl Places {
    /// A checkpoint with the area that it guards; none where one of them is gone.
    pub fn checkpoint(&self, id: RecordId) -> Option<(&Checkpoint, &AccessArea)> {
        let checkpoint = self.checkpoints.get(&id)?;
        Some((checkpoint, self.areas.get(&checkpoint.area)?))
    }

    /// The vehicle whose door a checkpoint is.
    pub fn vehicle(&self, checkpoint: RecordId) -> Option<(RecordId, &Vehicle)> {
        let id = self.checkpoints.get(&checkpoint)?.vehicle?;
        Some((id, self.vehicles.get(&id)?))
    }

    /// The sessions that were in a room once.
    pub fn list_left(&self, room: RecordId) -> BTreeSet<RecordId> {
        self.moved.iter().filter(|(_, moved)| moved.left.contains(&room)).map(|(session, _)| *session).collect()
    }

    /// The mark on badges that lets in by itself, where a part's admission decides.
    fn mark_of(&self, restriction: Option<Restriction>) -> Option<Access> {
        let part = restriction.filter(|restriction| restriction.collection == InvitedTo::Parts)?.id;
        self.parts.get(&part)?.mark
    }
}

impl Ground for Places {
    fn subject_of(&self, (collection, id): (InvitedTo, RecordId)) -> Option<Subject> {
        let (part, room, restriction, terms) = match collection {
            InvitedTo::Sessions => {
                let session = self.sessions.get(&id)?;
                (session.part, session.room, session.restricted_by, &session.terms)
            }
            InvitedTo::Parts => {
                let part = self.parts.get(&id)?;
                (None, None, part.restricted_by, &part.terms)
            }
        };
        Some(Subject { collection, id, part, room, mark: self.mark_of(restriction), terms: terms.clone() })
    }

    fn sessions_in(&self, room: RecordId) -> Vec<RecordId> {
        self.sessions.iter().filter(|(_, session)| session.room == Some(room)).map(|(id, _)| *id).collect()
    }
}
