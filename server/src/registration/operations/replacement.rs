//! Somebody takes a registration's place for good.

use serde::Deserialize;
use shared::ids::AttendeeId;
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::registration::form::{Answers, check_answers, check_complete, check_details, check_external_id};
use shared::registration::transitions::Mover;
use shared::registration::{AccessNeeds, Details, Registration, RegistrationStatus as Status};

use super::write::{Who, write};
use super::{Caller, not_found, refuse_faults, require_category};
use crate::attendees::find_attendee;
use crate::attendees::operations::{NewAttendee, create_attendee};
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{require_acting, require_mover};
use crate::registration::needs::{check_needs, keep_needs};
use crate::registration::promotion::settle;
use crate::registration::rules::require_settable;
use crate::registration::store;
use crate::sync::change_log::{Actor, Unit};

/// Who comes instead. What others may see of them, and what they agree to, is theirs to say.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Their name.
    pub name: String,
    /// The language that they read.
    pub language: Option<String>,
    /// The address of an account of their own, which is made where there is none.
    pub email: Option<String>,
    /// What they are known by where the organisers' lists come from.
    pub external_id: Option<String>,
    /// Personal details.
    #[serde(default)]
    pub details: Details,
    /// Answers to the category's form.
    #[serde(default)]
    pub answers: Answers,
    /// What they need to take part.
    pub access_needs: Option<AccessNeeds>,
    /// Why, in words to the person who is replaced.
    pub reason: Option<String>,
}

impl Replacement {
    fn set_fields(&self) -> impl Iterator<Item = &'static str> {
        let set = [
            ("name", true),
            ("language", self.language.is_some()),
            ("email", self.email.is_some()),
            ("external_id", self.external_id.is_some()),
            ("details", self.details != Details::default()),
            ("answers", !self.answers.is_empty()),
            ("access_needs", self.access_needs.is_some()),
        ];
        set.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name)
    }
}

/// Gives a registration's place to somebody new: where it stands, its number in the waitlist, its
/// category, its delegation and the role there. The old registration is cancelled. Seats follow when
/// the group ends, as far as the new person may have them. Where the place then stands.
///
/// Whoever registers people for the event or a delegation decides; a person who does not come
/// cancels, and does not choose who is next.
///
/// # Errors
///
/// The account has nothing to do with the attendee, or does not decide that; there is no place to
/// take; what is said of the new person cannot be, or their id is somebody's already.
pub fn replace(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (attendee, new): (AttendeeId, AttendeeId),
    with: &Replacement,
) -> Result<Status, Failure> {
    let acting = require_acting(unit, caller.rights, attendee)?;
    settle(unit)?;
    let found = store::find_registration(unit.connection, unit.group.event, attendee)?;
    let before = found.ok_or_else(not_found)?;
    let mover = require_mover(acting)?;
    if mover == Mover::Person {
        let detail = "An organiser or a focal point names who comes instead; ask them, or cancel.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
    }
    require_settable(&[mover], with.set_fields())?;
    if find_attendee(unit.connection, unit.group.event, new)?.is_some() {
        return Err(not_found());
    }
    if before.status.has_ended() {
        let detail = "The registration has no place that somebody could take.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).into());
    }
    check(unit, mover, (&before, with))?;
    let who = Who { actor: caller.actor, acting: Some(acting) };
    let person = NewAttendee { name: with.name.clone(), language: with.language.clone(), email: with.email.clone() };
    create_attendee(unit, Actor { attendee: Some(new), ..who.actor }, new, &person)?;
    let left = Registration {
        status: Status::Cancelled,
        replaced_by: Some(new),
        waitlist_number: None,
        reason: with.reason.clone(),
        ..before.clone()
    };
    write(unit, who, (attendee, "registration.replace"), (Some(&before), left))?;
    let taken = taken(attendee, before, with);
    let status = taken.status;
    write(unit, who, (new, "registration.replace"), (None, taken))?;
    keep_needs(unit, who.actor, new, with.access_needs.as_ref())?;
    Ok(status)
}

/// The place as the new person has it.
fn taken(attendee: AttendeeId, before: Registration, with: &Replacement) -> Registration {
    Registration {
        external_id: with.external_id.clone(),
        is_placeholder: false,
        details: with.details.clone(),
        answers: with.answers.clone(),
        replaces: Some(attendee),
        replaced_by: None,
        shares: Vec::new(),
        reason: None,
        ..before
    }
}

fn check(unit: &Unit<'_>, mover: Mover, (before, with): (&Registration, &Replacement)) -> Result<(), Refusal> {
    let category = require_category(unit, before.category)?;
    let mut faults = check_details(&with.details);
    faults.extend(check_external_id(with.external_id.as_deref()));
    faults.extend(check_answers(&category, &Answers::new(), &with.answers));
    if mover == Mover::FocalPoint {
        faults.extend(check_complete(&category, &with.answers));
    }
    faults.extend(check_needs(with.access_needs.as_ref()));
    refuse_faults(faults)?;
    if with.reason.as_deref().is_none_or(is_line) {
        return Ok(());
    }
    let detail = "A reason is one line of 1 to 500 characters.";
    Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/reason"))
}
