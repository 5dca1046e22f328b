//! Whose rows in rosters a commit group may have changed.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::Collection;
use shared::roster::protocol_sessions;

use super::claims::{Selective, list_asked_audiences, list_selective};
use super::ground::Duties;
use super::passengers;
use crate::database::Connection;
use crate::database::schema::{audience_matches, audience_members, invitations, sign_ups};
use crate::invitations::stand_ins;
use crate::on;
use crate::sync::change_log::Unit;
use crate::sync::projection::linked_attendees;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Everybody of whom the group changed something, whom another part or session lets in now, who takes
/// part in another one, and who sits in for one of these.
pub fn list_affected(unit: &mut Unit<'_>) -> QueryResult<BTreeSet<AttendeeId>> {
    let mut affected = unit.group.changed_attendees().clone();
    let event = unit.group.event;
    affected.extend(unit.group.changed_audiences().values().flatten());
    affected.extend(unit.group.changed_gates().values().flatten());
    let (objects, people) = changed_programme(unit);
    affected.extend(people);
    affected.extend(passengers::list_moved(unit.group));
    affected.extend(list_concerned(unit.connection, event, &objects.into_iter().collect::<Vec<_>>())?);
    let so_far: Vec<AttendeeId> = affected.iter().copied().collect();
    for (_, one) in stand_ins::store::list_of_attendees(unit.connection, event, &so_far)? {
        affected.extend([one.attendee, one.stand_in]);
    }
    Ok(affected)
}

/// The parts, sessions and audiences of which it changed what they decide, and who takes part in
/// something else than before.
fn changed_programme(unit: &Unit<'_>) -> (BTreeSet<RecordId>, BTreeSet<AttendeeId>) {
    let decides = |collection| {
        matches!(
            collection,
            Collection::Sessions
                | Collection::Parts
                | Collection::People
                | Collection::Events
                | Collection::AccessAreas
        )
    };
    if !unit.group.changed_records().iter().any(|key| decides(key.0)) {
        return (BTreeSet::new(), BTreeSet::new());
    }
    let (before, after) = (unit.group.programme_before(), unit.group.programme());
    let mut people = Duties::of(after).changed_since(&Duties::of(before));
    let (was, is) = (list_selective(before), list_selective(after));
    let changed = was.keys().chain(is.keys()).filter(|object| was.get(object) != is.get(object));
    let mut objects: BTreeSet<RecordId> = changed.copied().collect();
    let decided = objects.iter().flat_map(|object| [was.get(object), is.get(object)]).flatten();
    let decided: Vec<RecordId> = decided.flat_map(|selective| selective.decided_by()).collect();
    objects.extend(decided);
    for session in protocol_sessions(after).difference(&protocol_sessions(before)) {
        objects.extend(is.get(session).into_iter().flat_map(Selective::decided_by));
        people.extend(linked_attendees(after, (Collection::Sessions, *session)));
    }
    let (asked, asks) = (list_asked_audiences(before), list_asked_audiences(after));
    objects.extend(asked.symmetric_difference(&asks));
    (objects, people)
}

/// Everybody who is in one of these audiences, or has an invitation to, or a seat in, one of these
/// parts and sessions.
fn list_concerned(c: &mut Connection, event: EventId, objects: &[RecordId]) -> QueryResult<BTreeSet<AttendeeId>> {
    let mut concerned = BTreeSet::new();
    for chunk in objects.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(event.to_string()))
            .filter(audience_members::audience_id.eq_any(&ids))
            .select(audience_members::attendee_id);
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(event.to_string()))
            .filter(audience_matches::audience_id.eq_any(&ids))
            .select(audience_matches::attendee_id);
        let invited = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::object_id.eq_any(&ids))
            .select(invitations::attendee_id);
        let seated = sign_ups::table
            .filter(sign_ups::event_id.eq(event.to_string()))
            .filter(sign_ups::session_id.eq_any(&ids))
            .select(sign_ups::attendee_id);
        let found: [Vec<String>; 4] = on!(&mut *c, |c| QueryResult::Ok([
            listed.load(&mut *c)?,
            matching.load(&mut *c)?,
            invited.load(&mut *c)?,
            seated.load(&mut *c)?
        ]))?;
        concerned.extend(found.into_iter().flatten().filter_map(|id| id.parse::<AttendeeId>().ok()));
    }
    Ok(concerned)
}
