//! Taking an invitation back.

use uuid::Uuid;

use super::{Caller, load, require_staff};
use crate::invitations::changes::{Change, tell_of_withdrawal, write};
use crate::invitations::command::Withdraw;
use crate::invitations::store::Stored;
use crate::refusal::Failure;
use crate::sync::change_log::Unit;

/// Withdraws an invitation, without a word or with one. It stays withdrawn, also where the attendee
/// belongs to a delegation or audience that is invited.
pub(super) fn withdraw(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (id, args): (Uuid, &Withdraw),
) -> Result<Stored, Failure> {
    let (stored, _) = load(unit, caller.rights, id)?;
    require_staff(caller.rights)?;
    let was_withdrawn = stored.invitation.is_withdrawn();
    if was_withdrawn && !stored.invitation.is_withdrawn_with_list {
        return Ok(stored);
    }
    let change = Change::withdrawal(stored, (unit, false));
    let after = change.after.clone();
    write(unit, (caller.actor, "invitation.withdraw"), &[change])?;
    if args.tell && !was_withdrawn {
        tell_of_withdrawal(unit, &after, args.message.as_deref());
    }
    Ok(after)
}
