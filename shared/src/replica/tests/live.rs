//! The live stream beside exchanges.

use super::*;
use crate::replica::{LiveEvent, LiveOutcome};

fn changes(entry: ScopeEntry) -> LiveEvent {
    LiveEvent::Changes(entry)
}

fn covers(seq: u64) -> LiveEvent {
    LiveEvent::Covers(position(seq))
}

#[test]
fn live_entries_are_applied_together_at_their_covers() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Open to all")]);
    phone.replica.apply_live(changes(delta("public", 5, 6, vec![tombstone("s1", 6)]))).unwrap();
    let gate = reset("gate:s1", 6, vec![session("s1", 6, "Closed")]);
    phone.replica.apply_live(changes(gate)).unwrap();
    assert_eq!(phone.titles(), ["Open to all"]);
    let outcome = phone.replica.apply_live(covers(6)).unwrap();
    assert_eq!(outcome, LiveOutcome { has_changed: true, needs_exchange: false });
    assert_eq!(phone.titles(), ["Closed"]);
    assert_eq!(phone.replica.at_least().unwrap(), Some(position(6)));
}

#[test]
fn a_live_entry_waits_while_an_exchange_is_under_way() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    let (token, _) = phone.send();
    phone.replica.apply_live(changes(delta("public", 6, 7, vec![session("s1", 7, "Three")]))).unwrap();
    assert_eq!(phone.replica.apply_live(covers(7)).unwrap(), LiveOutcome::default());
    assert_eq!(phone.titles(), ["One"]);
    let two = answer(6, vec![delta("public", 5, 6, vec![session("s1", 6, "Two")])]);
    let stored = phone.replica.apply_answer(token, &two, NOW).unwrap().stored().unwrap();
    assert!(!stored.live_needs_exchange);
    assert_eq!(phone.titles(), ["Three"]);
}

#[test]
fn a_live_entry_is_applied_when_the_exchange_is_given_up() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    let (token, _) = phone.send();
    phone.replica.apply_live(changes(delta("public", 5, 6, vec![session("s1", 6, "Two")]))).unwrap();
    phone.replica.apply_live(covers(6)).unwrap();
    assert!(!phone.replica.abandon_request().unwrap());
    let late = answer(6, vec![delta("public", 5, 6, vec![session("s1", 6, "Late")])]);
    assert_eq!(phone.replica.apply_answer(token, &late, NOW).unwrap().stored(), None);
    assert_eq!(phone.titles(), ["Two"]);
}

#[test]
fn a_live_entry_from_elsewhere_needs_an_exchange() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    phone.replica.apply_live(changes(delta("public", 6, 7, vec![session("s1", 7, "Three")]))).unwrap();
    assert!(phone.replica.apply_live(covers(7)).unwrap().needs_exchange);
    assert_eq!(phone.titles(), ["One"]);
}

#[test]
fn a_live_entry_drops_the_staging_of_its_scope() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    let page = ScopeEntry {
        more: true,
        to: Some(page_position(6, "s2")),
        ..delta("public", 5, 6, vec![session("s2", 6, "Staged")])
    };
    phone.exchange(&answer(6, vec![page]));
    let both = vec![session("s2", 6, "Staged"), session("s1", 7, "Live")];
    phone.replica.apply_live(changes(delta("public", 5, 7, both))).unwrap();
    phone.replica.apply_live(covers(7)).unwrap();
    assert_eq!(phone.titles(), ["Live", "Staged"]);
    assert_eq!(phone.holds(), [("public".to_owned(), Some(position(7)))]);
}

#[test]
fn a_reset_that_a_live_entry_drops_is_asked_for_again() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    phone.exchange(&answer(6, vec![ScopeEntry { digest: Some(Digest(9, 9)), ..delta("public", 5, 6, vec![]) }]));
    let page = ScopeEntry {
        more: true,
        digest: None,
        to: Some(page_position(6, "s1")),
        ..reset("public", 6, vec![session("s1", 5, "One")])
    };
    phone.exchange(&answer(6, vec![page]));
    phone.replica.apply_live(changes(delta("public", 6, 7, vec![]))).unwrap();
    phone.replica.apply_live(covers(7)).unwrap();
    assert_eq!(phone.holds(), [("public".to_owned(), None)]);
}

#[test]
fn what_a_loss_interrupted_is_dropped() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    phone.replica.apply_live(changes(delta("public", 5, 6, vec![tombstone("s1", 6)]))).unwrap();
    assert!(phone.replica.apply_live(LiveEvent::Exchange).unwrap().needs_exchange);
    phone.replica.apply_live(covers(6)).unwrap();
    assert_eq!(phone.titles(), ["One"]);
}

#[test]
fn a_change_of_user_drops_what_the_live_stream_left() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    let (_, _) = phone.send();
    phone.replica.apply_live(changes(reset("gate:x", 6, vec![session("s2", 6, "Closed")]))).unwrap();
    phone.replica.apply_live(covers(6)).unwrap();
    phone.replica.change_account(account(2), DeviceId(uuid(0xd1))).unwrap();
    phone.replica.abandon_request().unwrap();
    assert_eq!(phone.titles(), ["One"]);
}

#[test]
fn a_reset_that_waited_does_not_bring_back_what_the_exchange_took_away() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "One")]);
    let (token, _) = phone.send();
    phone.replica.apply_live(changes(reset("gate:x", 6, vec![session("s2", 6, "Closed")]))).unwrap();
    phone.replica.apply_live(covers(6)).unwrap();
    let stored = phone.replica.apply_answer(token, &answer(7, vec![gone("gate:x")]), NOW).unwrap().stored().unwrap();
    assert!(stored.live_needs_exchange);
    assert_eq!(phone.titles(), ["One"]);
}
