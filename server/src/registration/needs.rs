//! What attendees need to take part: who says it, and who may read it.

use shared::ids::{AttendeeId, EventId};
use shared::problem_code::ProblemCode;
use shared::programme::InvalidBody;
use shared::registration::AccessNeeds;

use super::acting::{Acting, acting_for};
use super::operations::{Caller, refuse_faults};
use super::store;
use crate::attendees::find_live_attendee;
use crate::database::Connection;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Role, Unit};
use crate::sync::feed::Rights;
use crate::sync::row::RowCollection;

/// As what somebody comes to what an attendee needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeper {
    /// The attendee, or an assistant, who has it on their device.
    Person,
    /// Who registers people, or arranges what they need.
    Staff,
    /// A liaison officer, who reads.
    Liaison,
}

/// As what an account with these rights comes to what the attendee needs.
///
/// # Errors
///
/// `forbidden` for who has to do with the attendee and nothing with their needs, `not_found` for
/// everybody else.
pub fn require_keeper(
    connection: &mut Connection,
    event: EventId,
    rights: &Rights,
    attendee: AttendeeId,
) -> Result<Keeper, Failure> {
    if rights.attendees.contains_key(&attendee) {
        return Ok(Keeper::Person);
    }
    if keeps_all(rights) && find_live_attendee(connection, event, attendee)?.is_some() {
        return Ok(Keeper::Staff);
    }
    match acting_for(connection, event, rights, attendee)? {
        Some(Acting::FocalPoint(_)) => Ok(Keeper::Staff),
        Some(Acting::Liaison(_)) => Ok(Keeper::Liaison),
        Some(_) => Err(forbidden("Access needs are seen only by those whose duty needs them.").into()),
        None => Err(Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()),
    }
}

/// Whether it is somebody's duty to know what everybody needs.
pub fn keeps_all(rights: &Rights) -> bool {
    rights.is_organiser() || rights.roles.contains(&Role::Accessibility)
}

/// Refuses whoever does not arrange what everybody needs.
pub fn require_keeper_of_all(rights: &Rights) -> Result<(), Refusal> {
    if keeps_all(rights) {
        return Ok(());
    }
    Err(forbidden("Only an organiser, or who has the role accessibility, may do this."))
}

fn forbidden(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::Forbidden, detail)
}

/// Says what somebody needs, or that they need nothing.
///
/// # Errors
///
/// The account has nothing to do with it; the needs cannot be.
pub fn say_needs(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    attendee: AttendeeId,
    needs: Option<&AccessNeeds>,
) -> Result<(), Failure> {
    if require_keeper(unit.connection, unit.group.event, caller.rights, attendee)? == Keeper::Liaison {
        return Err(forbidden("A liaison officer reads, and changes nothing.").into());
    }
    set_needs(unit, caller.actor, attendee, needs)
}

/// Everything wrong with the needs that a registration says, with the field of each there.
pub fn check_needs(needs: Option<&AccessNeeds>) -> Vec<InvalidBody> {
    let there = |fault: InvalidBody| InvalidBody { field: format!("/access_needs{}", fault.field), ..fault };
    needs.map(AccessNeeds::faults).unwrap_or_default().into_iter().map(there).collect()
}

/// Keeps what a registration says that somebody needs, where it says anything of that.
///
/// # Errors
///
/// The needs cannot be.
pub fn keep_needs(
    unit: &mut Unit<'_>,
    actor: Actor,
    attendee: AttendeeId,
    needs: Option<&AccessNeeds>,
) -> Result<(), Failure> {
    needs.map_or(Ok(()), |needs| set_needs(unit, actor, attendee, Some(needs)))
}

/// Keeps what somebody needs, or forgets it. The audit log says that it changed, and not to what.
///
/// # Errors
///
/// The needs cannot be.
pub fn set_needs(
    unit: &mut Unit<'_>,
    actor: Actor,
    attendee: AttendeeId,
    needs: Option<&AccessNeeds>,
) -> Result<(), Failure> {
    refuse_faults(needs.map(AccessNeeds::faults).unwrap_or_default())?;
    let (event, now) = (unit.group.event, unit.group.now);
    if store::find_access_needs(unit.connection, event, attendee)?.as_ref() == needs {
        return Ok(());
    }
    let operation = match needs {
        Some(needs) => {
            store::put_access_needs(unit.connection, (event, attendee), needs, now)?;
            "access_needs.put"
        }
        None => {
            store::delete_access_needs(unit.connection, event, attendee)?;
            "access_needs.delete"
        }
    };
    unit.group.attendee_changed(attendee);
    note(unit, actor, (attendee, operation));
    Ok(())
}

/// Reads what somebody needs; that somebody else than the person read it is a line of the audit log.
///
/// # Errors
///
/// The account has nothing to do with it.
pub fn read_needs(unit: &mut Unit<'_>, caller: &Caller<'_>, attendee: AttendeeId) -> Result<AccessNeeds, Failure> {
    let event = unit.group.event;
    let keeper = require_keeper(unit.connection, event, caller.rights, attendee)?;
    if keeper != Keeper::Person {
        note_read(unit, caller.actor, attendee);
    }
    Ok(store::find_access_needs(unit.connection, event, attendee)?.unwrap_or_default())
}

/// Reads what `limit` people need, by attendee, after `after`, with a line of the audit log for each;
/// one more is given where there are more, and is to be shown to nobody.
///
/// # Errors
///
/// It is not the account's duty.
pub fn list_needs(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (after, limit): (&str, usize),
) -> Result<Vec<store::ListedNeeds>, Failure> {
    require_keeper_of_all(caller.rights)?;
    let listed = store::list_needs_page(unit.connection, unit.group.event, (after, limit + 1))?;
    listed.iter().take(limit).for_each(|one| note_read(unit, caller.actor, one.attendee));
    Ok(listed)
}

fn note_read(unit: &mut Unit<'_>, actor: Actor, attendee: AttendeeId) {
    note(unit, actor, (attendee, "access_needs.read"));
}

fn note(unit: &mut Unit<'_>, actor: Actor, (attendee, operation): (AttendeeId, &str)) {
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: operation.to_owned(),
        collection: RowCollection::AccessNeeds.as_str(),
        record: attendee.0,
        before: None,
        after: None,
    });
}
