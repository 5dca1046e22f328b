use serde_json::{Value, json};

use super::*;
use crate::programme::Collection;

const PART: &str = "01920000-0000-7000-8000-000000000001";
const PERSON: &str = "01920000-0000-7000-8000-000000000002";

fn body(collection: Collection, value: Value) -> RecordBody {
    RecordBody::from_json(collection, value).unwrap()
}

fn fields(collection: Collection, value: Value) -> Vec<String> {
    validate_body(&body(collection, value)).into_iter().map(|fault| fault.field).collect()
}

fn event() -> Value {
    json!({"slug": "csw-2018", "title": {"en": "Week"}, "starts_on": "2018-11-25", "ends_on": "2018-12-01",
        "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "draft"})
}

fn session(fields: Value) -> Value {
    let mut session = json!({"slug": "s", "kind": "session", "state": "draft", "day": "2018-11-26"});
    let object = session.as_object_mut().unwrap();
    for (field, value) in fields.as_object().unwrap() {
        object.insert(field.clone(), value.clone());
    }
    object.retain(|_, value| !value.is_null());
    session
}

#[test]
fn a_good_event_has_no_fault_and_each_bad_field_is_named() {
    assert_eq!(fields(Collection::Events, event()), Vec::<String>::new());
    let mut bad = event();
    bad["slug"] = json!("CSW 2018");
    bad["ends_on"] = json!("2018-11-24");
    bad["time_zone"] = json!("America/Atlantis");
    bad["fallback_language"] = json!("es");
    bad["links"] = json!([{"url": "javascript:alert(1)"}, {"url": "https://"}, {"url": "https://iadb.org/a"}]);
    let expected = ["/slug", "/ends_on", "/time_zone", "/fallback_language", "/links/0/url", "/links/1/url"];
    assert_eq!(fields(Collection::Events, bad), expected);
}

#[test]
fn a_session_has_a_time_or_a_day_and_never_both() {
    let (nine, ten) = ("2018-11-26T09:00:00Z", "2018-11-26T10:00:00Z");
    let cases = [
        (json!({"starts_at": nine, "ends_at": ten, "day": null}), vec![]),
        (json!({"order": 3}), vec![]),
        (json!({"day": null}), vec!["/starts_at"]),
        (json!({"starts_at": nine, "day": null}), vec!["/ends_at"]),
        (json!({"starts_at": ten, "ends_at": nine, "day": null}), vec!["/ends_at"]),
        (json!({"starts_at": nine, "ends_at": ten, "order": 1}), vec!["/day", "/order"]),
    ];
    for (case, expected) in cases {
        assert_eq!(fields(Collection::Sessions, session(case.clone())), expected, "{case}");
    }
}

#[test]
fn talks_have_their_own_slugs_and_only_transfers_have_a_way() {
    let people = json!([{"person": PERSON, "role": "presenter"}, {"person": PERSON, "role": "presenter"}]);
    let bad = session(json!({"transfer": {}, "talks": [{"slug": "a"}, {"slug": "a", "people": people}]}));
    assert_eq!(fields(Collection::Sessions, bad), ["/transfer", "/talks/1/slug", "/talks/1/people/1"]);
}

#[test]
fn places_people_and_papers_are_checked_field_by_field() {
    let venue = json!({"slug": "v", "name": {"en": "Club"}, "country": "chl", "latitude": 91.0, "longitude": 0.0});
    assert_eq!(fields(Collection::Venues, venue), ["/country", "/latitude"]);
    let room = json!({"slug": "r", "venue": PART, "name": {"en": "Two\nlines"}, "capacity": 0,
        "closures": [{"from": "2018-11-26T09:00:00Z", "to": "2018-11-26T09:00:00Z"}]});
    assert_eq!(fields(Collection::Rooms, room), ["/name/en", "/capacity", "/closures/0/to"]);
    let track = json!({"slug": "t", "title": {"en": "Prevention"}, "colour": "red"});
    assert_eq!(fields(Collection::Tracks, track), ["/colour"]);
    let person = json!({"slug": "p", "name": "A\u{7}", "affiliations": [{}]});
    assert_eq!(fields(Collection::People, person), ["/name", "/affiliations/0"]);
    let entry = json!({"slug": "o", "day": "2018-11-26", "starts": "24:00", "title": {"en": "Lunch"}});
    assert_eq!(fields(Collection::OverviewEntries, entry), ["/starts"]);
    let paper = json!({"slug": "d", "title": {"en": "Agenda"}, "revision": 0, "language": "English", "state": "draft"});
    assert_eq!(fields(Collection::Documents, paper), ["/revision", "/language"]);
}

#[test]
fn every_reference_is_listed_with_its_field() {
    let value =
        session(json!({"part": PART, "talks": [{"slug": "a", "people": [{"person": PERSON, "role": "chair"}]}]}));
    let body = body(Collection::Sessions, value);
    let keys: Vec<_> = references(&body).into_iter().map(|(field, (kind, _))| (field, kind)).collect();
    let expected =
        [("/part".to_owned(), Collection::Parts), ("/talks/0/people/0/person".to_owned(), Collection::People)];
    assert_eq!(keys, expected);
    let missing = missing_references(&body, &|collection, _| collection == Collection::Parts);
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].field, "/talks/0/people/0/person");
}

