//! What one person is answered: who asks for a seat, gives one back, accepts one.
//!
//! A request is judged in a fixed order, and the first thing in its way is the answer: closed, not
//! registered, not invited, the window, a clash, the quota, and last whether a seat is free. An
//! organiser's exception goes past window, quota and number of seats, and past nothing else.

use super::{Held, Phase, SeatTerms, SignUpState};
use crate::ids::RecordId;
use crate::problem_code::ProblemCode;
use crate::programme::{Collection, Programme, RecordBody};
use crate::registration::{Registration, RegistrationStatus};
use crate::time::Timestamp;

/// Why somebody does not get what they asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rejection {
    /// Nobody can sign up: it is a draft, cancelled, or without seats of its own.
    Closed,
    /// They have no confirmed registration.
    NotRegistered,
    /// It is for others.
    NotInvited,
    /// People cannot sign up yet.
    WindowNotOpen,
    /// People cannot sign up, change or cancel any more.
    WindowOver,
    /// They hold a seat at the same time.
    Clash,
    /// Their delegation has as many seats as it may.
    QuotaReached,
    /// No seat is free, and there is no line to wait in.
    Full,
    /// There is no offer to accept.
    NotOffered,
}

impl Rejection {
    /// The stable word.
    pub fn code(self) -> ProblemCode {
        match self {
            Self::Closed => ProblemCode::Closed,
            Self::NotRegistered => ProblemCode::NotRegistered,
            Self::NotInvited => ProblemCode::NotInvited,
            Self::WindowNotOpen => ProblemCode::WindowNotOpen,
            Self::WindowOver => ProblemCode::WindowOver,
            Self::Clash => ProblemCode::Clash,
            Self::QuotaReached => ProblemCode::QuotaReached,
            Self::Full => ProblemCode::Full,
            Self::NotOffered => ProblemCode::WrongState,
        }
    }

    /// A sentence in English for developers.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Closed => "Nobody can sign up for this session.",
            Self::NotRegistered => "A seat is for attendees with a confirmed registration.",
            Self::NotInvited => "The attendee is not let in to this session.",
            Self::WindowNotOpen => "People cannot sign up yet.",
            Self::WindowOver => "The time to sign up, change and cancel is over.",
            Self::Clash => "The attendee holds a seat in another session at that time.",
            Self::QuotaReached => "The delegation has as many seats as it may have.",
            Self::Full => "No seat is free, and there is no waitlist.",
            Self::NotOffered => "No seat is offered to the attendee.",
        }
    }
}

/// How many seats of a session a delegation has, and may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuotaUse {
    /// The most.
    pub at_most: u32,
    /// How many it has.
    pub used: u32,
}

impl QuotaUse {
    /// Whether there is no room for one more.
    pub fn is_reached(self) -> bool {
        self.used >= self.at_most
    }
}

/// Somebody's wish for a seat, with what decides on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Request<'a> {
    /// When it is decided.
    pub now: Timestamp,
    /// The session; none where it has no seats.
    pub terms: Option<&'a SeatTerms>,
    /// Where their registration stands.
    pub registration: Option<RegistrationStatus>,
    /// Whether the session lets them in, by its admission.
    pub is_let_in: bool,
    /// What they hold and wait for, in this session and in others.
    pub held: &'a [Held],
    /// How many of its seats are taken. Nobody who could have a free one waits.
    pub taken: u32,
    /// The quota of their delegation here, if there is one and they count in it.
    pub quota: Option<QuotaUse>,
    /// Whether an organiser makes an exception.
    pub has_exception: bool,
}

/// What becomes of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The seat is theirs. What they have in the choice group beside it ends ([`list_replaced`]).
    Confirmed {
        /// Whether it took the exception.
        is_exception: bool,
    },
    /// They wait, with the next number. What they have in the choice group stays.
    Waitlisted,
    /// They had it already: nothing changes.
    Unchanged(SignUpState),
}

/// Decides on a request.
///
/// # Errors
///
/// The first thing that is in its way.
pub fn decide(request: &Request<'_>) -> Result<Decision, Rejection> {
    let terms = request.terms.filter(|terms| terms.is_on_offer).ok_or(Rejection::Closed)?;
    let had = request.held.iter().find(|held| held.session == terms.session).map(|held| held.state);
    if let Some(state) = had
        && (state == SignUpState::Confirmed || !request.has_exception)
    {
        return Ok(Decision::Unchanged(state));
    }
    if request.registration != Some(RegistrationStatus::Confirmed) {
        return Err(Rejection::NotRegistered);
    }
    if !request.is_let_in {
        return Err(Rejection::NotInvited);
    }
    let excused = |rejection: Rejection| if request.has_exception { Ok(true) } else { Err(rejection) };
    let mut is_exception = match terms.phase(request.now) {
        Phase::Open => is_tied(terms, request.held) && excused(Rejection::WindowOver)?,
        Phase::NotYet => excused(Rejection::WindowNotOpen)?,
        Phase::Over => excused(Rejection::WindowOver)?,
    };
    if !list_clashes(terms, request.held).is_empty() {
        return Err(Rejection::Clash);
    }
    // Who accepts an offer by an exception has the seat, and counts in the quota, already.
    if had != Some(SignUpState::Offered) {
        if request.quota.is_some_and(QuotaUse::is_reached) {
            is_exception |= excused(Rejection::QuotaReached)?;
        }
        if request.taken >= terms.seats {
            match (request.has_exception, terms.rules.has_no_waitlist) {
                (true, _) => is_exception = true,
                (false, true) => return Err(Rejection::Full),
                (false, false) => return Ok(Decision::Waitlisted),
            }
        }
    }
    Ok(Decision::Confirmed { is_exception })
}

