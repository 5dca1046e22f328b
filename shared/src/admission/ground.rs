//! What a checkpoint is about at a time, as the programme has it.

use std::collections::BTreeSet;

use super::{Subject, Use, Way, subject_of_room};
use crate::badge::Access;
use crate::ids::RecordId;
use crate::invitation::{EntryTerms, InvitedTo, restricted_by};
use crate::programme::{AccessArea, Checkpoint, Collection, Programme, RecordBody, RecordKey};
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

/// A part or session as it is entered.
pub fn subject_of(programme: &Programme, (collection, id): (InvitedTo, RecordId)) -> Option<Subject> {
    let terms = EntryTerms::of(programme, (collection, id))?;
    let session = programme.session(id).filter(|_| collection == InvitedTo::Sessions);
    let (part, room) = session.map_or((None, None), |session| (session.part, session.room));
    let mark = restricted_by(programme, (collection, id)).and_then(|key| mark_of(programme, key));
    Some(Subject { collection, id, part, room, mark, terms })
}

/// The mark of a part whose admission decides.
fn mark_of(programme: &Programme, (collection, id): RecordKey) -> Option<Access> {
    let mut parts: Vec<(u64, RecordId)> =
        programme.list(Collection::Parts).map(|record| (record.created_rev, record.id)).collect();
    parts.sort_unstable();
    let place = parts.iter().position(|(_, part)| collection == Collection::Parts && *part == id)?;
    Some(Access::part(place)).filter(|mark| *mark != Access::default())
}

/// What is entered through an area at a time; none where it is the whole event, or nothing is on.
pub fn subject_at(programme: &Programme, area: &AccessArea, at: Timestamp) -> Option<Subject> {
    match (area.session, area.part, area.room) {
        (Some(session), ..) => subject_of(programme, (InvitedTo::Sessions, session)),
        (None, Some(part), _) => subject_of(programme, (InvitedTo::Parts, part)),
        (None, None, Some(room)) => {
            let sessions: Vec<Subject> = programme
                .sessions()
                .filter(|(_, session)| session.room == Some(room))
                .filter_map(|(id, _)| subject_of(programme, (InvitedTo::Sessions, id)))
                .collect();
            subject_of_room(area, &sessions, at).cloned()
        }
        (None, None, None) => None,
    }
}

/// What an admission through an area to a subject counts for.
pub fn use_at((id, area): Guarded<'_>, subject: Option<&Subject>) -> Use {
    Use { area: id, session: subject.filter(|_| area.room.is_some()).map(|subject| subject.id) }
}

/// The sessions that have left a room and take place elsewhere; `left` are those that were there once.
pub fn list_moved(programme: &Programme, area: &AccessArea, left: &BTreeSet<RecordId>) -> Vec<Subject> {
    let Some(room) = area.room else { return Vec::new() };
    let moved = left.iter().filter_map(|session| subject_of(programme, (InvitedTo::Sessions, *session)));
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