#[test]
fn an_area_guards_one_thing_at_most_and_opens_around_it() {
    let area = |more: Value| {
        let mut area = json!({"slug": "a", "name": {"en": "Lunch"}});
        area.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields(Collection::AccessAreas, area)
    };
    assert_eq!(area(json!({})), Vec::<String>::new());
    assert_eq!(area(json!({"part": PART, "opens_minutes_before": 10, "rule": "once"})), Vec::<String>::new());
    assert_eq!(area(json!({"part": PART, "room": PART, "session": PART})), ["/room", "/session"]);
    assert_eq!(
        area(json!({"opens_minutes_before": 10, "closes_minutes_after": 0})),
        ["/opens_minutes_before", "/closes_minutes_after"]
    );
    assert_eq!(area(json!({"room": PART, "opens_minutes_before": 1_441})), ["/opens_minutes_before"]);
    let window = json!({"from": "2018-11-26T09:00:00Z", "to": "2018-11-26T09:00:00Z"});
    assert_eq!(area(json!({"windows": [window]})), ["/windows/0/to"]);
    assert_eq!(area(json!({"capacity": 0})), ["/capacity"]);
    assert_eq!(
        area(json!({"categories": [PART, PART], "audiences": [PERSON, PERSON]})),
        ["/categories/1", "/audiences/1"]
    );
}

#[test]
fn a_checkpoint_names_its_area_and_its_room() {
    let checkpoint = body(
        Collection::Checkpoints,
        json!({"slug": "c", "name": {"en": "Two\nlines"}, "kind": "door", "area": PART, "room": PERSON}),
    );
    let faults: Vec<_> = validate_body(&checkpoint).into_iter().map(|fault| fault.field).collect();
    assert_eq!(faults, ["/name/en"]);
    let named: Vec<_> = references(&checkpoint).into_iter().map(|(field, (kind, _))| (field, kind)).collect();
    let expected = [("/area".to_owned(), Collection::AccessAreas), ("/room".to_owned(), Collection::Rooms)];
    assert_eq!(named, expected);
}

#[test]
fn a_vehicle_stops_in_the_order_of_its_way_and_only_a_bus_is_one_s_door() {
    let stop = |at: &str| json!({"place": {"en": "Hotel"}, "at": at, "venue": PART});
    let vehicle = |stops: Value| json!({"slug": "coach-3", "name": {"en": "Coach 3"}, "session": PART, "plate": "BB-CL-42", "seats": 45, "stops": stops});
    let on_time = json!([stop("2018-11-30T12:10:00Z"), {"place": {"en": "Corner"}}, stop("2018-11-30T12:30:00Z")]);
    assert_eq!(fields(Collection::Vehicles, vehicle(on_time)), Vec::<String>::new());
    let back = json!([stop("2018-11-30T12:10:00Z"), {"place": {"en": "Corner"}}, stop("2018-11-30T12:09:00Z")]);
    assert_eq!(fields(Collection::Vehicles, vehicle(back.clone())), ["/stops/2/at"]);
    let named = references(&body(Collection::Vehicles, vehicle(back)));
    let named: Vec<_> = named.into_iter().map(|(field, (kind, _))| (field, kind)).collect();
    let venue = |index: usize| (format!("/stops/{index}/venue"), Collection::Venues);
    assert_eq!(named, [("/session".to_owned(), Collection::Sessions), venue(0), venue(2)]);
    let mut riders = vehicle(json!([{"place": {"en": "Hotel"}}]));
    riders["passengers"] = json!([{"attendee": PERSON, "stop": 0}, {"attendee": PART}]);
    assert_eq!(fields(Collection::Vehicles, riders.clone()), Vec::<String>::new());
    riders["passengers"] = json!([{"attendee": PERSON, "stop": 1}, {"attendee": PERSON}]);
    assert_eq!(fields(Collection::Vehicles, riders), ["/passengers/0/stop", "/passengers/1/attendee"]);
    let mut bad = vehicle(json!([]));
    (bad["seats"], bad["plate"], bad["driver"]) = (json!(0), json!("A\nB"), json!(" "));
    assert_eq!(fields(Collection::Vehicles, bad), ["/plate", "/driver", "/seats"]);
    let door = |kind: &str| json!({"slug": "c", "name": {"en": "Door"}, "kind": kind, "area": PART, "vehicle": PERSON});
    assert_eq!(fields(Collection::Checkpoints, door("bus")), Vec::<String>::new());
    assert_eq!(fields(Collection::Checkpoints, door("door")), ["/vehicle"]);
}
