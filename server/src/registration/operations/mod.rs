//! The verbs of registrations: each decides by rules, and is written as one unit.

mod change;
mod correction;
mod moves;
mod replacement;
mod request;
mod walk_in;
mod write;

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Category, Collection, InvalidBody};
use shared::registration::{Registration, RegistrationStatus};
use shared::sync::Scope;

pub use correction::correct_details;
pub use replacement::{Replacement, replace};
pub(super) use request::{keep_consents, movers};
pub use walk_in::{NewComer, Trust, confirm_walk_in, end_as_same, is_held_back, register_walk_in};
pub(super) use write::{Who, write};

use super::command::Command;
use super::consents::set_consents;
use super::needs::say_needs;
use super::room::{count_change, find_category};
use super::store;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;
use crate::sync::row::RowCollection;

/// Who asks, and what they may do when the unit runs.
pub struct Caller<'a> {
    /// The account and device.
    pub actor: Actor,
    /// What the account may do.
    pub rights: &'a Rights,
}

/// Runs a command for an attendee; where the registration then stands, if the command is about that.
///
/// # Errors
///
/// `not_found` where the account has nothing to do with the attendee; what the rules, the form of
/// the category and the limits refuse.
pub fn run(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    attendee: AttendeeId,
    command: &Command,
) -> Result<Option<RegistrationStatus>, Failure> {
    let status = match command {
        Command::Request(request, may_be_new) => request::request(unit, caller, (attendee, *may_be_new), request)?,
        Command::Change(change) => change::change(unit, caller, attendee, change)?,
        Command::Move(to) => moves::move_to(unit, caller, attendee, to)?,
        Command::Replace(with, by) => replace(unit, caller, (attendee, *by), with)?,
        Command::Needs(needs) => {
            say_needs(unit, caller, attendee, needs.as_ref())?;
            return Ok(None);
        }
        Command::Consents(given) => {
            set_consents(unit, caller, attendee, given)?;
            return Ok(None);
        }
    };
    Ok(Some(status))
}

/// Takes everything of an attendee away that belongs to this domain, when the attendee goes.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    if let Some(registration) = store::find_registration(unit.connection, event, attendee)? {
        store::delete_registration(unit.connection, event, attendee)?;
        write::note_guest(unit, attendee, (Some(&registration), None));
        count_change(unit, Some(&registration), None);
        write::free_place(unit, Some(&registration), None);
        write::cancel_companions(unit, Who { actor: Actor::default(), acting: None }, attendee)?;
        write::leave_delegation(unit, attendee, registration.delegation)?;
    }
    store::delete_consents(unit.connection, event, attendee)?;
    store::delete_access_needs(unit.connection, event, attendee)?;
    unit.group.put_row(Scope::Organiser, (RowCollection::Registrations, attendee.0), None);
    unit.group.attendee_changed(attendee);
    Ok(())
}

/// Leaves of an attendee's registration what is counted, when the person is erased. Where nobody can
/// come in it any more it `ends`: the place goes to who waits, and who came along does not.
pub fn forget_person(unit: &mut Unit<'_>, attendee: AttendeeId, ends: bool) -> QueryResult<()> {
    let event = unit.group.event;
    let Some(before) = store::find_registration(unit.connection, event, attendee)? else { return Ok(()) };
    let mut after = before.without_person();
    let is_open = !matches!(before.status, RegistrationStatus::Declined | RegistrationStatus::Cancelled);
    if is_open && ends {
        after.status = RegistrationStatus::Cancelled;
    }
    write::put(unit, attendee, (Some(&before), &after))?;
    if after.status != before.status {
        write::cancel_companions(unit, Who { actor: Actor::default(), acting: None }, attendee)?;
    }
    Ok(())
}

fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}

/// Refuses with the first fault's field, telling all of them.
pub(super) fn refuse_faults(faults: Vec<InvalidBody>) -> Result<(), Refusal> {
    let Some(first) = faults.first().cloned() else { return Ok(()) };
    let told: Vec<String> = faults.iter().take(10).map(|fault| format!("{} {}", fault.field, fault.problem)).collect();
    Err(Refusal::new(ProblemCode::InvalidValue, format!("{}.", told.join("; "))).at(first.field))
}

/// The category, which must be one of the event's.
pub(super) fn require_category(unit: &Unit<'_>, id: RecordId) -> Result<Category, Refusal> {
    let found = find_category(unit.group.programme(), id).cloned();
    found.ok_or_else(|| unknown("/category", "category"))
}

/// Refuses references to what is not there.
fn require_references(unit: &mut Unit<'_>, after: &Registration, before: Option<&Registration>) -> Result<(), Failure> {
    let programme = unit.group.programme();
    let is_there = |collection, id| programme.find(collection, id).is_some();
    if let Some(delegation) = after.delegation
        && !is_there(Collection::Delegations, delegation)
    {
        return Err(unknown("/delegation", "delegation").into());
    }
    let held = before.map(|before| before.part_categories.as_slice()).unwrap_or_default();
    for (index, own) in after.part_categories.iter().enumerate().filter(|(_, own)| !held.contains(own)) {
        let field = format!("/part_categories/{index}");
        if !is_there(Collection::Parts, own.part) {
            return Err(unknown(&format!("{field}/part"), "part").into());
        }
        if !is_there(Collection::Categories, own.category) {
            return Err(unknown(&format!("{field}/category"), "category").into());
        }
        if after.part_categories[..index].iter().any(|earlier| earlier.part == own.part) {
            let detail = "The part has a category already.";
            return Err(Refusal::new(ProblemCode::InvalidValue, detail).at(format!("{field}/part")).into());
        }
    }
    Ok(())
}

fn unknown(field: &str, what: &str) -> Refusal {
    Refusal::new(ProblemCode::UnknownReference, format!("There is no such {what} in this event.")).at(field)
}
