//! Whose badges of desks nothing bears out.

use std::collections::BTreeSet;

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl};
use shared::admission::DeskBadges;
use shared::badge::CarrierKind;
use shared::ids::{EventId, GuestIndex};
use shared::registration::RegistrationStatus;

use super::people::list_known;
use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{badge_carriers, badges, ended_carriers};
use crate::on;

/// What speaks against badges of these guests, but for keys that were revoked: nobody knows the guest, or has
/// confirmed whom a desk registered. Somebody who was erased is known; whose registration was cancelled was
/// confirmed before, or was somebody else.
pub fn list_desk_badges(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<DeskBadges> {
    let mut found = DeskBadges::default();
    for chunk in guests.chunks(CHUNK) {
        let known = list_known(c, event, chunk)?;
        let unconfirmed: Vec<GuestIndex> =
            known.iter().filter(|(_, known)| is_unconfirmed(known.status)).map(|(guest, _)| *guest).collect();
        if !unconfirmed.is_empty() {
            found.unconfirmed.extend(list_provisional(c, event, &unconfirmed)?);
        }
        let unknown: Vec<GuestIndex> = chunk.iter().filter(|guest| !known.contains_key(guest)).copied().collect();
        if !unknown.is_empty() {
            let erased = list_erased(c, event, &unknown)?;
            found.unknown.extend(unknown.into_iter().filter(|guest| !erased.contains(guest)));
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

/// Those of these guests who were taken away or erased: what carried their badges stays void.
pub fn list_erased(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<BTreeSet<GuestIndex>> {
    let mut erased = BTreeSet::new();
    for chunk in guests.chunks(CHUNK) {
        let query = ended_carriers::table
            .filter(ended_carriers::event_id.eq(event.to_string()))
            .filter(ended_carriers::guest.eq_any(texts(chunk)))
            .select(ended_carriers::guest);
        let lines: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        for guest in lines {
            erased.insert(guest.parse().map_err(|_| damaged("carrier of a badge"))?);
        }
    }
    Ok(erased)
}
