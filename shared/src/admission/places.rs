//! What a checkpoint is about at a moment, from what a roster says of the programme. Desks and doors ask
//! it of their rows, the server of the same rows made from its programme.

use std::collections::BTreeMap;

use super::{Subject, Use, subject_of_room};
use crate::badge::Access;
use crate::ids::RecordId;
use crate::invitation::InvitedTo;
use crate::programme::{AccessArea, Checkpoint, Collection, Programme, RecordBody};
use crate::roster::{Restriction, RosterPart, RosterSession, SessionMove};
use crate::time::Timestamp;

/// The programme as rosters show it, by id.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Places {
    /// Areas.
    pub areas: BTreeMap<RecordId, AccessArea>,
    /// Checkpoints.
    pub checkpoints: BTreeMap<RecordId, Checkpoint>,
    /// Sessions.
    pub sessions: BTreeMap<RecordId, RosterSession>,
    /// Parts.
    pub parts: BTreeMap<RecordId, RosterPart>,
    /// Which rooms sessions have left.
    pub moves: Vec<SessionMove>,
}

/// What somebody enters at a checkpoint at a moment.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene<'a> {
    /// Where.
    pub checkpoint: &'a Checkpoint,
    /// The area.
    pub area: &'a AccessArea,
    /// What an admission counts for.
    pub of_use: Use,
    /// The part or session that is entered; none where the area is the whole event's, and where nothing is
    /// on in its room.
    pub subject: Option<Subject>,
    /// The sessions that have left the area's room for another.
    pub moved_away: Vec<Subject>,
}

impl Places {
    /// The programme's own, as rosters would show it, with the rooms that its sessions have left.
    pub fn of(programme: &Programme, moves: Vec<SessionMove>) -> Self {
        let sessions = programme.sessions().filter_map(|(id, _)| Some((id, RosterSession::of(programme, id)?)));
        let parts = programme.list(Collection::Parts).map(|record| record.id);
        let mut places = Self {
            sessions: sessions.collect(),
            parts: parts.filter_map(|id| Some((id, RosterPart::of(programme, id)?))).collect(),
            moves,
            ..Self::default()
        };
        for (key, record) in programme.iter() {
            match &record.body {
                RecordBody::AccessAreas(area) => drop(places.areas.insert(key.1, area.clone())),
                RecordBody::Checkpoints(checkpoint) => drop(places.checkpoints.insert(key.1, checkpoint.clone())),
                _ => {}
            }
        }
        places
    }

    /// What somebody enters who comes to a checkpoint then; none where there is no such checkpoint, or its
    /// area is gone.
    pub fn scene(&self, checkpoint: RecordId, at: Timestamp) -> Option<Scene<'_>> {
        let checkpoint = self.checkpoints.get(&checkpoint)?;
        let area = self.areas.get(&checkpoint.area)?;
        let (mut session_of_use, mut moved_away) = (None, Vec::new());
        let subject = match (area.session, area.room, area.part) {
            (Some(session), ..) => self.session(session),
            (None, Some(room), _) => {
                let here: Vec<Subject> = self.sessions_in(room).collect();
                moved_away = self.sessions_that_left(room).collect();
                let on = subject_of_room(area, &here, at).cloned();
                session_of_use = on.as_ref().map(|on| on.id);
                on
            }
            (None, None, Some(part)) => self.part(part),
            (None, None, None) => None,
        };
        let of_use = Use { area: checkpoint.area, session: session_of_use };
        Some(Scene { checkpoint, area, of_use, subject, moved_away })
    }

    fn sessions_in(&self, room: RecordId) -> impl Iterator<Item = Subject> {
        let here = self.sessions.iter().filter(move |(_, session)| session.room == Some(room));
        here.filter_map(|(id, _)| self.session(*id))
    }

    fn sessions_that_left(&self, room: RecordId) -> impl Iterator<Item = Subject> {
        let left = self.moves.iter().filter(move |one| one.room == room).filter_map(|one| self.session(one.session));
        left.filter(move |session| session.room.is_some_and(|now| now != room))
    }

    fn session(&self, id: RecordId) -> Option<Subject> {
        let session = self.sessions.get(&id)?;
        Some(Subject {
            collection: InvitedTo::Sessions,
            id,
            part: session.part,
            room: session.room,
            mark: self.mark_of(session.restricted_by),
            terms: session.terms.clone(),
        })
    }

    fn part(&self, id: RecordId) -> Option<Subject> {
        let part = self.parts.get(&id)?;
        let mark = self.mark_of(part.restricted_by);
        Some(Subject { collection: InvitedTo::Parts, id, part: None, room: None, mark, terms: part.terms.clone() })
    }

    /// The mark on badges that lets in by itself where a part's admission decides.
    fn mark_of(&self, restriction: Option<Restriction>) -> Option<Access> {
        let part = restriction.filter(|restriction| restriction.collection == InvitedTo::Parts)?.id;
        self.parts.get(&part)?.mark
    }
}
