//! Words and ids of seats.

use super::super::*;
use super::{attendee, record};

#[test]
fn states_are_read_as_they_are_written() {
    for state in SignUpState::KEPT {
        assert_eq!(state.as_str().parse(), Ok(state));
        assert_eq!(serde_json::json!(state), state.as_str());
    }
    assert_eq!("requested".parse::<SignUpState>(), Err(()), "the server keeps none of these");
    assert_eq!(serde_json::json!(SignUpState::Requested), SignUpState::Requested.as_str());
}

#[test]
fn seats_and_lines_are_told_apart_by_state() {
    let seats: Vec<_> = SignUpState::KEPT.into_iter().filter(|state| state.holds_seat()).collect();
    assert_eq!(seats, [SignUpState::Confirmed, SignUpState::Offered]);
    let live: Vec<_> = SignUpState::KEPT.into_iter().filter(|state| state.is_live()).collect();
    assert_eq!(live, [SignUpState::Confirmed, SignUpState::Offered, SignUpState::Waitlisted]);
    assert!(!SignUpState::Requested.is_live());
}

#[test]
fn every_rejection_has_a_word_of_its_own_and_says_why() {
    use Rejection::*;
    let all = [Closed, NotRegistered, NotInvited, WindowNotOpen, WindowOver, Clash, QuotaReached, Full, NotOffered];
    let words: Vec<_> = all.iter().map(|rejection| rejection.code().as_str()).collect();
    let expected = [
        "closed",
        "not_registered",
        "not_invited",
        "window_not_open",
        "window_over",
        "clash",
        "quota_reached",
        "full",
        "wrong_state",
    ];
    assert_eq!(words, expected);
    assert!(all.iter().all(|rejection| rejection.detail().ends_with('.')));
}

#[test]
fn the_row_of_a_sign_up_has_one_id_on_every_device() {
    let of = |person: u128, number: u128| sign_up_id(attendee(person), record(number));
    assert_eq!(of(1, 1), of(1, 1));
    assert!(of(1, 1) != of(1, 2) && of(1, 1) != of(2, 1));
}
