//! What a roster says of the programme: what is entered, by which terms, and who has a roster of which
//! session. Who comes is said in rows of their own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::badge::Access;
use crate::ids::RecordId;
use crate::invitation::{EntryTerms, InvitedTo, restricted_by};
use crate::localised::Localised;
use crate::programme::{
    AccessArea, Category, Collection, Delegation, Enrolment, Programme, Quota, RecordBody, SessionKind, State,
};
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

/// The marks on badges that stand for parts: the first parts that an event had have one, and no other part ever
/// gets it.
pub fn marks_of_parts(programme: &Programme) -> impl Iterator<Item = (RecordId, Access)> {
    let parts = programme.list(Collection::Parts).filter_map(|part| match &part.body {
        RecordBody::Parts(body) => Some((part.id, usize::from(body.mark?))),
        _ => None,
    });
    parts.filter(|(_, place)| *place < Access::PARTS).map(|(part, place)| (part, Access::part(place)))
}

/// The mark that stands for one part.
pub fn mark_of_part(programme: &Programme, part: RecordId) -> Option<Access> {
    marks_of_parts(programme).find(|(id, _)| *id == part).map(|(_, mark)| mark)
}

/// A category in a desk's roster: in which one somebody who walks in may be registered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterCategory {
    /// Its name, as on a badge.
    pub title: Localised,
    /// `#rrggbb`, as on a badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// Whether desks register people in it who walk in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_walk_ins: bool,
    /// Whether an organiser has still to say of whoever walks in that they may come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
}

impl RosterCategory {
    /// What desks see of a category: nobody walks into one in which nobody registers themselves.
    pub fn of(category: &Category) -> Self {
        Self {
            title: category.title.clone(),
            colour: category.colour.clone(),
            takes_walk_ins: category.enrolment != Enrolment::Closed,
            needs_approval: category.enrolment == Enrolment::OnApproval,
        }
    }
}

/// A delegation in rosters: how many of it may be inside where. Desks have its name as well.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterDelegation {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Localised>,
    /// How many of it may be inside at one time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<InsideLimit>,
}

/// How many of a delegation may be inside a part or session at one time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsideLimit {
    /// Whether it is a part or a session.
    pub collection: InvitedTo,
    /// Which.
    pub id: RecordId,
    /// How many.
    pub at_most: u32,
}

impl RosterDelegation {
    /// What rosters show of a delegation, but for its name.
    pub fn of(delegation: &Delegation) -> Self {
        let limit = |quota: &Quota| {
            let (collection, id) = match (quota.part, quota.session) {
                (Some(part), _) => (InvitedTo::Parts, part),
                (None, Some(session)) => (InvitedTo::Sessions, session),
                (None, None) => return None,
            };
            Some(InsideLimit { collection, id, at_most: quota.inside_at_most? })
        };
        Self { name: None, limits: delegation.quotas.iter().filter_map(limit).collect() }
    }

    /// How many may be inside a part or session.
    pub fn most_inside(&self, (collection, id): (InvitedTo, RecordId)) -> Option<u32> {
        let limits = self.limits.iter().filter(|limit| limit.collection == collection && limit.id == id);
        limits.map(|limit| limit.at_most).min()
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
            state: programme.state_of(session),
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
