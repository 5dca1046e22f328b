//! The rows of stand-ins: in the `own:` scopes of both, and everybody's for organisers. What has ended
//! has none.

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::sync::Scope;

use super::store::{self, Stored};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Writes the rows of everybody of whom something changed.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    for stored in store::list_of_attendees(unit.connection, unit.group.event, &attendees)? {
        let is_there = stored.1.ended_at.is_none();
        put_row(unit, &stored, is_there);
    }
    Ok(())
}

/// Takes the rows of a stand-in away.
pub fn take_away(unit: &mut Unit<'_>, stored: &Stored) {
    put_row(unit, stored, false);
}

fn put_row(unit: &mut Unit<'_>, (id, stand_in): &Stored, is_there: bool) {
    let value = |value: Value| Some(value).filter(|_| is_there);
    let (own, whole) = (value(json!(stand_in.for_people())), value(json!(stand_in)));
    let key = (RowCollection::StandIns, *id);
    unit.group.put_row(Scope::Own(stand_in.attendee), key, own.as_ref());
    unit.group.put_row(Scope::Own(stand_in.stand_in), key, own.as_ref());
    unit.group.put_row(Scope::Organiser, key, whole.as_ref());
}
