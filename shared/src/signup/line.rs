//! Lines of people who wait: who is next, and what that moves elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::is_tied;
use super::{Held, Phase, QuotaUse, SeatTerms, SignUpState, list_clashes};
use crate::ids::{AttendeeId, RecordId};
use crate::time::Timestamp;

/// Somebody who waits for a seat.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// Who.
    pub attendee: AttendeeId,
    /// Their number in the line.
    pub number: u64,
    /// Whether their registration is confirmed.
    pub is_registered: bool,
    /// The delegation in whose quota they count.
    pub delegation: Option<RecordId>,
    /// What they hold and wait for.
    pub held: Vec<Held>,
}

/// The line of a session, or a stretch of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The session.
    pub terms: SeatTerms,
    /// When it is looked at.
    pub now: Timestamp,
    /// How many of the seats are taken.
    pub taken: u32,
    /// The quotas of delegations here.
    pub quotas: BTreeMap<RecordId, QuotaUse>,
    /// Who waits, by number.
    pub candidates: Vec<Candidate>,
    /// Whether others wait behind them.
    pub has_more: bool,
}

/// A seat for somebody who waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Promotion {
    /// Who gets it.
    pub attendee: AttendeeId,
    /// Until when they may accept; none where it is theirs at once.
    pub offered_until: Option<Timestamp>,
}

impl Promotion {
    /// What their sign-up is from now on.
    pub fn state(&self) -> SignUpState {
        if self.offered_until.is_some() { SignUpState::Offered } else { SignUpState::Confirmed }
    }
}

impl Line {
    /// How many seats are free to be given: none where nobody can sign up now.
    pub fn free(&self) -> u32 {
        let is_open = self.terms.is_on_offer && self.terms.phase(self.now) == Phase::Open;
        if is_open { self.terms.seats.saturating_sub(self.taken) } else { 0 }
    }
}

/// Who gets the free seats: in the order of numbers, leaving out (for now; they keep their numbers)
/// who is not registered, whose delegation has as many seats as it may, who holds a seat at the same
/// time, and whose other seat in the choice group is on a list that stands.
pub fn promote(line: &Line) -> Vec<Promotion> {
    let mut quotas = line.quotas.clone();
    let offered_until = line.terms.offer_ends_at(line.now);
    let mut promotions = Vec::new();
    for candidate in &line.candidates {
        if promotions.len() as u64 >= u64::from(line.free()) {
            break;
        }
        let quota = candidate.delegation.and_then(|delegation| quotas.get_mut(&delegation));
        let is_free = list_clashes(&line.terms, &candidate.held).is_empty() && !is_tied(&line.terms, &candidate.held);
        if !candidate.is_registered || !is_free || quota.as_ref().is_some_and(|quota| quota.is_reached()) {
            continue;
        }
        if let Some(quota) = quota {
            quota.used += 1;
        }
        promotions.push(Promotion { attendee: candidate.attendee, offered_until });
    }
    promotions
}

/// The seats of an event, wherever they are kept.
pub trait SeatBook {
    /// Why it cannot be read or written.
    type Error;

    /// The line of a session behind the number `after`; none where the session has no seats.
    fn load_line(&mut self, session: RecordId, after: u64) -> Result<Option<Line>, Self::Error>;

    /// Gives the seats, ends what a confirmed one replaces, and tells the sessions whose lines may
    /// move because of that.
    fn give(&mut self, session: RecordId, promotions: &[Promotion]) -> Result<BTreeSet<RecordId>, Self::Error>;
}

/// Moves the lines of these sessions, and those that move with them, until nobody who can have a
/// free seat waits. Sessions are taken in the order of their ids.
pub fn settle<B: SeatBook>(book: &mut B, mut sessions: BTreeSet<RecordId>) -> Result<(), B::Error> {
    while let Some(session) = sessions.pop_first() {
        let mut after = 0;
        while let Some(line) = book.load_line(session, after)? {
            let promotions = promote(&line);
            if !promotions.is_empty() {
                sessions.extend(book.give(session, &promotions)?);
            }
            let is_given_away = promotions.len() as u64 >= u64::from(line.free());
            match line.candidates.last() {
                Some(last) if line.has_more && !is_given_away => after = last.number,
                _ => break,
            }
        }
    }
    Ok(())
}
