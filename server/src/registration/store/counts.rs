//! How many places are taken, and who waits for one.

use diesel::dsl::max;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::registration::RegistrationStatus;

use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::registrations;
use crate::on;

/// Somebody who waits for a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Who.
    pub attendee: AttendeeId,
    /// The category.
    pub category: RecordId,
    /// The delegation.
    pub delegation: Option<RecordId>,
    /// Their number.
    pub number: u64,
    /// Whether they accompany somebody, and so count nowhere.
    pub is_companion: bool,
}

/// How many places of a category are taken. Companions take none.
pub fn count_in_category(c: &mut Connection, event: EventId, category: RecordId) -> QueryResult<u64> {
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::category_id.eq(category.to_string()))
        .filter(registrations::status.eq(RegistrationStatus::Confirmed.as_str()))
        .filter(registrations::companion_of.is_null())
        .count();
    let count: i64 = on!(c, |c| query.get_result(c))?;
    Ok(count as u64)
}

/// How many places of a delegation are taken, leaving out companions and these categories.
pub fn count_in_delegation(
    c: &mut Connection,
    event: EventId,
    delegation: RecordId,
    outside: &[RecordId],
) -> QueryResult<u64> {
    let outside: Vec<String> = outside.iter().map(ToString::to_string).collect();
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::delegation_id.eq(delegation.to_string()))
        .filter(registrations::status.eq(RegistrationStatus::Confirmed.as_str()))
        .filter(registrations::companion_of.is_null())
        .filter(registrations::category_id.ne_all(outside))
        .count();
    let count: i64 = on!(c, |c| query.get_result(c))?;
    Ok(count as u64)
}

/// The highest number that was ever given in the event's waitlist; 0 where none was.
pub fn last_waitlist_number(c: &mut Connection, event: EventId) -> QueryResult<u64> {
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .select(max(registrations::waitlist_number));
    let number: Option<i64> = on!(c, |c| query.first(c))?;
    Ok(number.unwrap_or(0) as u64)
}

/// Those who wait in one of these categories or delegations, by their number.
pub fn list_waiting(c: &mut Connection, event: EventId, limited: &[RecordId]) -> QueryResult<Vec<Waiting>> {
    let ids: Vec<String> = limited.iter().map(ToString::to_string).collect();
    let is_in = registrations::category_id.eq_any(ids.clone()).or(registrations::delegation_id.eq_any(ids));
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::status.eq(RegistrationStatus::Waitlisted.as_str()))
        .filter(is_in)
        .order(registrations::waitlist_number)
        .select((
            registrations::attendee_id,
            registrations::category_id,
            registrations::delegation_id,
            registrations::waitlist_number,
            registrations::companion_of,
        ));
    type Line = (String, String, Option<String>, Option<i64>, Option<String>);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(attendee, category, delegation, number, companion_of): Line| {
        Some(Waiting {
            attendee: attendee.parse().ok()?,
            category: category.parse().ok()?,
            delegation: delegation.map(|id| id.parse()).transpose().ok()?,
            number: number.unwrap_or(0) as u64,
            is_companion: companion_of.is_some(),
        })
    };
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}
