//! Held changes in the database.

use std::collections::BTreeMap;

use diesel::dsl::min;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{EventId, RecordId};
use shared::programme::{Session, Vehicle};
use shared::time::Timestamp;

use super::LONGEST_MS;
use crate::database::Connection;
use crate::database::schema::held_changes;
use crate::on;

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// A session that was changed and of which nobody was told yet.
#[derive(Clone, PartialEq, Debug)]
pub struct HeldLine {
    /// As people know it; none where they know nothing of it.
    pub known: Option<Session>,
    /// When it was first changed.
    pub opened_at: Timestamp,
    /// When it is to be told.
    pub due_at: Timestamp,
    /// Whether a file changed it.
    pub is_import: bool,
    /// The vehicles that people know to run for it.
    pub vehicles: BTreeMap<RecordId, Vehicle>,
    /// Whether organisers chose to tell nobody: it is kept for what people know, and told once it changes again.
    pub is_untold: bool,
    /// As it was when they chose so: that it is so again is told to nobody either.
    pub untold: Option<Session>,
}

impl HeldLine {
    /// Whether it is to be told, and not yet.
    pub fn is_waiting(&self, now: Timestamp) -> bool {
        !self.is_untold && self.due_at > now
    }

    /// Whether an organiser told it to wait, which is for longer than the usual pause.
    pub fn is_on_hold(&self, now: Timestamp) -> bool {
        self.is_waiting(now) && self.due_at.0 > self.opened_at.0 + LONGEST_MS
    }
}

#[derive(Insertable)]
#[diesel(table_name = held_changes, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    session_id: String,
    known: Option<String>,
    opened_at: i64,
    due_at: i64,
    is_import: bool,
    vehicles: Option<String>,
    is_untold: bool,
    untold: Option<String>,
}

/// What is to be told of an event.
pub fn list_held(c: &mut Connection, event: EventId) -> QueryResult<BTreeMap<RecordId, HeldLine>> {
    let mut held = list(c, event)?;
    held.retain(|_, line| !line.is_untold);
    Ok(held)
}

/// What people know of sessions that have changed since, whether or not that is to be told.
pub fn list(c: &mut Connection, event: EventId) -> QueryResult<BTreeMap<RecordId, HeldLine>> {
    type Columns = (String, Option<String>, i64, i64, bool, Option<String>, (bool, Option<String>));
    let query = held_changes::table.filter(held_changes::event_id.eq(event.to_string())).select((
        held_changes::session_id,
        held_changes::known,
        held_changes::opened_at,
        held_changes::due_at,
        held_changes::is_import,
        held_changes::vehicles,
        (held_changes::is_untold, held_changes::untold),
    ));
    let lines: Vec<Columns> = on!(c, |c| query.load(c))?;
    let damaged = || diesel::result::Error::DeserializationError("the database holds an unreadable change".into());
    let read = |(id, known, opened_at, due_at, is_import, vehicles, (is_untold, untold)): Columns| {
        let untold = untold.map(|untold| serde_json::from_str(&untold).map_err(|_| damaged())).transpose()?;
        let known = known.map(|known| serde_json::from_str(&known).map_err(|_| damaged())).transpose()?;
        let vehicles = vehicles.map(|text| serde_json::from_str(&text).map_err(|_| damaged())).transpose()?;
        let vehicles = vehicles.unwrap_or_default();
        let (opened_at, due_at) = (Timestamp(opened_at), Timestamp(due_at));
        let line = HeldLine { known, opened_at, due_at, is_import, vehicles, is_untold, untold };
        Ok((id.parse().map_err(|_| damaged())?, line))
    };
    lines.into_iter().map(read).collect()
}

/// Holds changes, or says anew when they are due. What people know of a session stays.
pub fn put(c: &mut Connection, event: EventId, held: &BTreeMap<RecordId, HeldLine>) -> QueryResult<()> {
    let line = |(session, held): &(&RecordId, &HeldLine)| Line {
        event_id: event.to_string(),
        session_id: session.to_string(),
        known: held.known.as_ref().map(|known| serde_json::json!(known).to_string()),
        opened_at: held.opened_at.0,
        due_at: held.due_at.0,
        is_import: held.is_import,
        vehicles: (!held.vehicles.is_empty()).then(|| serde_json::json!(held.vehicles).to_string()),
        is_untold: held.is_untold,
        untold: held.untold.as_ref().map(|untold| serde_json::json!(untold).to_string()),
    };
    let held: Vec<_> = held.iter().collect();
    for chunk in held.chunks(CHUNK) {
        let lines: Vec<Line> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(held_changes::table)
            .values(&lines)
            .on_conflict((held_changes::event_id, held_changes::session_id))
            .do_update()
            .set((
                held_changes::opened_at.eq(excluded(held_changes::opened_at)),
                held_changes::is_untold.eq(excluded(held_changes::is_untold)),
                held_changes::untold.eq(excluded(held_changes::untold)),
                held_changes::due_at.eq(excluded(held_changes::due_at)),
                held_changes::is_import.eq(excluded(held_changes::is_import)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Lets go of everything of an event that is due at `now`.
pub fn delete_due(c: &mut Connection, event: EventId, now: Timestamp) -> QueryResult<()> {
    let due = held_changes::table
        .filter(held_changes::event_id.eq(event.to_string()))
        .filter(held_changes::is_untold.eq(false))
        .filter(held_changes::due_at.le(now.0));
    on!(c, |c| diesel::delete(due).execute(c))?;
    Ok(())
}

/// Lets go of everything that is held of an event.
pub fn delete_all(c: &mut Connection, event: EventId) -> QueryResult<()> {
    let held = held_changes::table
        .filter(held_changes::event_id.eq(event.to_string()))
        .filter(held_changes::is_untold.eq(false));
    on!(c, |c| diesel::delete(held).execute(c))?;
    Ok(())
}

/// The events of which something is due at `now`.
pub fn list_events_due(c: &mut Connection, now: Timestamp) -> QueryResult<Vec<EventId>> {
    let query = held_changes::table
        .filter(held_changes::is_untold.eq(false))
        .filter(held_changes::due_at.le(now.0))
        .select(held_changes::event_id)
        .distinct();
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// When something is due next.
pub fn next_due(c: &mut Connection) -> QueryResult<Option<Timestamp>> {
    let query = held_changes::table.filter(held_changes::is_untold.eq(false)).select(min(held_changes::due_at));
    let next: Option<i64> = on!(c, |c| query.first(c))?;
    Ok(next.map(Timestamp))
}
