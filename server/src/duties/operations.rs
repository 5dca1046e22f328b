//! The verbs of duties: give one, end one; and what follows when what they are at goes.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde_json::json;
use shared::duty::Duty;
use shared::ids::{AttendeeId, RecordId};
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme, RecordBody};
use shared::sync::Scope;
use uuid::Uuid;

use super::rules::{DutyRight, gates_of, moves_duties};
use super::store;
use crate::attendees::find_live_attendee;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::grants::set_gate_right;
use crate::sync::row::RowCollection;

/// The most duties of one attendee.
const MOST_OF_ONE: usize = 500;

/// The longest note, in characters.
const NOTE_MAX_CHARS: usize = 200;

/// Gives somebody a duty.
///
/// # Errors
///
/// There is no such attendee, or nothing of the kind to have a duty at; a time that ends before it begins; too many.
pub fn give(unit: &mut Unit<'_>, actor: Actor, duty: &Duty) -> Result<Uuid, Failure> {
    require(unit, duty)?;
    let (event, id) = (unit.group.event, Uuid::now_v7());
    if store::list_of(unit.connection, event, &[duty.attendee].into())?.len() >= MOST_OF_ONE {
        let detail = format!("Somebody has at most {MOST_OF_ONE} duties.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at("/attendee").into());
    }
    store::put(unit.connection, event, (id, duty))?;
    put_row(unit, id, (duty.attendee, Some(duty)));
    follow(unit, &[duty.attendee].into())?;
    audit(unit, (actor, "duty.give"), (id, duty));
    Ok(id)
}

/// Ends a duty.
///
/// # Errors
///
/// There is none.
pub fn end(unit: &mut Unit<'_>, actor: Actor, id: Uuid) -> Result<(), Failure> {
    let Some(duty) = store::find(unit.connection, unit.group.event, id)? else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into());
    };
    take_away(unit, (id, &duty))?;
    follow(unit, &[duty.attendee].into())?;
    audit(unit, (actor, "duty.end"), (id, &duty));
    Ok(())
}

/// Takes the duties of an attendee away who goes.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let (event, who) = (unit.group.event, [attendee].into());
    for (id, duty) in store::list_of(unit.connection, event, &who)? {
        take_away(unit, (id, &duty))?;
    }
    follow(unit, &who)
}

/// Takes the duties away of what the group took out of the programme, and lets those who work at what it moved hold
/// what they serve now.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let moved = list_moved(unit);
    if moved.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    let there = store::list_at(unit.connection, event, &moved)?;
    for (id, duty) in &there {
        if unit.group.programme().find(duty.collection.collection(), duty.object).is_none() {
            take_away(unit, (*id, duty))?;
        }
    }
    follow(unit, &there.iter().map(|(_, duty)| duty.attendee).collect())
}

/// Where somebody may work who works elsewhere now, or nowhere: what the group changed of where and when something
/// is, with the rooms that it was in and is in, and the vehicles that run for it.
fn list_moved(unit: &Unit<'_>) -> BTreeSet<RecordId> {
    let (before, after) = (unit.group.programme_before(), unit.group.programme());
    let mut moved = BTreeSet::new();
    for key in unit.group.changed_records() {
        let (was, is) = (before.session(key.1), after.session(key.1));
        match key.0 {
            Collection::Sessions if moves_duties(was, is) => {
                moved.insert(key.1);
                moved.extend(was.into_iter().chain(is).filter_map(|session| session.room));
                moved.extend([before, after].into_iter().flat_map(|programme| list_vehicles(programme, key.1)));
            }
            Collection::Vehicles => {
                moved.insert(key.1);
            }
            Collection::Parts | Collection::Rooms if after.find(key.0, key.1).is_none() => {
                moved.insert(key.1);
            }
            _ => {}
        }
    }
    moved
}

fn list_vehicles(programme: &Programme, session: RecordId) -> impl Iterator<Item = RecordId> {
    programme.list(Collection::Vehicles).filter_map(move |record| match &record.body {
        RecordBody::Vehicles(vehicle) if vehicle.session == session => Some(record.id),
        _ => None,
    })
}

fn take_away(unit: &mut Unit<'_>, (id, duty): (Uuid, &Duty)) -> QueryResult<()> {
    store::delete(unit.connection, unit.group.event, id)?;
    put_row(unit, id, (duty.attendee, None));
    Ok(())
}

fn put_row(unit: &mut Unit<'_>, id: Uuid, (attendee, duty): (AttendeeId, Option<&Duty>)) {
    let row = duty.map(|duty| json!(duty));
    for scope in [Scope::Own(attendee), Scope::Organiser] {
        unit.group.put_row(scope, (RowCollection::Duties, id), row.as_ref());
    }
}

/// Lets people hold the gates that their duties open, and none that they do not open any more.
fn follow(unit: &mut Unit<'_>, attendees: &BTreeSet<AttendeeId>) -> QueryResult<()> {
    if attendees.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    let held = store::list_rights(unit.connection, event, attendees)?;
    let mut duties: BTreeMap<AttendeeId, Vec<Duty>> = BTreeMap::new();
    for (_, duty) in store::list_of(unit.connection, event, attendees)? {
        duties.entry(duty.attendee).or_default().push(duty);
    }
    let programme = unit.group.programme();
    let gates = |(attendee, duties): (&AttendeeId, &Vec<Duty>)| {
        gates_of(programme, duties).into_iter().map(|gate| (*attendee, gate)).collect::<Vec<_>>()
    };
    let wanted: BTreeSet<(AttendeeId, (RecordId, DutyRight))> = duties.iter().flat_map(gates).collect();
    for (attendee, (object, right)) in wanted.symmetric_difference(&held) {
        let is_held = wanted.contains(&(*attendee, (*object, *right)));
        set_gate_right(unit.connection, event, (*object, *attendee), (right.reason(), is_held))?;
        unit.group.gate_changed(*object, [*attendee]);
    }
    Ok(())
}

fn audit(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), (id, duty): (Uuid, &Duty)) {
    let is_given = operation == "duty.give";
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(duty.attendee), ..actor },
        operation: operation.to_owned(),
        collection: "duties",
        record: id,
        before: (!is_given).then(|| json!(duty)),
        after: is_given.then(|| json!(duty)),
    });
}

fn require(unit: &mut Unit<'_>, duty: &Duty) -> Result<(), Failure> {
    let invalid = |detail: &str, field: &str| Refusal::new(ProblemCode::InvalidValue, detail).at(field);
    if find_live_attendee(unit.connection, unit.group.event, duty.attendee)?.is_none() {
        return Err(Refusal::new(ProblemCode::UnknownReference, "There is no such attendee.").at("/attendee").into());
    }
    if unit.group.programme().find(duty.collection.collection(), duty.object).is_none() {
        return Err(Refusal::new(ProblemCode::UnknownReference, "There is no such record.").at("/object").into());
    }
    if duty.from.zip(duty.to).is_some_and(|(from, to)| to <= from) {
        return Err(invalid("A duty ends after it begins.", "/to").into());
    }
    if duty.note.as_ref().is_some_and(|note| !is_line(note) || note.chars().count() > NOTE_MAX_CHARS) {
        let detail = format!("note is one line of at most {NOTE_MAX_CHARS} characters.");
        return Err(invalid(&detail, "/note").into());
    }
    Ok(())
}
