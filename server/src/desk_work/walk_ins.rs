//! People who walk in: registered by a desk, which may have given them a badge before the server heard of them.

use serde::Deserialize;
use serde_json::json;
use shared::badge::category_mark;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::registration::{Details, Registration, RegistrationStatus};

use super::notes::no_such_attendee;
use super::store::{self, StoredWalkIn};
use crate::attendees::operations::{AttendeePatch, change_attendee};
use crate::attendees::{find_attendee, list_own_attendees};
use crate::badges::desk_keys::{adopt, read_provisional};
use crate::badges::works_at_desk;
use crate::check_in::may_resolve;
use crate::refusal::{Failure, Refusal};
use crate::registration::store::find_registration;
use crate::registration::{NewComer, Trust, confirm_walk_in, end_as_same, is_held_back, list_like, register_walk_in};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::feed::Rights;

/// Somebody who walks in, as a desk says it.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkIn {
    /// Their name.
    pub name: String,
    /// The category in which they are registered.
    pub category: RecordId,
    /// Title or rank before the name.
    pub form_of_address: Option<String>,
    /// Position held.
    pub position: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// The delegation.
    pub delegation: Option<RecordId>,
    /// The address of an account of their own.
    pub email: Option<String>,
    /// The language that they read.
    pub language: Option<String>,
    /// The badge that the desk has printed, signed by its own key.
    pub badge: Option<String>,
}

/// Who a walk-in is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// The attendee whom they are; absent, nobody who was known.
    pub same_as: Option<AttendeeId>,
}

/// Registers somebody; where the registration stands. The badge of the desk becomes theirs, and one on their
/// phone comes with the registration. Who may be the same person is noted for the desk. Of a desk that is not in
/// use any more, or whose key was revoked, it is kept until somebody who leads desks confirms it
/// ([`settle`]): who stood there is not to be lost because of the desk.
///
/// # Errors
///
/// The attendee is known already; the category takes nobody who walks in; the badge is none that this device
/// issued; something about the person cannot be.
pub fn register(
    unit: &mut Unit<'_>,
    (actor, rights): (Actor, &Rights),
    (attendee, walk_in): (AttendeeId, &WalkIn),
) -> Result<RegistrationStatus, Failure> {
    let event = unit.group.event;
    if find_attendee(unit.connection, event, attendee)?.is_some() {
        return Err(Refusal::new(ProblemCode::WrongState, "There is such an attendee already.").into());
    }
    let printed = match &walk_in.badge {
        Some(badge) => Some(read_provisional(unit, actor.device, badge)?),
        None => None,
    };
    if printed.as_ref().is_some_and(|printed| printed.claims.category != category_mark(walk_in.category)) {
        let detail = "The badge is of another category.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/badge").into());
    }
    let is_revoked = printed.as_ref().is_some_and(|printed| printed.revoked_at.is_some());
    let trust = Trust { is_held: is_revoked || !works_at_desk(rights), has_badge: printed.is_some() };
    let may_be = list_like(unit, (&walk_in.name, walk_in.email.as_deref(), walk_in.delegation))?;
    let new = new_comer(unit, walk_in, trust)?;
    let actor = Actor { attendee: Some(attendee), ..actor };
    let status = register_walk_in(unit, actor, (attendee, &new))?;
    let carrier = match &printed {
        Some(printed) => adopt(unit, (actor, attendee), printed)?,
        None => None,
    };
    let stored = StoredWalkIn { attendee, by: actor, carrier, may_be, registered_at: unit.group.now, settled_at: None };
    store::put_walk_in(unit.connection, event, &stored)?;
    unit.group.attendee_changed(attendee);
    Ok(status)
}

