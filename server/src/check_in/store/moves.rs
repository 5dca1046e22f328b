//! The rooms that sessions have left.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{EventId, RecordId};
use shared::time::Timestamp;

use super::damaged;
use crate::database::Connection;
use crate::database::schema::session_moves;
use crate::on;

/// Notes that a session has left a room.
pub fn put_move(
    c: &mut Connection,
    event: EventId,
    (session, room): (RecordId, RecordId),
    now: Timestamp,
) -> QueryResult<()> {
    let line = (
        session_moves::event_id.eq(event.to_string()),
        session_moves::session_id.eq(session.to_string()),
        session_moves::room_id.eq(room.to_string()),
        session_moves::moved_at.eq(now.0),
    );
    on!(c, |c| diesel::insert_into(session_moves::table).values(line).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The rooms that a session has left.
pub fn list_left(c: &mut Connection, event: EventId, session: RecordId) -> QueryResult<BTreeSet<RecordId>> {
    let query = session_moves::table
        .filter(session_moves::event_id.eq(event.to_string()))
        .filter(session_moves::session_id.eq(session.to_string()))
        .select(session_moves::room_id);
    let lines: Vec<String> = on!(c, |c| query.load(c))?;
    lines.iter().map(|room| room.parse().map_err(|_| damaged("move of a session"))).collect()
}

/// The sessions that have left a room.
pub fn list_that_left(c: &mut Connection, event: EventId, room: RecordId) -> QueryResult<BTreeSet<RecordId>> {
    let query = session_moves::table
        .filter(session_moves::event_id.eq(event.to_string()))
        .filter(session_moves::room_id.eq(room.to_string()))
        .select(session_moves::session_id);
    let lines: Vec<String> = on!(c, |c| query.load(c))?;
    lines.iter().map(|session| session.parse().map_err(|_| damaged("move of a session"))).collect()
}
