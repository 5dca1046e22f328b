//! What people choose: how long before a session they are reminded of it.

use diesel::QueryResult;
use serde_json::json;
use shared::ids::{AttendeeId, EventId};
use shared::notice::Leads;
use shared::sync::Scope;

use super::store;
use crate::database::Connection;
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Writes what somebody chose, in place of what they chose before.
pub fn set(unit: &mut Unit<'_>, attendee: AttendeeId, leads: &Leads) -> QueryResult<()> {
    store::put_choices(unit.connection, (unit.group.event, attendee), leads)?;
    let row = (!leads.is_empty()).then(|| json!(leads));
    unit.group.put_row(Scope::Own(attendee), (RowCollection::ReminderChoices, attendee.0), row.as_ref());
    Ok(())
}

/// Forgets what an attendee chose.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    store::put_choices(c, (event, attendee), &Leads::default())
}
