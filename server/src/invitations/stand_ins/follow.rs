//! What those hold who sit in for somebody: the gate of a session that has one of its own, and of a
//! session behind its part's gate the row of that session alone, in their `own:` scope. Both for as
//! long as the delegate is let in, and their own registration is one of a guest.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{InvitedTo, StandIn, restricted_by};
use shared::programme::{Collection, Programme, RecordKey, State};
use shared::sync::Scope;

use super::operations::day_of_session;
use super::store;
use crate::attendees::list_own_rows;
use crate::registration::store::list_standings;
use crate::sync::change_log::{Group, Unit};
use crate::sync::grants::{STAND_IN, list_let_in, set_gate_right};
use crate::sync::projection::row_in_scope;
use crate::sync::row::RowCollection;

/// Writes what those hold who sit in, where the group may have changed it.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    if !is_stirred(unit.group) {
        return Ok(());
    }
    let event = unit.group.event;
    let mut concerned = store::list_all(unit.connection, event, true)?;
    let changed = unit.group.changed_attendees();
    concerned.retain(|(_, one)| one.ended_at.is_none() || changed.contains(&one.stand_in));
    let people: BTreeSet<AttendeeId> = concerned.iter().map(|(_, one)| one.stand_in).collect();
    let people: Vec<AttendeeId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(());
    }
    let programme = unit.group.programme().clone();
    let standings = list_standings(unit.connection, event, &people)?;
    let is_guest = |one: &StandIn| {
        standings.iter().find(|own| own.attendee == one.stand_in).is_none_or(|own| own.status.has_invitations())
    };
    let live = concerned.into_iter().map(|(_, one)| one).filter(|one| one.ended_at.is_none() && is_guest(one));
    let live: Vec<StandIn> = live.collect();
    let wanted = wanted(unit, &programme, &live)?;
    follow_gates(unit, &people, &wanted)?;
    people.iter().try_for_each(|person| follow_rows(unit, &programme, (*person, &wanted)))
}

fn is_stirred(group: &Group) -> bool {
    use Collection::{Events, Organisations, Parts, People, Sessions};
    let decides = |key: &RecordKey| matches!(key.0, Events | Organisations | Parts | People | Sessions);
    !group.changed_attendees().is_empty()
        || !group.changed_audiences().is_empty()
        || !group.changed_gates().is_empty()
        || group.changed_records().iter().any(decides)
}

/// What somebody holds for whom they sit in.
#[derive(Default)]
struct Wanted {
    gates: BTreeSet<(RecordId, AttendeeId)>,
    rows: BTreeSet<(RecordId, AttendeeId)>,
}

fn wanted(unit: &mut Unit<'_>, programme: &Programme, live: &[StandIn]) -> QueryResult<Wanted> {
    let mut places: BTreeMap<(RecordId, RecordKey), BTreeSet<(AttendeeId, AttendeeId)>> = BTreeMap::new();
    for one in live {
        for session in sessions_of(programme, one) {
            let Some(object) = restricted_by(programme, (InvitedTo::Sessions, session)) else { continue };
            places.entry((session, object)).or_default().insert((one.attendee, one.stand_in));
        }
    }
    let objects: BTreeSet<RecordKey> = places.keys().map(|(_, object)| *object).collect();
    let delegates: BTreeSet<AttendeeId> = live.iter().map(|one| one.attendee).collect();
    let mut wanted = Wanted::default();
    if objects.is_empty() {
        return Ok(wanted);
    }
    let let_in = list_let_in(unit.connection, unit.group, &objects, &delegates)?;
    for ((session, object), pairs) in places {
        for (delegate, person) in pairs.into_iter().filter(|(delegate, _)| let_in.contains(&(object.1, *delegate))) {
            debug_assert_ne!(delegate, person);
            if object.0 == Collection::Sessions {
                wanted.gates.insert((session, person));
            } else {
                wanted.rows.insert((session, person));
            }
        }
    }
    Ok(wanted)
}

fn sessions_of(programme: &Programme, one: &StandIn) -> Vec<RecordId> {
    let sessions = programme.sessions().filter(|(_, session)| session.state != State::Draft).map(|(id, _)| id);
    sessions.filter(|id| one.covers((InvitedTo::Sessions, *id), day_of_session(programme, *id))).collect()
}

fn follow_gates(unit: &mut Unit<'_>, people: &[AttendeeId], wanted: &Wanted) -> QueryResult<()> {
    let event = unit.group.event;
    let held = store::list_gates(unit.connection, event, people)?;
    let gone = held.difference(&wanted.gates).map(|gate| (*gate, false));
    for (gate, is_held) in wanted.gates.difference(&held).map(|gate| (*gate, true)).chain(gone) {
        set_gate_right(unit.connection, event, gate, (STAND_IN, is_held))?;
        unit.group.gate_changed(gate.0, [gate.1]);
    }
    Ok(())
}

/// A row is put only where it lies behind a gate: what is public they hold already.
fn follow_rows(unit: &mut Unit<'_>, programme: &Programme, (person, wanted): (AttendeeId, &Wanted)) -> QueryResult<()> {
    let own = Scope::Own(person);
    let held = list_own_rows(unit.connection, unit.group.event, &own.to_string())?;
    let held = held.into_iter().filter(|(collection, _)| *collection == RowCollection::Sessions).map(|(_, id)| id);
    let mut sessions: BTreeSet<RecordId> = held.map(RecordId).collect();
    let theirs: BTreeSet<RecordId> =
        wanted.rows.iter().filter(|(_, of)| *of == person).map(|(session, _)| *session).collect();
    sessions.extend(&theirs);
    for session in sessions {
        let key = (Collection::Sessions, session);
        let row = theirs.contains(&session).then(|| row_in_scope(programme, key, own)).flatten();
        unit.group.put_row(own, (RowCollection::Sessions, session.0), row.as_ref());
    }
    Ok(())
}
