//! Lines, by hand and under any sequence of wishes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::*;
use super::book::Book;
use super::{NOW, attendee, held, record, session};
use crate::ids::RecordId;

fn candidate(number: u64) -> Candidate {
    Candidate {
        attendee: attendee(u128::from(number)),
        number,
        is_registered: true,
        delegation: None,
        held: Vec::new(),
    }
}

fn line(free: u32, candidates: Vec<Candidate>) -> Line {
    let terms = session(1, 10, 9);
    Line { terms, now: NOW, taken: 10 - free, quotas: BTreeMap::new(), candidates, has_more: false }
}

fn promoted(line: &Line) -> Vec<u128> {
    promote(line).iter().map(|promotion| promotion.attendee.0.as_u128() - attendee(0).0.as_u128()).collect()
}

#[test]
fn the_first_in_the_line_get_the_free_seats() {
    let three = || vec![candidate(1), candidate(4), candidate(7)];
    assert_eq!(promoted(&line(2, three())), [1, 4]);
    assert_eq!(promoted(&line(0, three())), []);
    assert_eq!(promoted(&line(5, three())), [1, 4, 7]);
    assert_eq!(promote(&line(1, three()))[0].state(), SignUpState::Confirmed);
}

#[test]
fn nobody_is_promoted_outside_the_window_or_where_nobody_can_sign_up() {
    let mut line = line(2, vec![candidate(1)]);
    line.terms.rules.opens_at = Some(NOW.plus_minutes(1));
    assert_eq!(promoted(&line), []);
    line.terms.rules = crate::programme::SignUpRules { closes_at: Some(NOW), ..Default::default() };
    assert_eq!(promoted(&line), []);
    line.terms.rules.closes_at = None;
    line.terms.is_on_offer = false;
    assert_eq!(promoted(&line), []);
    line.terms.is_on_offer = true;
    assert_eq!(promoted(&line), [1]);
    line.taken = 12;
    assert_eq!(promoted(&line), [], "seats by exception are beyond the number");
}

#[test]
fn who_cannot_take_the_seat_is_left_out_and_the_next_one_gets_it() {
    let mut clashing = candidate(1);
    clashing.held.push(held(&session(2, 10, 10), SignUpState::Confirmed));
    let unregistered = Candidate { is_registered: false, ..candidate(2) };
    assert_eq!(promoted(&line(1, vec![clashing, unregistered, candidate(3)])), [3]);
}

#[test]
fn who_would_have_to_leave_a_list_that_stands_is_left_out() {
    let mut line = line(1, vec![candidate(1), candidate(2)]);
    line.terms.choice_group = Some(record(100));
    let mut closed = SeatTerms { choice_group: Some(record(100)), ..session(2, 10, 15) };
    closed.rules.closes_at = Some(NOW);
    line.candidates[0].held.push(held(&closed, SignUpState::Confirmed));
    assert_eq!(promoted(&line), [2]);
}

#[test]
fn a_quota_is_filled_by_those_promoted_together() {
    let of_delegation = |number| Candidate { delegation: Some(record(50)), ..candidate(number) };
    let mut line = line(4, vec![of_delegation(1), of_delegation(2), of_delegation(3), candidate(4)]);
    assert_eq!(promoted(&line), [1, 2, 3, 4], "no quota is no limit");
    line.quotas.insert(record(50), QuotaUse { at_most: 3, used: 1 });
    assert_eq!(promoted(&line), [1, 2, 4]);
    line.quotas.insert(record(50), QuotaUse { at_most: 3, used: 3 });
    assert_eq!(promoted(&line), [4]);
}

#[test]
fn where_seats_are_to_be_accepted_they_are_offered_for_a_time() {
    let mut line = line(1, vec![candidate(1)]);
    line.terms.rules.accept_within_minutes = Some(30);
    let promotions = promote(&line);
    assert_eq!(
        (promotions[0].state(), promotions[0].offered_until),
        (SignUpState::Offered, Some(NOW.plus_minutes(30)))
    );
}

/// One line in stretches, and behind which numbers it was read.
struct Stretches {
    waiting: std::vec::IntoIter<Line>,
    read: Vec<u64>,
}

impl SeatBook for Stretches {
    type Error = std::convert::Infallible;

    fn load_line(&mut self, _: RecordId, after: u64) -> Result<Option<Line>, Self::Error> {
        self.read.push(after);
        Ok(self.waiting.next())
    }

    fn give(&mut self, _: RecordId, _: &[Promotion]) -> Result<BTreeSet<RecordId>, Self::Error> {
        Ok(BTreeSet::new())
    }
}

