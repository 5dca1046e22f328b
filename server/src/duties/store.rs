//! Duties in the database.

use std::collections::BTreeSet;

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use shared::duty::Duty;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::time::Timestamp;
use uuid::Uuid;

use super::rules::DutyRight;
use crate::database::Connection;
use crate::database::schema::{duties, gate_rights};
use crate::on;
use crate::sync::grants::{DUTY, DUTY_INSIDE};

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// A line of the table.
#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = duties, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    id: String,
    attendee_id: String,
    kind: String,
    collection: String,
    object_id: String,
    from_at: Option<i64>,
    to_at: Option<i64>,
    note: Option<String>,
}

fn read(line: Line) -> QueryResult<(Uuid, Duty)> {
    let damaged = || diesel::result::Error::DeserializationError("the database holds an unreadable duty".into());
    let duty = Duty {
        attendee: line.attendee_id.parse().map_err(|_| damaged())?,
        kind: line.kind.parse().map_err(|()| damaged())?,
        collection: line.collection.parse().map_err(|()| damaged())?,
        object: line.object_id.parse().map_err(|_| damaged())?,
        from: line.from_at.map(Timestamp),
        to: line.to_at.map(Timestamp),
        note: line.note,
    };
    Ok((line.id.parse().map_err(|_| damaged())?, duty))
}

/// Enters a duty.
pub fn put(c: &mut Connection, event: EventId, (id, duty): (Uuid, &Duty)) -> QueryResult<()> {
    let line = Line {
        event_id: event.to_string(),
        id: id.to_string(),
        attendee_id: duty.attendee.to_string(),
        kind: duty.kind.as_str().to_owned(),
        collection: duty.collection.collection().as_str().to_owned(),
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
    let query = duties::table.find((event.to_string(), id.to_string()));
    let line: Option<Line> = on!(c, |c| query.select(Line::as_select()).first(c).optional())?;
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
        .limit(limit);
    let lines: Vec<Line> = on!(c, |c| query.select(Line::as_select()).load(c))?;
    lines.into_iter().map(read).collect()
}

/// The duties of these attendees.
pub fn list_of(c: &mut Connection, event: EventId, attendees: &BTreeSet<AttendeeId>) -> QueryResult<Vec<(Uuid, Duty)>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = duties::table
            .filter(duties::event_id.eq(event.to_string()))
            .filter(duties::attendee_id.eq_any(chunk))
            .order(duties::id);
        let lines: Vec<Line> = on!(&mut *c, |c| query.select(Line::as_select()).load(c))?;
        for line in lines {
            found.push(read(line)?);
        }
    }
    Ok(found)
}

/// The duties at these parts, sessions, rooms and vehicles.
pub fn list_at(c: &mut Connection, event: EventId, objects: &BTreeSet<RecordId>) -> QueryResult<Vec<(Uuid, Duty)>> {
    let ids: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = duties::table
            .filter(duties::event_id.eq(event.to_string()))
            .filter(duties::object_id.eq_any(chunk))
            .order(duties::id);
        let lines: Vec<Line> = on!(&mut *c, |c| query.select(Line::as_select()).load(c))?;
        for line in lines {
            found.push(read(line)?);
        }
    }
    Ok(found)
}

/// The gates that these attendees hold by a duty.
pub fn list_rights(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<BTreeSet<(AttendeeId, (RecordId, DutyRight))>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = gate_rights::table
            .filter(gate_rights::event_id.eq(event.to_string()))
            .filter(gate_rights::attendee_id.eq_any(chunk))
            .filter(gate_rights::reason.eq_any([DUTY, DUTY_INSIDE]))
            .select((gate_rights::attendee_id, gate_rights::object_id, gate_rights::reason));
        let lines: Vec<(String, String, String)> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(attendee, object, reason)| {
            let right = if reason == DUTY { DutyRight::Works } else { DutyRight::Reads };
            Some((attendee.parse().ok()?, (object.parse().ok()?, right)))
        }));
    }
    Ok(found)
}

/// At which parts and sessions these attendees work, in the time of their duties.
pub fn list_works(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<Vec<(AttendeeId, RecordId)>> {
    let rights = list_rights(c, event, attendees)?.into_iter();
    let works = rights.filter(|(_, (_, right))| *right == DutyRight::Works);
    Ok(works.map(|(attendee, (object, _))| (attendee, object)).collect())
}
