//! A device that shows its code: it gets an account of its own, tokens and what it is for.

use shared::ids::EventId;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;

use super::operations;
use super::store::{self, Enrolment, Shown};
use crate::identity::{Machine, store_machine};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Assignment, EnrolmentState, Unit};

/// The refusal of a code that is not good, or not any more. It is not told which.
pub fn refused() -> Refusal {
    Refusal::new(ProblemCode::CredentialRefused, "The code or link is not valid, or not any more.")
}

/// Uses a code up and enrols the machine that showed it.
///
/// # Errors
///
/// The code is not good (any more).
pub fn redeem(unit: &mut Unit<'_>, shown: &Shown, machine: &Machine) -> Result<Enrolment, Failure> {
    let (event, now): (EventId, Timestamp) = (unit.group.event, unit.group.now);
    let offer = store::use_code(unit.connection, event, shown, now)?.ok_or_else(refused)?;
    let account = store_machine(unit.connection, machine, &offer.name, now)?;
    let assignment = Assignment {
        profile: offer.profile,
        state: EnrolmentState::Active,
        checkpoints: offer.checkpoints,
        is_lead: offer.is_lead,
    };
    let enrolment = Enrolment {
        device: machine.device,
        account,
        name: offer.name,
        assignment,
        enrolled_by: offer.made_by,
        enrolled_at: now,
    };
    let actor = Actor { account: Some(account), device: Some(machine.device), attendee: None };
    operations::write(unit, actor, ("enrolment.redeem", None), &enrolment)?;
    Ok(enrolment)
}
