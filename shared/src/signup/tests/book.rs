//! Seats in memory: the least that the rules need around them.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::super::*;
use super::attendee;
use crate::ids::{AttendeeId, RecordId};
use crate::registration::RegistrationStatus;
use crate::time::Timestamp;

/// How many people a stretch of a line holds here, so that lines are longer than that.
const STRETCH: usize = 2;

/// Sessions, quotas and sign-ups in memory, at one moment.
pub struct Book {
    pub now: Timestamp,
    pub sessions: BTreeMap<RecordId, SeatTerms>,
    pub quotas: BTreeMap<(RecordId, RecordId), u32>,
    pub delegations: BTreeMap<AttendeeId, RecordId>,
    pub sign_ups: BTreeMap<(RecordId, AttendeeId), SignUp>,
    /// Numbers that were given, by session.
    pub numbers: BTreeMap<RecordId, Vec<u64>>,
    /// Seats that exceptions gave.
    pub exceptions: BTreeSet<(RecordId, AttendeeId)>,
}

impl Book {
    pub fn taken(&self, session: RecordId) -> u32 {
        let seats = self.sign_ups.values().filter(|one| one.session == session && one.state.holds_seat());
        seats.count() as u32
    }

    pub fn state(&self, session: RecordId, attendee: AttendeeId) -> Option<SignUpState> {
        Some(self.sign_ups.get(&(session, attendee))?.state).filter(|state| state.is_live())
    }

    pub fn held(&self, attendee: AttendeeId) -> Vec<Held> {
        let mine = self.sign_ups.values().filter(|one| one.attendee == attendee && one.state.is_live());
        mine.map(|one| Held::of(&self.sessions[&one.session], one.state, self.now)).collect()
    }

    pub fn quota(&self, session: RecordId, delegation: RecordId) -> Option<QuotaUse> {
        let at_most = *self.quotas.get(&(delegation, session))?;
        let of_delegation = |one: &&SignUp| {
            one.session == session && one.state.holds_seat() && self.delegations.get(&one.attendee) == Some(&delegation)
        };
        Some(QuotaUse { at_most, used: self.sign_ups.values().filter(of_delegation).count() as u32 })
    }

    fn quota_of(&self, session: RecordId, attendee: AttendeeId) -> Option<QuotaUse> {
        self.quota(session, *self.delegations.get(&attendee)?)
    }

    pub fn request(&mut self, session: RecordId, person: u128, has_exception: bool) -> Result<Decision, Rejection> {
        let attendee = attendee(person);
        let held = self.held(attendee);
        let decision = decide(&Request {
            now: self.now,
            terms: self.sessions.get(&session),
            registration: Some(RegistrationStatus::Confirmed),
            is_let_in: true,
            held: &held,
            taken: self.taken(session),
            quota: self.quota_of(session, attendee),
            has_exception,
        })?;
        match decision {
            Decision::Confirmed { is_exception } => {
                if is_exception {
                    self.exceptions.insert((session, attendee));
                }
                self.put(session, attendee, (SignUpState::Confirmed, None));
                let freed = self.replace(session, attendee);
                self.settle(freed);
            }
            Decision::Waitlisted => {
                let given = self.numbers.entry(session).or_default();
                let number = given.iter().max().map_or(1, |last| last + 1);
                given.push(number);
                self.put(session, attendee, (SignUpState::Waitlisted, None));
                self.sign_ups.get_mut(&(session, attendee)).unwrap().number = Some(number);
            }
            Decision::Unchanged(_) => {}
        }
        Ok(decision)
    }

    pub fn cancel(&mut self, session: RecordId, person: u128) -> Result<bool, Rejection> {
        let is_exception = may_cancel(self.sessions.get(&session), self.now, false)?;
        self.end(session, attendee(person), SignUpState::Cancelled);
        Ok(is_exception)
    }

    pub fn accept(&mut self, session: RecordId, person: u128) -> Result<(), Rejection> {
        let attendee = attendee(person);
        let until = self.sign_ups.get(&(session, attendee)).and_then(|one| one.offered_until);
        accept(self.sessions.get(&session), self.now, &self.held(attendee), until)?;
        self.put(session, attendee, (SignUpState::Confirmed, None));
        let freed = self.replace(session, attendee);
        self.settle(freed);
        Ok(())
    }

    /// Ends the offers whose time is over.
    pub fn lapse(&mut self) {
        let now = self.now;
        let is_due = |one: &SignUp| one.state == SignUpState::Offered && one.offered_until.is_some_and(|at| now >= at);
        let due: Vec<_> =
            self.sign_ups.values().filter(|one| is_due(one)).map(|one| (one.session, one.attendee)).collect();
        for (session, attendee) in due {
            self.end(session, attendee, SignUpState::Lapsed);
        }
    }

    pub fn set_seats(&mut self, session: RecordId, seats: u32) {
        self.sessions.get_mut(&session).unwrap().seats = seats;
        self.settle([session].into());
    }