/// Whether a seat, offer or place in the line can be given back; tells whether it takes the
/// exception.
///
/// # Errors
///
/// The window is over, and nobody makes an exception.
pub fn may_cancel(terms: Option<&SeatTerms>, now: Timestamp, has_exception: bool) -> Result<bool, Rejection> {
    let is_over = terms.is_some_and(|terms| terms.is_on_offer && terms.phase(now) == Phase::Over);
    match (is_over, has_exception) {
        (true, false) => Err(Rejection::WindowOver),
        (is_over, _) => Ok(is_over),
    }
}

/// Whether an offered seat can be accepted. Then it is confirmed, and replaces what they have in the
/// choice group beside it ([`list_replaced`]). `until` is when the offer ends.
///
/// # Errors
///
/// There is no offer; its time or the window is over; a seat at the same time.
pub fn accept(
    terms: Option<&SeatTerms>,
    now: Timestamp,
    held: &[Held],
    until: Option<Timestamp>,
) -> Result<(), Rejection> {
    let terms = terms.filter(|terms| terms.is_on_offer).ok_or(Rejection::Closed)?;
    let is_offered = held.iter().any(|held| held.session == terms.session && held.state == SignUpState::Offered);
    if !is_offered {
        return Err(Rejection::NotOffered);
    }
    let is_late = until.is_some_and(|until| now >= until) || terms.phase(now) == Phase::Over;
    if is_late || is_tied(terms, held) {
        return Err(Rejection::WindowOver);
    }
    if list_clashes(terms, held).is_empty() { Ok(()) } else { Err(Rejection::Clash) }
}

/// Whether who takes somebody's place at the event can take what they have in a session: not with
/// something of their own there, a seat in its choice group, or one at the same time.
pub fn may_take_over(terms: &SeatTerms, held: &[Held]) -> bool {
    let is_in_the_way =
        |own: &Held| own.session == terms.session || (own.state.holds_seat() && is_same_choice(terms, own));
    !held.iter().any(is_in_the_way) && list_clashes(terms, held).is_empty()
}

/// The sessions at the same time in which they hold a seat that the new one would not replace.
pub fn list_clashes(terms: &SeatTerms, held: &[Held]) -> Vec<RecordId> {
    let overlaps = |other: &Held| {
        let at_once = terms.interval.zip(other.interval).is_some_and(|(a, b)| a.0 < b.1 && b.0 < a.1);
        at_once && !terms.rules.may_overlap && !other.may_overlap
    };
    held.iter()
        .filter(|other| other.session != terms.session && other.state.holds_seat())
        .filter(|other| !is_same_choice(terms, other) && overlaps(other))
        .map(|other| other.session)
        .collect()
}

/// The sessions of the choice group in which what they hold or wait for ends with a seat in this one.
pub fn list_replaced(terms: &SeatTerms, held: &[Held]) -> Vec<RecordId> {
    held.iter()
        .filter(|other| other.session != terms.session && is_same_choice(terms, other))
        .map(|other| other.session)
        .collect()
}

/// Whether a seat that this one would replace is on a list that stands: it cannot be given back.
pub(super) fn is_tied(terms: &SeatTerms, held: &[Held]) -> bool {
    held.iter().any(|other| {
        other.session != terms.session && other.is_frozen && other.state.holds_seat() && is_same_choice(terms, other)
    })
}

fn is_same_choice(terms: &SeatTerms, other: &Held) -> bool {
    terms.choice_group.is_some() && terms.choice_group == other.choice_group
}

/// Whether a registration counts in the quotas of its delegation for a session: not the companion of
/// somebody with access needs, nor somebody whose category there is outside quotas. One that holds a
/// place for somebody not yet named counts.
pub fn counts_in_quota(programme: &Programme, session: RecordId, registration: &Registration) -> bool {
    let part = programme.session(session).and_then(|session| session.part);
    let own = registration.part_categories.iter().find(|own| Some(own.part) == part);
    let category = own.map_or(registration.category, |own| own.category);
    let category = programme.find(Collection::Categories, category).map(|record| &record.body);
    let is_outside = matches!(category, Some(RecordBody::Categories(category)) if category.is_outside_quotas);
    registration.companion_of.is_none() && !is_outside
}
