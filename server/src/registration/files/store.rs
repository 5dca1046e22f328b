//! Whom the rows of a file may be, in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::{AttendeeId, EventId};

use super::recognise::Candidate;
use crate::attendees::list_accounts;
use crate::database::Connection;
use crate::database::schema::{accounts, attendee_accounts, attendees, erasures, registrations};
use crate::formats::people::PersonRow;
use crate::identity::normalise_email;
use crate::on;
use crate::sync::change_log::Relation;

type Line = (String, String, Option<String>, Option<String>, Option<String>);

/// Everybody who has an id, address or name of one of the rows. Who was erased is known by the id alone.
pub fn list_candidates(c: &mut Connection, event: EventId, rows: &[PersonRow]) -> QueryResult<Vec<Candidate>> {
    let ids = rows.iter().filter_map(|row| row.attendee).map(|id| id.to_string()).collect();
    let external_ids = rows.iter().filter_map(|row| row.external_id.clone()).collect();
    let emails = rows.iter().filter_map(|row| row.details.email.as_deref()).map(str::to_lowercase).collect();
    let accounts = rows.iter().filter_map(|row| row.details.email.as_deref()).filter_map(normalise_email).collect();
    let names = rows.iter().filter_map(|row| row.name.clone()).collect();
    let (mut found, mut known): (Vec<Candidate>, BTreeSet<AttendeeId>) = Default::default();
    for (key, values) in [
        (Key::Id, ids),
        (Key::ExternalId, external_ids),
        (Key::Email, emails),
        (Key::Account, accounts),
        (Key::Name, names),
    ] {
        let of_key = list_by(c, event, (key, values))?;
        found.extend(of_key.into_iter().filter(|candidate| known.insert(candidate.attendee)));
    }
    let ids: Vec<AttendeeId> = found.iter().map(|candidate| candidate.attendee).collect();
    let mut emails: BTreeMap<AttendeeId, Vec<String>> = BTreeMap::new();
    for account in list_accounts(c, event, &ids)? {
        if account.relation == Relation::Myself.as_str() {
            emails.entry(account.attendee).or_default().extend(account.email);
        }
    }
    for candidate in &mut found {
        candidate.emails.extend(emails.remove(&candidate.attendee).unwrap_or_default());
    }
    Ok(found)
}

/// By what people are looked for.
#[derive(Clone, Copy)]
enum Key {
    Id,
    ExternalId,
    Email,
    Account,
    Name,
}

fn list_by(c: &mut Connection, event: EventId, (key, values): (Key, Vec<String>)) -> QueryResult<Vec<Candidate>> {
    let values = if matches!(key, Key::Account) { list_owned(c, event, &values)? } else { values };
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let is_theirs = registrations::event_id.eq(attendees::event_id).and(registrations::attendee_id.eq(attendees::id));
    // In SQLite an order by id would be had by going through all attendees of the event, and looking at
    // each whether it is one of these.
    let erased = erasures::table.filter(erasures::event_id.eq(event.to_string())).select(erasures::attendee_id);
    let mut lines: Vec<Line> = on!(c, |c| {
        let mut query = attendees::table
            .left_join(registrations::table.on(is_theirs))
            .filter(attendees::event_id.eq(event.to_string()))
            .into_boxed();
        if !matches!(key, Key::Id) {
            query = query.filter(attendees::id.ne_all(erased));
        }
        // The event stands in each condition, so that each is answered by an index.
        query = match key {
            Key::Id | Key::Account => query.filter(attendees::id.eq_any(values)),
            Key::Name => query.filter(attendees::name.eq_any(values)),
            Key::ExternalId => query
                .filter(registrations::event_id.nullable().eq(event.to_string()))
                .filter(registrations::external_id.eq_any(values)),
            Key::Email => query
                .filter(registrations::event_id.nullable().eq(event.to_string()))
                .filter(registrations::email.eq_any(values)),
        };
        query
            .select((
                attendees::id,
                attendees::name,
                registrations::external_id.nullable(),
                registrations::email.nullable(),
                registrations::delegation_id.nullable(),
            ))
            .load(c)
    })?;
    lines.sort_unstable();
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}

/// Who of the event has an account of their own with one of these addresses.
fn list_owned(c: &mut Connection, event: EventId, emails: &[String]) -> QueryResult<Vec<String>> {
    if emails.is_empty() {
        return Ok(Vec::new());
    }
    // Not by a join, which SQLite would begin with all people of the event.
    let of_emails = accounts::table.filter(accounts::email.eq_any(emails)).select(accounts::id);
    let owners = attendee_accounts::table
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::account_id.eq_any(of_emails))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .select(attendee_accounts::attendee_id);
    on!(c, |c| owners.load(c))
}

fn read((id, name, external_id, email, delegation): Line) -> Option<Candidate> {
    let attendee: AttendeeId = id.parse().ok()?;
    let delegation = delegation.map(|id| id.parse()).transpose().ok()?;
    Some(Candidate { attendee, name, external_id, emails: email.into_iter().collect(), delegation })
}

fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable attendee".into())
}
