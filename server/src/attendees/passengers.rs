//! Vehicles that name attendees: none waits for somebody who has gone.

use shared::ids::AttendeeId;
use shared::programme::{Collection, RecordBody, RecordEdit};

use crate::sync::change_log::{Actor, Unit};

/// Takes an attendee out of every vehicle that names them.
pub fn leave_vehicles(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), attendee: AttendeeId) {
    let vehicles = unit.group.programme().list(Collection::Vehicles);
    let edits: Vec<RecordEdit> = vehicles
        .filter_map(|record| match &record.body {
            RecordBody::Vehicles(vehicle) if vehicle.passengers.iter().any(|one| one.attendee == attendee) => {
                let mut vehicle = vehicle.clone();
                vehicle.passengers.retain(|one| one.attendee != attendee);
                Some(RecordEdit::Put { id: record.id, body: RecordBody::Vehicles(vehicle) })
            }
            _ => None,
        })
        .collect();
    unit.group.edit(actor, operation, &edits);
}
