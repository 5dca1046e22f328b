//! Single registrations in the database.

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::registration::{Registration, Standing};
use shared::time::Timestamp;

use super::CHUNK;
use crate::database::Connection;
use crate::database::schema::registrations;
use crate::on;

#[derive(Insertable)]
#[diesel(table_name = registrations, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    attendee_id: String,
    category_id: String,
    delegation_id: Option<String>,
    delegation_role: &'static str,
    companion_of: Option<String>,
    status: &'static str,
    waitlist_number: Option<i64>,
    is_placeholder: bool,
    email: Option<String>,
    external_id: Option<String>,
    body: String,
    rev: i64,
    created_at: i64,
    updated_at: i64,
}

impl Line {
    fn of((event, attendee): (EventId, AttendeeId), registration: &Registration, (rev, now): (u64, Timestamp)) -> Self {
        Self {
            event_id: event.to_string(),
            attendee_id: attendee.to_string(),
            category_id: registration.category.to_string(),
            delegation_id: registration.delegation.map(|id| id.to_string()),
            delegation_role: registration.delegation_role.as_str(),
            companion_of: registration.companion_of.map(|id| id.to_string()),
            status: registration.status.as_str(),
            waitlist_number: registration.waitlist_number.map(|number| number as i64),
            is_placeholder: registration.is_placeholder,
            email: registration.details.email.as_deref().map(str::to_lowercase),
            external_id: registration.external_id.clone(),
            body: serde_json::json!(registration).to_string(),
            rev: rev as i64,
            created_at: now.0,
            updated_at: now.0,
        }
    }
}

/// A registration with the commit that last changed it.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    /// Whose it is.
    pub attendee: AttendeeId,
    /// The commit that last changed it.
    pub rev: u64,
    /// The registration.
    pub registration: Registration,
}

/// The registration of an attendee.
pub fn find_registration(
    c: &mut Connection,
    event: EventId,
    attendee: AttendeeId,
) -> QueryResult<Option<Registration>> {
    Ok(find_stored(c, event, attendee)?.map(|stored| stored.registration))
}

/// The registration of an attendee, with its rev.
pub fn find_stored(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Option<Stored>> {
    let query = registrations::table.find((event.to_string(), attendee.to_string())).select((
        registrations::attendee_id,
        registrations::rev,
        registrations::body,
    ));
    let line: Option<StoredLine> = on!(c, |c| query.first(c).optional())?;
    line.map(read_stored).transpose()
}

/// The registrations of these attendees, in the order of their ids; who has none is left out.
pub fn list_registrations(
    c: &mut Connection,
    event: EventId,
    ids: &[AttendeeId],
) -> QueryResult<Vec<(AttendeeId, Registration)>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.eq_any(ids))
            .order(registrations::attendee_id)
            .select((registrations::attendee_id, registrations::rev, registrations::body));
        let lines: Vec<StoredLine> = on!(&mut *c, |c| query.load(c))?;
        for line in lines {
            let stored = read_stored(line)?;
            found.push((stored.attendee, stored.registration));
        }
    }
    Ok(found)
}

/// The standings of these attendees; who is not registered has none.
pub fn list_standings(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<Standing>> {
    let registrations = list_registrations(c, event, ids)?;
    Ok(registrations.into_iter().map(|(attendee, registration)| registration.standing(attendee)).collect())
}

/// The standings of everybody who is registered.
pub fn list_all_standings(c: &mut Connection, event: EventId) -> QueryResult<Vec<Standing>> {
    let query = registrations::table.filter(registrations::event_id.eq(event.to_string())).select((
        registrations::attendee_id,
        registrations::rev,
        registrations::body,
    ));
    let lines: Vec<StoredLine> = on!(c, |c| query.load(c))?;
    let standing = |line| read_stored(line).map(|stored| stored.registration.standing(stored.attendee));
    lines.into_iter().map(standing).collect()
}

/// Writes the registration of an attendee who had none. `stamp` is the commit's number and its time.
pub fn insert_registration(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    registration: &Registration,
    stamp: (u64, Timestamp),
) -> QueryResult<()> {
    let line = Line::of((event, attendee), registration, stamp);
    on!(c, |c| diesel::insert_into(registrations::table).values(&line).execute(c))?;
    Ok(())
}

/// Writes a changed registration. `stamp` is the commit's number and its time.
pub fn put_registration(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    registration: &Registration,
    stamp: (u64, Timestamp),
) -> QueryResult<()> {
    let line = Line::of((event, attendee), registration, stamp);
    on!(c, |c| diesel::insert_into(registrations::table)
        .values(&line)
        .on_conflict((registrations::event_id, registrations::attendee_id))
        .do_update()
        .set((
            registrations::category_id.eq(excluded(registrations::category_id)),
            registrations::delegation_id.eq(excluded(registrations::delegation_id)),
            registrations::delegation_role.eq(excluded(registrations::delegation_role)),
            registrations::companion_of.eq(excluded(registrations::companion_of)),
            registrations::status.eq(excluded(registrations::status)),
            registrations::waitlist_number.eq(excluded(registrations::waitlist_number)),
            registrations::is_placeholder.eq(excluded(registrations::is_placeholder)),
            registrations::email.eq(excluded(registrations::email)),
            registrations::external_id.eq(excluded(registrations::external_id)),
            registrations::body.eq(excluded(registrations::body)),
            registrations::rev.eq(excluded(registrations::rev)),
            registrations::updated_at.eq(excluded(registrations::updated_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a registration away.
pub fn delete_registration(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let key = (event.to_string(), attendee.to_string());
    on!(c, |c| diesel::delete(registrations::table.find(key)).execute(c))?;
    Ok(())
}

pub(super) type StoredLine = (String, i64, String);

pub(super) fn read_stored((attendee, rev, body): StoredLine) -> QueryResult<Stored> {
    let attendee = attendee.parse().map_err(|_| damaged())?;
    let registration = serde_json::from_str(&body).map_err(|_| damaged())?;
    Ok(Stored { attendee, rev: rev as u64, registration })
}

pub(super) fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable registration".into())
}
