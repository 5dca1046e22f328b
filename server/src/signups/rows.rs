//! The rows of sign-ups: an attendee's own, and everybody's for organisers. What has ended has none.

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::signup::{SignUp, sign_up_id};
use shared::sync::Scope;

use super::store;
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Writes the rows of everybody of whom something changed.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    for one in store::list_of_attendees(unit.connection, unit.group.event, &attendees)? {
        let value = one.state.is_live().then(|| json!(one));
        put_row(unit, &one, value.as_ref());
    }
    Ok(())
}

/// Puts the row of a sign-up into the scopes that hold it; `None` takes it away.
pub fn put_row(unit: &mut Unit<'_>, sign_up: &SignUp, value: Option<&Value>) {
    let key = (RowCollection::SignUps, sign_up_id(sign_up.attendee, sign_up.session));
    unit.group.put_row(Scope::Own(sign_up.attendee), key, value);
    unit.group.put_row(Scope::Organiser, key, value);
}
