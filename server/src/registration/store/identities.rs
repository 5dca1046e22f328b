//! What tells who people are, in the database.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::EventId;
use shared::registration::RegistrationStatus;

use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::{accounts, attendee_accounts, attendees, registrations};
use crate::on;
use crate::registration::duplicates::Identity;
use crate::sync::change_log::Relation;

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
    let own = attendee_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .filter(accounts::email.is_not_null())
        .select((attendee_accounts::attendee_id, accounts::email.assume_not_null()));
    let (lines, own): (Vec<Line>, Vec<(String, String)>) =
        on!(c, |c| QueryResult::Ok((query.load(&mut *c)?, own.load(&mut *c)?)))?;
    let mut own: HashMap<String, String> = own.into_iter().collect();
    let mut read = |(attendee, name, email, external_id, category, delegation, status): Line| {
        let account_email = own.remove(&attendee);
        Some(Identity {
            attendee: attendee.parse().ok()?,
            name,
            email: email.or_else(|| account_email.clone()),
            account_email,
            external_id,
            category: category.parse().ok()?,
            delegation: delegation.map(|id| id.parse()).transpose().ok()?,
            status: status.parse().ok()?,
        })
    };
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}
