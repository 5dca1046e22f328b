//! What rosters say of people, and what else a check asks of them.

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl,
};
use serde::de::DeserializeOwned;
use shared::admission::{DeskPerson, ProtocolGuest, Use};
use shared::badge::VoidReason;
use shared::ids::{AttendeeId, EventId, GuestIndex, RecordId};
use shared::registration::RegistrationStatus;
use shared::sync::{Profile, Scope};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{admissions, badge_carriers, badges, registrations, scope_rows};
use crate::on;
use crate::sync::row::RowCollection;

/// By what doors know an attendee; none without a badge.
pub fn find_guest(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Option<GuestIndex>> {
    let query = badges::table.find((event.to_string(), attendee.to_string())).select(badges::guest);
    let guest: Option<String> = on!(c, |c| query.first(c).optional())?;
    guest.map(|guest| guest.parse().map_err(|_| damaged("badge"))).transpose()
}

/// Somebody whom doors know by an index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KnownGuest {
    /// Who.
    pub attendee: AttendeeId,
    /// Where their registration stands; none where there is none.
    pub status: Option<RegistrationStatus>,
}

/// Those of these guests who have a badge; none who was erased.
pub fn list_known(
    c: &mut Connection,
    event: EventId,
    guests: &[GuestIndex],
) -> QueryResult<BTreeMap<GuestIndex, KnownGuest>> {
    let is_theirs =
        registrations::event_id.eq(badges::event_id).and(registrations::attendee_id.eq(badges::attendee_id));
    let mut found = BTreeMap::new();
    for chunk in guests.chunks(CHUNK) {
        let query = badges::table
            .left_join(registrations::table.on(is_theirs))
            .filter(badges::event_id.eq(event.to_string()))
            .filter(badges::guest.eq_any(chunk.iter().map(ToString::to_string)))
            .select((badges::guest, badges::attendee_id, registrations::status.nullable()));
        let lines: Vec<(String, String, Option<String>)> = on!(&mut *c, |c| query.load(c))?;
        for (guest, attendee, status) in lines {
            let status = status.map(|status| status.parse().map_err(|_| damaged("registration"))).transpose()?;
            let attendee = attendee.parse().map_err(|_| damaged("badge"))?;
            found.insert(guest.parse().map_err(|_| damaged("badge"))?, KnownGuest { attendee, status });
        }
    }
    Ok(found)
}

/// One row of a roster, as the last commit left it.
pub fn find_row<T: DeserializeOwned>(
    c: &mut Connection,
    (event, profile): (EventId, Profile),
    (collection, id): (RowCollection, Uuid),
) -> QueryResult<Option<T>> {
    let key = (event.to_string(), Scope::Roster(profile).to_string(), collection.as_str(), id.to_string());
    let query = scope_rows::table.find(key).select(scope_rows::value);
    let value: Option<Option<String>> = on!(c, |c| query.first(c).optional())?;
    value.flatten().map(|value| serde_json::from_str(&value).map_err(|_| damaged("row of a roster"))).transpose()
}

