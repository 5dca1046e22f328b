//! Inviting people to a part or session.

use std::collections::BTreeMap;

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{Invitation, InvitedTo};
use shared::notice::NoticeKind;
use shared::problem_code::ProblemCode;
use shared::programme::{AdmissionPolicy, Collection, Programme, RecordKey, State};
use uuid::Uuid;

use super::{Caller, require_staff};
use crate::attendees::find_live_attendee;
use crate::invitations::changes::{Change, tell_of, write};
use crate::invitations::command::Invite;
use crate::invitations::secret::Secret;
use crate::invitations::store::{self, Stored};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Unit};

/// How invitations are sent.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// Who invites.
    pub actor: Actor,
    /// What was done, for the audit log.
    pub operation: &'a str,
    /// What inbox and mail say beside it.
    pub message: Option<&'a str>,
}

/// Invites one attendee. One whose invitation was withdrawn is invited anew.
pub(super) fn invite(unit: &mut Unit<'_>, caller: &Caller<'_>, args: &Invite) -> Result<Stored, Failure> {
    require_staff(caller.rights)?;
    let object = (args.collection, args.object);
    require_invitable(unit.group.programme(), object)?;
    if find_live_attendee(unit.connection, unit.group.event, args.attendee)?.is_none() {
        let detail = "There is no such attendee in this event.";
        return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/attendee").into());
    }
    let known = store::find_for(unit.connection, unit.group.event, (args.object, args.attendee))?;
    if known.is_some_and(|known| !known.invitation.is_withdrawn()) {
        return Err(Refusal::new(ProblemCode::WrongState, "The attendee is invited to it.").at("/attendee").into());
    }
    let wanted = Invitation::new(args.attendee, object, None);
    let sending = Sending { actor: caller.actor, operation: "invitation.create", message: args.message.as_deref() };
    let invited = invite_all(unit, sending, vec![wanted])?;
    invited.into_iter().next().ok_or_else(super::not_found)
}

/// Sends invitations to attendees who have none to that part or session, or one that was withdrawn:
/// that one is taken up again. All are to the same object.
pub fn invite_all(unit: &mut Unit<'_>, sending: Sending<'_>, wanted: Vec<Invitation>) -> QueryResult<Vec<Stored>> {
    let Some(object) = wanted.first().map(|first| first.object) else { return Ok(Vec::new()) };
    let attendees: Vec<AttendeeId> = wanted.iter().map(|invitation| invitation.attendee).collect();
    let known = store::list_of_object(unit.connection, (unit.group.event, object), &attendees)?;
    let mut known: BTreeMap<AttendeeId, Stored> =
        known.into_iter().map(|stored| (stored.invitation.attendee, stored)).collect();
    let (now, seq) = (unit.group.now, unit.group.seq());
    let (mut changes, mut secrets) = (Vec::with_capacity(wanted.len()), Vec::with_capacity(wanted.len()));
    for invitation in wanted {
        let before = known.remove(&invitation.attendee);
        let secret = Secret::random();
        let after = Stored {
            id: before.as_ref().map_or_else(Uuid::now_v7, |before| before.id),
            rev: seq,
            secret_hash: Some(secret.fingerprint()),
            invitation: Invitation { sent_at: Some(now), ..invitation },
        };
        changes.push(Change { before, after });
        secrets.push(secret);
    }
    write(unit, (sending.actor, sending.operation), &changes)?;
    for (change, secret) in changes.iter().zip(&secrets) {
        tell_of(unit, NoticeKind::Invited, &change.after, (secret, sending.message));
    }
    Ok(changes.into_iter().map(|change| change.after).collect())
}

/// Refuses what nobody can be invited to: what is not there or not published, and a session that is
/// by invitation only as its part is, since who is invited to it alone would see nothing of it.
///
/// # Errors
///
/// `unknown_reference`, `wrong_state`, at `/object`.
pub fn require_invitable(programme: &Programme, (collection, id): (InvitedTo, RecordId)) -> Result<(), Refusal> {
    let key = (collection.collection(), id);
    let Some(record) = programme.find(key.0, key.1) else {
        let detail = "There is no such part or session in this event.";
        return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/object"));
    };
    let state = |key: RecordKey| programme.find(key.0, key.1).and_then(|record| record.body.state());
    let part = programme.session(id).and_then(|session| session.part);
    let event = programme.event().map(|(_, event)| event.state);
    let states = [Some(event), Some(state(key)), part.map(|part| state((Collection::Parts, part)))];
    if states.into_iter().flatten().any(|state| state != Some(State::Published)) {
        let detail = "It is not published; publish it, its part and the event first.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/object"));
    }
    let is_closed = part
        .and_then(|part| programme.part(part))
        .is_some_and(|part| part.admission.is_gated() || part.admission.policy == AdmissionPolicy::ByInvitation);
    if is_closed && record.body.admission().is_none() {
        let detail =
            "The session is by invitation as its part is: invite to the part, or give the session an admission.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/object"));
    }
    Ok(())
}
