//! The verbs of seats: ask for one, give it back, accept one.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::notice::NoticeKind;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use shared::registration::Registration;
use shared::signup::{
    Decision, QuotaUse, Rejection, Request, SeatTerms, SignUp, SignUpState, accept as may_accept, counts_in_quota,
    decide, may_cancel,
};
use shared::sync::Scope;

use super::book::{end, list_endings, move_lines};
use super::changes::{Cause, Change, tell_of, tell_of_loss, write};
use super::facts::{held_of, load_quotas};
use super::rows::put_row;
use super::{admission, store};
use crate::badges::works_at_desk;
use crate::programme::operations::read;
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, acting_here};
use crate::registration::store::find_registration;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::{EventMemory, Rights};
use crate::sync::projection::is_visible;

/// What is done with a seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Ask for one.
    Request(Exceptional),
    /// Give it back, decline the offer, or leave the line.
    Cancel(Exceptional),
    /// Accept an offered one.
    Accept(Plain),
}

/// A session, and whether an organiser makes an exception.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptional {
    /// The session.
    pub session: RecordId,
    /// Whether window, quota and number of seats are not to count.
    #[serde(default, rename = "override")]
    pub is_override: bool,
}

/// A session.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// The session.
    pub session: RecordId,
}

/// Who does it, for whom, as what.
struct Caller {
    actor: Actor,
    acting: Acting,
    attendee: AttendeeId,
}

impl Command {
    fn is_override(&self) -> bool {
        matches!(self, Self::Request(args) | Self::Cancel(args) if args.is_override)
    }
}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "signup.request" => read(args).map(Command::Request),
        "signup.cancel" => read(args).map(Command::Cancel),
        "signup.accept" => read(args).map(Command::Accept),
        _ => return None,
    })
}

/// Does it for `attendee`, and tells what became of their sign-up.
///
/// # Errors
///
/// The account has nothing to do with the attendee (`not_found`), or may not do this for them; there is
/// no such session for them (`unknown_reference`); what the rules say ([`Rejection`]).
pub fn run(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (actor, rights): (Actor, &Rights),
    (attendee, command): (AttendeeId, &Command),
) -> Result<SignUp, Failure> {
    let at_desk = (rights, works_at_desk(rights));
    let acting = acting_here(unit.connection, unit.group.event, at_desk, attendee)?;
    let acting =
        acting.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such attendee, or not for you."))?;
    if !acting.may_decide() {
        return Err(Refusal::new(ProblemCode::Forbidden, "Who looks after a delegation takes no seats for it.").into());
    }
    if command.is_override() && !acting.may_override() {
        return Err(Refusal::new(ProblemCode::Forbidden, "Only an organiser makes exceptions.").at("/override").into());
    }
    let caller = Caller { actor: Actor { attendee: Some(attendee), ..actor }, acting, attendee };
    match command {
        Command::Request(args) => request(unit, memory, &caller, args),
        Command::Cancel(args) => cancel(unit, &caller, args),
        Command::Accept(args) => accept(unit, &caller, args),
    }
}

/// Forgets every sign-up of an attendee who is taken away.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> Result<(), Failure> {
    let event = unit.group.event;
    for one in store::list_of_attendees(unit.connection, event, &[attendee])? {
        put_row(unit, &one, None);
        unit.group.seats_changed(one.session);
    }
    Ok(store::delete_of_attendee(unit.connection, event, attendee)?)
}

fn request(unit: &mut Unit<'_>, memory: &EventMemory, caller: &Caller, args: &Exceptional) -> Result<SignUp, Failure> {
    let (event, now, session) = (unit.group.event, unit.group.now, args.session);
    let taken = make_room(unit, session)?;
    let theirs = store::list_of_attendees(unit.connection, event, &[caller.attendee])?;
    let line = theirs.iter().find(|one| one.session == session).cloned();
    let mine = line.clone().filter(|one| one.state.is_live());
    if mine.is_none() {
        require_visible(unit, memory, caller, session)?;
    }
    let programme = unit.group.programme().clone();
    let terms = SeatTerms::of(&programme, session);
    let registration = find_registration(unit.connection, event, caller.attendee)?;
    let quota = load_quota(unit, session, registration.as_ref())?;
    let held = held_of(&programme, &theirs, now);
    let decision = decide(&Request {
        now,
        terms: terms.as_ref(),
        registration: registration.map(|own| own.status),
        is_let_in: admission::is_let_in(unit, session, caller.attendee)?,
        held: &held,
        taken,
        quota,
        has_exception: args.is_override,
    });
    let (state, is_override) = match decision.map_err(refuse)? {
        Decision::Confirmed { is_exception } => (SignUpState::Confirmed, is_exception),
        Decision::Waitlisted => (SignUpState::Waitlisted, false),
        Decision::Unchanged(state) => (state, false),
    };
    if let Some(mine) = mine.filter(|mine| mine.state == state) {
        return Ok(mine);
    }
    let number = match state {
        SignUpState::Waitlisted => Some(store::highest_number(unit.connection, event, session)? + 1),
        _ => line.as_ref().and_then(|line| line.number),
    };
    let requested_at = line.as_ref().filter(|line| line.state.is_live()).map_or(now, |line| line.requested_at);
    let after =
        SignUp { session, attendee: caller.attendee, state, number, offered_until: None, is_override, requested_at };
    give(unit, caller, ("signup.request", Change { before: line, after }), &theirs)
}

