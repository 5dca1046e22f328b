//! The counter rows of events.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::EventId;
use shared::time::Timestamp;

use super::Connection;
use super::schema::event_counters;
use crate::on;

/// What stands in place of a slug in the counter row of what belongs to no event.
pub const SYSTEM_SLUG: &str = "-";

/// The version of what the rows of scopes look like. It is raised with every change of the projection
/// that alters the bytes of rows; events of another version have their rows made anew at the start.
pub const ROWS_VERSION: i64 = 7;

/// Makes the counter row of an event, unless it is there. False if it was, or the slug is taken.
pub fn create_counter(connection: &mut Connection, event: EventId, slug: &str, now: Timestamp) -> QueryResult<bool> {
    let row = (
        event_counters::event_id.eq(event.to_string()),
        event_counters::slug.eq(slug),
        event_counters::seq.eq(0),
        event_counters::nonce.eq(0),
        event_counters::created_at.eq(now.0),
        event_counters::rows_version.eq(ROWS_VERSION),
    );
    let made = on!(connection, |c| diesel::insert_into(event_counters::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

/// When an event came into this database; none where there is no such event.
pub fn find_made_at(connection: &mut Connection, event: EventId) -> QueryResult<Option<Timestamp>> {
    let query = event_counters::table.find(event.to_string()).select(event_counters::created_at);
    let made_at: Option<i64> = on!(connection, |c| query.first(c).optional())?;
    Ok(made_at.map(Timestamp))
}
