//! What one person is answered.

use super::super::*;
use super::{NOW, held, record, session};
use crate::programme::SignUpRules;
use crate::registration::RegistrationStatus;
use crate::time::Timestamp;

fn request<'a>(terms: &'a SeatTerms, held: &'a [Held]) -> Request<'a> {
    Request {
        now: NOW,
        terms: Some(terms),
        registration: Some(RegistrationStatus::Confirmed),
        is_let_in: true,
        held,
        taken: 0,
        quota: None,
        has_exception: false,
    }
}

fn confirmed(is_exception: bool) -> Result<Decision, Rejection> {
    Ok(Decision::Confirmed { is_exception })
}

#[test]
fn the_last_free_seat_is_given_and_the_next_one_waits() {
    let visit = session(1, 40, 9);
    assert_eq!(decide(&Request { taken: 39, ..request(&visit, &[]) }), confirmed(false));
    assert_eq!(decide(&Request { taken: 40, ..request(&visit, &[]) }), Ok(Decision::Waitlisted));
}

#[test]
fn without_a_line_to_wait_in_it_is_full() {
    let mut visit = session(1, 40, 9);
    visit.rules.has_no_waitlist = true;
    assert_eq!(decide(&Request { taken: 40, ..request(&visit, &[]) }), Err(Rejection::Full));
    assert_eq!(decide(&Request { taken: 39, ..request(&visit, &[]) }), confirmed(false));
}

#[test]
fn what_is_no_session_with_seats_or_not_on_offer_is_closed_to_organisers_too() {
    let visit = SeatTerms { is_on_offer: false, ..session(1, 40, 9) };
    for terms in [None, Some(&visit)] {
        for has_exception in [false, true] {
            let wish = Request { terms, has_exception, ..request(&visit, &[]) };
            assert_eq!(decide(&wish), Err(Rejection::Closed));
        }
    }
}

#[test]
fn only_a_confirmed_registration_gets_a_seat() {
    let visit = session(1, 40, 9);
    let others = RegistrationStatus::ALL.into_iter().filter(|status| *status != RegistrationStatus::Confirmed);
    for registration in others.map(Some).chain([None]) {
        for has_exception in [false, true] {
            let wish = Request { registration, has_exception, ..request(&visit, &[]) };
            assert_eq!(decide(&wish), Err(Rejection::NotRegistered));
        }
    }
}

#[test]
fn who_is_not_let_in_gets_no_seat_by_an_exception_either() {
    let visit = session(1, 40, 9);
    for has_exception in [false, true] {
        let wish = Request { is_let_in: false, has_exception, ..request(&visit, &[]) };
        assert_eq!(decide(&wish), Err(Rejection::NotInvited));
    }
}

#[test]
fn the_window_opens_and_closes_to_the_millisecond() {
    let mut visit = session(1, 40, 9);
    let (opens_at, closes_at) = (NOW, NOW.plus_minutes(60));
    (visit.rules.opens_at, visit.rules.closes_at) = (Some(opens_at), Some(closes_at));
    let at = |now| decide(&Request { now, ..request(&visit, &[]) });
    assert_eq!(at(Timestamp(opens_at.0 - 1)), Err(Rejection::WindowNotOpen));
    assert_eq!(at(opens_at), confirmed(false));
    assert_eq!(at(Timestamp(closes_at.0 - 1)), confirmed(false));
    assert_eq!(at(closes_at), Err(Rejection::WindowOver));
    let by_exception = |now| decide(&Request { now, has_exception: true, ..request(&visit, &[]) });
    assert_eq!(by_exception(Timestamp(opens_at.0 - 1)), confirmed(true));
    assert_eq!(by_exception(opens_at), confirmed(false), "what needs no exception is none");
    assert_eq!(by_exception(closes_at), confirmed(true));
}

#[test]
fn without_a_closing_time_the_window_closes_when_the_session_begins() {
    let visit = session(1, 40, 9);
    let starts_at = visit.interval.unwrap().0;
    assert_eq!(visit.phase(Timestamp(starts_at.0 - 1)), Phase::Open);
    assert_eq!(visit.phase(starts_at), Phase::Over);
    let timeless = SeatTerms { interval: None, ..visit };
    assert_eq!(timeless.phase(Timestamp(i64::MAX)), Phase::Open);
}

