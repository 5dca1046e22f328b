//! Registering an attendee, who may be new.

use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Category, DelegationDuty, State};
use shared::registration::form::{
    Answers, check_agreed, check_answers, check_complete, check_consents, check_details, check_external_id,
    check_not_refused, check_shares,
};
use shared::registration::transitions::Mover;
use shared::registration::{AccessNeed, GivenConsent, Registration, RegistrationStatus as Status};

use super::write::{Who, require_one_head, write};
use super::{Caller, not_found, refuse_faults, require_category, require_references};
use crate::attendees::operations::{AttendeePatch, NewAttendee, change_attendee, create_attendee};
use crate::attendees::{Attendee, find_attendee};
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, acting_for, require_acting, require_mover};
use crate::registration::command::Request;
use crate::registration::needs::{check_needs, keep_needs};
use crate::registration::promotion::settle;
use crate::registration::room::find_lack;
use crate::registration::rules::{Asked, after_room, aim, require_settable};
use crate::registration::store;
use crate::sync::change_log::{Actor, Relation, Role, Unit};
use crate::sync::feed::Rights;

/// The most attendees that one account registers as their assistant.
const MOST_ASSISTED: usize = 50;

/// Registers an attendee; where the registration then stands.
pub(super) fn request(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    (attendee, may_be_new): (AttendeeId, bool),
    request: &Request,
) -> Result<Status, Failure> {
    let known = find_attendee(unit.connection, unit.group.event, attendee)?;
    let acting = match &known {
        Some(_) => require_acting(unit, caller.rights, attendee)?,
        None if may_be_new => acting_for_new(caller.rights, request)?,
        None => return Err(not_found()),
    };
    let mover = require_mover(acting)?;
    require_settable(&movers(mover, caller.rights, attendee), request.set_fields())?;
    require_own_delegation(caller.rights, acting, request.delegation)?;
    let category = require_category(unit, request.category)?;
    settle(unit)?;
    let before = store::find_registration(unit.connection, unit.group.event, attendee)?;
    let aimed = aim_at(unit, (mover, before.as_ref()), (request, &category))?;
    let who = Who { actor: Actor { attendee: Some(attendee), ..caller.actor }, acting: Some(acting) };
    let after = filled_in(before.as_ref(), request, aimed);
    check_form(unit, (who, attendee), (&category, request), (before.as_ref(), &after))?;
    require_companion(unit, caller.rights, (acting, attendee), &after)?;
    match known {
        None => make_attendee(unit, (who, attendee), request)?,
        Some(known) => rename(unit, (who, &known), request)?,
    }
    let mut after = after;
    if !request.is_override {
        let lack = find_lack(unit, before.as_ref(), &after)?;
        after.status = after_room(before.as_ref().map(|before| before.status), aimed, lack)?;
    }
    require_one_head(unit, attendee, &after)?;
    let status = after.status;
    keep_consents(unit, (who, attendee), &request.consents)?;
    write(unit, who, (attendee, "registration.request"), (before.as_ref(), after))?;
    keep_needs(unit, who.actor, attendee, request.access_needs.as_ref())?;
    Ok(status)
}

/// As what somebody may set fields: beside a duty, an account may be the person as well.
pub fn movers(mover: Mover, rights: &Rights, attendee: AttendeeId) -> Vec<Mover> {
    let is_person = rights.attendees.contains_key(&attendee);
    [Some(mover), is_person.then_some(Mover::Person)].into_iter().flatten().collect()
}

