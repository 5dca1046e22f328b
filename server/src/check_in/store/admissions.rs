//! Admissions.

use diesel::dsl::count_star;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::admission::{Admission, Use};
use shared::ids::{EventId, GuestIndex};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::admissions;
use crate::on;

#[derive(Insertable)]
#[diesel(table_name = admissions, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    id: String,
    area_id: String,
    session_id: Option<String>,
    guest: String,
    first_at: i64,
    is_inside: bool,
    body: String,
}

/// The admissions of these guests.
pub fn list_admissions(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<Vec<Admission>> {
    let mut found = Vec::new();
    for chunk in guests.chunks(CHUNK) {
        let query = admissions::table
            .filter(admissions::event_id.eq(event.to_string()))
            .filter(admissions::guest.eq_any(chunk.iter().map(ToString::to_string)))
            .select(admissions::body);
        let bodies: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        for body in bodies {
            found.push(serde_json::from_str(&body).map_err(|_| damaged("admission"))?);
        }
    }
    Ok(found)
}

/// Writes admissions.
pub fn put_admissions(c: &mut Connection, event: EventId, admissions: &[&Admission]) -> QueryResult<()> {
    let line = |one: &Admission| {
        Ok(NewLine {
            event_id: event.to_string(),
            id: one.id().to_string(),
            area_id: one.area.to_string(),
            session_id: one.session.map(|session| session.to_string()),
            guest: one.guest.to_string(),
            first_at: one.first.at.0,
            is_inside: one.is_inside,
            body: serde_json::to_string(one).map_err(|_| damaged("admission"))?,
        })
    };
    for chunk in admissions.chunks(CHUNK) {
        let lines = chunk.iter().map(|one| line(one)).collect::<QueryResult<Vec<_>>>()?;
        on!(&mut *c, |c| diesel::insert_into(admissions::table)
            .values(&lines)
            .on_conflict((admissions::event_id, admissions::id))
            .do_update()
            .set((
                admissions::first_at.eq(excluded(admissions::first_at)),
                admissions::is_inside.eq(excluded(admissions::is_inside)),
                admissions::body.eq(excluded(admissions::body)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Takes admissions away.
pub fn delete_admissions(c: &mut Connection, event: EventId, ids: &[Uuid]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let lines = admissions::table
            .filter(admissions::event_id.eq(event.to_string()))
            .filter(admissions::id.eq_any(chunk.iter().map(ToString::to_string)));
        on!(&mut *c, |c| diesel::delete(lines).execute(c))?;
    }
    Ok(())
}

/// How many guests are inside in a use.
pub fn count_inside(c: &mut Connection, event: EventId, of: Use) -> QueryResult<u32> {
    let inside = admissions::table
        .filter(admissions::event_id.eq(event.to_string()))
        .filter(admissions::area_id.eq(of.area.to_string()))
        .filter(admissions::is_inside.eq(true));
    let count: i64 = on!(c, |c| match of.session {
        Some(session) => inside.filter(admissions::session_id.eq(session.to_string())).count().get_result(c),
        None => inside.filter(admissions::session_id.is_null()).count().get_result(c),
    })?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The admissions to a use of those who are inside.
pub fn list_inside(c: &mut Connection, event: EventId, of: Use) -> QueryResult<Vec<Admission>> {
    let inside = admissions::table
        .filter(admissions::event_id.eq(event.to_string()))
        .filter(admissions::area_id.eq(of.area.to_string()))
        .filter(admissions::is_inside.eq(true))
        .select(admissions::body);
    let bodies: Vec<String> = on!(c, |c| match of.session {
        Some(session) => inside.filter(admissions::session_id.eq(session.to_string())).load(c),
        None => inside.filter(admissions::session_id.is_null()).load(c),
    })?;
    bodies.iter().map(|body| serde_json::from_str(body).map_err(|_| damaged("admission"))).collect()
}

/// How many were let in to each use, and how many of them are inside.
pub fn list_counts(c: &mut Connection, event: EventId) -> QueryResult<Vec<(Use, bool, u64)>> {
    let query = admissions::table
        .filter(admissions::event_id.eq(event.to_string()))
        .group_by((admissions::area_id, admissions::session_id, admissions::is_inside))
        .select((admissions::area_id, admissions::session_id, admissions::is_inside, count_star()));
    let lines: Vec<(String, Option<String>, bool, i64)> = on!(c, |c| query.load(c))?;
    let read = |(area, session, is_inside, count): (String, Option<String>, bool, i64)| {
        let session = session.map(|session| session.parse()).transpose().ok()?;
        Some((Use { area: area.parse().ok()?, session }, is_inside, u64::try_from(count).ok()?))
    };
    lines.into_iter().map(|line| read(line).ok_or_else(|| damaged("admission"))).collect()
}

/// When guests were let in first, by use.
pub fn list_first_times(c: &mut Connection, event: EventId) -> QueryResult<Vec<(Use, GuestIndex, Timestamp)>> {
    let query = admissions::table
        .filter(admissions::event_id.eq(event.to_string()))
        .order(admissions::first_at)
        .select((admissions::area_id, admissions::session_id, admissions::guest, admissions::first_at));
    let lines: Vec<(String, Option<String>, String, i64)> = on!(c, |c| query.load(c))?;
    let read = |(area, session, guest, at): (String, Option<String>, String, i64)| {
        let session = session.map(|session| session.parse()).transpose().ok()?;
        Some((Use { area: area.parse().ok()?, session }, guest.parse().ok()?, Timestamp(at)))
    };
    lines.into_iter().map(|line| read(line).ok_or_else(|| damaged("admission"))).collect()
}
