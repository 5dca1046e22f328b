//! What a desk puts right of what a badge says.

use shared::ids::AttendeeId;
use shared::registration::form::check_details;
use shared::registration::{Details, Registration};

use super::write::{Who, write};
use super::{not_found, refuse_faults};
use crate::refusal::Failure;
use crate::registration::store;
use crate::sync::change_log::{Actor, Unit};

/// Changes the personal details of a registration; they as they then are.
///
/// # Errors
///
/// There is no registration; something that cannot stand there.
pub fn correct_details(
    unit: &mut Unit<'_>,
    actor: Actor,
    attendee: AttendeeId,
    change: impl FnOnce(&mut Details),
) -> Result<Details, Failure> {
    let before = store::find_registration(unit.connection, unit.group.event, attendee)?.ok_or_else(not_found)?;
    let mut after: Registration = before.clone();
    change(&mut after.details);
    refuse_faults(check_details(&after.details))?;
    let details = after.details.clone();
    write(unit, Who { actor, acting: None }, (attendee, "registration.change"), (Some(&before), after))?;
    Ok(details)
}