#[test]
fn nobody_has_two_seats_at_a_time_unless_one_of_the_sessions_allows_it() {
    let (morning, mut lunch) = (session(1, 40, 9), session(2, 40, 10));
    let seat = [held(&morning, SignUpState::Confirmed)];
    assert_eq!(decide(&request(&lunch, &seat)), Err(Rejection::Clash));
    assert_eq!(decide(&Request { has_exception: true, ..request(&lunch, &seat) }), Err(Rejection::Clash));
    assert_eq!(list_clashes(&lunch, &seat), [record(1)]);
    let offer = [held(&morning, SignUpState::Offered)];
    assert_eq!(decide(&request(&lunch, &offer)), Err(Rejection::Clash), "an offer keeps its seat");
    let wait = [held(&morning, SignUpState::Waitlisted)];
    assert_eq!(decide(&request(&lunch, &wait)), confirmed(false), "who waits holds no seat");
    let lenient = [Held { may_overlap: true, ..seat[0].clone() }];
    assert_eq!(decide(&request(&lunch, &lenient)), confirmed(false));
    lunch.rules.may_overlap = true;
    assert_eq!(decide(&request(&lunch, &seat)), confirmed(false));
}

#[test]
fn sessions_that_follow_each_other_or_have_no_time_do_not_clash() {
    let (morning, next, before) = (session(1, 40, 9), session(2, 40, 11), session(3, 40, 7));
    let seat = [held(&morning, SignUpState::Confirmed)];
    assert_eq!(decide(&request(&next, &seat)), confirmed(false));
    assert_eq!(decide(&request(&before, &seat)), confirmed(false));
    let timeless = SeatTerms { interval: None, ..session(4, 40, 9) };
    assert_eq!(decide(&request(&timeless, &seat)), confirmed(false));
}

#[test]
fn a_choice_replaces_the_seat_and_the_waits_of_its_group_and_nothing_else() {
    let group = Some(record(100));
    let of_group = |number, hour| SeatTerms { choice_group: group, ..session(number, 40, hour) };
    let (visit, other, third, alone) = (of_group(1, 9), of_group(2, 9), of_group(3, 15), session(4, 40, 15));
    let has = [
        held(&visit, SignUpState::Waitlisted),
        held(&other, SignUpState::Confirmed),
        held(&third, SignUpState::Waitlisted),
        held(&alone, SignUpState::Confirmed),
    ];
    assert_eq!(decide(&request(&visit, &has[1..])), confirmed(false), "the seat that it replaces is no clash");
    assert_eq!(list_replaced(&visit, &has), [record(2), record(3)]);
    assert_eq!(list_replaced(&alone, &has), [], "no group is no choice");
    let elsewhere = SeatTerms { choice_group: Some(record(101)), ..session(5, 40, 9) };
    assert_eq!(list_replaced(&elsewhere, &has), []);
    assert_eq!(decide(&request(&elsewhere, &has[1..2])), Err(Rejection::Clash));
}

#[test]
fn a_seat_on_a_list_that_stands_is_not_swapped() {
    let group = Some(record(100));
    let mut closed = SeatTerms { choice_group: group, ..session(1, 40, 9) };
    closed.rules.closes_at = Some(NOW);
    let visit = SeatTerms { choice_group: group, ..session(2, 40, 9) };
    let seat = [held(&closed, SignUpState::Confirmed)];
    assert_eq!(decide(&request(&visit, &seat)), Err(Rejection::WindowOver));
    assert_eq!(decide(&Request { has_exception: true, ..request(&visit, &seat) }), confirmed(true));
    let wait = [held(&closed, SignUpState::Waitlisted)];
    assert_eq!(decide(&request(&visit, &wait)), confirmed(false));
    let alone = SeatTerms { choice_group: None, ..session(3, 40, 15) };
    assert_eq!(decide(&request(&alone, &seat)), confirmed(false));
    let repeated = SeatTerms { rules: SignUpRules::default(), ..closed };
    assert_eq!(accept(Some(&repeated), NOW, &[held(&repeated, SignUpState::Offered)], None), Ok(()));
}

