//! Stand-ins in the database. Every query names the event, so a forgotten check finds nothing.

use std::collections::BTreeSet;

use diesel::upsert::excluded;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::StandIn;
use shared::time::Timestamp;
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::{gate_rights, stand_ins};
use crate::on;
use crate::sync::grants::STAND_IN;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// A stand-in with its id.
pub type Stored = (Uuid, StandIn);

#[derive(Insertable)]
#[diesel(table_name = stand_ins, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    id: String,
    attendee_id: String,
    stand_in_id: String,
    session_id: Option<String>,
    day: Option<String>,
    is_ended: bool,
    body: String,
    created_at: i64,
}

fn read((id, body): (String, String)) -> QueryResult<Stored> {
    let damaged = || diesel::result::Error::DeserializationError("the database holds an unreadable stand-in".into());
    Ok((id.parse().map_err(|_| damaged())?, serde_json::from_str(&body).map_err(|_| damaged())?))
}

fn read_all(lines: Vec<(String, String)>) -> QueryResult<Vec<Stored>> {
    lines.into_iter().map(read).collect()
}

/// A stand-in by its id.
pub fn find(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<Stored>> {
    let query = stand_ins::table.find((event.to_string(), id.to_string())).select((stand_ins::id, stand_ins::body));
    let line: Option<(String, String)> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// Those that concern these attendees, as delegates or as who sits in, also ended ones, by id.
pub fn list_of_attendees(c: &mut Connection, event: EventId, attendees: &[AttendeeId]) -> QueryResult<Vec<Stored>> {
    let mut found = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let concerns = stand_ins::attendee_id.eq_any(&ids).or(stand_ins::stand_in_id.eq_any(&ids));
        let query = stand_ins::table
            .filter(stand_ins::event_id.eq(event.to_string()))
            .filter(concerns)
            .order(stand_ins::id)
            .select((stand_ins::id, stand_ins::body));
        found.extend(read_all(on!(&mut *c, |c| query.load(c))?)?);
    }
    // Delegate and stand-in may stand in different chunks.
    found.sort_by_key(|(id, _)| *id);
    found.dedup_by_key(|(id, _)| *id);
    Ok(found)
}

/// Those that have not ended, or all, by id.
pub fn list_all(c: &mut Connection, event: EventId, has_ended: bool) -> QueryResult<Vec<Stored>> {
    let query = stand_ins::table
        .filter(stand_ins::event_id.eq(event.to_string()))
        .filter(stand_ins::is_ended.eq(false).or(stand_ins::is_ended.eq(has_ended)))
        .order(stand_ins::id)
        .select((stand_ins::id, stand_ins::body));
    read_all(on!(c, |c| query.load(c))?)
}

/// Writes a stand-in.
pub fn put(c: &mut Connection, event: EventId, (id, stand_in): &Stored, now: Timestamp) -> QueryResult<()> {
    let line = NewLine {
        event_id: event.to_string(),
        id: id.to_string(),
        attendee_id: stand_in.attendee.to_string(),
        stand_in_id: stand_in.stand_in.to_string(),
        session_id: stand_in.session.map(|session| session.to_string()),
        day: stand_in.day.map(|day| day.0.to_string()),
        is_ended: stand_in.ended_at.is_some(),
        body: serde_json::json!(stand_in).to_string(),
        created_at: now.0,
    };
    on!(c, |c| diesel::insert_into(stand_ins::table)
        .values(&line)
        .on_conflict((stand_ins::event_id, stand_ins::id))
        .do_update()
        .set((stand_ins::is_ended.eq(excluded(stand_ins::is_ended)), stand_ins::body.eq(excluded(stand_ins::body))))
        .execute(c))?;
    Ok(())
}

/// Forgets those that concern an attendee; which.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<Stored>> {
    let theirs = list_of_attendees(c, event, &[attendee])?;
    let ids: Vec<String> = theirs.iter().map(|(id, _)| id.to_string()).collect();
    let lines = stand_ins::table.filter(stand_ins::event_id.eq(event.to_string())).filter(stand_ins::id.eq_any(ids));
    on!(c, |c| diesel::delete(lines).execute(c))?;
    Ok(theirs)
}

/// The gates that these attendees hold because they sit in for somebody.
pub fn list_gates(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeSet<(RecordId, AttendeeId)>> {
    let mut found = BTreeSet::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = gate_rights::table
            .filter(gate_rights::event_id.eq(event.to_string()))
            .filter(gate_rights::reason.eq(STAND_IN))
            .filter(gate_rights::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((gate_rights::object_id, gate_rights::attendee_id));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(gate, who)| Some((gate.parse().ok()?, who.parse().ok()?))));
    }
    Ok(found)
}
