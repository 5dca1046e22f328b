//! The verbs of lists. Each only notes what is to be; who is invited or uninvited follows in stretches.

use serde::Deserialize;
use shared::ids::RecordId;
use shared::invitation::{InvitationList, InvitedTo, InviteeCollection};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use crate::invitations::command::{Withdraw, require_message};
use crate::invitations::operations::{Caller, require_invitable, require_staff};
use crate::invitations::store::{self, ListBody, StoredList};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{AuditLine, Unit};

/// Whom to invite together, and to what.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewList {
    /// The collection of what they are invited to.
    pub collection: InvitedTo,
    /// What they are invited to.
    pub object: RecordId,
    /// Whether those invited are a delegation or an audience.
    pub invitee_collection: InviteeCollection,
    /// The delegation or audience.
    pub invitee: RecordId,
    /// What the inbox and the mail of each say beside it.
    pub message: Option<String>,
}

/// Invites a delegation or audience. One whose list was withdrawn is invited anew, under its id.
///
/// # Errors
///
/// The account may not; there is no such object, delegation or audience; it is invited already.
pub fn create(unit: &mut Unit<'_>, caller: &Caller<'_>, new: &NewList) -> Result<StoredList, Failure> {
    require_staff(caller.rights)?;
    require_message(new.message.as_deref())?;
    require_invitable(unit.group.programme(), (new.collection, new.object))?;
    if unit.group.programme().find(new.invitee_collection.collection(), new.invitee).is_none() {
        let detail = "There is no such delegation or audience in this event.";
        return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/invitee").into());
    }
    let known = store::find_list_for(unit.connection, unit.group.event, (new.object, new.invitee))?;
    if known.as_ref().is_some_and(|known| known.body.list.withdrawn_at.is_none()) {
        return Err(Refusal::new(ProblemCode::WrongState, "It is invited already.").at("/invitee").into());
    }
    let list = InvitationList {
        collection: new.collection,
        object: new.object,
        invitee_collection: new.invitee_collection,
        invitee: new.invitee,
        withdrawn_at: None,
    };
    let body = ListBody { list, message: new.message.clone(), tell: false, farewell: None, is_pending: true };
    let after = StoredList { id: known.as_ref().map_or_else(Uuid::now_v7, |known| known.id), body };
    write(unit, (caller, "invitation_list.create"), (known.as_ref(), &after))?;
    Ok(after)
}

/// Withdraws a list, and with it every invitation that came by it.
///
/// # Errors
///
/// The account may not; there is no such list.
pub fn withdraw(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (id, args): (Uuid, &Withdraw),
) -> Result<StoredList, Failure> {
    require_staff(caller.rights)?;
    args.require_message()?;
    let found = store::find_list(unit.connection, unit.group.event, id)?;
    let before = found.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such list."))?;
    if before.body.list.withdrawn_at.is_some() {
        return Ok(before);
    }
    let mut after = before.clone();
    after.body.list.withdrawn_at = Some(unit.group.now);
    after.body.is_pending = true;
    (after.body.tell, after.body.farewell) = (args.tell, args.message.clone());
    write(unit, (caller, "invitation_list.withdraw"), (Some(&before), &after))?;
    Ok(after)
}

fn write(
    unit: &mut Unit<'_>,
    (caller, operation): (&Caller<'_>, &str),
    (before, after): (Option<&StoredList>, &StoredList),
) -> Result<(), Failure> {
    store::put_list(unit.connection, unit.group.event, after, unit.group.now)?;
    unit.group.audit(AuditLine {
        actor: caller.actor,
        operation: operation.to_owned(),
        collection: "invitation_lists",
        record: after.id,
        before: before.map(|before| serde_json::json!(before.body.list)),
        after: Some(serde_json::json!(after.body.list)),
    });
    Ok(())
}