/// As what an account registers somebody new: by its duty, or for itself.
fn acting_for_new(rights: &Rights, request: &Request) -> Result<Acting, Refusal> {
    let by_duty = || {
        let focal = |id: &RecordId| rights.has_duty(*id, DelegationDuty::FocalPoint);
        if rights.is_organiser() {
            return Some(Acting::Organiser);
        }
        if rights.roles.contains(&Role::Protocol) {
            return Some(Acting::Protocol);
        }
        request.delegation.filter(focal).map(Acting::FocalPoint)
    };
    let acting = match request.relation {
        Some(Relation::Myself) => Acting::Myself,
        Some(Relation::Assistant) => Acting::Assistant,
        None => by_duty().unwrap_or(Acting::Myself),
    };
    let count = |relation| rights.attendees.values().filter(|held| **held == relation).count();
    if acting == Acting::Myself && count(Relation::Myself) > 0 {
        let detail = "The account is an attendee already; register that one, or another as its assistant.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/relation"));
    }
    if acting == Acting::Assistant && count(Relation::Assistant) >= MOST_ASSISTED {
        let detail = format!("An account registers at most {MOST_ASSISTED} attendees as their assistant.");
        return Err(Refusal::new(ProblemCode::QuotaReached, detail).at("/relation"));
    }
    Ok(acting)
}

/// A focal point registers members of their own delegations.
pub(super) fn require_own_delegation(
    rights: &Rights,
    acting: Acting,
    delegation: Option<RecordId>,
) -> Result<(), Refusal> {
    let is_own = |id: RecordId| rights.has_duty(id, DelegationDuty::FocalPoint);
    if !matches!(acting, Acting::FocalPoint(_)) || delegation.is_none_or(is_own) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::Forbidden, "You are not a focal point of that delegation.").at("/delegation"))
}

fn aim_at(
    unit: &Unit<'_>,
    (mover, before): (Mover, Option<&Registration>),
    (request, category): (&Request, &Category),
) -> Result<Status, Refusal> {
    let is_on = unit.group.programme().event().is_some_and(|(_, event)| event.state == State::Published);
    if mover == Mover::Person && !is_on {
        return Err(Refusal::new(ProblemCode::Closed, "The event does not take registrations.").at("/category"));
    }
    let from = before.map(|before| before.status);
    aim(&Asked { mover, from, wished: request.status, category, now: unit.group.now })
}

/// The registration as it is asked for. What nobody said stays as it was.
fn filled_in(before: Option<&Registration>, request: &Request, status: Status) -> Registration {
    let blank = Registration::blank(request.category, status);
    let before = before.cloned().unwrap_or(blank);
    Registration {
        status,
        external_id: request.external_id.clone().or(before.external_id),
        category: request.category,
        part_categories: request.part_categories.clone().unwrap_or(before.part_categories),
        delegation: request.delegation.or(before.delegation),
        delegation_role: request.delegation_role.unwrap_or(before.delegation_role),
        is_placeholder: request.is_placeholder,
        details: request.details.clone(),
        answers: request.answers.clone(),
        companion_of: request.companion_of.or(before.companion_of),
        shares: request.shares.clone(),
        reason: None,
        ..before
    }
}

fn check_form(
    unit: &mut Unit<'_>,
    (who, attendee): (Who, AttendeeId),
    (category, request): (&Category, &Request),
    (before, after): (Option<&Registration>, &Registration),
) -> Result<(), Failure> {
    let mover = who.acting.and_then(Acting::mover);
    let mut faults = check_details(&after.details);
    faults.extend(check_external_id(after.external_id.as_deref()));
    faults.extend(check_answers(category, &Answers::new(), &after.answers));
    if matches!(mover, Some(Mover::Person | Mover::FocalPoint)) && !after.is_placeholder {
        faults.extend(check_complete(category, &after.answers));
    }
    faults.extend(check_shares(&after.shares));
    faults.extend(check_consents(category, &[], &request.consents));
    faults.extend(check_not_refused(category, &request.consents));
    faults.extend(check_needs(request.access_needs.as_ref()));
    refuse_faults(faults)?;
    if mover == Some(Mover::Person) {
        refuse_faults(check_agreed(category, &agreed(unit, attendee, &request.consents)?))?;
    }
    require_references(unit, after, before)
}