#[test]
fn a_delegation_gets_as_many_seats_as_its_quota_says() {
    let visit = session(1, 40, 9);
    let with = |used| Request { quota: Some(QuotaUse { at_most: 3, used }), ..request(&visit, &[]) };
    assert_eq!(decide(&with(2)), confirmed(false));
    assert_eq!(decide(&with(3)), Err(Rejection::QuotaReached));
    assert_eq!(decide(&Request { has_exception: true, ..with(3) }), confirmed(true));
    assert_eq!(decide(&Request { taken: 40, ..with(3) }), Err(Rejection::QuotaReached), "nor may it wait");
}

#[test]
fn an_exception_gives_a_seat_beyond_the_seats_with_or_without_a_line() {
    let mut visit = session(1, 40, 9);
    for has_no_waitlist in [false, true] {
        visit.rules.has_no_waitlist = has_no_waitlist;
        let wish = Request { taken: 40, has_exception: true, ..request(&visit, &[]) };
        assert_eq!(decide(&wish), confirmed(true));
    }
}

#[test]
fn asking_again_changes_nothing_and_an_exception_lifts_who_waits() {
    let visit = session(1, 40, 9);
    for state in [SignUpState::Confirmed, SignUpState::Offered, SignUpState::Waitlisted] {
        let has = [held(&visit, state)];
        let over = Request { now: visit.interval.unwrap().1, taken: 40, ..request(&visit, &has) };
        assert_eq!(decide(&over), Ok(Decision::Unchanged(state)), "whatever the hour");
    }
    let by_exception = |has: &[Held]| decide(&Request { taken: 40, has_exception: true, ..request(&visit, has) });
    let has = |state| [held(&visit, state)];
    assert_eq!(by_exception(&has(SignUpState::Waitlisted)), confirmed(true));
    assert_eq!(by_exception(&has(SignUpState::Confirmed)), Ok(Decision::Unchanged(SignUpState::Confirmed)));
    assert_eq!(by_exception(&has(SignUpState::Offered)), confirmed(false), "the seat was kept for them");
    let offered = has(SignUpState::Offered);
    let quota = Some(QuotaUse { at_most: 1, used: 1 });
    assert_eq!(decide(&Request { quota, has_exception: true, ..request(&visit, &offered) }), confirmed(false));
}

#[test]
fn the_first_thing_in_the_way_is_the_answer() {
    let mut visit = SeatTerms { is_on_offer: false, ..session(1, 0, 9) };
    visit.rules.has_no_waitlist = true;
    let late = visit.interval.unwrap().0;
    let clash = [held(&session(2, 40, 9), SignUpState::Confirmed)];
    let mut wish = Request {
        now: late,
        registration: None,
        is_let_in: false,
        quota: Some(QuotaUse { at_most: 0, used: 0 }),
        ..request(&visit, &clash)
    };
    let on_offer = SeatTerms { is_on_offer: true, ..visit.clone() };
    let mut seen = vec![decide(&wish).unwrap_err()];
    wish.terms = Some(&on_offer);
    seen.push(decide(&wish).unwrap_err());
    wish.registration = Some(RegistrationStatus::Confirmed);
    seen.push(decide(&wish).unwrap_err());
    wish.is_let_in = true;
    seen.push(decide(&wish).unwrap_err());
    wish.now = NOW;
    seen.push(decide(&wish).unwrap_err());
    wish.held = &[];
    seen.push(decide(&wish).unwrap_err());
    wish.quota = None;
    seen.push(decide(&wish).unwrap_err());
    use Rejection::*;
    assert_eq!(seen, [Closed, NotRegistered, NotInvited, WindowOver, Clash, QuotaReached, Full]);
}

#[test]
fn a_seat_is_given_back_until_the_window_closes() {
    let visit = session(1, 40, 9);
    let (before, after) = (Timestamp(visit.interval.unwrap().0.0 - 1), visit.interval.unwrap().0);
    assert_eq!(may_cancel(Some(&visit), before, false), Ok(false));
    assert_eq!(may_cancel(Some(&visit), before, true), Ok(false), "what needs no exception is none");
    assert_eq!(may_cancel(Some(&visit), after, false), Err(Rejection::WindowOver));
    assert_eq!(may_cancel(Some(&visit), after, true), Ok(true));
    let early = SeatTerms { rules: SignUpRules { opens_at: Some(after), ..visit.rules.clone() }, ..visit.clone() };
    assert_eq!(may_cancel(Some(&early), before, false), Ok(false), "also before it opens");
    let draft = SeatTerms { is_on_offer: false, ..visit };
    assert_eq!(may_cancel(Some(&draft), after, false), Ok(false));
    assert_eq!(may_cancel(None, after, false), Ok(false));
}

