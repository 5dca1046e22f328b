//! What a programme says of seats.

use serde_json::json;

use super::super::*;
use super::{attendee, record};
use crate::programme::{Collection, Programme, RecordBody, RecordEdit};
use crate::registration::Registration;

fn put(id: u128, collection: Collection, body: serde_json::Value) -> RecordEdit {
    RecordEdit::Put { id: record(id), body: RecordBody::from_json(collection, body).unwrap() }
}

fn programme(event: &str, part: &str, session: &str) -> Programme {
    let event = json!({ "slug": "week", "title": { "en": "Week" }, "starts_on": "2018-11-26", "ends_on": "2018-11-30",
        "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": event });
    let part =
        json!({ "slug": "clinic", "title": { "en": "Clinic" }, "state": part, "admission": { "policy": "open" } });
    let times = json!({ "starts_at": "2018-11-26T14:00:00Z", "ends_at": "2018-11-26T16:00:00Z" });
    let with = |fields: serde_json::Value| {
        let mut body = json!({ "slug": "visit", "kind": "field_visit", "state": session });
        for (name, value) in times.as_object().unwrap().iter().chain(fields.as_object().unwrap()) {
            body[name] = value.clone();
        }
        body
    };
    let drivers = json!({ "slug": "drivers", "title": { "en": "Drivers" }, "is_outside_quotas": true });
    let edits = [
        put(1, Collection::Events, event),
        put(2, Collection::Parts, part),
        put(3, Collection::Sessions, with(json!({ "part": record(2), "seats": 40 }))),
        put(4, Collection::Sessions, with(json!({ "slug": "talk" }))),
        put(5, Collection::Categories, drivers),
        put(6, Collection::Categories, json!({ "slug": "delegates", "title": { "en": "Delegates" } })),
        put(7, Collection::Sessions, with(json!({ "slug": "alone", "seats": 5 }))),
    ];
    Programme::default().with_edits(&edits, 1)
}

#[test]
fn only_what_is_published_with_its_part_and_event_is_on_offer() {
    let is_on_offer =
        |event, part, session| SeatTerms::of(&programme(event, part, session), record(3)).unwrap().is_on_offer;
    assert!(is_on_offer("published", "published", "published"));
    for state in ["draft", "cancelled"] {
        assert!(!is_on_offer(state, "published", "published"));
        assert!(!is_on_offer("published", state, "published"));
        assert!(!is_on_offer("published", "published", state));
    }
}

#[test]
fn a_session_without_seats_has_no_terms_and_one_without_a_part_needs_none() {
    let programme = programme("published", "draft", "published");
    assert_eq!(SeatTerms::of(&programme, record(4)), None);
    assert_eq!(SeatTerms::of(&programme, record(99)), None);
    let alone = SeatTerms::of(&programme, record(7)).unwrap();
    assert_eq!((alone.seats, alone.is_on_offer), (5, true));
}

#[test]
fn what_is_cancelled_or_lost_its_seats_takes_no_place_and_a_draft_keeps_them() {
    let takes_place = |part, session, id| super::super::takes_place(&programme("published", part, session), record(id));
    assert!(!super::super::takes_place(&programme("cancelled", "published", "published"), record(3)));
    assert!(takes_place("published", "published", 3));
    assert!(takes_place("draft", "published", 3));
    assert!(takes_place("published", "draft", 3));
    assert!(!takes_place("cancelled", "draft", 3));
    assert!(!takes_place("draft", "cancelled", 3));
    assert!(!takes_place("published", "published", 4), "it has no seats");
    assert!(!takes_place("published", "published", 99));
}

#[test]
fn companions_and_categories_outside_quotas_count_in_none() {
    let programme = programme("published", "published", "published");
    let counts = |fields: serde_json::Value| {
        let mut body = json!({ "status": "confirmed", "category": record(6) });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let registration: Registration = serde_json::from_value(body).unwrap();
        counts_in_quota(&programme, record(3), &registration)
    };
    assert!(counts(json!({})));
    assert!(counts(json!({ "is_placeholder": true })));
    assert!(!counts(json!({ "companion_of": attendee(1) })));
    assert!(!counts(json!({ "category": record(5) })));
    let in_part = |part: u128| json!({ "part_categories": [{ "part": record(part), "category": record(5) }] });
    assert!(!counts(in_part(2)), "the category in the session's part is what counts");
    assert!(counts(in_part(8)));
}