#[test]
fn a_line_is_read_on_only_while_seats_are_free_and_others_wait() {
    let read = |waiting: Vec<Line>| {
        let mut book = Stretches { waiting: waiting.into_iter(), read: Vec::new() };
        settle(&mut book, [record(1)].into()).unwrap();
        book.read
    };
    let unregistered = |number| Candidate { is_registered: false, ..candidate(number) };
    let and_more = |line: Line| Line { has_more: true, ..line };
    assert_eq!(read(vec![and_more(line(0, vec![candidate(1)]))]), [0], "no seat is free");
    assert_eq!(read(vec![and_more(line(1, vec![candidate(1)]))]), [0], "the free seat is given");
    assert_eq!(read(vec![line(1, vec![unregistered(1)])]), [0], "nobody waits behind them");
    let two = vec![and_more(line(1, vec![unregistered(1), unregistered(2)])), line(1, vec![candidate(3)])];
    assert_eq!(read(two), [0, 2]);
}

fn book(sessions: Vec<SeatTerms>) -> Book {
    Book {
        now: NOW,
        sessions: sessions.into_iter().map(|terms| (terms.session, terms)).collect(),
        quotas: BTreeMap::new(),
        delegations: BTreeMap::new(),
        sign_ups: BTreeMap::new(),
        numbers: BTreeMap::new(),
        exceptions: BTreeSet::new(),
    }
}

/// Visits of one choice group, side by side.
fn visits(count: u128, seats: u32) -> Book {
    let group = Some(record(100));
    book((1..=count).map(|number| SeatTerms { choice_group: group, ..session(number, seats, 9) }).collect())
}

#[test]
fn a_change_of_mind_moves_a_whole_chain_of_people() {
    let mut book = visits(3, 1);
    for person in 1..=3 {
        book.request(record(person), person, false).unwrap();
    }
    // 2 waits for the place of 1, 3 for that of 2: when 1 leaves, both move up.
    book.request(record(1), 2, false).unwrap();
    book.request(record(2), 3, false).unwrap();
    assert_eq!(book.state(record(2), attendee(2)), Some(SignUpState::Confirmed), "the old seat stays until then");
    book.cancel(record(1), 1).unwrap();
    assert_eq!(book.state(record(1), attendee(2)), Some(SignUpState::Confirmed));
    assert_eq!(book.state(record(2), attendee(2)), None);
    assert_eq!(book.state(record(2), attendee(3)), Some(SignUpState::Confirmed));
    assert_eq!(book.taken(record(3)), 0);
}

#[test]
fn an_offer_keeps_the_old_seat_until_it_is_accepted() {
    let mut book = visits(2, 1);
    book.sessions.get_mut(&record(1)).unwrap().rules.accept_within_minutes = Some(30);
    book.request(record(1), 1, false).unwrap();
    book.request(record(2), 2, false).unwrap();
    book.request(record(1), 2, false).unwrap();
    book.cancel(record(1), 1).unwrap();
    assert_eq!(book.state(record(1), attendee(2)), Some(SignUpState::Offered));
    assert_eq!(book.state(record(2), attendee(2)), Some(SignUpState::Confirmed));
    book.accept(record(1), 2).unwrap();
    assert_eq!(book.state(record(2), attendee(2)), None);
}

#[test]
fn an_offer_that_lapses_goes_to_the_next_one() {
    let mut book = visits(1, 1);
    book.sessions.get_mut(&record(1)).unwrap().rules.accept_within_minutes = Some(30);
    for person in 1..=3 {
        book.request(record(1), person, false).unwrap();
    }
    book.cancel(record(1), 1).unwrap();
    book.now = NOW.plus_minutes(30);
    book.lapse();
    assert_eq!(book.state(record(1), attendee(2)), None);
    assert_eq!(book.state(record(1), attendee(3)), Some(SignUpState::Offered));
}

#[test]
fn fewer_seats_take_nobodys_seat_and_give_none_until_there_is_room() {
    let mut book = visits(1, 3);
    for person in 1..=5 {
        book.request(record(1), person, false).unwrap();
    }
    book.set_seats(record(1), 1);
    assert_eq!(book.taken(record(1)), 3);
    book.cancel(record(1), 1).unwrap();
    book.cancel(record(1), 2).unwrap();
    assert_eq!(book.taken(record(1)), 1);
    book.set_seats(record(1), 2);
    assert_eq!(book.state(record(1), attendee(4)), Some(SignUpState::Confirmed));
    assert_eq!(book.state(record(1), attendee(5)), Some(SignUpState::Waitlisted));
}

