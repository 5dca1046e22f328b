use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::programme::{Record, RecordBody};

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

const EVENT: u128 = 1;
const PART: u128 = 2;
const SESSION: u128 = 3;

fn put(programme: &mut Programme, number: u128, collection: Collection, body: Value, more: Value) {
    let mut body = body;
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let body = RecordBody::from_json(collection, body).unwrap();
    programme.put(Record { id: id(number), rev: 1, field_revs: Default::default(), created_rev: 1, body });
}

/// An event of a week with a part of two days and a session in it; each with what is given.
fn programme(event: Value, part: Value, session: Value) -> Programme {
    let mut programme = Programme::default();
    let own = json!({ "slug": "week", "title": { "en": "Week" }, "starts_on": "2018-11-25", "ends_on": "2018-12-01",
        "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "published" });
    put(&mut programme, EVENT, Collection::Events, own, event);
    let own = json!({ "slug": "dialogue", "title": { "en": "Dialogue" }, "starts_on": "2018-11-26",
        "ends_on": "2018-11-27", "state": "published" });
    put(&mut programme, PART, Collection::Parts, own, part);
    let own = json!({ "slug": "one", "kind": "session", "part": id(PART), "starts_at": "2018-11-26T12:00:00Z",
        "ends_at": "2018-11-26T13:00:00Z", "state": "published" });
    put(&mut programme, SESSION, Collection::Sessions, own, session);
    programme
}

const PART_KEY: (InvitedTo, RecordId) = (InvitedTo::Parts, RecordId(Uuid::from_u128(PART)));
const SESSION_KEY: (InvitedTo, RecordId) = (InvitedTo::Sessions, RecordId(Uuid::from_u128(SESSION)));

fn terms(programme: &Programme, object: (InvitedTo, RecordId)) -> EntryTerms {
    EntryTerms::of(programme, object).unwrap()
}

fn times(programme: &Programme, object: (InvitedTo, RecordId)) -> (String, String) {
    let terms = terms(programme, object);
    (terms.starts_at.unwrap().to_string(), terms.ends_at.unwrap().to_string())
}

fn between(from: &str, to: &str) -> (String, String) {
    (format!("2018-{from}:00.000Z"), format!("2018-{to}:00.000Z"))
}

#[test]
fn what_is_wrong_with_event_or_part_is_wrong_with_the_session() {
    for (event, part, session, expected) in [
        ("published", "published", "published", State::Published),
        ("draft", "published", "published", State::Draft),
        ("published", "draft", "published", State::Draft),
        ("published", "published", "draft", State::Draft),
        ("cancelled", "published", "draft", State::Cancelled),
        ("draft", "cancelled", "published", State::Cancelled),
        ("published", "published", "cancelled", State::Cancelled),
    ] {
        let state = |state: &str| json!({ "state": state });
        let programme = programme(state(event), state(part), state(session));
        assert_eq!(terms(&programme, SESSION_KEY).state, expected, "{event} {part} {session}");
    }
    let draft = programme(json!({ "state": "draft" }), json!({}), json!({}));
    assert_eq!(terms(&draft, PART_KEY).state, State::Draft);
}

#[test]
fn nothing_has_terms_without_being_there() {
    let programme = programme(json!({}), json!({}), json!({}));
    for missing in [(InvitedTo::Parts, id(SESSION)), (InvitedTo::Sessions, id(PART))] {
        assert_eq!((EntryTerms::of(&programme, missing), restricted_by(&programme, missing)), (None, None));
    }
}

#[test]
fn a_sessions_own_admission_goes_before_its_parts_but_not_past_a_gate() {
    let (open, registered, invited) = ("open", "registered", "by_invitation");
    let admission = |policy: &str, visibility: Option<&str>| json!({ "policy": policy, "visibility": visibility });
    let by_part = Some((Collection::Parts, id(PART)));
    let by_itself = Some((Collection::Sessions, id(SESSION)));
    use AdmissionPolicy::{ByInvitation, Open, Registered};
    for (part, own, expected, decides) in [
        (admission(open, None), None, Open, None),
        (admission(registered, None), None, Registered, None),
        (admission(invited, None), None, ByInvitation, by_part),
        (admission(invited, Some("public")), None, ByInvitation, by_part),
        (admission(registered, Some("listed")), None, ByInvitation, by_part),
        (admission(open, None), Some(admission(registered, None)), Registered, None),
        (admission(registered, None), Some(admission(open, None)), Open, None),
        (admission(open, None), Some(admission(invited, Some("public"))), ByInvitation, by_itself),
        (admission(open, None), Some(admission(open, Some("hidden"))), ByInvitation, by_itself),
        (admission(invited, Some("public")), Some(admission(open, None)), Open, None),
        (admission(invited, Some("listed")), Some(admission(open, None)), ByInvitation, by_part),
    ] {
        let own = json!({ "admission": own });
        let programme = programme(json!({}), json!({ "admission": part.clone() }), own.clone());
        let found = (terms(&programme, SESSION_KEY).policy, restricted_by(&programme, SESSION_KEY));
        assert_eq!(found, (expected, decides), "{part} {own}");
    }
}

#[test]
fn a_part_and_a_session_without_one_decide_for_themselves() {
    let invited = json!({ "admission": { "policy": "by_invitation" } });
    let registered = json!({ "admission": { "policy": "registered" } });
    let closed = programme(json!({}), invited.clone(), json!({}));
    assert_eq!(restricted_by(&closed, PART_KEY), Some((Collection::Parts, id(PART))));
    assert_eq!(terms(&closed, PART_KEY).policy, AdmissionPolicy::ByInvitation);
    let not = programme(json!({}), registered.clone(), json!({ "part": null }));
    assert_eq!((restricted_by(&not, PART_KEY), restricted_by(&not, SESSION_KEY)), (None, None));
    assert_eq!(terms(&not, PART_KEY).policy, AdmissionPolicy::Registered);
    assert_eq!(terms(&not, SESSION_KEY).policy, AdmissionPolicy::Open);
    let alone = json!({ "part": null, "admission": { "policy": "by_invitation" } });
    let alone = programme(json!({}), json!({}), alone);
    assert_eq!(restricted_by(&alone, SESSION_KEY), Some((Collection::Sessions, id(SESSION))));
}

#[test]
fn a_session_has_its_time_or_its_whole_day_and_ends_late_when_it_runs_late() {
    let of = |session: Value| times(&programme(json!({}), json!({}), session), SESSION_KEY);
    assert_eq!(of(json!({})), between("11-26T12:00", "11-26T13:00"));
    let late = |state: &str, minutes: Option<u32>| json!({ "progress": { "state": state, "at": "2018-11-26T12:50:00Z", "minutes_late": minutes } });
    assert_eq!(of(late("started", None)), between("11-26T12:00", "11-26T13:00"));
    assert_eq!(of(late("running_late", Some(25))), between("11-26T12:00", "11-26T13:25"));
    assert_eq!(of(late("ended", Some(25))), between("11-26T12:00", "11-26T12:50"));
    let day = json!({ "starts_at": null, "ends_at": null, "day": "2018-11-28" });
    assert_eq!(of(day.clone()), between("11-28T03:00", "11-29T03:00"));
    let timeless = json!({ "starts_at": null, "ends_at": null });
    let none = terms(&programme(json!({}), json!({}), timeless), SESSION_KEY);
    assert_eq!((none.starts_at, none.ends_at), (None, None));
    let nowhere = terms(&programme(json!({ "time_zone": "America/Atlantis" }), json!({}), day), SESSION_KEY);
    assert_eq!((nowhere.starts_at, nowhere.ends_at), (None, None));
}

#[test]
fn a_part_has_its_days_or_the_events() {
    let of = |part: Value| times(&programme(json!({}), part, json!({})), PART_KEY);
    assert_eq!(of(json!({})), between("11-26T03:00", "11-28T03:00"));
    assert_eq!(of(json!({ "ends_on": null })), between("11-26T03:00", "11-27T03:00"));
    assert_eq!(of(json!({ "starts_on": null, "ends_on": null })), between("11-25T03:00", "12-02T03:00"));
}

#[test]
fn few_can_enter_where_it_takes_an_invitation_or_a_seat() {
    let of = |seats: Option<u32>, policy: &str| {
        let session = json!({ "seats": seats, "admission": { "policy": policy } });
        let terms = terms(&programme(json!({}), json!({}), session), SESSION_KEY);
        (terms.needs_seat, terms.is_for_few())
    };
    assert_eq!((of(None, "registered"), of(None, "by_invitation")), ((false, false), (false, true)));
    assert_eq!((of(Some(0), "registered"), of(Some(40), "by_invitation")), ((true, true), (true, true)));
}

#[test]
fn it_is_over_from_the_moment_at_which_it_ends() {
    let programme = programme(json!({}), json!({}), json!({}));
    let terms = terms(&programme, SESSION_KEY);
    let ends_at = terms.ends_at.unwrap();
    assert_eq!((terms.is_over(Timestamp(ends_at.0 - 1)), terms.is_over(ends_at)), (false, true));
    assert!(!EntryTerms { ends_at: None, ..terms }.is_over(ends_at));
}