/// How many seats are taken, once nobody who could have a free one waits.
fn make_room(unit: &mut Unit<'_>, session: RecordId) -> Result<u32, Failure> {
    let (event, sessions) = (unit.group.event, BTreeSet::from([session]));
    let count = |unit: &mut Unit<'_>| {
        let taken = store::count_taken(unit.connection, event, &sessions)?;
        Ok::<_, Failure>(taken.get(&session).copied().unwrap_or(0))
    };
    let taken = count(unit)?;
    let seats = SeatTerms::of(unit.group.programme(), session).map_or(0, |terms| terms.seats);
    if taken >= seats || !store::has_waiting(unit.connection, event, session)? {
        return Ok(taken);
    }
    move_lines(unit, sessions.clone())?;
    count(unit)
}

fn load_quota(
    unit: &mut Unit<'_>,
    session: RecordId,
    registration: Option<&Registration>,
) -> Result<Option<QuotaUse>, Failure> {
    let counted = registration.filter(|own| counts_in_quota(unit.group.programme(), session, own));
    let Some(delegation) = counted.and_then(|own| own.delegation) else { return Ok(None) };
    Ok(load_quotas(unit, session, &[delegation].into())?.remove(&delegation))
}

/// Writes the change, and if it is a confirmed seat the end of what it replaces; tells the attendee
/// where somebody else did it for them.
fn give(
    unit: &mut Unit<'_>,
    caller: &Caller,
    (operation, change): (&str, Change),
    theirs: &[SignUp],
) -> Result<SignUp, Failure> {
    let after = change.after.clone();
    let mut changes = vec![change];
    if after.state == SignUpState::Confirmed {
        if let Some(terms) = SeatTerms::of(unit.group.programme(), after.session) {
            changes.extend(list_endings(&terms, unit, theirs));
        }
        if caller.acting != Acting::Myself {
            tell_of(unit, NoticeKind::SeatGiven, &after, json!({}));
        }
    }
    write(unit, (caller.actor, operation), &changes)?;
    Ok(after)
}

fn cancel(unit: &mut Unit<'_>, caller: &Caller, args: &Exceptional) -> Result<SignUp, Failure> {
    let mine = find_mine(unit, caller, args.session)?.1;
    if !mine.state.is_live() {
        return Ok(mine);
    }
    let terms = SeatTerms::of(unit.group.programme(), args.session);
    let is_exception = may_cancel(terms.as_ref(), unit.group.now, args.is_override).map_err(refuse)?;
    let change = Change::of(mine, |one| {
        end(one);
        one.is_override |= is_exception;
    });
    let after = change.after.clone();
    write(unit, (caller.actor, "signup.cancel"), &[change])?;
    if caller.acting != Acting::Myself {
        tell_of_loss(unit, &after, Cause::GivenBack);
    }
    Ok(after)
}

fn accept(unit: &mut Unit<'_>, caller: &Caller, args: &Plain) -> Result<SignUp, Failure> {
    let (theirs, mine) = find_mine(unit, caller, args.session)?;
    if mine.state == SignUpState::Confirmed {
        return Ok(mine);
    }
    let (programme, now) = (unit.group.programme(), unit.group.now);
    let terms = SeatTerms::of(programme, args.session);
    may_accept(terms.as_ref(), now, &held_of(programme, &theirs, now), mine.offered_until).map_err(refuse)?;
    let change = Change::of(mine, |one| (one.state, one.offered_until) = (SignUpState::Confirmed, None));
    give(unit, caller, ("signup.accept", change), &theirs)
}

/// Everything of the attendee, and the one for the session.
fn find_mine(unit: &mut Unit<'_>, caller: &Caller, session: RecordId) -> Result<(Vec<SignUp>, SignUp), Failure> {
    let theirs = store::list_of_attendees(unit.connection, unit.group.event, &[caller.attendee])?;
    let mine = theirs.iter().find(|one| one.session == session).cloned();
    let mine = mine.ok_or_else(|| unknown("The attendee has not signed up for such a session."))?;
    Ok((theirs, mine))
}

/// A session that the attendee may not know of is as unknown as one that never was; who sees
/// everything for the event sees it.
fn require_visible(unit: &Unit<'_>, memory: &EventMemory, caller: &Caller, session: RecordId) -> Result<(), Refusal> {
    let programme = unit.group.programme();
    let may_hold = |scope: Scope| memory.attendee_may_hold(caller.attendee, &scope);
    let is_known = match caller.acting {
        Acting::Organiser | Acting::Protocol => programme.session(session).is_some(),
        _ => is_visible(programme, (Collection::Sessions, session), &may_hold),
    };
    if is_known { Ok(()) } else { Err(unknown("There is no such session.")) }
}

fn unknown(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::UnknownReference, detail).at("/session")
}

fn refuse(rejection: Rejection) -> Failure {
    Refusal::new(rejection.code(), rejection.detail()).into()
}

/// The session that a path segment names, by id or slug.
pub fn find_session(programme: &Programme, name: &str) -> Option<RecordId> {
    match name.parse::<RecordId>() {
        Ok(id) => Some(id),
        Err(_) => programme.find_by_slug(Collection::Sessions, name).map(|record| record.id),
    }
}
