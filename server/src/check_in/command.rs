//! Scans and settlements as mutations of devices.

use serde::Deserialize;
use serde_json::Value;
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::authority::Hands;
use super::incidents::resolve;
use super::recording::hand_in;
use crate::refusal::{Failure, Refusal, read};
use crate::sync::change_log::{Actor, Role, Unit};
use crate::sync::feed::{EventCell, Rights};

/// One thing that a device says of who came in.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Something that is handed in as a scan, read or not.
    Scan(Value),
    /// An incident is settled, with a note or without.
    Settle(Uuid, Option<String>),
}

/// Which incident is settled, and what is noted with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettleArguments {
    id: Uuid,
    note: Option<String>,
}

/// Reads a mutation; none where it is not an operation of this domain. `scan.undo` is a scan like others,
/// which names the one that it takes back.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    match op {
        "scan.record" => Some(Ok(Command::Scan(args.clone()))),
        "scan.undo" if args.get("undoes").is_none_or(Value::is_null) => {
            let detail = "It does not say which scan it takes back.";
            Some(Err(Refusal::new(ProblemCode::InvalidRequest, detail).at("/undoes")))
        }
        "scan.undo" => Some(Ok(Command::Scan(args.clone()))),
        "incident.resolve" => Some(read(args).map(|SettleArguments { id, note }| Command::Settle(id, note))),
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
/// The account has no business with scans, or settles no incidents; there is no such incident.
pub fn run(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (actor, rights): (Actor, &Rights),
    command: &Command,
) -> Result<String, Failure> {
    let scan = match command {
        Command::Scan(scan) => scan,
        Command::Settle(id, note) => {
            return resolve(unit, (actor, rights), (*id, note.clone())).map(|_| "resolved".to_owned());
        }
    };
    if !may_record(rights) {
        return Err(no_business().into());
    }
    let outcomes = hand_in(unit, cell, (Hands::of(actor, rights), std::slice::from_ref(scan)))?;
    Ok(outcomes.first().map(|outcome| outcome.as_str()).unwrap_or_default().to_owned())
}

/// The refusal of who has no business with scans.
pub fn no_business() -> Refusal {
    Refusal::new(ProblemCode::Forbidden, "Only enrolled devices and who works at a desk hand in scans.")
}