/// An address whose account is an attendee here already gives no second one to it: whoever reads its mail is to
/// find themselves, and the desk sees both. Nor does a desk that is not trusted give anybody one.
fn new_comer(unit: &mut Unit<'_>, walk_in: &WalkIn, trust: Trust) -> Result<NewComer, Failure> {
    let email = match &walk_in.email {
        Some(email) if !trust.is_held => free_address(unit, email)?,
        _ => None,
    };
    Ok(NewComer {
        trust,
        name: walk_in.name.clone(),
        language: walk_in.language.clone(),
        email,
        category: walk_in.category,
        delegation: walk_in.delegation,
        details: Details {
            form_of_address: walk_in.form_of_address.clone(),
            position: walk_in.position.clone(),
            organisation: walk_in.organisation.clone(),
            email: walk_in.email.clone(),
            ..Details::default()
        },
    })
}

/// An address that is nobody's here.
fn free_address(unit: &mut Unit<'_>, email: &str) -> Result<Option<String>, Failure> {
    let owners = list_own_attendees(unit.connection, unit.group.event, email)?;
    Ok(owners.is_empty().then(|| email.to_owned()))
}

/// Says who a walk-in is; where their registration stands. Where they are somebody who was registered, the
/// walk-in is cancelled for that one, and its badges are void. Where they are nobody who was known, and a desk
/// handed them in that was not trusted, they are confirmed by that. What was said first stays.
///
/// # Errors
///
/// There is no such walk-in; whom they are to be is not there, or not registered; only who leads desks confirms
/// one that such a desk handed in.
pub fn settle(
    unit: &mut Unit<'_>,
    (actor, rights): (Actor, &Rights),
    (attendee, Settlement { same_as }): (AttendeeId, &Settlement),
) -> Result<RegistrationStatus, Failure> {
    let (event, now) = (unit.group.event, unit.group.now);
    let stored = store::list_walk_ins(unit.connection, event, &[attendee])?.remove(&attendee);
    let stored = stored.ok_or_else(no_such_attendee)?;
    let registration = find_registration(unit.connection, event, attendee)?.ok_or_else(no_such_attendee)?;
    if stored.settled_at.is_some() {
        return Ok(registration.status);
    }
    let status = match same_as {
        None if is_held_back(unit, &registration) => {
            if !may_resolve(rights) {
                let detail = "Only who leads desks confirms somebody whom a desk registered that was not in use.";
                return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
            }
            confirm(unit, Actor { attendee: Some(attendee), ..actor }, (attendee, &registration))?
        }
        None => registration.status,
        Some(known) => {
            require_registered(unit, (attendee, *known))?;
            end_as_same(unit, actor, (attendee, *known))?
        }
    };
    let settled = StoredWalkIn { settled_at: Some(now), ..stored };
    store::put_walk_in(unit.connection, event, &settled)?;
    unit.group.attendee_changed(attendee);
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "walk_in.settle".to_owned(),
        collection: "walk_ins",
        record: attendee.0,
        before: None,
        after: Some(json!({ "same_as": same_as })),
    });
    Ok(status)
}

/// Does what was put off when they were registered.
fn confirm(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, registration): (AttendeeId, &Registration),
) -> Result<RegistrationStatus, Failure> {
    let email = match &registration.details.email {
        Some(email) => free_address(unit, email)?,
        None => None,
    };
    if email.is_some() {
        change_attendee(unit, actor, attendee, &AttendeePatch { email, ..AttendeePatch::default() })?;
    }
    confirm_walk_in(unit, actor, (attendee, registration))
}

fn require_registered(unit: &mut Unit<'_>, (attendee, known): (AttendeeId, AttendeeId)) -> Result<(), Failure> {
    let registration = find_registration(unit.connection, unit.group.event, known)?;
    let is_open = |status| !matches!(status, RegistrationStatus::Cancelled | RegistrationStatus::Declined);
    if known != attendee && registration.is_some_and(|own| is_open(own.status)) {
        return Ok(());
    }
    let detail = "There is no such attendee with a registration that stands.";
    Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/same_as").into())
}
