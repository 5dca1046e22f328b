//! The labels of sessions, as they were last told.

use std::collections::{BTreeMap, BTreeSet};

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{EventId, RecordId};
use shared::signup::FillLabel;
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::session_fills;
use crate::on;

/// How full a session was last said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fill {
    /// As what.
    pub label: FillLabel,
    /// When.
    pub at: Timestamp,
    /// When it may be said anew, where it has changed since.
    pub due_at: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = session_fills, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    session_id: String,
    label: &'static str,
    at: i64,
    due_at: Option<i64>,
}

/// What was said of these sessions.
pub fn list_fills(
    c: &mut Connection,
    event: EventId,
    sessions: &BTreeSet<RecordId>,
) -> QueryResult<BTreeMap<RecordId, Fill>> {
    let ids: Vec<String> = sessions.iter().map(ToString::to_string).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = session_fills::table
            .filter(session_fills::event_id.eq(event.to_string()))
            .filter(session_fills::session_id.eq_any(chunk))
            .select((session_fills::session_id, session_fills::label, session_fills::at, session_fills::due_at));
        let lines: Vec<(String, String, i64, Option<i64>)> = on!(&mut *c, |c| query.load(c))?;
        for (session, label, at, due_at) in lines {
            let label = label.parse().map_err(|()| damaged())?;
            let fill = Fill { label, at: Timestamp(at), due_at: due_at.map(Timestamp) };
            found.insert(session.parse().map_err(|_| damaged())?, fill);
        }
    }
    Ok(found)
}

/// Events in which a label may be said anew at `now`.
pub fn list_events_with_due_fills(c: &mut Connection, now: Timestamp) -> QueryResult<Vec<EventId>> {
    let query = session_fills::table.filter(session_fills::due_at.le(now.0)).select(session_fills::event_id).distinct();
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}

/// Sessions of the event whose label may be said anew at `now`.
pub fn list_due_fills(c: &mut Connection, event: EventId, now: Timestamp) -> QueryResult<Vec<RecordId>> {
    let query = session_fills::table
        .filter(session_fills::event_id.eq(event.to_string()))
        .filter(session_fills::due_at.le(now.0))
        .order(session_fills::session_id)
        .select(session_fills::session_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}

/// Notes what is said of sessions.
pub fn put_fills(c: &mut Connection, event: EventId, fills: &[(RecordId, Fill)]) -> QueryResult<()> {
    let line = |(session, fill): &(RecordId, Fill)| Line {
        event_id: event.to_string(),
        session_id: session.to_string(),
        label: fill.label.as_str(),
        at: fill.at.0,
        due_at: fill.due_at.map(|at| at.0),
    };
    for chunk in fills.chunks(CHUNK) {
        let lines: Vec<Line> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(session_fills::table)
            .values(&lines)
            .on_conflict((session_fills::event_id, session_fills::session_id))
            .do_update()
            .set((
                session_fills::label.eq(excluded(session_fills::label)),
                session_fills::at.eq(excluded(session_fills::at)),
                session_fills::due_at.eq(excluded(session_fills::due_at)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Forgets what was said of sessions that have no seats any more.
pub fn remove_fills(c: &mut Connection, event: EventId, sessions: &[RecordId]) -> QueryResult<()> {
    for chunk in sessions.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let gone = session_fills::table
            .filter(session_fills::event_id.eq(event.to_string()))
            .filter(session_fills::session_id.eq_any(ids));
        on!(&mut *c, |c| diesel::delete(gone).execute(c))?;
    }
    Ok(())
}