/// What an attendee agreed to before and now.
fn agreed(unit: &mut Unit<'_>, attendee: AttendeeId, now: &[GivenConsent]) -> diesel::QueryResult<Vec<GivenConsent>> {
    let mut held = store::list_consents(unit.connection, unit.group.event, &[attendee])?;
    let mut held = held.remove(&attendee).unwrap_or_default();
    held.retain(|earlier| now.iter().all(|word| word.consent != earlier.consent));
    held.extend(now.iter().cloned());
    Ok(held)
}

pub fn keep_consents(
    unit: &mut Unit<'_>,
    (who, attendee): (Who, AttendeeId),
    given: &[GivenConsent],
) -> diesel::QueryResult<()> {
    if given.is_empty() {
        return Ok(());
    }
    let (event, now) = (unit.group.event, unit.group.now);
    store::put_consents(unit.connection, (event, attendee), given, (who.actor.account, now))?;
    unit.group.attendee_changed(attendee);
    Ok(())
}

/// Somebody comes along with a person who comes and said that they need somebody, one at a time. For whom they let
/// others come organisers decide for themselves.
pub(super) fn require_companion(
    unit: &mut Unit<'_>,
    rights: &Rights,
    (acting, attendee): (Acting, AttendeeId),
    after: &Registration,
) -> Result<(), Failure> {
    let Some(of) = after.companion_of else { return Ok(()) };
    let unknown = || Refusal::new(ProblemCode::UnknownReference, "There is no such attendee.").at("/companion_of");
    let event = unit.group.event;
    let known = acting_for(unit.connection, event, rights, of)?;
    let may_ask = known.is_some_and(|acting| acting.mover().is_some()) && of != attendee;
    let accompanied = store::find_registration(unit.connection, event, of)?.filter(|_| may_ask);
    let accompanied = accompanied.ok_or_else(unknown)?;
    let is_gone = matches!(accompanied.status, Status::Declined | Status::Cancelled);
    let has_own = !store::list_companions(unit.connection, event, attendee)?.is_empty();
    if is_gone || accompanied.companion_of.is_some() || has_own {
        let detail = "A companion comes with somebody who comes, and nobody comes with a companion.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/companion_of").into());
    }
    if acting == Acting::Organiser {
        return Ok(());
    }
    let needs = store::find_access_needs(unit.connection, event, of)?;
    let needs_one = needs.is_some_and(|needs| needs.needs.contains(&AccessNeed::Companion));
    let others = store::list_companions(unit.connection, event, of)?;
    if needs_one && others.iter().all(|other| *other == attendee) {
        return Ok(());
    }
    let detail = "A companion comes with an attendee whose access needs name one, one at a time.";
    Err(Refusal::new(ProblemCode::WrongState, detail).at("/companion_of").into())
}

fn make_attendee(unit: &mut Unit<'_>, (who, id): (Who, AttendeeId), request: &Request) -> Result<(), Failure> {
    let name = request.name.clone();
    let nameless = || Refusal::new(ProblemCode::InvalidRequest, "A new attendee has a name.").at("/name");
    let new = NewAttendee {
        name: name.ok_or_else(nameless)?,
        language: request.language.clone(),
        email: request.email.clone(),
    };
    create_attendee(unit, who.actor, id, &new)?;
    let relation = match who.acting {
        Some(Acting::Myself) => Relation::Myself,
        Some(Acting::Assistant) => Relation::Assistant,
        _ => return Ok(()),
    };
    if let Some(account) = who.actor.account {
        unit.group.set_relation(id, account, Some(relation));
    }
    Ok(())
}

fn rename(unit: &mut Unit<'_>, (who, known): (Who, &Attendee), request: &Request) -> Result<(), Failure> {
    if request.name.is_none() && request.language.is_none() && request.email.is_none() {
        return Ok(());
    }
    let patch = AttendeePatch {
        name: request.name.clone(),
        language: request.language.clone().map(Some),
        email: request.email.clone(),
    };
    super::change::require_free_account(unit, who, (known.id, patch.email.is_some()))?;
    change_attendee(unit, who.actor, known.id, &patch)
}
