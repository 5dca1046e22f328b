//! Reminding people of invitations that they have not answered.

use serde::Deserialize;
use shared::ids::RecordId;
use shared::invitation::{Answer, EntryTerms, InvitedTo};
use shared::notice::NoticeKind;
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::invite::require_invitable;
use super::{Caller, load, require_staff};
use crate::invitations::changes::{Change, tell_of, write};
use crate::invitations::command::{Remind, require_message};
use crate::invitations::secret::Secret;
use crate::invitations::store::{self, Stored};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Unit};

/// For how long after a reminder those of an object are left in peace.
const PEACE_MS: i64 = 60 * 60_000;

/// The most invitations that are looked at in one unit.
const AT_ONCE: usize = 200;

/// Of which part or session everybody is reminded who has not answered.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfObject {
    /// The collection of what they are invited to.
    pub collection: InvitedTo,
    /// What they are invited to.
    pub object: RecordId,
    /// What the inbox and the mail say beside it.
    pub message: Option<String>,
}

/// Reminds one.
pub(super) fn remind(unit: &mut Unit<'_>, caller: &Caller<'_>, (id, args): (Uuid, &Remind)) -> Result<Stored, Failure> {
    let (stored, _) = load(unit, caller.rights, id)?;
    require_staff(caller.rights)?;
    if stored.invitation.is_withdrawn() || stored.invitation.answer != Answer::Pending {
        return Err(Refusal::new(ProblemCode::WrongState, "The invitation is answered, or withdrawn.").into());
    }
    require_open(unit, (stored.invitation.collection, stored.invitation.object))?;
    let reminded = send(unit, (caller.actor, args.message.as_deref()), vec![stored])?;
    reminded.into_iter().next().ok_or_else(super::not_found)
}

/// Reminds the next of those who have not answered, behind `after`. Tells how many, and behind whom it
/// goes on; none at the end. Who was reminded within the hour is left in peace.
///
/// # Errors
///
/// The account may not; the object is not there, not published, or over.
pub fn remind_some(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (args, after): (&OfObject, Uuid),
) -> Result<(usize, Option<Uuid>), Failure> {
    require_staff(caller.rights)?;
    require_message(args.message.as_deref())?;
    require_open(unit, (args.collection, args.object))?;
    let (event, now) = (unit.group.event, unit.group.now);
    let mut unanswered = store::list_unanswered(unit.connection, (event, args.object), (after, AT_ONCE))?;
    let next = unanswered.last().map(|stored| stored.id).filter(|_| unanswered.len() == AT_ONCE);
    unanswered.retain(|stored| stored.invitation.reminded_at.is_none_or(|at| now.0 - at.0 >= PEACE_MS));
    let reminded = send(unit, (caller.actor, args.message.as_deref()), unanswered)?;
    Ok((reminded.len(), next))
}

/// Refuses to remind of what cannot be answered.
fn require_open(unit: &Unit<'_>, object: (InvitedTo, RecordId)) -> Result<(), Refusal> {
    require_invitable(unit.group.programme(), object)?;
    let is_over = EntryTerms::of(unit.group.programme(), object).is_none_or(|terms| terms.is_over(unit.group.now));
    if is_over { Err(Refusal::new(ProblemCode::WindowOver, "It is over.").at("/object")) } else { Ok(()) }
}

/// Reminds these, each with a new link: of the former one only a fingerprint is kept.
fn send(
    unit: &mut Unit<'_>,
    (actor, message): (Actor, Option<&str>),
    unanswered: Vec<Stored>,
) -> Result<Vec<Stored>, Failure> {
    let now = unit.group.now;
    let with_secret = |stored: Stored| {
        let secret = Secret::random();
        let change = Change::of(stored, |after| {
            after.secret_hash = Some(secret.fingerprint());
            after.invitation.reminded_at = Some(now);
        });
        (change, secret)
    };
    let (changes, secrets): (Vec<Change>, Vec<Secret>) = unanswered.into_iter().map(with_secret).unzip();
    write(unit, (actor, "invitation.remind"), &changes)?;
    for (change, secret) in changes.iter().zip(&secrets) {
        tell_of(unit, NoticeKind::InvitationReminder, &change.after, (secret, message));
    }
    Ok(changes.into_iter().map(|change| change.after).collect())
}