    fn end(&mut self, session: RecordId, attendee: AttendeeId, state: SignUpState) {
        if self.state(session, attendee).is_none() {
            return;
        }
        self.put(session, attendee, (state, None));
        self.exceptions.remove(&(session, attendee));
        let mut touched = self.waits_of(attendee);
        touched.insert(session);
        self.settle(touched);
    }

    fn put(
        &mut self,
        session: RecordId,
        attendee: AttendeeId,
        (state, offered_until): (SignUpState, Option<Timestamp>),
    ) {
        let number = self.sign_ups.get(&(session, attendee)).and_then(|one| one.number);
        let is_override = self.exceptions.contains(&(session, attendee));
        let one = SignUp { session, attendee, state, number, offered_until, is_override, requested_at: self.now };
        self.sign_ups.insert((session, attendee), one);
    }

    /// Ends what a confirmed seat replaces; tells where lines may move.
    fn replace(&mut self, session: RecordId, attendee: AttendeeId) -> BTreeSet<RecordId> {
        let replaced = list_replaced(&self.sessions[&session], &self.held(attendee));
        for other in &replaced {
            self.put(*other, attendee, (SignUpState::Cancelled, None));
            self.exceptions.remove(&(*other, attendee));
        }
        let mut touched = self.waits_of(attendee);
        touched.extend(replaced);
        touched
    }

    fn waits_of(&self, attendee: AttendeeId) -> BTreeSet<RecordId> {
        let waits = |one: &&SignUp| one.attendee == attendee && one.state == SignUpState::Waitlisted;
        self.sign_ups.values().filter(waits).map(|one| one.session).collect()
    }

    pub fn settle(&mut self, sessions: BTreeSet<RecordId>) {
        match settle(self, sessions) {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }

    /// Why somebody in the line cannot have a free seat, told without the rules' help.
    pub fn is_blocked(&self, session: RecordId, attendee: AttendeeId) -> bool {
        let terms = &self.sessions[&session];
        let others = self.held(attendee).into_iter().filter(|held| held.session != session && held.state.holds_seat());
        let in_the_way = |held: Held| {
            let same_choice = terms.choice_group.is_some() && held.choice_group == terms.choice_group;
            let (a, b) = (terms.interval.unwrap(), held.interval.unwrap());
            if same_choice { held.is_frozen } else { a.0 < b.1 && b.0 < a.1 }
        };
        let mut others = others;
        others.any(in_the_way) || self.quota_of(session, attendee).is_some_and(|quota| quota.used >= quota.at_most)
    }

    pub fn line(&self, session: RecordId) -> Vec<(u64, AttendeeId)> {
        let waits = |one: &&SignUp| one.session == session && one.state == SignUpState::Waitlisted;
        let mut line: Vec<_> =
            self.sign_ups.values().filter(waits).map(|one| (one.number.unwrap(), one.attendee)).collect();
        line.sort_unstable();
        line
    }
}

impl SeatBook for Book {
    type Error = Infallible;

    fn load_line(&mut self, session: RecordId, after: u64) -> Result<Option<Line>, Infallible> {
        let Some(terms) = self.sessions.get(&session).cloned() else { return Ok(None) };
        let mut waiting = self.line(session);
        waiting.retain(|(number, _)| *number > after);
        let has_more = waiting.len() > STRETCH;
        waiting.truncate(STRETCH);
        let candidate = |(number, attendee): (u64, AttendeeId)| Candidate {
            attendee,
            number,
            is_registered: true,
            delegation: self.delegations.get(&attendee).copied(),
            held: self.held(attendee),
        };
        let delegations: BTreeSet<RecordId> = self.delegations.values().copied().collect();
        let quotas = delegations.into_iter().filter_map(|id| Some((id, self.quota(session, id)?))).collect();
        let candidates = waiting.into_iter().map(candidate).collect();
        Ok(Some(Line { terms, now: self.now, taken: self.taken(session), quotas, candidates, has_more }))
    }

    fn give(&mut self, session: RecordId, promotions: &[Promotion]) -> Result<BTreeSet<RecordId>, Infallible> {
        let mut touched = BTreeSet::new();
        for promotion in promotions {
            let ahead = self.line(session).into_iter().take_while(|(_, other)| *other != promotion.attendee);
            for (_, other) in ahead.collect::<Vec<_>>() {
                assert!(self.is_blocked(session, other), "nobody who could have the seat is passed over");
            }
            assert!(!self.is_blocked(session, promotion.attendee));
            assert!(self.taken(session) < self.sessions[&session].seats, "only free seats are given");
            self.put(session, promotion.attendee, (promotion.state(), promotion.offered_until));
            if promotion.state() == SignUpState::Confirmed {
                touched.extend(self.replace(session, promotion.attendee));
            }
        }
        Ok(touched)
    }
}