/// Whether one of these attendees is a guest in the roster of a session, as the last commit left it.
pub fn is_guest_of(
    c: &mut Connection,
    (event, profile): (EventId, Profile),
    attendees: &[AttendeeId],
) -> QueryResult<bool> {
    for attendee in attendees {
        let key = (RowCollection::ProtocolGuests, attendee.0);
        let guest: Option<ProtocolGuest> = find_row(c, (event, profile), key)?;
        if guest.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Rows of the doors' roster, as the last commit left them.
pub fn list_rows<T: DeserializeOwned>(
    c: &mut Connection,
    event: EventId,
    collection: RowCollection,
    ids: &[Uuid],
) -> QueryResult<BTreeMap<Uuid, T>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = scope_rows::table
            .filter(scope_rows::event_id.eq(event.to_string()))
            .filter(scope_rows::scope.eq(Scope::Roster(Profile::Door).to_string()))
            .filter(scope_rows::collection.eq(collection.as_str()))
            .filter(scope_rows::id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((scope_rows::id, scope_rows::value));
        let lines: Vec<(String, Option<String>)> = on!(&mut *c, |c| query.load(c))?;
        for (id, value) in lines {
            let Some(value) = value else { continue };
            let read = || Some((id.parse().ok()?, serde_json::from_str(&value).ok()?));
            let (id, row) = read().ok_or_else(|| damaged("row of a roster"))?;
            found.insert(id, row);
        }
    }
    Ok(found)
}

/// Everybody as desks know them, as the last commit left it.
pub fn list_people(c: &mut Connection, event: EventId) -> QueryResult<Vec<(AttendeeId, DeskPerson)>> {
    let query = scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::scope.eq(Scope::Roster(Profile::Full).to_string()))
        .filter(scope_rows::collection.eq(RowCollection::DeskPeople.as_str()))
        .filter(scope_rows::value.is_not_null())
        .order(scope_rows::id)
        .select((scope_rows::id, scope_rows::value));
    let lines: Vec<(String, Option<String>)> = on!(c, |c| query.load(c))?;
    let read = |(id, value): (String, Option<String>)| Some((id.parse().ok()?, serde_json::from_str(&value?).ok()?));
    lines.into_iter().map(|line| read(line).ok_or_else(|| damaged("row of a roster"))).collect()
}

/// When badges of these guests were made void and why, by guest and carrier.
pub fn list_voided(
    c: &mut Connection,
    event: EventId,
    guests: &[GuestIndex],
) -> QueryResult<BTreeMap<(GuestIndex, u32), (Timestamp, VoidReason)>> {
    let is_theirs =
        badges::event_id.eq(badge_carriers::event_id).and(badges::attendee_id.eq(badge_carriers::attendee_id));
    let mut found = BTreeMap::new();
    for chunk in guests.chunks(CHUNK) {
        let query = badge_carriers::table
            .inner_join(badges::table.on(is_theirs))
            .filter(badge_carriers::event_id.eq(event.to_string()))
            .filter(badges::guest.eq_any(chunk.iter().map(ToString::to_string)))
            .filter(badge_carriers::voided_at.is_not_null())
            .select((badges::guest, badge_carriers::carrier, badge_carriers::voided_at, badge_carriers::void_reason));
        let lines: Vec<(String, i64, Option<i64>, Option<String>)> = on!(&mut *c, |c| query.load(c))?;
        for (guest, carrier, voided_at, reason) in lines {
            let key = || Some((guest.parse().ok()?, u32::try_from(carrier).ok()?));
            let void = || Some((Timestamp(voided_at?), reason?.parse().ok()?));
            let (key, void) = key().zip(void()).ok_or_else(|| damaged("carrier of a badge"))?;
            found.insert(key, void);
        }
    }
    Ok(found)
}

/// How many of a delegation are inside in a use.
pub fn count_delegation_inside(c: &mut Connection, event: EventId, of: Use, delegation: RecordId) -> QueryResult<u32> {
    let is_guest = badges::event_id.eq(admissions::event_id).and(badges::guest.eq(admissions::guest));
    let is_theirs =
        registrations::event_id.eq(badges::event_id).and(registrations::attendee_id.eq(badges::attendee_id));
    let inside = admissions::table
        .inner_join(badges::table.on(is_guest))
        .inner_join(registrations::table.on(is_theirs))
        .filter(admissions::event_id.eq(event.to_string()))
        .filter(admissions::area_id.eq(of.area.to_string()))
        .filter(admissions::is_inside.eq(true))
        .filter(registrations::delegation_id.eq(delegation.to_string()));
    let count: i64 = on!(c, |c| match of.session {
        Some(session) => inside.filter(admissions::session_id.eq(session.to_string())).count().get_result(c),
        None => inside.filter(admissions::session_id.is_null()).count().get_result(c),
    })?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
