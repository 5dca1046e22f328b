//! Registrations by what they have in common.

use std::collections::BTreeSet;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
    TextExpressionMethods,
};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::DelegationRole;
use shared::registration::{Registration, RegistrationStatus};
use shared::time::Timestamp;

use super::CHUNK;
use super::registrations::{Stored, StoredLine, damaged, read_stored};
use crate::attendees::Attendee;
use crate::database::Connection;
use crate::database::schema::{attendees, consents, registrations};
use crate::on;

/// Which registrations are listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Only of this category.
    pub category: Option<RecordId>,
    /// Only of this delegation.
    pub delegation: Option<RecordId>,
    /// Only with this status.
    pub status: Option<RegistrationStatus>,
    /// Only of those who at any time said no to a text.
    pub said_no: bool,
    /// After this attendee's id.
    pub after: String,
    /// At most as many.
    pub limit: usize,
}

/// One page of registrations with their attendees, by the attendees' ids.
pub fn list_page(c: &mut Connection, event: EventId, filter: &Filter) -> QueryResult<Vec<(Attendee, Stored)>> {
    let is_same_event = registrations::event_id.eq(attendees::event_id);
    let filter = filter.clone();
    type Line = ((String, Option<String>, i64), StoredLine);
    let lines: Vec<Line> = on!(c, |c| {
        let mut query = registrations::table
            .inner_join(attendees::table.on(is_same_event.and(registrations::attendee_id.eq(attendees::id))))
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.gt(filter.after))
            .into_boxed();
        if let Some(category) = filter.category {
            query = query.filter(registrations::category_id.eq(category.to_string()));
        }
        if let Some(delegation) = filter.delegation {
            query = query.filter(registrations::delegation_id.eq(delegation.to_string()));
        }
        if let Some(status) = filter.status {
            query = query.filter(registrations::status.eq(status.as_str()));
        }
        if filter.said_no {
            let said_no = consents::table
                .filter(consents::event_id.eq(event.to_string()))
                .filter(consents::is_given.eq(false))
                .select(consents::attendee_id);
            query = query.filter(registrations::attendee_id.eq_any(said_no));
        }
        query
            .order(registrations::attendee_id)
            .limit(filter.limit as i64)
            .select((
                (attendees::name, attendees::language, attendees::created_at),
                (registrations::attendee_id, registrations::rev, registrations::body),
            ))
            .load(c)
    })?;
    let read = |((name, language, at), line): Line| {
        let stored = read_stored(line)?;
        Ok((Attendee { id: stored.attendee, name, language, created_at: Timestamp(at) }, stored))
    };
    lines.into_iter().map(read).collect()
}

/// The attendees whose registrations belong to one of these delegations.
pub fn list_members(c: &mut Connection, event: EventId, delegations: &[RecordId]) -> QueryResult<Vec<AttendeeId>> {
    let mut members = Vec::new();
    for chunk in delegations.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::delegation_id.eq_any(ids))
            .select(registrations::attendee_id);
        let found: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        members.extend(read_ids(found)?);
    }
    Ok(members)
}

/// Another attendee than `except` who heads the delegation and has not left it.
pub fn find_head(
    c: &mut Connection,
    event: EventId,
    (delegation, except): (RecordId, AttendeeId),
) -> QueryResult<Option<AttendeeId>> {
    let gone = [RegistrationStatus::Declined.as_str(), RegistrationStatus::Cancelled.as_str()];
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::delegation_id.eq(delegation.to_string()))
        .filter(registrations::delegation_role.eq(DelegationRole::Head.as_str()))
        .filter(registrations::status.ne_all(gone))
        .filter(registrations::attendee_id.ne(except.to_string()))
        .select(registrations::attendee_id);
    let found: Option<String> = on!(c, |c| query.first(c).optional())?;
    found.map(|id| id.parse().map_err(|_| damaged())).transpose()
}

/// Those who accompany an attendee and have not left.
pub fn list_companions(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<AttendeeId>> {
    let gone = [RegistrationStatus::Declined.as_str(), RegistrationStatus::Cancelled.as_str()];
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::companion_of.eq(attendee.to_string()))
        .filter(registrations::status.ne_all(gone))
        .select(registrations::attendee_id);
    let found: Vec<String> = on!(c, |c| query.load(c))?;
    read_ids(found)
}

/// The categories and delegations that registrations name, for the event or a part of it.
///
/// # Errors
///
/// The database's failure.
pub fn list_referenced(c: &mut Connection, event: EventId) -> QueryResult<BTreeSet<RecordId>> {
    let of_event = registrations::table.filter(registrations::event_id.eq(event.to_string()));
    let named = of_event.clone().select((registrations::category_id, registrations::delegation_id)).distinct();
    let differing = of_event.filter(registrations::body.like("%\"part_categories\"%")).select(registrations::body);
    let (named, differing): (Vec<(String, Option<String>)>, Vec<String>) =
        on!(c, |c| (named.load(&mut *c)?, differing.load(c)?));
    let mut found = BTreeSet::new();
    for id in named.into_iter().flat_map(|(category, delegation)| [Some(category), delegation]).flatten() {
        found.insert(id.parse().map_err(|_| damaged())?);
    }
    for body in differing {
        let registration: Registration = serde_json::from_str(&body).map_err(|_| damaged())?;
        found.extend(registration.part_categories.iter().map(|own| own.category));
    }
    Ok(found)
}

fn read_ids(found: Vec<String>) -> QueryResult<Vec<AttendeeId>> {
    found.into_iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}