#[test]
fn an_offer_is_accepted_in_its_time() {
    let visit = session(1, 40, 9);
    let until = NOW.plus_minutes(30);
    let offer = [held(&visit, SignUpState::Offered)];
    let at = |now| accept(Some(&visit), now, &offer, Some(until));
    assert_eq!(at(Timestamp(until.0 - 1)), Ok(()));
    assert_eq!(at(until), Err(Rejection::WindowOver));
    let begun = visit.interval.unwrap().0;
    assert_eq!(accept(Some(&visit), begun, &offer, Some(begun.plus_minutes(9))), Err(Rejection::WindowOver));
    for state in [SignUpState::Confirmed, SignUpState::Waitlisted, SignUpState::Lapsed] {
        assert_eq!(accept(Some(&visit), NOW, &[held(&visit, state)], None), Err(Rejection::NotOffered));
    }
    assert_eq!(accept(Some(&visit), NOW, &[], None), Err(Rejection::NotOffered));
    let elsewhere = [held(&session(2, 40, 15), SignUpState::Offered)];
    assert_eq!(accept(Some(&visit), NOW, &elsewhere, None), Err(Rejection::NotOffered));
    assert_eq!(accept(None, NOW, &offer, None), Err(Rejection::Closed));
    let draft = SeatTerms { is_on_offer: false, ..visit.clone() };
    assert_eq!(accept(Some(&draft), NOW, &offer, None), Err(Rejection::Closed));
    let clash = [offer[0].clone(), held(&session(3, 40, 10), SignUpState::Confirmed)];
    assert_eq!(accept(Some(&visit), NOW, &clash, None), Err(Rejection::Clash));
}

#[test]
fn an_offer_is_not_accepted_in_the_place_of_a_seat_on_a_list_that_stands() {
    let group = Some(record(100));
    let visit = SeatTerms { choice_group: group, ..session(1, 40, 9) };
    let mut closed = SeatTerms { choice_group: group, ..session(2, 40, 15) };
    closed.rules.closes_at = Some(NOW);
    let has = [held(&visit, SignUpState::Offered), held(&closed, SignUpState::Confirmed)];
    assert_eq!(accept(Some(&visit), NOW, &has, None), Err(Rejection::WindowOver));
}

#[test]
fn a_place_is_taken_over_where_nothing_is_in_the_way() {
    let group = Some(record(100));
    let visit = SeatTerms { choice_group: group, ..session(1, 40, 9) };
    let of_choice = SeatTerms { choice_group: group, ..session(2, 40, 15) };
    let with = |terms: &SeatTerms, state| may_take_over(&visit, &[held(terms, state)]);
    assert!(may_take_over(&visit, &[]));
    assert!(!with(&visit, SignUpState::Waitlisted));
    assert!(!with(&of_choice, SignUpState::Confirmed));
    assert!(with(&of_choice, SignUpState::Waitlisted));
    assert!(!with(&session(3, 40, 10), SignUpState::Confirmed));
    assert!(with(&session(4, 40, 15), SignUpState::Confirmed));
}

#[test]
fn an_offer_never_lasts_beyond_the_window() {
    let mut visit = session(1, 40, 9);
    assert_eq!(visit.offer_ends_at(NOW), None);
    visit.rules.accept_within_minutes = Some(30);
    assert_eq!(visit.offer_ends_at(NOW), Some(NOW.plus_minutes(30)));
    visit.rules.closes_at = Some(NOW.plus_minutes(20));
    assert_eq!(visit.offer_ends_at(NOW), Some(NOW.plus_minutes(20)));
    let timeless = SeatTerms { interval: None, rules: SignUpRules { closes_at: None, ..visit.rules.clone() }, ..visit };
    assert_eq!(timeless.offer_ends_at(NOW), Some(NOW.plus_minutes(30)));
}
