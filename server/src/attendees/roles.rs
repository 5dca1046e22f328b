//! Who may do what at an event.

use std::collections::BTreeSet;

use serde_json::json;
use shared::ids::AccountId;
use shared::problem_code::ProblemCode;

use super::store;
use crate::identity::find_person;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Role, Unit};

/// Gives a role or takes it. An event keeps at least one organiser.
///
/// # Errors
///
/// There is no such account; the account does not have the role that is taken; it is the last
/// organiser's.
pub fn set_role(
    unit: &mut Unit<'_>,
    actor: Actor,
    (account, role): (AccountId, Role),
    is_held: bool,
) -> Result<(), Failure> {
    let holders = list_holders(unit, role)?;
    if holders.contains(&account) == is_held {
        return if is_held { Ok(()) } else { Err(not_found()) };
    }
    if is_held && find_person(unit.connection, account)?.is_none() {
        return Err(not_found());
    }
    if !is_held && role == Role::Organiser && holders.len() == 1 {
        let detail = "This is the event's last organiser; make another one first.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).into());
    }
    unit.group.set_role(account, role, is_held);
    let told = |is_held: bool| is_held.then(|| json!({ "role": role }));
    unit.group.audit(AuditLine {
        actor,
        operation: "role.set".to_owned(),
        collection: "roles",
        record: account.0,
        before: told(!is_held),
        after: told(is_held),
    });
    Ok(())
}

/// The accounts that have the role, as the group has it.
fn list_holders(unit: &mut Unit<'_>, role: Role) -> Result<BTreeSet<AccountId>, Failure> {
    let stored = store::list_holders(unit.connection, unit.group.event, role.as_str())?;
    let mut holders: BTreeSet<AccountId> = stored.into_iter().collect();
    for ((account, changed), is_held) in unit.group.changed_roles() {
        if *changed != role {
            continue;
        }
        if *is_held {
            holders.insert(*account);
        } else {
            holders.remove(account);
        }
    }
    Ok(holders)
}

fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}
