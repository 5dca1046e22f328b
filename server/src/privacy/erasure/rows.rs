//! The rows of an erased attendee: their own scope ends, and what organisers hold names nobody.

use diesel::QueryResult;
use serde_json::json;
use shared::ids::AttendeeId;
use shared::sync::Scope;
use shared::time::Timestamp;

use crate::attendees::operations::end_own_rows;
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// What stands where the name was; it is the same in every language.
pub const ERASED_NAME: &str = "—";

/// Takes away or replaces every row about the attendee.
pub fn replace_rows(unit: &mut Unit<'_>, attendee: AttendeeId, at: Timestamp) -> QueryResult<()> {
    end_own_rows(unit, attendee)?;
    let row = json!({ "name": ERASED_NAME, "erased_at": at });
    unit.group.put_row(Scope::Organiser, (RowCollection::Attendees, attendee.0), Some(&row));
    Ok(())
}
