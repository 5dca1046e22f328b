//! Registering somebody at a desk who walks in, and ending that where they were registered already.

use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::Enrolment;
use shared::registration::form::check_details;
use shared::registration::{Details, Registration, RegistrationStatus as Status};

use super::write::{Who, put, write};
use super::{refuse_faults, require_category, require_references};
use crate::attendees::operations::{NewAttendee, create_attendee};
use crate::refusal::{Failure, Refusal};
use crate::registration::promotion::settle;
use crate::registration::room::{find_category, find_lack};
use crate::registration::rules::after_room;
use crate::registration::store;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// How far a desk is believed of somebody whom it registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Trust {
    /// Whether it was not in use any more, or its key was revoked: somebody who leads desks confirms them first.
    pub is_held: bool,
    /// Whether it gave them a badge, which nobody takes out of their hands.
    pub has_badge: bool,
}

/// Somebody who is registered at a desk.
#[derive(Clone, PartialEq, Debug)]
pub struct NewComer {
    /// How far the desk is believed.
    pub trust: Trust,
    /// Their name.
    pub name: String,
    /// The language that they read.
    pub language: Option<String>,
    /// The address of an account of their own.
    pub email: Option<String>,
    /// The category.
    pub category: RecordId,
    /// The delegation.
    pub delegation: Option<RecordId>,
    /// Personal details.
    pub details: Details,
}

/// Registers somebody new at a desk; where the registration then stands. Who stands there is confirmed while
/// there is room, where people register themselves, and asks where an organiser decides; so does whoever has a
/// badge already of a category that was closed since.
///
/// # Errors
///
/// Nobody registers themselves in the category; something about the person cannot be.
pub fn register_walk_in(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, new): (AttendeeId, &NewComer),
) -> Result<Status, Failure> {
    let aimed = match require_category(unit, new.category)?.enrolment {
        Enrolment::Automatic if !new.trust.is_held => Status::Confirmed,
        Enrolment::Automatic | Enrolment::OnApproval => Status::Requested,
        Enrolment::Closed if new.trust.has_badge => Status::Requested,
        Enrolment::Closed => {
            let detail = "Nobody is registered in this category who walks in.";
            return Err(Refusal::new(ProblemCode::Closed, detail).at("/category").into());
        }
    };
    settle(unit)?;
    let mut after = Registration {
        delegation: new.delegation,
        details: new.details.clone(),
        ..Registration::blank(new.category, aimed)
    };
    refuse_faults(check_details(&after.details))?;
    require_references(unit, &after, None)?;
    let named = NewAttendee { name: new.name.clone(), language: new.language.clone(), email: new.email.clone() };
    create_attendee(unit, actor, attendee, &named)?;
    after.status = after_room(None, aimed, find_lack(unit, None, &after)?)?;
    let status = after.status;
    write(unit, Who { actor, acting: None }, (attendee, "walk_in.register"), (None, after))?;
    Ok(status)
}

/// Whether a walk-in waits because of the desk alone: where people register themselves nobody else asks.
pub fn is_held_back(unit: &Unit<'_>, registration: &Registration) -> bool {
    let category = find_category(unit.group.programme(), registration.category);
    registration.status == Status::Requested
        && category.is_some_and(|category| category.enrolment == Enrolment::Automatic)
}

/// Confirms a walk-in who waited because of the desk; where the registration then stands, which is in the waitlist
/// where there is no room.
///
/// # Errors
///
/// The database fails.
pub fn confirm_walk_in(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, before): (AttendeeId, &Registration),
) -> Result<Status, Failure> {
    settle(unit)?;
    let mut after = Registration { status: Status::Confirmed, ..before.clone() };
    after.status = after_room(None, after.status, find_lack(unit, Some(before), &after)?)?;
    let status = after.status;
    write(unit, Who { actor, acting: None }, (attendee, "registration.move"), (Some(before), after))?;
    Ok(status)
}

/// Cancels a walk-in's registration for the one that the person had already; where it then stands. Nobody is
/// told that somebody else comes instead: it is the same person.
///
/// # Errors
///
/// There is no such registration.
pub fn end_as_same(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, known): (AttendeeId, AttendeeId),
) -> Result<Status, Failure> {
    let before = store::find_registration(unit.connection, unit.group.event, attendee)?.ok_or_else(super::not_found)?;
    let after = Registration { status: Status::Cancelled, replaced_by: Some(known), reason: None, ..before.clone() };
    put(unit, attendee, (Some(&before), &after))?;
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "registration.cancel".to_owned(),
        collection: RowCollection::Registrations.as_str(),
        record: attendee.0,
        before: Some(json!(before)),
        after: Some(json!(after)),
    });
    Ok(after.status)
}
