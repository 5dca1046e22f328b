//! What tells who people are, in the database.

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::EventId;
use shared::registration::RegistrationStatus;

use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::{attendees, registrations};
use crate::on;
use crate::registration::duplicates::Identity;

/// Everybody who comes or may come and has a name, in the order in which they were entered.
pub fn list_identities(c: &mut Connection, event: EventId) -> QueryResult<Vec<Identity>> {
    type Line = (String, String, Option<String>, Option<String>, String, Option<String>, String);
    let gone = [RegistrationStatus::Declined.as_str(), RegistrationStatus::Cancelled.as_str()];
    let is_theirs = registrations::event_id.eq(attendees::event_id).and(registrations::attendee_id.eq(attendees::id));
    let query = registrations::table
        .inner_join(attendees::table.on(is_theirs))
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::status.ne_all(gone))
        .filter(registrations::is_placeholder.eq(false))
        .order(registrations::attendee_id)
        .select((
            attendees::id,
            attendees::name,
            registrations::email,
            registrations::external_id,
            registrations::category_id,
            registrations::delegation_id,
            registrations::status,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(attendee, name, email, external_id, category, delegation, status): Line| {
        Some(Identity {
            attendee: attendee.parse().ok()?,
            name,
            email,
            external_id,
            category: category.parse().ok()?,
            delegation: delegation.map(|id| id.parse()).transpose().ok()?,
            status: status.parse().ok()?,
        })
    };
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}
