//! The verbs of badges.

use std::collections::BTreeSet;

use diesel::QueryResult;
use serde_json::json;
use shared::badge::{CarrierKind, carrier_row_id};
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;
use shared::registration::RegistrationStatus;
use shared::sync::Profile;
use shared::time::Timestamp;

use super::command::Command;
use super::issue::{Wanted, is_issuing, issue};
use super::store::{self, Stored};
use crate::attendees::find_live_attendee;
use crate::refusal::{Failure, Refusal};
use crate::registration::store::{find_registration, list_registrations};
use crate::sync::change_log::{Actor, AuditLine, Role, Unit};
use crate::sync::feed::Rights;
use crate::sync::row::RowCollection;

/// Who asks, and what they may do when the unit runs.
pub struct Caller<'a> {
    /// The account and device.
    pub actor: Actor,
    /// What the account may do.
    pub rights: &'a Rights,
}

/// Whether somebody works with badges: at a desk, by a role or as its enrolled device, or as an organiser.
pub fn works_at_desk(rights: &Rights) -> bool {
    let roles = [Role::Organiser, Role::DeskLead, Role::Desk];
    rights.roster() == Some(Profile::Full) || roles.iter().any(|role| rights.roles.contains(role))
}

/// Whether the account knows of an attendee's badges: who works with badges knows everybody's, others
/// their own and those of whom they act for.
pub fn knows(rights: &Rights, attendee: AttendeeId) -> bool {
    works_at_desk(rights) || rights.attendees.contains_key(&attendee)
}

/// Runs a command for an attendee; the carrier as it then is.
///
/// # Errors
///
/// `not_found` where the account has nothing to do with the attendee, or the attendee has no such
/// carrier; `forbidden` where it has, and does not work with badges: people say of their own only that
/// they are lost or stolen; what the state of the registration or carrier refuses.
pub fn run(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (attendee, command): (AttendeeId, Command),
) -> Result<Stored, Failure> {
    let is_there = find_live_attendee(unit.connection, unit.group.event, attendee)?.is_some();
    if !is_there || !knows(caller.rights, attendee) {
        return Err(not_found());
    }
    if !works_at_desk(caller.rights) && !matches!(command, Command::Void(..)) {
        return Err(not_a_desk().into());
    }
    match command {
        Command::Issue => issue_paper(unit, caller, attendee),
        Command::Void(carrier, reason) => {
            let now = unit.group.now;
            let void = |before: &Stored| Ok(Stored { voided: before.voided.or(Some((now, reason))), ..*before });
            change(unit, (caller.actor, "badge.void"), (attendee, carrier), void)
        }
        Command::HandOut(carrier) => {
            let now = unit.group.now;
            change(unit, (caller.actor, "badge.hand_out"), (attendee, carrier), |before| hand_out(before, now))
        }
    }
}

/// Runs a command about a carrier, whoever has it.
///
/// # Errors
///
/// As [`run`].
pub fn run_for_carrier(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (carrier, command): (u32, Command),
) -> Result<Stored, Failure> {
    let found = store::find_carrier(unit.connection, unit.group.event, carrier)?.ok_or_else(not_found)?;
    let caller = Caller { actor: Actor { attendee: Some(found.attendee), ..caller.actor }, ..*caller };
    run(unit, &caller, (found.attendee, command))
}

fn issue_paper(unit: &mut Unit<'_>, caller: &Caller<'_>, attendee: AttendeeId) -> Result<Stored, Failure> {
    let registration = find_registration(unit.connection, unit.group.event, attendee)?;
    let is_confirmed = registration.is_some_and(|own| own.status == RegistrationStatus::Confirmed);
    if !is_confirmed {
        let detail = "Only who has a confirmed registration has a badge.";
        return Err(Refusal::new(ProblemCode::NotRegistered, detail).into());
    }
    require_issuing(unit)?;
    let wanted = Wanted { attendees: vec![attendee], kind: CarrierKind::Paper, issued_by: caller.actor.account };
    let issued = issue(unit, &wanted)?.pop().ok_or_else(not_found)?;
    audit(unit, (caller.actor, "badge.issue"), (None, &issued));
    Ok(issued)
}

