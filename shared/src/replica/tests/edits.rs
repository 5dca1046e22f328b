//! Outbox, results, overlays, journal.

use serde_json::json;

use super::*;

fn own() -> String {
    format!("own:{}", attendee())
}

fn star_row(n: u64, session: &str) -> Change {
    let id = crate::replica::favourite_id(attendee(), session).to_string();
    row("favourites", &id, n, json!({ "session": session, "attendee": attendee().to_string() }))
}

fn with_results(mut answer: ExchangeResponse, results: Vec<MutationAnswer>) -> ExchangeResponse {
    answer.results = results;
    answer
}

fn sent_ids(phone: &mut Phone) -> Vec<MutationId> {
    phone.send().1.request.mutations.iter().map(|mutation| mutation.id).collect()
}

#[test]
fn an_edit_is_sent_until_it_is_answered_in_the_same_bytes() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    let body = phone.send().1.body;
    assert_eq!(phone.send().1.body, body);
    let encoded = serde_json::to_string(&favourite(1, "s1", true)).unwrap();
    assert!(String::from_utf8(body).unwrap().contains(&encoded));
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, applied(5))]));
    assert_eq!(sent_ids(&mut phone), []);
}

#[test]
fn the_body_is_the_request() {
    let mut phone = Phone::holding(5, vec![]);
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    let (_, sent) = phone.send();
    assert_eq!(serde_json::from_slice::<crate::sync::ExchangeRequest>(&sent.body).unwrap(), sent.request);
}

#[test]
fn what_does_not_fit_one_request_is_split_in_order() {
    let mut phone = Phone::new();
    for n in 1..=450 {
        phone.replica.edit(&favourite(n, "s1", n % 2 == 0)).unwrap();
    }
    assert_eq!(sent_ids(&mut phone).len(), 200);
    let results = (1..=200).map(|n| result(n, applied(5))).collect();
    phone.exchange(&with_results(answer(5, vec![]), results));
    assert_eq!(sent_ids(&mut phone)[0], MutationId(uuid(201)));
}

#[test]
fn a_body_stays_within_its_limit() {
    let mut phone = Phone::new();
    for n in 1..=5 {
        phone.replica.edit(&mutation(n, "note.put", json!({ "id": "n", "text": "x".repeat(100_000) }))).unwrap();
    }
    let (_, sent) = phone.send();
    assert_eq!(sent.request.mutations.len(), 2);
    assert!(sent.body.len() <= crate::sync::MAX_BODY_BYTES);
    let huge = mutation(9, "note.put", json!({ "id": "n", "text": "x".repeat(200_000) }));
    assert!(phone.replica.edit(&huge).is_err());
}

#[test]
fn a_star_is_shown_at_once_and_confirmed_by_its_row() {
    let mut phone = Phone::new();
    phone.exchange(&answer(4, vec![reset(&own(), 4, vec![])]));
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    assert_eq!(phone.stars(), [("s1".to_owned(), true)]);
    let confirmed = answer(5, vec![delta(&own(), 4, 5, vec![star_row(5, "s1")])]);
    phone.exchange(&with_results(confirmed, vec![result(1, applied(5))]));
    assert_eq!(phone.stars(), [("s1".to_owned(), false)]);
}

#[test]
fn an_overlay_stands_until_the_pages_that_bring_the_row_are_shown() {
    let mut phone = Phone::new();
    phone.exchange(&answer(4, vec![reset(&own(), 4, vec![])]));
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    let page = ScopeEntry { more: true, to: Some(page_position(5, "s0")), ..delta(&own(), 4, 5, vec![]) };
    phone.exchange(&with_results(answer(5, vec![page]), vec![result(1, applied(5))]));
    assert_eq!(phone.stars(), [("s1".to_owned(), true)]);
    let from = Some(page_position(5, "s0"));
    phone.exchange(&answer(5, vec![ScopeEntry { from, ..delta(&own(), 0, 5, vec![star_row(5, "s1")]) }]));
    assert_eq!(phone.stars(), [("s1".to_owned(), false)]);
}

#[test]
fn one_rejected_edit_leaves_the_others_and_is_shown_with_what_was_typed() {
    let mut phone = Phone::new();
    for n in 1..=3 {
        phone.replica.edit(&favourite(n, &format!("s{n}"), true)).unwrap();
    }
    let rejected = MutationResult::Rejected { reason: "forbidden".into(), detail: None, field: None };
    let results = vec![result(1, applied(5)), result(2, rejected.clone()), result(3, applied(5))];
    phone.exchange(&with_results(answer(5, vec![]), results));
    let shown = phone.replica.list_results().unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!((&shown[0].mutation, &shown[0].result), (&favourite(2, "s2", true), &rejected));
    assert_eq!(phone.replica.list_journal().unwrap(), [favourite(1, "s1", true), favourite(3, "s3", true)]);
    phone.replica.dismiss_result(MutationId(uuid(2))).unwrap();
    assert_eq!(phone.replica.list_results().unwrap(), []);
}

