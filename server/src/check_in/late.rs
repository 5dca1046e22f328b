//! What a desk did for guests before it heard that it is not in use any more.

use diesel::QueryResult;
use shared::admission::{Incident, IncidentKind, LateWork};
use shared::ids::AttendeeId;
use shared::sync::{Mutation, Profile};

use super::store::{self, StoredIncident};
use super::{incidents, rows};
use crate::badges::works_at_desk;
use crate::enrolment::find_name;
use crate::sync::change_log::{Actor, Assignment, EnrolmentState, Unit};
use crate::sync::feed::Rights;

/// What becomes of it, as the outcome of its mutation.
const HELD: &str = "held";

/// Whether an account is that of a desk which is not in use any more.
pub fn is_late(rights: &Rights) -> bool {
    let is_ended = |desk: &Assignment| desk.profile == Profile::Full && desk.state != EnrolmentState::Active;
    rights.enrolment.as_ref().is_some_and(is_ended) && !works_at_desk(rights)
}

/// Keeps what such a desk did, and puts it before who leads desks: it may have been done while the desk was in use,
/// and its word alone does not say so.
pub fn keep_late(unit: &mut Unit<'_>, by: Actor, mutation: &Mutation) -> QueryResult<String> {
    let event = unit.group.event;
    let guest = match mutation.for_attendee {
        Some(attendee) => store::find_guest(unit.connection, event, attendee)?,
        None => None,
    };
    let device_name = match by.device {
        Some(device) => find_name(unit.connection, event, device)?,
        None => None,
    };
    let work = LateWork {
        received_at: unit.group.now,
        device: by.device,
        device_name,
        at: mutation.at,
        op: mutation.op.clone(),
        for_attendee: mutation.for_attendee,
        args: mutation.args.clone(),
    };
    incidents::report(unit, &[Incident::late_work(mutation.id, guest, work)])?;
    Ok(HELD.to_owned())
}

/// Forgets what was to be done for somebody who is taken away or erased, and what was said with it.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    let names =
        |stored: &StoredIncident| stored.incident.work.as_ref().is_some_and(|work| work.for_attendee == Some(attendee));
    let held = store::list_of_kind(unit.connection, event, IncidentKind::LateWork)?;
    let theirs: Vec<_> = held.iter().filter(|stored| names(stored)).map(|stored| stored.incident.id).collect();
    theirs.iter().for_each(|id| rows::take_incident(unit, *id));
    store::delete_incidents(unit.connection, event, &theirs)
}