/// Issues paper to those of these attendees who have none that counts. Who has no confirmed
/// registration any more is left out.
///
/// # Errors
///
/// `forbidden` for who does not work with badges; the event is over.
pub fn ensure_paper(unit: &mut Unit<'_>, caller: &Caller<'_>, attendees: &[AttendeeId]) -> Result<(), Failure> {
    if !works_at_desk(caller.rights) {
        return Err(not_a_desk().into());
    }
    let event = unit.group.event;
    let registrations = list_registrations(unit.connection, event, attendees)?;
    let confirmed = registrations.into_iter().filter(|(_, own)| own.status == RegistrationStatus::Confirmed);
    let carriers = store::list_carriers(unit.connection, event, attendees)?;
    let papers = carriers.iter().filter(|one| one.kind == CarrierKind::Paper && one.is_live());
    let have: BTreeSet<AttendeeId> = papers.map(|one| one.attendee).collect();
    let attendees: Vec<AttendeeId> = confirmed.map(|(id, _)| id).filter(|id| !have.contains(id)).collect();
    if attendees.is_empty() {
        return Ok(());
    }
    require_issuing(unit)?;
    let wanted = Wanted { attendees, kind: CarrierKind::Paper, issued_by: caller.actor.account };
    for issued in issue(unit, &wanted)? {
        audit(unit, (caller.actor, "badge.issue"), (None, &issued));
    }
    Ok(())
}

fn require_issuing(unit: &Unit<'_>) -> Result<(), Refusal> {
    let over = || Refusal::new(ProblemCode::WindowOver, "The event is over.");
    if is_issuing(unit.group.programme(), unit.group.now) { Ok(()) } else { Err(over()) }
}

/// The refusal of what only a desk does.
pub fn not_a_desk() -> Refusal {
    Refusal::new(ProblemCode::Forbidden, "Only a desk or an organiser of the event does this.")
}

fn hand_out(before: &Stored, now: shared::time::Timestamp) -> Result<Stored, Refusal> {
    let refused = |detail| Err(Refusal::new(ProblemCode::WrongState, detail));
    if before.kind == CarrierKind::Phone {
        return refused("A phone's badge is not handed out.");
    }
    if !before.is_live() {
        return refused("The badge is void.");
    }
    Ok(Stored { handed_out_at: before.handed_out_at.or(Some(now)), ..*before })
}

/// Notes of the papers of these people that count, and that they have not had, that they have them.
pub fn hand_out_papers(unit: &mut Unit<'_>, attendees: &[AttendeeId], at: Timestamp) -> QueryResult<()> {
    let carriers = store::list_carriers(unit.connection, unit.group.event, attendees)?;
    let is_waiting = |one: &Stored| one.kind != CarrierKind::Phone && one.is_live() && one.handed_out_at.is_none();
    let handed: Vec<Stored> =
        carriers.into_iter().filter(is_waiting).map(|one| Stored { handed_out_at: Some(at), ..one }).collect();
    put(unit, &handed)
}

/// Notes of the papers that these people had at a time that they did not have them after all.
pub fn take_papers_back(unit: &mut Unit<'_>, attendees: &[AttendeeId], at: Timestamp) -> QueryResult<()> {
    let carriers = store::list_carriers(unit.connection, unit.group.event, attendees)?;
    let taken = carriers.into_iter().filter(|one| one.handed_out_at == Some(at));
    let taken: Vec<Stored> = taken.map(|one| Stored { handed_out_at: None, ..one }).collect();
    put(unit, &taken)
}

fn put(unit: &mut Unit<'_>, carriers: &[Stored]) -> QueryResult<()> {
    store::put_carriers(unit.connection, unit.group.event, carriers)?;
    carriers.iter().for_each(|one| unit.group.attendee_changed(one.attendee));
    Ok(())
}

/// Changes a carrier of the attendee's; doing so twice changes nothing the second time.
fn change(
    unit: &mut Unit<'_>,
    who: (Actor, &str),
    (attendee, carrier): (AttendeeId, u32),
    changed: impl FnOnce(&Stored) -> Result<Stored, Refusal>,
) -> Result<Stored, Failure> {
    let found = store::find_carrier(unit.connection, unit.group.event, carrier)?;
    let before = found.filter(|found| found.attendee == attendee).ok_or_else(unknown_carrier)?;
    let after = changed(&before)?;
    if after != before {
        store::put_carriers(unit.connection, unit.group.event, &[after])?;
        unit.group.attendee_changed(attendee);
        audit(unit, who, (Some(&before), &after));
    }
    Ok(after)
}

fn audit(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), (before, after): (Option<&Stored>, &Stored)) {
    let told = |one: &Stored| {
        let (voided_at, void_reason) = one.voided.unzip();
        json!({ "carrier": one.carrier, "kind": one.kind, "handed_out_at": one.handed_out_at,
            "voided_at": voided_at, "void_reason": void_reason })
    };
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(after.attendee), ..actor },
        operation: operation.to_owned(),
        collection: RowCollection::Badges.as_str(),
        record: carrier_row_id(unit.group.event, after.carrier),
        before: before.map(told),
        after: Some(told(after)),
    });
}

fn unknown_carrier() -> Failure {
    Refusal::new(ProblemCode::UnknownReference, "The attendee has no such badge.").at("/carrier").into()
}

/// What is not there, and what is not the caller's to see.
pub fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}
