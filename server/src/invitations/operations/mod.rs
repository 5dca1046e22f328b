//! The verbs of invitations: each decides by rules, and is written as one unit.

mod answer;
mod invite;
mod remind;
mod withdraw;

use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{InvitedTo, restricted_by};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::command::Command;
use super::store::{self, Stored};
use crate::badges::works_at_desk;
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, acting_here};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

pub use answer::answer_by_link;
pub use invite::{Sending, invite_all, require_invitable};
pub use remind::{OfObject, remind_some};

/// Who asks, and what they may do when the unit runs.
pub struct Caller<'a> {
    /// The account and device.
    pub actor: Actor,
    /// What the account may do.
    pub rights: &'a Rights,
}

/// Runs a command; the invitation as it then is.
///
/// # Errors
///
/// `not_found` where the account has nothing to do with the invited; what the rules refuse.
pub fn run(unit: &mut Unit<'_>, caller: &Caller<'_>, command: &Command) -> Result<Stored, Failure> {
    command.require_message()?;
    match command {
        Command::Invite(args) => invite::invite(unit, caller, args),
        Command::Answer(id, reply, is_override) => answer::answer(unit, caller, (*id, reply, *is_override)),
        // What somebody is invited to names an invitation only together with them ([`run_for`]).
        Command::AnswerTo(..) => Err(not_found()),
        Command::Withdraw(id, args) => withdraw::withdraw(unit, caller, (*id, args)),
        Command::Remind(id, args) => remind::remind(unit, caller, (*id, args)),
    }
}

/// What a device does for `attendee`: with nobody else's invitation.
///
/// # Errors
///
/// As [`run`]; an invitation that is another's is not there.
pub fn run_for(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (attendee, command): (AttendeeId, &Command),
) -> Result<Stored, Failure> {
    let at_desk = (caller.rights, works_at_desk(caller.rights));
    if acting_here(unit.connection, unit.group.event, at_desk, attendee)?.is_none() {
        return Err(not_found());
    }
    if let Command::AnswerTo(object, reply) = command {
        let id = find_invited(unit, attendee, *object)?;
        return run(unit, caller, &Command::Answer(id, reply.clone(), false));
    }
    if let Command::Answer(id, ..) = command {
        let found = store::find(unit.connection, unit.group.event, *id)?;
        let is_theirs = |found: &Stored| found.invitation.attendee == attendee && !found.invitation.is_withdrawn();
        if !found.as_ref().is_some_and(is_theirs) {
            let detail = "The attendee has no such invitation.";
            return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/id").into());
        }
    }
    run(unit, caller, command)
}

/// The attendee's invitation to a part or session; where its part decides who enters a session, the one to the
/// part.
fn find_invited(unit: &mut Unit<'_>, attendee: AttendeeId, object: RecordId) -> Result<Uuid, Failure> {
    let deciding = restricted_by(unit.group.programme(), (InvitedTo::Sessions, object)).map(|key| key.1);
    for object in [Some(object), deciding].into_iter().flatten() {
        let found = store::find_for(unit.connection, unit.group.event, (object, attendee))?;
        if let Some(found) = found.filter(|found| !found.invitation.is_withdrawn()) {
            return Ok(found.id);
        }
    }
    let detail = "The attendee is not invited to it.";
    Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/object").into())
}

fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}

/// Refuses whoever neither organises the event nor is its protocol officer.
///
/// # Errors
///
/// `forbidden`.
pub fn require_staff(rights: &Rights) -> Result<(), Refusal> {
    if rights.sees_everything() {
        return Ok(());
    }
    let detail = "Only an organiser or the protocol officer of the event does this.";
    Err(Refusal::new(ProblemCode::Forbidden, detail))
}

/// An invitation that the account may know of, and as what it acts for the invited. What was
/// withdrawn is there for staff alone.
fn load(unit: &mut Unit<'_>, rights: &Rights, id: Uuid) -> Result<(Stored, Acting), Failure> {
    let stored = store::find(unit.connection, unit.group.event, id)?.ok_or_else(not_found)?;
    let at_desk = (rights, works_at_desk(rights));
    let acting = acting_here(unit.connection, unit.group.event, at_desk, stored.invitation.attendee)?;
    let acting = acting.ok_or_else(not_found)?;
    if stored.invitation.is_withdrawn() && !rights.sees_everything() {
        return Err(not_found());
    }
    Ok((stored, acting))
}
