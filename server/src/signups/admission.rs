//! Whom a session with seats lets in.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{InvitedTo, restricted_by};
use shared::programme::{Collection, Programme, RecordKey};

use super::changes::Cause;
use super::consequences::end_all;
use super::store;
use crate::sync::change_log::{Group, Unit};
use crate::sync::grants::list_let_in;

/// The session or part whose admission decides who may have a seat; none where everybody may whose
/// registration is confirmed.
fn restricting(programme: &Programme, session: RecordId) -> Option<RecordKey> {
    restricted_by(programme, (InvitedTo::Sessions, session))
}

/// Whether the session lets the attendee in, as far as admission goes and as the group has it. Runs no
/// statement for what is open.
pub fn is_let_in(unit: &mut Unit<'_>, session: RecordId, attendee: AttendeeId) -> QueryResult<bool> {
    let Some(object) = restricting(unit.group.programme(), session) else { return Ok(true) };
    let let_in = list_let_in(unit.connection, unit.group, &[object].into(), &[attendee].into())?;
    Ok(let_in.contains(&(object.1, attendee)))
}

/// Ends what those have whom a session does not let in any more.
pub fn end_of_guests(unit: &mut Unit<'_>) -> QueryResult<()> {
    let objects = affected(unit.group);
    if objects.is_empty() {
        return Ok(());
    }
    let sessions: BTreeSet<RecordId> = objects.keys().copied().collect();
    let live = store::list_in_sessions(unit.connection, unit.group.event, &sessions)?;
    if live.is_empty() {
        return Ok(());
    }
    let attendees = live.iter().map(|one| one.attendee).collect();
    let let_in = list_let_in(unit.connection, unit.group, &objects.values().copied().collect(), &attendees)?;
    let is_out = |session: RecordId, attendee: AttendeeId| {
        objects.get(&session).is_some_and(|object| !let_in.contains(&(object.1, attendee)))
    };
    let ended = live.into_iter().filter(|one| is_out(one.session, one.attendee)).collect();
    end_all(unit, ended, Cause::NotInvited)
}

/// The sessions with seats of which it may have changed whom they let in, with what decides that.
fn affected(group: &Group) -> BTreeMap<RecordId, RecordKey> {
    let changed = group.changed_records();
    let decides = |key: &RecordKey| matches!(key.0, Collection::Sessions | Collection::Parts | Collection::People);
    if !changed.iter().any(decides) && group.changed_audiences().is_empty() && group.changed_gates().is_empty() {
        return BTreeMap::new();
    }
    let programme = group.programme();
    let has_people_changed = changed.iter().any(|key| key.0 == Collection::People);
    let is_affected = |session: RecordId, object: RecordKey| {
        let admission = programme.find(object.0, object.1).and_then(|record| record.body.admission());
        let audiences = admission.map_or(&[][..], |admission| &admission.audiences);
        changed.contains(&(Collection::Sessions, session))
            || changed.contains(&object)
            || (has_people_changed && object.0 == Collection::Sessions)
            || audiences.iter().any(|audience| group.changed_audiences().contains_key(audience))
            || group.changed_gates().contains_key(&object.1)
    };
    programme
        .sessions()
        .filter(|(_, session)| session.seats.is_some())
        .filter_map(|(id, _)| Some((id, restricting(programme, id)?)))
        .filter(|(id, object)| is_affected(*id, *object))
        .collect()
}
