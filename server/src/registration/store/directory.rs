//! Who lets other attendees see something of them, in the database.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl, TextExpressionMethods,
};
use shared::ids::{AttendeeId, EventId};
use shared::registration::{Registration, RegistrationStatus};

use super::registrations::{StoredLine, damaged, read_stored};
use crate::database::Connection;
use crate::database::schema::{attendees, registrations};
use crate::on;

/// What stands in the stored registration of everybody who shares anything: a field is left out where
/// it is empty, and quotes inside of texts are escaped.
const SHARES_SOMETHING: &str = "%\"shares\":[%";

/// Confirmed attendees who share something, with their names, by name and id, behind `after`.
pub fn list_sharing(
    c: &mut Connection,
    event: EventId,
    ((name, id), limit): ((&str, &str), usize),
) -> QueryResult<Vec<(AttendeeId, String, Registration)>> {
    let is_theirs = registrations::event_id.eq(attendees::event_id).and(registrations::attendee_id.eq(attendees::id));
    let is_behind = attendees::name.gt(name).or(attendees::name.eq(name).and(attendees::id.gt(id)));
    let query = attendees::table
        .inner_join(registrations::table.on(is_theirs))
        .filter(attendees::event_id.eq(event.to_string()))
        .filter(is_behind)
        .filter(registrations::status.eq(RegistrationStatus::Confirmed.as_str()))
        .filter(registrations::is_placeholder.eq(false))
        .filter(registrations::body.like(SHARES_SOMETHING))
        .order((attendees::name, attendees::id))
        .limit(limit as i64)
        .select((attendees::name, (registrations::attendee_id, registrations::rev, registrations::body)));
    let lines: Vec<(String, StoredLine)> = on!(c, |c| query.load(c))?;
    let read = |(name, line): (String, StoredLine)| {
        let stored = read_stored(line)?;
        Ok((stored.attendee, name, stored.registration))
    };
    lines.into_iter().map(read).collect()
}

/// Whether one of these attendees has a confirmed registration.
pub fn has_confirmed(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<bool> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::attendee_id.eq_any(ids))
        .filter(registrations::status.eq(RegistrationStatus::Confirmed.as_str()))
        .count();
    let count: i64 = on!(c, |c| query.get_result(c))?;
    u64::try_from(count).map(|count| count > 0).map_err(|_| damaged())
}
