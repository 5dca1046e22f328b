//! Positions, pages, resets, divergence.

use serde_json::json;

use super::*;
use crate::replica::{Outcome, ReplicaError};

#[test]
fn a_first_exchange_holds_nothing_and_stores_what_comes() {
    let mut phone = Phone::new();
    assert_eq!(phone.holds(), []);
    let stored = phone.exchange(&answer(7, vec![reset("public", 7, vec![session("s1", 7, "Opening")])]));
    assert!(stored.every_entry_applied);
    assert_eq!(phone.titles(), ["Opening"]);
    assert_eq!(phone.holds(), [("public".to_owned(), Some(position(7)))]);
    assert_eq!(phone.replica.at_least().unwrap(), Some(position(7)));
}

#[test]
fn a_delta_changes_and_deletes_rows() {
    let mut phone = Phone::holding(7, vec![session("s1", 6, "Opening"), session("s2", 7, "Lunch")]);
    let changes = vec![session("s1", 8, "Opening, room 2"), tombstone("s2", 9)];
    phone.exchange(&answer(9, vec![delta("public", 7, 9, changes)]));
    assert_eq!(phone.titles(), ["Opening, room 2"]);
}

#[test]
fn an_entry_from_elsewhere_is_not_applied() {
    let mut phone = Phone::holding(7, vec![session("s1", 7, "Opening")]);
    let stored = phone.exchange(&answer(9, vec![delta("public", 8, 9, vec![session("s1", 9, "Other")])]));
    assert!(!stored.every_entry_applied);
    assert_eq!(phone.titles(), ["Opening"]);
    assert_eq!(phone.holds(), [("public".to_owned(), Some(position(7)))]);
}

#[test]
fn only_the_answer_to_the_newest_request_is_applied_and_only_once() {
    let mut phone = Phone::new();
    let (old, _) = phone.send();
    let (new, _) = phone.send();
    let late = answer(5, vec![reset("public", 5, vec![session("s1", 5, "Late")])]);
    let right = answer(6, vec![reset("public", 6, vec![session("s1", 6, "Right")])]);
    assert_eq!(phone.replica.apply_answer(old, &late, NOW).unwrap(), Outcome::Dropped);
    assert!(phone.replica.apply_answer(new, &right, NOW).unwrap().stored().is_some());
    assert_eq!(phone.replica.apply_answer(new, &late, NOW).unwrap(), Outcome::Dropped);
    assert_eq!(phone.titles(), ["Right"]);
}

#[test]
fn a_device_that_stopped_while_it_waited_drops_the_answer() {
    let mut phone = Phone::new();
    let (token, _) = phone.send();
    let mut phone = Phone::with(phone.replica.into_store());
    let late = answer(5, vec![reset("public", 5, vec![session("s1", 5, "Late")])]);
    assert_eq!(phone.replica.apply_answer(token, &late, NOW).unwrap(), Outcome::Dropped);
}

#[test]
fn a_scope_that_is_gone_leaves_nothing() {
    let mut phone = Phone::new();
    let private = session("s1", 5, "Closed round");
    phone.exchange(&answer(5, vec![reset("gate:x", 5, vec![private.clone()])]));
    let page =
        ScopeEntry { more: true, digest: None, to: Some(page_position(6, "s1")), ..reset("gate:x", 6, vec![private]) };
    phone.exchange(&answer(6, vec![page]));
    assert_eq!(phone.exchange(&answer(7, vec![gone("gate:x")])).gone, ["gate:x"]);
    assert_eq!(phone.rows(), []);
    assert_eq!(phone.holds(), []);
}

#[test]
fn finished_scopes_are_shown_together_when_more_is_gone() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Moves behind a gate")]);
    let gate = ScopeEntry {
        more: true,
        digest: None,
        to: Some(page_position(6, "s1")),
        ..reset("gate:s1", 6, vec![session("s1", 6, "Now closed")])
    };
    phone.exchange(&answer(6, vec![delta("public", 5, 6, vec![tombstone("s1", 6)]), gate]));
    assert_eq!(phone.titles(), ["Moves behind a gate"]);
    let reached = page_position(6, "s1");
    let expected = [("gate:s1".to_owned(), Some(reached.clone())), ("public".to_owned(), Some(position(6)))];
    assert_eq!(phone.holds(), expected);
    let last = ScopeEntry { from: Some(reached), ..delta("gate:s1", 0, 6, vec![session("s9", 6, "Another")]) };
    phone.exchange(&answer(6, vec![last]));
    assert_eq!(phone.titles(), ["Now closed", "Another"]);
}

#[test]
fn a_row_deleted_between_two_pages_of_a_reset_is_not_shown() {
    let mut phone = Phone::new();
    let first = ScopeEntry {
        more: true,
        digest: None,
        to: Some(page_position(6, "s1")),
        ..reset("public", 6, vec![session("s1", 5, "Deleted meanwhile")])
    };
    phone.exchange(&answer(6, vec![first]));
    let rest = vec![session("s2", 6, "Stays"), tombstone("s1", 7)];
    let last = ScopeEntry { from: Some(page_position(6, "s1")), ..delta("public", 0, 7, rest) };
    phone.exchange(&answer(7, vec![last]));
    assert_eq!(phone.titles(), ["Stays"]);
}

