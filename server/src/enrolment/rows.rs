//! The row of an enrolled device, in its roster: where it checks, so that it knows without a network.

use serde_json::json;
use shared::sync::Scope;

use super::store::Enrolment;
use crate::sync::change_log::{EnrolmentState, Unit};
use crate::sync::row::RowCollection;

/// Puts the row where the device holds it; one that is not in use has none.
pub fn write(unit: &mut Unit<'_>, enrolment: &Enrolment) {
    let assignment = &enrolment.assignment;
    let mut value = json!({ "name": enrolment.name, "checkpoints": assignment.checkpoints });
    if assignment.is_lead {
        value["is_lead"] = true.into();
    }
    let is_in_use = assignment.state == EnrolmentState::Active;
    let key = (RowCollection::RosterDevices, enrolment.device.0);
    unit.group.put_row(Scope::Roster(assignment.profile), key, is_in_use.then_some(&value));
}
