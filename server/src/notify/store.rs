//! Notices in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::notice::Notice;
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::notices;
use crate::on;
use crate::sync::row::RowKey;

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Notices that are read at once where all are looked through.
const PAGE: i64 = 2_000;

#[derive(Insertable)]
#[diesel(table_name = notices, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    id: String,
    attendee_id: String,
    kind: &'static str,
    body: String,
    at: i64,
}

fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable notice".into())
}

fn read_id(id: &str) -> QueryResult<Uuid> {
    id.parse().map_err(|_| damaged())
}

fn read_body(body: &str) -> QueryResult<Notice> {
    serde_json::from_str(body).map_err(|_| damaged())
}

/// Enters notices, or writes them anew.
pub fn put_notices(c: &mut Connection, event: EventId, written: &[(Uuid, Notice)]) -> QueryResult<()> {
    let line = |(id, notice): &(Uuid, Notice)| Line {
        event_id: event.to_string(),
        id: id.to_string(),
        attendee_id: notice.attendee.to_string(),
        kind: notice.kind.as_str(),
        body: serde_json::json!(notice).to_string(),
        at: notice.at.0,
    };
    for chunk in written.chunks(CHUNK) {
        let lines: Vec<Line> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(notices::table)
            .values(&lines)
            .on_conflict((notices::event_id, notices::id))
            .do_update()
            .set((notices::kind.eq(excluded(notices::kind)), notices::body.eq(excluded(notices::body))))
            .execute(c))?;
    }
    Ok(())
}

/// Those of these notices that are an attendee's, in the order of their ids.
pub fn list_notices(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    ids: &BTreeSet<Uuid>,
) -> QueryResult<Vec<(Uuid, Notice)>> {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let query = notices::table
        .filter(notices::event_id.eq(event.to_string()))
        .filter(notices::attendee_id.eq(attendee.to_string()))
        .filter(notices::id.eq_any(ids))
        .order(notices::id)
        .select((notices::id, notices::body));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(|(id, body)| Ok((read_id(&id)?, read_body(&body)?))).collect()
}

/// These notices, whosever they are, in the order of their ids.
pub fn list_notices_by_id(
    c: &mut Connection,
    event: EventId,
    ids: &BTreeSet<Uuid>,
) -> QueryResult<Vec<(Uuid, Notice)>> {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = notices::table
            .filter(notices::event_id.eq(event.to_string()))
            .filter(notices::id.eq_any(chunk))
            .order(notices::id)
            .select((notices::id, notices::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (id, body) in lines {
            found.push((read_id(&id)?, read_body(&body)?));
        }
    }
    Ok(found)
}

/// Everything that these attendees were told, by id.
pub fn list_notices_of(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<BTreeMap<Uuid, Notice>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = notices::table
            .filter(notices::event_id.eq(event.to_string()))
            .filter(notices::attendee_id.eq_any(chunk))
            .select((notices::id, notices::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (id, body) in lines {
            found.insert(read_id(&id)?, read_body(&body)?);
        }
    }
    Ok(found)
}

/// What anybody was told that names one of these records. It reads every notice of the event.
pub fn list_notices_naming(
    c: &mut Connection,
    event: EventId,
    records: &[RecordId],
) -> QueryResult<BTreeMap<Uuid, Notice>> {
    let names: Vec<String> = records.iter().map(ToString::to_string).collect();
    let (mut found, mut after) = (BTreeMap::new(), String::new());
    loop {
        let query = notices::table
            .filter(notices::event_id.eq(event.to_string()))
            .filter(notices::id.gt(&after))
            .order(notices::id)
            .limit(PAGE)
            .select((notices::id, notices::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (id, body) in &lines {
            if names.iter().any(|name| body.contains(name.as_str())) {
                found.insert(read_id(id)?, read_body(body)?);
            }
        }
        match lines.into_iter().next_back() {
            Some((last, _)) => after = last,
            None => return Ok(found),
        }
    }
}

/// Takes notices away.
pub fn delete_notices_by_id(c: &mut Connection, event: EventId, ids: &[Uuid]) -> QueryResult<()> {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    for chunk in ids.chunks(CHUNK) {
        let these = notices::table.filter(notices::event_id.eq(event.to_string())).filter(notices::id.eq_any(chunk));
        on!(&mut *c, |c| diesel::delete(these).execute(c))?;
    }
    Ok(())
}

/// Takes away what an attendee was told of a row; which notices these were.
pub fn delete_notices_of_row(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    (collection, id): RowKey,
) -> QueryResult<Vec<Uuid>> {
    let (event, attendee) = (event.to_string(), attendee.to_string());
    let theirs = notices::table.filter(notices::event_id.eq(&event)).filter(notices::attendee_id.eq(&attendee));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| theirs.select((notices::id, notices::body)).load(c))?;
    let is_of_row =
        |notice: &Notice| notice.id == Some(id) && notice.collection.as_deref() == Some(collection.as_str());
    let of_row =
        lines.into_iter().filter(|(_, body)| serde_json::from_str(body).is_ok_and(|notice| is_of_row(&notice)));
    let ids: Vec<String> = of_row.map(|(id, _)| id).collect();
    on!(&mut *c, |c| diesel::delete(theirs.filter(notices::id.eq_any(&ids))).execute(c))?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Takes the notices of an attendee away.
pub fn delete_notices(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = notices::table
        .filter(notices::event_id.eq(event.to_string()))
        .filter(notices::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}