#[test]
fn a_new_reset_throws_staging_away() {
    let mut phone = Phone::new();
    let first = ScopeEntry {
        more: true,
        digest: None,
        to: Some(page_position(6, "s1")),
        ..reset("public", 6, vec![session("s1", 5, "Of the old history")])
    };
    phone.exchange(&answer(6, vec![first]));
    phone.exchange(&answer(8, vec![reset("public", 8, vec![session("s2", 8, "Of the new one")])]));
    assert_eq!(phone.titles(), ["Of the new one"]);
}

#[test]
fn rows_that_differ_are_asked_for_anew_until_the_first_page_is_staged() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Opening")]);
    let wrong = ScopeEntry { digest: Some(Digest(2, 1)), ..delta("public", 5, 6, vec![session("s2", 6, "Lunch")]) };
    let stored = phone.exchange(&answer(6, vec![wrong]));
    assert_eq!((stored.diverged, stored.every_entry_applied), (vec!["public".to_owned()], false));
    for _ in 0..2 {
        let (_, sent) = phone.send();
        assert_eq!(sent.request.diverged, ["public"]);
        assert_eq!(sent.request.holds["public"], None);
    }
    let first = ScopeEntry {
        more: true,
        digest: None,
        to: Some(page_position(6, "s1")),
        ..reset("public", 6, vec![session("s1", 5, "Opening")])
    };
    phone.exchange(&answer(6, vec![first]));
    let (_, sent) = phone.send();
    assert_eq!(sent.request.diverged, [""; 0]);
    assert_eq!(sent.request.holds["public"], Some(page_position(6, "s1")));
}

#[test]
fn rows_that_differ_twice_at_one_position_are_reported_and_kept() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Opening")]);
    let wrong = |entry: ScopeEntry| answer(6, vec![ScopeEntry { digest: Some(Digest(9, 9)), ..entry }]);
    phone.exchange(&wrong(delta("public", 5, 6, vec![])));
    let stored = phone.exchange(&wrong(reset("public", 6, vec![session("s1", 5, "Opening")])));
    assert_eq!(stored.diverged_twice, ["public"]);
    assert!(stored.every_entry_applied);
    assert_eq!(phone.holds(), [("public".to_owned(), Some(position(6)))]);
    let rows = vec![session("s1", 7, "Opening")];
    let right = ScopeEntry { digest: digest_of(&rows), ..delta("public", 6, 7, rows) };
    assert!(phone.exchange(&answer(7, vec![right])).every_entry_applied);
}

#[test]
fn a_change_that_is_neither_row_nor_deletion_is_refused() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Opening")]);
    let empty = Change { deleted: false, ..tombstone("s1", 6) };
    assert!(!phone.exchange(&answer(6, vec![delta("public", 5, 6, vec![empty])])).every_entry_applied);
    assert_eq!(phone.titles(), ["Opening"]);
}

#[test]
fn unknown_collections_are_stored_and_counted() {
    let rows = vec![session("s1", 5, "Opening"), row("holograms", "h1", 5, json!({ "title": "?" }))];
    let mut phone = Phone::holding(5, rows);
    assert_eq!(phone.replica.count_unknown().unwrap(), [("holograms".to_owned(), 1)]);
    assert_eq!(phone.replica.read(&RowFilter::default()).unwrap().len(), 1);
}

#[test]
fn a_device_that_dies_in_a_step_has_stored_all_of_it_or_nothing() {
    for writes in 0.. {
        let mut phone = Phone::holding(5, vec![session("s1", 5, "Before")]);
        let (token, _) = phone.send();
        phone.replica.store_mut().die_after(writes);
        let news = answer(6, vec![delta("public", 5, 6, vec![session("s1", 6, "After")])]);
        match phone.replica.apply_answer(token, &news, NOW) {
            Ok(_) => {
                assert_eq!(phone.titles(), ["After"]);
                break;
            }
            Err(error) => {
                assert_eq!(error, ReplicaError::Store("the device died".to_owned()));
                assert_eq!(phone.titles(), ["Before"]);
                assert_eq!(phone.replica.at_least().unwrap(), Some(position(5)));
            }
        }
    }
}

#[test]
fn another_account_does_not_find_what_the_former_one_held() {
    let mut phone = Phone::holding(5, vec![session("s1", 5, "Opening")]);
    phone.exchange(&answer(6, vec![reset("gate:x", 6, vec![session("s2", 6, "Closed round")])]));
    let (token, _) = phone.send();
    phone.replica.change_account(account(2), DeviceId(uuid(0xd1))).unwrap();
    let late = answer(7, vec![reset("gate:x", 7, vec![session("s2", 7, "Closed round")])]);
    assert_eq!(phone.replica.apply_answer(token, &late, NOW).unwrap(), Outcome::Dropped);
    assert_eq!(phone.titles(), ["Opening"]);
    assert_eq!(phone.holds(), [("public".to_owned(), Some(position(5)))]);
}
