//! What follows for badges: who is confirmed has one on the phone, and who does not come has none.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::badge::{CarrierKind, VoidReason};
use shared::ids::AttendeeId;
use shared::registration::{Registration, RegistrationStatus};

use super::issue::{Wanted, is_issuing, issue};
use super::marks;
use super::store::{self, Stored};
use crate::registration::store::list_registrations;
use crate::sync::change_log::Unit;

/// Draws the consequences for everybody of whom something changed.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    marks::ensure(unit)?;
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    if attendees.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    let registrations: BTreeMap<_, _> = list_registrations(unit.connection, event, &attendees)?.into_iter().collect();
    let carriers = store::list_carriers(unit.connection, event, &attendees)?;
    let live: Vec<Stored> = carriers.into_iter().filter(Stored::is_live).collect();
    end_carriers(unit, &registrations, &live)?;
    if !is_issuing(unit.group.programme(), unit.group.now) {
        return Ok(());
    }
    let phones = live.iter().filter(|one| one.kind == CarrierKind::Phone);
    let has_phone: BTreeSet<AttendeeId> = phones.map(|one| one.attendee).collect();
    let is_wanted =
        |id: &AttendeeId, own: &Registration| own.status == RegistrationStatus::Confirmed && !has_phone.contains(id);
    let attendees = registrations.iter().filter(|(id, own)| is_wanted(id, own)).map(|(id, _)| *id).collect();
    issue(unit, &Wanted { attendees, kind: CarrierKind::Phone, issued_by: None })?;
    Ok(())
}

/// Nothing counts of what those carry who do not come.
fn end_carriers(
    unit: &mut Unit<'_>,
    registrations: &BTreeMap<AttendeeId, Registration>,
    live: &[Stored],
) -> QueryResult<()> {
    let reason = |one: &Stored| match registrations.get(&one.attendee) {
        Some(own) if !own.status.has_ended() => None,
        Some(own) if own.replaced_by.is_some() => Some(VoidReason::Replaced),
        _ => Some(VoidReason::RegistrationEnded),
    };
    let now = unit.group.now;
    let ended = live.iter().filter_map(|one| Some(Stored { voided: Some((now, reason(one)?)), ..*one }));
    let ended: Vec<Stored> = ended.collect();
    store::put_carriers(unit.connection, unit.group.event, &ended)
}
