//! Who looks after a delegation: its focal points and liaison officers.

use std::collections::BTreeSet;

use serde_json::json;
use shared::ids::{AccountId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, DelegationDuty};
use shared::registration::is_phone;

use super::room::find_delegation;
use super::store;
use crate::identity::find_person;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};

/// A duty of an account for a delegation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Duty {
    /// The delegation.
    pub delegation: RecordId,
    /// Who has it.
    pub account: AccountId,
    /// Which it is.
    pub duty: DelegationDuty,
}

/// Gives an account a duty for a delegation or takes it. It counts at once: what the account may do is
/// asked of each request, and its devices hold the delegation's scope from this commit on.
///
/// # Errors
///
/// There is no such delegation or account; the account does not have the duty that is taken.
pub fn set_duty(unit: &mut Unit<'_>, actor: Actor, duty: Duty, is_held: bool) -> Result<(), Failure> {
    if find_delegation(unit.group.programme(), duty.delegation).is_none() {
        return Err(not_found());
    }
    let holds = list_holders(unit, duty.delegation)?.contains(&(duty.account, duty.duty));
    if holds == is_held {
        return if is_held { Ok(()) } else { Err(not_found()) };
    }
    if is_held && find_person(unit.connection, duty.account)?.is_none() {
        return Err(not_found());
    }
    Ok(write(unit, actor, duty, is_held)?)
}

/// Says at which number somebody is called who looks after a delegation, for as long as they do.
///
/// # Errors
///
/// It is no number.
pub fn set_phone(
    unit: &mut Unit<'_>,
    actor: Actor,
    (delegation, account): (RecordId, AccountId),
    phone: &str,
) -> Result<(), Failure> {
    if !is_phone(phone) {
        let detail = "phone is a number in international form such as +56 2 2345 6789.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/phone").into());
    }
    let event = unit.group.event;
    store::put_phone(unit.connection, (event, delegation, account), phone)?;
    unit.group.audit(AuditLine {
        actor,
        operation: "delegation.duty_phone".to_owned(),
        collection: Collection::Delegations.as_str(),
        record: delegation.0,
        before: None,
        after: Some(json!({ "account": account })),
    });
    Ok(())
}

/// Ends every duty for a delegation that is not there any more.
pub fn end_duties(unit: &mut Unit<'_>, delegation: RecordId) -> diesel::QueryResult<()> {
    for (account, duty) in list_holders(unit, delegation)? {
        write(unit, Actor::default(), Duty { delegation, account, duty }, false)?;
    }
    Ok(())
}

fn write(
    unit: &mut Unit<'_>,
    actor: Actor,
    Duty { delegation, account, duty }: Duty,
    is_held: bool,
) -> diesel::QueryResult<()> {
    unit.group.set_duty((delegation, account), duty, is_held);
    let told = |is_held: bool| is_held.then(|| json!({ "account": account, "duty": duty }));
    unit.group.audit(AuditLine {
        actor,
        operation: "delegation.duty".to_owned(),
        collection: Collection::Delegations.as_str(),
        record: delegation.0,
        before: told(!is_held),
        after: told(is_held),
    });
    if !is_held && list_holders(unit, delegation)?.iter().all(|(holder, _)| *holder != account) {
        store::delete_phone(unit.connection, (unit.group.event, delegation, account))?;
    }
    Ok(())
}

/// Who has which duty for the delegation, as the group has it.
fn list_holders(
    unit: &mut Unit<'_>,
    delegation: RecordId,
) -> diesel::QueryResult<BTreeSet<(AccountId, DelegationDuty)>> {
    let stored = store::list_duties(unit.connection, unit.group.event, delegation)?;
    let mut holders: BTreeSet<_> = stored.into_iter().collect();
    let changed = unit.group.changed_duties().iter().filter(|((of, ..), _)| *of == delegation);
    for ((_, account, duty), is_held) in changed {
        if *is_held {
            holders.insert((*account, *duty));
        } else {
            holders.remove(&(*account, *duty));
        }
    }
    Ok(holders)
}

fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}
