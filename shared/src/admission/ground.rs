//! What a checkpoint is about at a time, as the programme has it.

use std::collections::BTreeSet;

use super::{Subject, Use, Way, subject_of_room};
use crate::ids::RecordId;
use crate::invitation::{EntryTerms, InvitedTo, restricted_by};
use crate::programme::{AccessArea, Checkpoint, Collection, Programme, RecordBody};
use crate::roster::mark_of_part;
use crate::time::Timestamp;

/// An access area with its id.
pub type Guarded<'a> = (RecordId, &'a AccessArea);

/// A checkpoint of the programme.
pub fn find_checkpoint(programme: &Programme, id: RecordId) -> Option<&Checkpoint> {
    match &programme.find(Collection::Checkpoints, id)?.body {
        RecordBody::Checkpoints(checkpoint) => Some(checkpoint),
        _ => None,
    }
}

/// An access area of the programme.
pub fn find_area(programme: &Programme, id: RecordId) -> Option<&AccessArea> {
    match &programme.find(Collection::AccessAreas, id)?.body {
        RecordBody::AccessAreas(area) => Some(area),
        _ => None,
    }
}

/// The programme as far as checkpoints ask of it: the server has it whole, a device the rows of its roster.
pub trait Ground {
    /// A part or session as it is entered.
    fn subject_of(&self, object: (InvitedTo, RecordId)) -> Option<Subject>;

    /// The sessions in a room.
    fn sessions_in(&self, room: RecordId) -> Vec<RecordId>;
}

impl Ground for Programme {
    fn subject_of(&self, (collection, id): (InvitedTo, RecordId)) -> Option<Subject> {
        let terms = EntryTerms::of(self, (collection, id))?;
        let session = self.session(id).filter(|_| collection == InvitedTo::Sessions);
        let (part, room) = session.map_or((None, None), |session| (session.part, session.room));
        let deciding = restricted_by(self, (collection, id)).filter(|key| key.0 == Collection::Parts);
        let mark = deciding.and_then(|(_, part)| mark_of_part(self, part));
        Some(Subject { collection, id, part, room, mark, terms })
    }

    fn sessions_in(&self, room: RecordId) -> Vec<RecordId> {
        self.sessions().filter(|(_, session)| session.room == Some(room)).map(|(id, _)| id).collect()
    }
}

/// What is entered through an area at a time; none where it is the whole event, or nothing is on.
pub fn subject_at(ground: &impl Ground, area: &AccessArea, at: Timestamp) -> Option<Subject> {
    match (area.session, area.part, area.room) {
        (Some(session), ..) => ground.subject_of((InvitedTo::Sessions, session)),
        (None, Some(part), _) => ground.subject_of((InvitedTo::Parts, part)),
        (None, None, Some(room)) => {
            let here = ground.sessions_in(room).into_iter();
            let here: Vec<Subject> = here.filter_map(|id| ground.subject_of((InvitedTo::Sessions, id))).collect();
            subject_of_room(area, &here, at).cloned()
        }
        (None, None, None) => None,
    }
}

/// What an admission through an area to a subject counts for.
pub fn use_at((id, area): Guarded<'_>, subject: Option<&Subject>) -> Use {
    Use { area: id, session: subject.filter(|_| area.room.is_some()).map(|subject| subject.id) }
}

/// The sessions that have left a room and take place elsewhere; `left` are those that were there once.
pub fn list_moved(ground: &impl Ground, area: &AccessArea, left: &BTreeSet<RecordId>) -> Vec<Subject> {
    let Some(room) = area.room else { return Vec::new() };
    let moved = left.iter().filter_map(|session| ground.subject_of((InvitedTo::Sessions, *session)));
    moved.filter(|subject| subject.room != Some(room)).collect()
}

/// The ways between checkpoints, by the venues of the rooms where they stand.
pub struct Ways<'a>(pub &'a Programme);

impl Ways<'_> {
    fn venue(&self, checkpoint: RecordId) -> Option<RecordId> {
        let checkpoint = find_checkpoint(self.0, checkpoint)?;
        let area = find_area(self.0, checkpoint.area);
        let session = area.and_then(|area| self.0.session(area.session?));
        let room = checkpoint.room.or(area.and_then(|area| area.room)).or(session.and_then(|session| session.room));
        match &self.0.find(Collection::Rooms, room?)?.body {
            RecordBody::Rooms(room) => Some(room.venue),
            _ => None,
        }
    }

    fn minutes(&self, from: RecordId, to: RecordId) -> Option<u32> {
        let RecordBody::Venues(venue) = &self.0.find(Collection::Venues, from)?.body else { return None };
        venue.travel_times.iter().find(|way| way.to == to).map(|way| way.minutes)
    }
}

impl Way for Ways<'_> {
    fn least_ms(&self, from: RecordId, to: RecordId) -> Option<u64> {
        let (from, to) = (self.venue(from)?, self.venue(to)?);
        if from == to {
            return Some(0);
        }
        // A way is written at one of its ends, and holds in both directions.
        let minutes = self.minutes(from, to).or_else(|| self.minutes(to, from))?;
        Some(u64::from(minutes) * 60_000)
    }
}
