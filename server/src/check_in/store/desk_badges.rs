//! Whose badges of desks nothing bears out.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::admission::DeskBadges;
use shared::badge::CarrierKind;
use shared::ids::{EventId, GuestIndex};
use shared::registration::RegistrationStatus;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{badge_carriers, badges, ended_carriers, registrations};
use crate::on;

/// What speaks against badges of these guests, but for keys that were revoked: nobody knows the guest, or has
/// confirmed whom a desk registered. Somebody who was erased is known; whose registration was cancelled was
/// confirmed before, or was somebody else.
pub fn list_desk_badges(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<DeskBadges> {
    let mut found = DeskBadges::default();
    for chunk in guests.chunks(CHUNK) {
        let statuses = list_statuses(c, event, chunk)?;
        let unconfirmed: Vec<GuestIndex> =
            statuses.iter().filter(|(_, status)| is_unconfirmed(**status)).map(|(guest, _)| *guest).collect();
        if !unconfirmed.is_empty() {
            found.unconfirmed.extend(list_provisional(c, event, &unconfirmed)?);
        }
        let unknown: Vec<GuestIndex> = chunk.iter().filter(|guest| !statuses.contains_key(guest)).copied().collect();
        if !unknown.is_empty() {
            let ended = list_ended(c, event, &unknown)?;
            found.unknown.extend(unknown.into_iter().filter(|guest| !ended.contains(guest)));
        }
    }
    Ok(found)
}

fn is_unconfirmed(status: Option<RegistrationStatus>) -> bool {
    !matches!(status, Some(RegistrationStatus::Confirmed | RegistrationStatus::Cancelled))
}

fn texts(guests: &[GuestIndex]) -> Vec<String> {
    guests.iter().map(ToString::to_string).collect()
}

fn list_statuses(
    c: &mut Connection,
    event: EventId,
    guests: &[GuestIndex],
) -> QueryResult<BTreeMap<GuestIndex, Option<RegistrationStatus>>> {
    let is_theirs =
        registrations::event_id.eq(badges::event_id).and(registrations::attendee_id.eq(badges::attendee_id));
    let query = badges::table
        .left_join(registrations::table.on(is_theirs))
        .filter(badges::event_id.eq(event.to_string()))
        .filter(badges::guest.eq_any(texts(guests)))
        .select((badges::guest, registrations::status.nullable()));
    let lines: Vec<(String, Option<String>)> = on!(c, |c| query.load(c))?;
    let read = |(guest, status): (String, Option<String>)| {
        let status = status.map(|status| status.parse().map_err(|_| damaged("registration"))).transpose()?;
        Ok((guest.parse().map_err(|_| damaged("badge"))?, status))
    };
    lines.into_iter().map(read).collect()
}

/// The badges that desks issued to these guests.
fn list_provisional(
    c: &mut Connection,
    event: EventId,
    guests: &[GuestIndex],
) -> QueryResult<BTreeSet<(GuestIndex, u32)>> {
    let is_theirs =
        badges::event_id.eq(badge_carriers::event_id).and(badges::attendee_id.eq(badge_carriers::attendee_id));
    let query = badge_carriers::table
        .inner_join(badges::table.on(is_theirs))
        .filter(badge_carriers::event_id.eq(event.to_string()))
        .filter(badges::guest.eq_any(texts(guests)))
        .filter(badge_carriers::kind.eq(CarrierKind::Provisional.as_str()))
        .select((badges::guest, badge_carriers::carrier));
    let lines: Vec<(String, i64)> = on!(c, |c| query.load(c))?;
    let read = |(guest, carrier): (String, i64)| Some((guest.parse().ok()?, carrier.try_into().ok()?));
    lines.into_iter().map(|line| read(line).ok_or_else(|| damaged("carrier of a badge"))).collect()
}

fn list_ended(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<BTreeSet<GuestIndex>> {
    let query = ended_carriers::table
        .filter(ended_carriers::event_id.eq(event.to_string()))
        .filter(ended_carriers::guest.eq_any(texts(guests)))
        .select(ended_carriers::guest);
    let lines: Vec<String> = on!(c, |c| query.load(c))?;
    lines.iter().map(|guest| guest.parse().map_err(|_| damaged("carrier of a badge"))).collect()
}
