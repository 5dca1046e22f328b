//! The seats of an event in the database, as the rules move them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde_json::{Map, Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::notice::NoticeKind;
use shared::registration::{Registration, RegistrationStatus};
use shared::signup::{
    Candidate, Line, Phase, Promotion, SeatBook, SeatTerms, SignUp, SignUpState, counts_in_quota, list_replaced, settle,
};

use super::changes::{Change, tell_of, write};
use super::facts::{held_of, load_quotas};
use super::store;
use crate::registration::store::list_registrations;
use crate::sync::change_log::{Actor, Unit};

/// How many of those who wait are looked at together.
const STRETCH: usize = 200;

/// Moves the lines of these sessions, and those that move with them. Sessions without a free seat
/// cost one statement together.
pub fn move_lines(unit: &mut Unit<'_>, mut sessions: BTreeSet<RecordId>) -> QueryResult<()> {
    let (programme, now) = (unit.group.programme().clone(), unit.group.now);
    let terms = |session: &RecordId| {
        let terms = SeatTerms::of(&programme, *session)?;
        (terms.is_on_offer && terms.phase(now) == Phase::Open).then_some(terms)
    };
    sessions.retain(|session| terms(session).is_some());
    let taken = store::count_taken(unit.connection, unit.group.event, &sessions)?;
    let has_room =
        |session: &RecordId| terms(session).is_some_and(|terms| terms.seats > taken.get(session).copied().unwrap_or(0));
    sessions.retain(has_room);
    settle(&mut Book { unit }, sessions)
}

/// The changes that go with a seat that is confirmed: what it replaces in the choice group ends.
pub fn list_endings(terms: &SeatTerms, unit: &Unit<'_>, theirs: &[SignUp]) -> Vec<Change> {
    let replaced = list_replaced(terms, &held_of(unit.group.programme(), theirs, unit.group.now));
    let ended = theirs.iter().filter(|one| one.state.is_live() && replaced.contains(&one.session));
    ended.map(|one| Change::of(one.clone(), end)).collect()
}

/// What an ended sign-up says.
pub fn end(sign_up: &mut SignUp) {
    (sign_up.state, sign_up.offered_until) = (SignUpState::Cancelled, None);
}

/// The sign-ups of attendees, by attendee.
pub fn by_attendee(sign_ups: Vec<SignUp>) -> BTreeMap<AttendeeId, Vec<SignUp>> {
    let mut theirs: BTreeMap<AttendeeId, Vec<SignUp>> = BTreeMap::new();
    for one in sign_ups {
        theirs.entry(one.attendee).or_default().push(one);
    }
    theirs
}

struct Book<'u, 'a> {
    unit: &'u mut Unit<'a>,
}

impl Book<'_, '_> {
    fn load_theirs(&mut self, attendees: &[AttendeeId]) -> QueryResult<BTreeMap<AttendeeId, Vec<SignUp>>> {
        let event = self.unit.group.event;
        Ok(by_attendee(store::list_of_attendees(self.unit.connection, event, attendees)?))
    }

    fn load_candidates(&mut self, session: RecordId, waiting: &[SignUp]) -> QueryResult<Vec<Candidate>> {
        let attendees: Vec<AttendeeId> = waiting.iter().map(|one| one.attendee).collect();
        let theirs = self.load_theirs(&attendees)?;
        let event = self.unit.group.event;
        let registrations: BTreeMap<AttendeeId, Registration> =
            list_registrations(self.unit.connection, event, &attendees)?.into_iter().collect();
        let (programme, now) = (self.unit.group.programme(), self.unit.group.now);
        let candidate = |one: &SignUp| {
            let registration = registrations.get(&one.attendee);
            Candidate {
                attendee: one.attendee,
                number: one.number.unwrap_or_default(),
                is_registered: registration.is_some_and(|own| own.status == RegistrationStatus::Confirmed),
                delegation: registration
                    .filter(|own| counts_in_quota(programme, session, own))
                    .and_then(|own| own.delegation),
                held: held_of(programme, theirs.get(&one.attendee).into_iter().flatten(), now),
            }
        };
        Ok(waiting.iter().map(candidate).collect())
    }
}

impl SeatBook for Book<'_, '_> {
    type Error = diesel::result::Error;

    fn load_line(&mut self, session: RecordId, after: u64) -> QueryResult<Option<Line>> {
        let (event, now) = (self.unit.group.event, self.unit.group.now);
        let Some(terms) = SeatTerms::of(self.unit.group.programme(), session) else { return Ok(None) };
        let taken = store::count_taken(self.unit.connection, event, &[session].into())?;
        let taken = taken.get(&session).copied().unwrap_or(0);
        let mut line = Line { terms, now, taken, quotas: BTreeMap::new(), candidates: Vec::new(), has_more: false };
        if line.free() == 0 {
            return Ok(Some(line));
        }
        let mut waiting = store::list_waiting(self.unit.connection, (event, session), after, STRETCH + 1)?;
        if waiting.is_empty() {
            return Ok(Some(line));
        }
        line.has_more = waiting.len() > STRETCH;
        waiting.truncate(STRETCH);
        line.candidates = self.load_candidates(session, &waiting)?;
        let delegations = line.candidates.iter().filter_map(|candidate| candidate.delegation).collect();
        line.quotas = load_quotas(self.unit, session, &delegations)?;
        Ok(Some(line))
    }

    fn give(&mut self, session: RecordId, promotions: &[Promotion]) -> QueryResult<BTreeSet<RecordId>> {
        let attendees: Vec<AttendeeId> = promotions.iter().map(|promotion| promotion.attendee).collect();
        let theirs = self.load_theirs(&attendees)?;
        let Some(terms) = SeatTerms::of(self.unit.group.programme(), session) else { return Ok(BTreeSet::new()) };
        let (mut changes, mut touched) = (Vec::new(), BTreeSet::new());
        for promotion in promotions {
            let Some(theirs) = theirs.get(&promotion.attendee) else { continue };
            let Some(waiting) = theirs.iter().find(|one| one.session == session) else { continue };
            let given = Change::of(waiting.clone(), |one| {
                (one.state, one.offered_until) = (promotion.state(), promotion.offered_until);
            });
            let is_confirmed = promotion.state() == SignUpState::Confirmed;
            let endings = if is_confirmed { list_endings(&terms, self.unit, theirs) } else { Vec::new() };
            touched.extend(endings.iter().map(|ending| ending.after.session));
            touched.extend(theirs.iter().filter(|one| one.state == SignUpState::Waitlisted).map(|one| one.session));
            self.tell_of_promotion(&given.after, &endings);
            changes.push(given);
            changes.extend(endings);
        }
        touched.remove(&session);
        write(self.unit, (Actor::default(), "signup.promote"), &changes)?;
        Ok(touched)
    }
}

impl Book<'_, '_> {
    fn tell_of_promotion(&mut self, given: &SignUp, endings: &[Change]) {
        let mut more = Map::new();
        let kind = match given.offered_until {
            Some(until) => {
                more.insert("until".to_owned(), json!(until));
                NoticeKind::SeatOffered
            }
            None => NoticeKind::SeatGiven,
        };
        let replaced: Vec<RecordId> = endings.iter().map(|ending| ending.after.session).collect();
        if !replaced.is_empty() {
            more.insert("replaces".to_owned(), json!(replaced));
        }
        tell_of(self.unit, kind, given, Value::Object(more));
    }
}