/// What may happen to a book.
#[derive(Clone, Debug)]
enum Step {
    Request(u128, u128, bool),
    Cancel(u128, u128),
    Accept(u128, u128),
    SetSeats(u128, u32),
    SetQuota(u128, u128, u32),
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (session, person) = (1..=5u128, 1..=8u128);
    let step = prop_oneof![
        8 => (session.clone(), person.clone(), prop::bool::weighted(0.1)).prop_map(|(s, p, e)| Step::Request(s, p, e)),
        4 => (session.clone(), person.clone()).prop_map(|(s, p)| Step::Cancel(s, p)),
        3 => (session.clone(), person.clone()).prop_map(|(s, p)| Step::Accept(s, p)),
        2 => (session.clone(), 0..=4u32).prop_map(|(s, seats)| Step::SetSeats(s, seats)),
        1 => (session.clone(), 1..=2u128, 0..=3u32).prop_map(|(s, d, most)| Step::SetQuota(s, d, most)),
        2 => (1..200i64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..60)
}

/// Three visits of one choice, one of which asks to accept and one of which closes early; two
/// sessions beside, one at the same time as the visits. Two delegations and some who are in none.
fn small_week() -> Book {
    let group = Some(record(100));
    let mut sessions: Vec<SeatTerms> =
        (1..=3).map(|number| SeatTerms { choice_group: group, ..session(number, 2, 9) }).collect();
    sessions[1].rules.accept_within_minutes = Some(60);
    sessions[2].rules.closes_at = Some(NOW.plus_minutes(600));
    sessions.push(session(4, 2, 10));
    sessions.push(session(5, 2, 15));
    let mut book = book(sessions);
    book.delegations = (1..=6).map(|person| (attendee(person), record(50 + person % 2 + 1))).collect();
    let quotas = (1..=5).flat_map(|number| [((record(51), record(number)), 2), ((record(52), record(number)), 9)]);
    book.quotas = quotas.collect();
    book
}

fn choice_of(book: &Book, person: u128) -> Vec<RecordId> {
    let seat = |number: &u128| book.state(record(*number), attendee(person)) == Some(SignUpState::Confirmed);
    (1..=3).filter(seat).map(record).collect()
}

fn run(book: &mut Book, step: &Step) {
    let (taken, quotas) = (taken_by_session(book), used_by_quota(book));
    let choices: Vec<_> = (1..=8).map(|person| choice_of(book, person)).collect();
    let mut left = None;
    let mut is_exception = false;
    match step {
        Step::Request(number, person, has_exception) => {
            let decision = book.request(record(*number), *person, *has_exception);
            is_exception = decision == Ok(Decision::Confirmed { is_exception: true });
            assert!(*has_exception || !is_exception);
        }
        Step::Cancel(number, person) => {
            if book.cancel(record(*number), *person).is_ok() {
                left = Some((record(*number), *person));
            }
        }
        Step::Accept(number, person) => drop(book.accept(record(*number), *person)),
        Step::SetSeats(number, seats) => book.set_seats(record(*number), *seats),
        Step::SetQuota(number, delegation, most) => {
            book.quotas.insert((record(50 + delegation), record(*number)), *most);
            book.settle([record(*number)].into());
        }
        Step::Wait(minutes) => {
            book.now = book.now.plus_minutes(*minutes);
            book.lapse();
        }
    }
    for (session, now_taken) in taken_by_session(book) {
        let room = book.sessions[&session].seats.max(taken[&session]);
        assert!(now_taken <= room + u32::from(is_exception), "more seats are taken than there are");
    }
    for (key, used) in used_by_quota(book) {
        let room = book.quotas[&key].max(quotas[&key]);
        assert!(used <= room + u32::from(is_exception), "a delegation has more seats than its quota");
    }
    for person in 1..=8 {
        let choice = choice_of(book, person);
        assert!(choice.len() <= 1, "nobody has two seats of a choice");
        let before = &choices[person as usize - 1];
        let gave_back = left.is_some_and(|(session, who)| who == person && before.contains(&session));
        assert!(before.is_empty() || gave_back || choice.len() == 1, "a swap leaves nobody without a seat");
    }
}

fn taken_by_session(book: &Book) -> BTreeMap<RecordId, u32> {
    book.sessions.keys().map(|session| (*session, book.taken(*session))).collect()
}

fn used_by_quota(book: &Book) -> BTreeMap<(RecordId, RecordId), u32> {
    book.quotas.keys().map(|key| (*key, book.quota(key.1, key.0).unwrap().used)).collect()
}

fn check_lines(book: &Book) {
    for (id, terms) in &book.sessions {
        let numbers = book.numbers.get(id).cloned().unwrap_or_default();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "a number is given once");
        let is_open = terms.phase(book.now) == Phase::Open;
        if is_open && book.taken(*id) < terms.seats {
            let waits_in_vain = |(_, attendee): &(u64, _)| !book.is_blocked(*id, *attendee);
            assert!(!book.line(*id).iter().any(waits_in_vain), "nobody who could have a free seat waits");
        }
    }
}

proptest! {
    #[test]
    fn seats_lines_quotas_and_choices_hold_whatever_people_do(steps in steps()) {
        let mut book = small_week();
        for step in &steps {
            run(&mut book, step);
            check_lines(&book);
        }
    }
}
