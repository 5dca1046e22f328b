//! Duties in the database.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::duty::Duty;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::time::Timestamp;
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::{duties, gate_rights};
use crate::on;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// The reason in `gate_rights` of who has a duty there.
const DUTY: &str = "duty";

#[derive(Insertable)]
#[diesel(table_name = duties, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    id: String,
    attendee_id: String,
    kind: &'static str,
    collection: &'static str,
    object_id: String,
    from_at: Option<i64>,
    to_at: Option<i64>,
    note: Option<String>,
}

type Columns = (String, String, String, String, String, Option<i64>, Option<i64>, Option<String>);

const COLUMNS: (
    duties::id,
    duties::attendee_id,
    duties::kind,
    duties::collection,
    duties::object_id,
    duties::from_at,
    duties::to_at,
    duties::note,
) = (
    duties::id,
    duties::attendee_id,
    duties::kind,
    duties::collection,
    duties::object_id,
    duties::from_at,
    duties::to_at,
    duties::note,
);

fn read((id, attendee, kind, collection, object, from, to, note): Columns) -> QueryResult<(Uuid, Duty)> {
    let damaged = || diesel::result::Error::DeserializationError("the database holds an unreadable duty".into());
    let duty = Duty {
        attendee: attendee.parse().map_err(|_| damaged())?,
        kind: kind.parse().map_err(|()| damaged())?,
        collection: collection.parse().map_err(|()| damaged())?,
        object: object.parse().map_err(|_| damaged())?,
        from: from.map(Timestamp),
        to: to.map(Timestamp),
        note,
    };
    Ok((id.parse().map_err(|_| damaged())?, duty))
}

/// Enters a duty.
pub fn put(c: &mut Connection, event: EventId, (id, duty): (Uuid, &Duty)) -> QueryResult<()> {
    let line = Line {
        event_id: event.to_string(),
        id: id.to_string(),
        attendee_id: duty.attendee.to_string(),
        kind: duty.kind.as_str(),
        collection: duty.collection.collection().as_str(),
        object_id: duty.object.to_string(),
        from_at: duty.from.map(|at| at.0),
        to_at: duty.to.map(|at| at.0),
        note: duty.note.clone(),
    };
    on!(c, |c| diesel::insert_into(duties::table).values(&line).execute(c))?;
    Ok(())
}

/// One duty.
pub fn find(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<Duty>> {
    let query = duties::table.find((event.to_string(), id.to_string())).select(COLUMNS);
    let line: Option<Columns> = on!(c, |c| query.first(c).optional())?;
    Ok(line.map(read).transpose()?.map(|(_, duty)| duty))
}

/// Takes a duty away.
pub fn delete(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<()> {
    let line = duties::table.find((event.to_string(), id.to_string()));
    on!(c, |c| diesel::delete(line).execute(c))?;
    Ok(())
}

/// The duties of an event behind `after` by id, at most `limit`.
pub fn list_page(c: &mut Connection, event: EventId, (after, limit): (&str, i64)) -> QueryResult<Vec<(Uuid, Duty)>> {
    let query = duties::table
        .filter(duties::event_id.eq(event.to_string()))
        .filter(duties::id.gt(after))
        .order(duties::id)
        .limit(limit)
        .select(COLUMNS);
    let lines: Vec<Columns> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// The duties of an attendee.
pub fn list_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<(Uuid, Duty)>> {
    let query = duties::table
        .filter(duties::event_id.eq(event.to_string()))
        .filter(duties::attendee_id.eq(attendee.to_string()))
        .order(duties::id)
        .select(COLUMNS);
    let lines: Vec<Columns> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// The duties at these parts, sessions, rooms and vehicles.
pub fn list_at(c: &mut Connection, event: EventId, objects: &BTreeSet<RecordId>) -> QueryResult<Vec<(Uuid, Duty)>> {
    let ids: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = duties::table
            .filter(duties::event_id.eq(event.to_string()))
            .filter(duties::object_id.eq_any(chunk))
            .order(duties::id)
            .select(COLUMNS);
        let lines: Vec<Columns> = on!(&mut *c, |c| query.load(c))?;
        for line in lines {
            found.push(read(line)?);
        }
    }
    Ok(found)
}

/// Lets somebody hold the gate of a part or session for a duty, or not any more.
pub fn set_right(
    c: &mut Connection,
    event: EventId,
    (object, attendee): (RecordId, AttendeeId),
    has_duty: bool,
) -> QueryResult<()> {
    let key = (event.to_string(), object.to_string(), attendee.to_string(), DUTY.to_owned());
    on!(c, |c| if has_duty {
        let line = (
            gate_rights::event_id.eq(key.0),
            gate_rights::object_id.eq(key.1),
            gate_rights::attendee_id.eq(key.2),
            gate_rights::reason.eq(key.3),
        );
        diesel::insert_into(gate_rights::table).values(line).on_conflict_do_nothing().execute(c)
    } else {
        diesel::delete(gate_rights::table.find(key)).execute(c)
    })?;
    Ok(())
}
