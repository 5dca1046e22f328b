//! What a roster says of the programme: what is entered, by which terms, and who has a roster of which
//! session. Who comes is said in rows of their own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::badge::Access;
use crate::ids::RecordId;
use crate::invitation::{EntryTerms, InvitedTo, restricted_by};
use crate::localised::Localised;
use crate::programme::{AccessArea, Collection, Programme, RecordBody, SessionKind, State};
use crate::time::Timestamp;

/// A session as a roster shows it. There is none of a draft, or in a part that is one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterSession {
    /// Its slug.
    pub slug: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Localised>,
    /// Its number in its part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What kind of entry it is.
    pub kind: SessionKind,
    /// The part that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RecordId>,
    /// The room that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// Its own state.
    pub state: State,
    /// When it begins, as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it ends, as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// What the check looks at.
    pub terms: EntryTerms,
    /// What decides who may enter, where not everybody may who is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_by: Option<Restriction>,
}

/// A part as a roster shows it. There is none of a draft.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterPart {
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: Localised,
    /// Its own state.
    pub state: State,
    /// What the check looks at.
    pub terms: EntryTerms,
    /// What decides who may enter, where not everybody may who is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_by: Option<Restriction>,
    /// The mark on badges of those who may enter it; absent beyond the first parts, which have all there
    /// are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Access>,
}

/// The mark on badges that stands for a part: parts have them in the order in which they were made, so
/// that a new one changes no badge.
pub fn mark_of_part(programme: &Programme, part: RecordId) -> Option<Access> {
    let mut parts: Vec<_> = programme.list(Collection::Parts).map(|part| (part.created_rev, part.id)).collect();
    parts.sort_unstable();
    let place = parts.into_iter().position(|(_, id)| id == part)?;
    (place < Access::PARTS).then(|| Access::part(place))
}

/// That a session has left a room: the door there says where it is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionMove {
    /// The session.
    pub session: RecordId,
    /// The room that it was to be in.
    pub room: RecordId,
    /// When that changed.
    pub left_at: Timestamp,
}

impl SessionMove {
    /// The id of its row: a UUID of version 5 of the room in the session's name space.
    pub fn id(session: RecordId, room: RecordId) -> Uuid {
        Uuid::new_v5(&session.0, room.0.as_bytes())
    }
}

/// A session or part whose audiences and invitations decide who may enter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// Whether it is a part or a session.
    pub collection: InvitedTo,
    /// Which.
    pub id: RecordId,
}

impl RosterSession {
    /// What rosters show of a session; none where it is not to be entered.
    pub fn of(programme: &Programme, id: RecordId) -> Option<Self> {
        let session = programme.session(id)?;
        let part_state = session.part.map_or(Some(State::Published), |part| Some(programme.part(part)?.state));
        if session.state == State::Draft || part_state.is_none_or(|state| state == State::Draft) {
            return None;
        }
        Some(Self {
            slug: session.slug.clone(),
            title: session.title.clone(),
            number: session.number.clone(),
            kind: session.kind,
            part: session.part,
            room: session.room,
            state: session.state,
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            terms: EntryTerms::of(programme, (InvitedTo::Sessions, id))?,
            restricted_by: restriction_of(programme, (InvitedTo::Sessions, id)),
        })
    }
}

impl RosterPart {
    /// What rosters show of a part; none where it is a draft.
    pub fn of(programme: &Programme, id: RecordId) -> Option<Self> {
        let part = programme.part(id).filter(|part| part.state != State::Draft)?;
        Some(Self {
            slug: part.slug.clone(),
            title: part.title.clone(),
            state: part.state,
            terms: EntryTerms::of(programme, (InvitedTo::Parts, id))?,
            restricted_by: restriction_of(programme, (InvitedTo::Parts, id)),
            mark: mark_of_part(programme, id),
        })
    }
}

fn restriction_of(programme: &Programme, object: (InvitedTo, RecordId)) -> Option<Restriction> {
    let (collection, id) = restricted_by(programme, object)?;
    let collection = if collection == Collection::Parts { InvitedTo::Parts } else { InvitedTo::Sessions };
    Some(Restriction { collection, id })
}

/// Whether an area is about a session alone: it guards the session itself, or the room that it is in.
pub fn is_area_of_session(programme: &Programme, area: &AccessArea, session: RecordId) -> bool {
    let room = || programme.session(session).and_then(|session| session.room);
    area.session == Some(session) || area.room.is_some_and(|guarded| room() == Some(guarded))
}

/// Whether a session has a roster of its own, with its guests in clear: it is not a draft, only some may
/// enter, and an area is about it. It is a question of the programme alone.
pub fn has_protocol_roster(programme: &Programme, session: RecordId) -> bool {
    RosterSession::of(programme, session).is_some_and(|row| row.restricted_by.is_some())
        && areas(programme).any(|(_, area)| is_area_of_session(programme, area, session))
}

/// The sessions that have a roster of their own.
pub fn protocol_sessions(programme: &Programme) -> BTreeSet<RecordId> {
    let mut guarded = BTreeSet::new();
    let mut rooms = BTreeSet::new();
    for (_, area) in areas(programme) {
        guarded.extend(area.session);
        rooms.extend(area.room);
    }
    if !rooms.is_empty() {
        let inside = programme.sessions().filter(|(_, session)| session.room.is_some_and(|room| rooms.contains(&room)));
        guarded.extend(inside.map(|(id, _)| id));
    }
    guarded.retain(|session| RosterSession::of(programme, *session).is_some_and(|row| row.restricted_by.is_some()));
    guarded
}

/// The access areas of a programme.
pub fn areas(programme: &Programme) -> impl Iterator<Item = (RecordId, &AccessArea)> {
    programme.list(Collection::AccessAreas).filter_map(|record| match &record.body {
        RecordBody::AccessAreas(area) => Some((record.id, area)),
        _ => None,
    })
}