#[test]
fn a_conflict_is_shown_with_both_values() {
    let mut phone = Phone::new();
    let typed = mutation(1, "note.put", json!({ "id": "n1", "text": "mine" }));
    phone.replica.edit(&typed).unwrap();
    let server = crate::sync::ServerRow {
        collection: "notes".into(),
        id: "n1".into(),
        rev: 4,
        value: json!({ "text": "theirs" }),
    };
    let conflict = MutationResult::Conflict { reason: "stale_base".into(), fields: vec![], server: Some(server) };
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, conflict.clone())]));
    let shown = phone.replica.list_results().unwrap();
    assert_eq!((&shown[0].mutation, &shown[0].result), (&typed, &conflict));
}

#[test]
fn what_the_server_wants_later_waits_while_pulls_go_on() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, MutationResult::Retry { after_s: 30 })]));
    phone.replica.edit(&favourite(2, "s1", false)).unwrap();
    assert_eq!(sent_ids(&mut phone), []);
    let later = phone.send_at(Timestamp(NOW.0 + 30_000)).1;
    assert_eq!(later.request.mutations, [favourite(1, "s1", true), favourite(2, "s1", false)]);
}

#[test]
fn acknowledged_is_the_newest_covers_with_a_final_answer() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    phone.exchange(&answer(4, vec![]));
    assert_eq!(phone.send().1.request.acknowledged, None);
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, applied(5))]));
    phone.exchange(&answer(6, vec![]));
    let (_, sent) = phone.send();
    assert_eq!((sent.request.acknowledged, sent.request.at_least), (Some(position(5)), Some(position(6))));
}

#[test]
fn a_resend_puts_the_journal_before_what_was_made_since_and_clears_acknowledged() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    phone.replica.edit(&favourite(2, "s2", true)).unwrap();
    phone.exchange(&with_results(answer(5, vec![]), vec![result(2, applied(5)), result(1, applied(6))]));
    phone.replica.edit(&favourite(3, "s3", true)).unwrap();
    let mut lost = with_results(answer(3, vec![]), vec![result(3, MutationResult::Retry { after_s: 60 })]);
    lost.resend = true;
    assert!(phone.exchange(&lost).resend);
    let (_, sent) = phone.send();
    let expected = [favourite(1, "s1", true), favourite(2, "s2", true), favourite(3, "s3", true)];
    assert_eq!((sent.request.mutations, sent.request.acknowledged), (expected.to_vec(), None));
}

#[test]
fn a_rejected_edit_is_never_sent_again() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    let rejected = MutationResult::Rejected { reason: "forbidden".into(), detail: None, field: None };
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, rejected)]));
    let mut lost = answer(3, vec![]);
    lost.resend = true;
    phone.exchange(&lost);
    assert_eq!(sent_ids(&mut phone), []);
}

#[test]
fn the_journal_is_kept_for_seventy_two_hours() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, applied(5))]));
    for (hours, kept) in [(72, 1), (73, 0)] {
        let now = NOW.plus_minutes(hours * 60);
        let (token, _) = phone.send_at(now);
        phone.replica.apply_answer(token, &answer(6, vec![]), now).unwrap();
        assert_eq!(phone.replica.list_journal().unwrap().len(), kept, "{hours}");
    }
}

#[test]
fn edits_belong_to_the_account_that_made_them() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    phone.exchange(&with_results(answer(5, vec![]), vec![result(1, applied(5))]));
    phone.replica.edit(&favourite(2, "s2", true)).unwrap();
    phone.replica.change_account(account(2), DeviceId(uuid(0xd1))).unwrap();
    let (_, sent) = phone.send();
    assert_eq!((sent.request.mutations, sent.request.acknowledged), (vec![], None));
    assert_eq!(phone.stars(), []);
    phone.replica.change_account(account(1), DeviceId(uuid(0xd1))).unwrap();
    let (_, sent) = phone.send();
    assert_eq!(
        (sent.request.mutations, sent.request.acknowledged),
        (vec![favourite(2, "s2", true)], Some(position(5)))
    );
}

#[test]
fn an_id_is_used_once() {
    let mut phone = Phone::new();
    phone.replica.edit(&favourite(1, "s1", true)).unwrap();
    assert!(phone.replica.edit(&favourite(1, "s2", true)).is_err());
}
