//! Scans as mutations of devices.

use serde_json::Value;
use shared::problem_code::ProblemCode;

use super::recording::hand_in;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Role, Unit};
use crate::sync::feed::{EventCell, Rights};

/// Something that is handed in as a scan, read or not.
#[derive(Clone, PartialEq, Debug)]
pub struct Command(Value);

/// Reads a mutation; none where it is not an operation of this domain. `scan.undo` is a scan like others,
/// which names the one that it takes back.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    match op {
        "scan.record" => Some(Ok(Command(args.clone()))),
        "scan.undo" if args.get("undoes").is_none_or(Value::is_null) => {
            let detail = "It does not say which scan it takes back.";
            Some(Err(Refusal::new(ProblemCode::InvalidRequest, detail).at("/undoes")))
        }
        "scan.undo" => Some(Ok(Command(args.clone()))),
        _ => None,
    }
}

/// Whether somebody hands in scans: a device that was ever enrolled, whatever has become of it since, and
/// who works at a desk.
pub fn may_record(rights: &Rights) -> bool {
    rights.enrolment.is_some() || works_at_desk(rights)
}

/// Whether somebody works at a registration desk.
pub fn works_at_desk(rights: &Rights) -> bool {
    [Role::Organiser, Role::DeskLead, Role::Desk].iter().any(|role| rights.roles.contains(role))
}

/// Keeps it, and tells what became of it.
///
/// # Errors
///
/// The account has no business with scans.
pub fn run(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (actor, rights): (Actor, &Rights),
    command: &Command,
) -> Result<String, Failure> {
    if !may_record(rights) {
        return Err(no_business().into());
    }
    let outcomes = hand_in(unit, cell, (actor, std::slice::from_ref(&command.0)))?;
    Ok(outcomes.first().map(|outcome| outcome.as_str()).unwrap_or_default().to_owned())
}

/// The refusal of who has no business with scans.
pub fn no_business() -> Refusal {
    Refusal::new(ProblemCode::Forbidden, "Only enrolled devices and who works at a desk hand in scans.")
}
