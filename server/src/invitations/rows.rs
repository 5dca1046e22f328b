//! The rows of invitations: an attendee's own, everybody's for organisers, those of its members for a
//! delegation. What was withdrawn has none.

use std::collections::BTreeMap;

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::sync::Scope;

use super::changes::row_key;
use super::store::{self, Stored};
use crate::registration::store::list_registrations;
use crate::sync::change_log::Unit;

/// Writes the rows of everybody of whom something changed.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    let invitations = store::list_of_attendees(unit.connection, unit.group.event, &attendees)?;
    let delegations = list_delegations(unit, &invitations)?;
    for stored in &invitations {
        let delegation = delegations.get(&stored.invitation.attendee).copied();
        put_row(unit, (stored, delegation), !stored.invitation.is_withdrawn());
    }
    Ok(())
}

/// Takes the rows of invitations away that are no more.
pub fn take_away(unit: &mut Unit<'_>, invitations: &[Stored]) -> QueryResult<()> {
    let delegations = list_delegations(unit, invitations)?;
    for stored in invitations {
        put_row(unit, (stored, delegations.get(&stored.invitation.attendee).copied()), false);
    }
    Ok(())
}

/// The delegations of the invited, as far as they have one.
fn list_delegations(unit: &mut Unit<'_>, invitations: &[Stored]) -> QueryResult<BTreeMap<AttendeeId, RecordId>> {
    let mut invited: Vec<AttendeeId> = invitations.iter().map(|stored| stored.invitation.attendee).collect();
    invited.sort_unstable();
    invited.dedup();
    let registrations = list_registrations(unit.connection, unit.group.event, &invited)?;
    Ok(registrations.into_iter().filter_map(|(id, registration)| Some((id, registration.delegation?))).collect())
}

/// Puts the row of an invitation into the scopes that hold it, or takes it away.
fn put_row(unit: &mut Unit<'_>, (stored, delegation): (&Stored, Option<RecordId>), is_there: bool) {
    let value = |value: Value| Some(value).filter(|_| is_there);
    let (own, whole) = (value(json!(stored.invitation.for_invited())), value(json!(stored.invitation)));
    let key = row_key(stored);
    unit.group.put_row(Scope::Own(stored.invitation.attendee), key, own.as_ref());
    unit.group.put_row(Scope::Organiser, key, whole.as_ref());
    if let Some(delegation) = delegation {
        unit.group.put_row(Scope::Delegation(delegation), key, own.as_ref());
    }
}

/// Takes the rows of a member out of the scope of a delegation that they are not in any more.
pub fn leave_delegation(unit: &mut Unit<'_>, attendee: AttendeeId, delegation: RecordId) -> QueryResult<()> {
    for stored in store::list_of_attendees(unit.connection, unit.group.event, &[attendee])? {
        unit.group.put_row(Scope::Delegation(delegation), row_key(&stored), None);
    }
    Ok(())
}
