//! Notes for whoever sees a guest first: they pop up at every checkpoint.

use serde_json::json;
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;

use super::store;
use crate::attendees::find_live_attendee;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// Leaves a note, or takes it away.
///
/// # Errors
///
/// There is no such attendee.
pub fn put(unit: &mut Unit<'_>, actor: Actor, (attendee, text): (AttendeeId, Option<&str>)) -> Result<(), Failure> {
    let (event, now) = (unit.group.event, unit.group.now);
    if find_live_attendee(unit.connection, event, attendee)?.is_none() {
        return Err(no_such_attendee().into());
    }
    let before = store::list_notes(unit.connection, event, &[attendee])?.remove(&attendee);
    if before.as_deref() == text {
        return Ok(());
    }
    match text {
        Some(text) => store::put_note(unit.connection, (event, attendee), text, (actor.account, now))?,
        None => store::delete_note(unit.connection, event, attendee)?,
    }
    unit.group.attendee_changed(attendee);
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "door_note.put".to_owned(),
        collection: RowCollection::DeskPeople.as_str(),
        record: attendee.0,
        before: before.map(|text| json!({ "note": text })),
        after: text.map(|text| json!({ "note": text })),
    });
    Ok(())
}

/// The refusal of what is about nobody.
pub fn no_such_attendee() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.")
}
