//! One row of a file as the operations of registrations.

use std::collections::BTreeMap;

use shared::ids::{AccountId, AttendeeId};
use shared::problem_code::ProblemCode;
use shared::registration::AccessNeeds;
use uuid::Uuid;

use super::chunk::{Fate, Hand, There};
use super::difference::{Difference, read_answers};
use super::reach::Reach;
use crate::attendees::Attendee;
use crate::attendees::operations::{ensure_account_of, has_other_account, set_relation};
use crate::formats::people::{CellFault, CellProblem, Column, Kept, Known, PersonRow};
use crate::refusal::{Failure, Refusal};
use crate::registration::command::{Change, Command, Move, Request};
use crate::registration::needs::set_needs;
use crate::registration::{Caller, run};
use crate::sync::change_log::{Actor, Relation, Unit};

/// Registers whom a row describes; `known` is an attendee without a registration.
pub(super) fn register(
    unit: &mut Unit<'_>,
    hand: &Hand<'_>,
    (row, known, there): (&PersonRow, Option<&Attendee>, &There),
) -> Result<Fate, Failure> {
    let fault = |known, problem| {
        let column = hand.setting.layout.position(&Column::Known(known));
        Ok(Fate::Faulty(vec![CellFault { row: row.number, column, problem }]))
    };
    if row.name.is_none() && known.is_none() {
        return fault(Known::Name, CellProblem::NameMissing);
    }
    let Some(category) = row.category else {
        return fault(Known::Category, CellProblem::CategoryMissing);
    };
    let delegation = row.delegation.or_else(|| hand.reach.only_delegation());
    if matches!(hand.reach, Reach::Delegations(_)) && !hand.reach.has(delegation) {
        return fault(Known::Delegation, CellProblem::DelegationMissing);
    }
    let answers = match read_answers(hand.setting.names.category(category), row, hand.reader) {
        Ok(answers) => answers,
        Err(faults) => return Ok(Fate::Faulty(faults)),
    };
    let (own, shared) = accounts_of(row, there);
    let request = Request {
        name: row.name.clone(),
        language: row.language.clone(),
        email: own,
        relation: None,
        external_id: row.external_id.clone(),
        category,
        part_categories: (!row.part_categories.is_empty()).then(|| row.part_categories.clone()),
        delegation,
        delegation_role: row.delegation_role,
        is_placeholder: row.is_placeholder.unwrap_or(false),
        details: row.details.clone(),
        answers: answers.into_iter().collect::<BTreeMap<_, _>>(),
        companion_of: None,
        shares: Vec::new(),
        consents: Vec::new(),
        access_needs: None,
        status: row.status,
        is_override: false,
    };
    let id = known.map_or_else(|| AttendeeId(Uuid::now_v7()), |known| known.id);
    execute(unit, hand, id, &Command::Request(Box::new(request), known.is_none()))?;
    if row.needs.is_some() || row.note.is_some() {
        let needs = AccessNeeds { needs: row.needs.clone().unwrap_or_default(), note: row.note.clone() };
        put_needs(unit, hand, id, &needs)?;
    }
    for email in row.assistant_emails.iter().chain(shared.as_ref()) {
        let account = ensure_account_of(unit, email, email)?;
        let_act(unit, hand, (id, account))?;
    }
    Ok(Fate::New)
}

/// Brings what is kept to what a row says.
pub(super) fn change(
    unit: &mut Unit<'_>,
    hand: &Hand<'_>,
    (row, kept): (&PersonRow, &Kept),
    difference: &Difference,
) -> Result<(), Failure> {
    let id = kept.attendee;
    if !difference.patch.is_empty() {
        let email = row.details.email.clone().filter(|_| difference.columns.contains(&Column::Known(Known::Email)));
        let actor = hand.setting.authority.actor();
        let email = match email.filter(|_| !row.is_email_shared && row.is_placeholder != Some(true)) {
            // Only an organiser gives somebody another account; without one, everybody may give the first.
            Some(email) if hand.rights.is_organiser() || !has_other_account(unit, id, actor.account)? => Some(email),
            _ => None,
        };
        let patch = difference.patch.clone();
        let change = Change { patch, email, consents: Vec::new(), is_override: false, revs: None };
        execute(unit, hand, id, &Command::Change(change))?;
    }
    if let Some(status) = difference.status {
        execute(unit, hand, id, &Command::Move(Move { status, reason: None, is_override: false }))?;
    }
    if let Some(needs) = &difference.access_needs {
        put_needs(unit, hand, id, needs)?;
    }
    if !difference.assistants.is_empty() && !hand.rights.is_organiser() {
        let detail = "Only an organiser lets somebody act for an attendee who is there.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).at("/assistant_email").into());
    }
    for email in &difference.assistants {
        let account = ensure_account_of(unit, email, email)?;
        let_act(unit, hand, (id, account))?;
    }
    Ok(())
}

/// The address of an account of the person's own, or of one that others have as well and that acts
/// for all of them.
fn accounts_of(row: &PersonRow, there: &There) -> (Option<String>, Option<String>) {
    let Some(email) = row.details.email.clone() else { return (None, None) };
    let is_assistants = row.assistant_emails.iter().any(|assistant| assistant.eq_ignore_ascii_case(&email));
    if is_assistants || row.is_placeholder == Some(true) {
        (None, None)
    } else if row.is_email_shared || there.knows_email(&email) {
        (None, Some(email))
    } else {
        (Some(email), None)
    }
}

fn execute(unit: &mut Unit<'_>, hand: &Hand<'_>, id: AttendeeId, command: &Command) -> Result<(), Failure> {
    let actor = Actor { attendee: Some(id), ..hand.setting.authority.actor() };
    run(unit, &Caller { actor, rights: hand.rights }, id, command).map(drop)
}

fn let_act(unit: &mut Unit<'_>, hand: &Hand<'_>, pair: (AttendeeId, AccountId)) -> Result<(), Failure> {
    let actor = Actor { attendee: Some(pair.0), ..hand.setting.authority.actor() };
    set_relation(unit, actor, pair, Some(Relation::Assistant))
}

/// Keeps what somebody needs; faults are told by the columns of the file.
fn put_needs(unit: &mut Unit<'_>, hand: &Hand<'_>, id: AttendeeId, needs: &AccessNeeds) -> Result<(), Failure> {
    let actor = Actor { attendee: Some(id), ..hand.setting.authority.actor() };
    set_needs(unit, actor, id, Some(needs)).map_err(|failure| match failure {
        Failure::Refused(refusal) => {
            let field = if refusal.field == "/note" { "/access_note" } else { "/access_needs" };
            refusal.at(field).into()
        }
        other => other,
    })
}
