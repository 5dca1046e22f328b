//! Answering an invitation.

use shared::ids::AttendeeId;
use shared::invitation::{
    AnsweredAs, Decision, Delegate, EntryTerms, Invitation, Rejection, Reply, Request, answered, decide,
};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::invite::{Sending, invite_all};
use super::{Caller, load, not_found};
use crate::invitations::changes::{Change, write};
use crate::invitations::quota::load_quota;
use crate::invitations::store::{self, Stored};
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, acting_for};
use crate::registration::store::find_registration;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

/// The answer of whoever signed in.
pub(super) fn answer(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (id, reply, is_override): (Uuid, &Reply, bool),
) -> Result<Stored, Failure> {
    let (stored, acting) = load(unit, caller.rights, id)?;
    let by = require_answering(acting)?;
    if is_override && !acting.may_override() {
        return Err(Refusal::new(ProblemCode::Forbidden, "Only an organiser makes exceptions.").at("/override").into());
    }
    require_in_order(reply, by)?;
    if let Some(delegate) = reply.delegate.as_ref().and_then(|delegate| delegate.attendee) {
        require_delegate(unit, caller.rights, (delegate, stored.invitation.attendee))?;
    }
    reply_to(unit, (caller.actor, by, is_override), stored, reply)
}

/// The answer of whoever opened the mailed link.
///
/// # Errors
///
/// The secret opens nothing; the answer cannot be.
pub fn answer_by_link(unit: &mut Unit<'_>, secret_hash: &str, reply: &Reply) -> Result<Stored, Failure> {
    let found = store::find_by_secret(unit.connection, secret_hash)?;
    let found = found.filter(|(event, stored)| *event == unit.group.event && !stored.invitation.is_withdrawn());
    let (_, stored) = found.ok_or_else(not_found)?;
    require_in_order(reply, AnsweredAs::Link)?;
    if reply.delegate.as_ref().is_some_and(|delegate| delegate.attendee.is_some()) {
        let detail = "By link somebody is named by name and address.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/delegate/attendee").into());
    }
    reply_to(unit, (Actor::default(), AnsweredAs::Link, false), stored, reply)
}

fn require_answering(acting: Acting) -> Result<AnsweredAs, Refusal> {
    match acting {
        Acting::Organiser => Ok(AnsweredAs::Organiser),
        Acting::Protocol => Ok(AnsweredAs::Protocol),
        Acting::FocalPoint(_) => Ok(AnsweredAs::FocalPoint),
        Acting::Assistant => Ok(AnsweredAs::Assistant),
        Acting::Myself => Ok(AnsweredAs::Myself),
        Acting::Desk => Ok(AnsweredAs::Desk),
        Acting::Liaison(_) => {
            Err(Refusal::new(ProblemCode::Forbidden, "A liaison officer reads, and changes nothing."))
        }
    }
}

fn require_in_order(reply: &Reply, by: AnsweredAs) -> Result<(), Refusal> {
    let Some(fault) = reply.faults(by).into_iter().next() else { return Ok(()) };
    let code =
        if fault.field == "/note" && !by.is_staff() { ProblemCode::Forbidden } else { ProblemCode::InvalidValue };
    Err(Refusal::new(code, format!("{} {}.", fault.field, fault.problem)).at(fault.field))
}

/// Only somebody for whom the account acts too is named by their id; others by name and address.
fn require_delegate(
    unit: &mut Unit<'_>,
    rights: &Rights,
    (delegate, invited): (AttendeeId, AttendeeId),
) -> Result<(), Failure> {
    let acting = acting_for(unit.connection, unit.group.event, rights, delegate)?;
    if delegate != invited && acting.is_some_and(Acting::may_decide) {
        return Ok(());
    }
    let detail = "There is no such attendee, or not for you: name them by name and address.";
    Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/delegate/attendee").into())
}

fn reply_to(
    unit: &mut Unit<'_>,
    (actor, by, has_exception): (Actor, AnsweredAs, bool),
    stored: Stored,
    reply: &Reply,
) -> Result<Stored, Failure> {
    let invitation = &stored.invitation;
    let terms = EntryTerms::of(unit.group.programme(), (invitation.collection, invitation.object));
    let registration = find_registration(unit.connection, unit.group.event, invitation.attendee)?;
    let quota = load_quota(unit, invitation, registration.as_ref())?;
    let registration = registration.map(|registration| registration.status);
    let (now, terms) = (unit.group.now, terms.as_ref());
    let request = Request { now, invitation, terms, by, registration, quota, has_exception };
    let operation = match decide(&request, reply).map_err(refuse)? {
        Decision::Unchanged => return Ok(stored),
        Decision::Changed { is_exception: true } => "invitation.override",
        Decision::Changed { is_exception: false } => "invitation.answer",
    };
    let after = answered(invitation, reply, reply.delegate.clone(), (by, actor.account, unit.group.now));
    let change = Change::of(stored, |stored| stored.invitation = after);
    let (before, after) = (change.before.clone(), change.after.clone());
    write(unit, (actor, operation), &[change])?;
    let former = before.and_then(|before| before.invitation.delegated_to).and_then(|former| former.attendee);
    let named = after.invitation.delegated_to.as_ref().and_then(|named: &Delegate| named.attendee);
    if former != named {
        uninvite(unit, actor, (former, &after.invitation))?;
        invite_delegate(unit, actor, (named, &after.invitation))?;
    }
    Ok(after)
}

/// Takes back the invitation of who was named before.
fn uninvite(unit: &mut Unit<'_>, actor: Actor, (former, by): (Option<AttendeeId>, &Invitation)) -> Result<(), Failure> {
    let Some(former) = former else { return Ok(()) };
    let found = store::find_for(unit.connection, unit.group.event, (by.object, former))?;
    let came_by =
        |stored: &Stored| stored.invitation.delegated_by == Some(by.attendee) && !stored.invitation.is_withdrawn();
    if let Some(stored) = found.filter(came_by) {
        let change = Change::withdrawal(stored, (unit, false));
        write(unit, (actor, "invitation.withdraw"), &[change])?;
    }
    Ok(())
}

/// Invites who is named to come, unless they are invited themselves.
fn invite_delegate(
    unit: &mut Unit<'_>,
    actor: Actor,
    (named, by): (Option<AttendeeId>, &Invitation),
) -> Result<(), Failure> {
    let Some(named) = named else { return Ok(()) };
    let found = store::find_for(unit.connection, unit.group.event, (by.object, named))?;
    if found.is_some_and(|stored| !stored.invitation.is_withdrawn()) {
        return Ok(());
    }
    let wanted =
        Invitation { delegated_by: Some(by.attendee), ..Invitation::new(named, (by.collection, by.object), None) };
    invite_all(unit, Sending { actor, operation: "invitation.create", message: None }, vec![wanted])?;
    Ok(())
}

fn refuse(rejection: Rejection) -> Failure {
    Refusal::new(rejection.code(), rejection.detail()).into()
}
