//! The verbs of duties: give one, end one; and what follows when what they are at goes.

use std::collections::BTreeSet;

use diesel::QueryResult;
use serde_json::json;
use shared::duty::{Duty, DutyAt};
use shared::ids::{AttendeeId, RecordId};
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::programme::Collection;
use shared::sync::Scope;
use uuid::Uuid;

use super::store;
use crate::attendees::find_attendee;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::grants::{DUTY, set_gate_right};
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
    if store::list_of_attendee(unit.connection, event, duty.attendee)?.len() >= MOST_OF_ONE {
        let detail = format!("Somebody has at most {MOST_OF_ONE} duties.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at("/attendee").into());
    }
    store::put(unit.connection, event, (id, duty))?;
    put_row(unit, id, (duty.attendee, Some(duty)));
    follow(unit, duty)?;
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
    audit(unit, (actor, "duty.end"), (id, &duty));
    Ok(())
}

/// Takes the duties of an attendee away who goes.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    for (id, duty) in store::list_of_attendee(unit.connection, event, attendee)? {
        take_away(unit, (id, &duty))?;
    }
    Ok(())
}

/// Takes the duties away of what the group took out of the programme.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let can_have = |collection: Collection| DutyAt::ALL.iter().any(|at| at.collection() == collection);
    let changed = unit.group.changed_records().iter().filter(|key| can_have(key.0));
    let gone: BTreeSet<RecordId> =
        changed.filter(|key| unit.group.programme().find(key.0, key.1).is_none()).map(|key| key.1).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    for (id, duty) in store::list_at(unit.connection, event, &gone)? {
        take_away(unit, (id, &duty))?;
    }
    Ok(())
}

fn take_away(unit: &mut Unit<'_>, (id, duty): (Uuid, &Duty)) -> QueryResult<()> {
    store::delete(unit.connection, unit.group.event, id)?;
    put_row(unit, id, (duty.attendee, None));
    follow(unit, duty)
}

fn put_row(unit: &mut Unit<'_>, id: Uuid, (attendee, duty): (AttendeeId, Option<&Duty>)) {
    let row = duty.map(|duty| json!(duty));
    for scope in [Scope::Own(attendee), Scope::Organiser] {
        unit.group.put_row(scope, (RowCollection::Duties, id), row.as_ref());
    }
}

/// Who has a duty somewhere holds its gate as long as they have any there.
fn follow(unit: &mut Unit<'_>, duty: &Duty) -> QueryResult<()> {
    if !duty.collection.has_gate() {
        return Ok(());
    }
    let event = unit.group.event;
    let there = store::list_at(unit.connection, event, &[duty.object].into())?;
    let has_any = there.iter().any(|(_, other)| other.attendee == duty.attendee);
    set_gate_right(unit.connection, event, (duty.object, duty.attendee), (DUTY, has_any))?;
    unit.group.gate_changed(duty.object, [duty.attendee]);
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
    if find_attendee(unit.connection, unit.group.event, duty.attendee)?.is_none() {
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
