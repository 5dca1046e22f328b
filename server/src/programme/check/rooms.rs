//! Rooms: taken twice, closed, without what a session needs, too small.

use std::collections::BTreeMap;

use serde_json::json;
use shared::programme::{Collection, Record, Room};

use super::survey::{Entry, Survey, Timed, overlapping_pairs};
use super::{Finding, FindingCode};
use crate::programme::rules::place;

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let timed = survey.timed();
    let mut by_room: BTreeMap<_, Vec<Timed>> = BTreeMap::new();
    for timed in timed.iter().filter(|timed| !timed.runs_beside()) {
        if let Some(room) = timed.entry.session.room {
            by_room.entry(room).or_default().push(*timed);
        }
    }
    let mut findings = Vec::new();
    for (room, timed) in by_room {
        if let Some(record) = survey.record(Collection::Rooms, room) {
            findings.extend(overlapping_pairs(&timed).map(|pair| taken_twice(survey, record, pair)));
        }
    }
    findings.extend(survey.sessions.iter().filter_map(|entry| find_closed(survey, entry)));
    findings.extend(survey.sessions.iter().flat_map(|entry| list_shortcomings(survey, entry)));
    findings
}

fn taken_twice(survey: &Survey, room: &Record, (one, other): (&Timed, &Timed)) -> Finding {
    let message = format!(
        "{} is taken by {} and by {}.",
        survey.room_name(room.id),
        survey.timed_name(one),
        survey.timed_name(other)
    );
    Finding::new(FindingCode::RoomTakenTwice, &[one.entry.record, other.entry.record, room], message)
}

/// A session without a time may be at any hour of its day.
fn find_closed(survey: &Survey, entry: &Entry) -> Option<Finding> {
    let id = entry.session.room?;
    let room = place::find_room(survey.programme, id)?;
    let (starts, ends) = place::find_span(survey.programme, entry.session)?;
    let closure =
        room.closures.iter().find(|closure| ends > closure.from && closure.to.is_none_or(|to| starts < to))?;
    let reason = closure.reason.as_ref().map_or_else(String::new, |reason| format!(": {}", survey.text(reason)));
    let name = survey.dated_name(entry);
    let message = format!("{name} is in {}, which is closed then{reason}.", survey.text(&room.name));
    let records = [entry.record, survey.record(Collection::Rooms, id)?];
    let finding = Finding::new(FindingCode::RoomClosed, &records, message);
    Some(finding.with("closed_from", json!(closure.from)).with("closed_to", json!(closure.to)))
}

fn list_shortcomings(survey: &Survey, entry: &Entry) -> Vec<Finding> {
    let Some(id) = entry.session.room else { return Vec::new() };
    let (Some(room), Some(record)) = (place::find_room(survey.programme, id), survey.record(Collection::Rooms, id))
    else {
        return Vec::new();
    };
    let found = [find_lacking_feature(entry, room), find_lacking_layout(entry, room), find_too_small(entry, room)];
    let (session, room) = (survey.session_name(entry.session), survey.text(&room.name));
    found
        .into_iter()
        .flatten()
        .map(|(code, lack, (name, value))| {
            let message = format!("{session} is in {room}, which {lack}.");
            Finding::new(code, &[entry.record, record], message).with(name, value)
        })
        .collect()
}

type Shortcoming = (FindingCode, String, (&'static str, serde_json::Value));

fn find_lacking_feature(entry: &Entry, room: &Room) -> Option<Shortcoming> {
    let needed = entry.session.needs.features.iter();
    let lacking = json!(needed.filter(|feature| !room.features.contains(feature)).collect::<Vec<_>>());
    let words: Vec<String> =
        lacking.as_array()?.iter().filter_map(|word| Some(word.as_str()?.replace('_', " "))).collect();
    let lack = format!("does not offer {}", words.join(" or "));
    (!words.is_empty()).then_some((FindingCode::RoomLacksFeature, lack, ("features", lacking)))
}

fn find_lacking_layout(entry: &Entry, room: &Room) -> Option<Shortcoming> {
    let needed = entry.session.needs.layout.as_ref()?;
    let is_it = |layout: &String| layout.trim().to_lowercase() == needed.trim().to_lowercase();
    let lack = format!("cannot be set up as {needed}");
    (!room.layouts.iter().any(is_it)).then(|| (FindingCode::RoomLacksLayout, lack, ("layout", json!(needed))))
}

fn find_too_small(entry: &Entry, room: &Room) -> Option<Shortcoming> {
    let (capacity, people) = (room.capacity?, entry.session.expected_people.max(entry.session.seats)?);
    let lack = format!("holds {capacity} people, for {people}");
    (capacity < people).then(|| (FindingCode::RoomTooSmall, lack, ("people", json!(people))))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, at, id};

    fn in_library(more: Value) -> Value {
        let mut body = json!({"room": id("library")});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    fn sketch(room: Value) -> Sketch {
        let session = in_library(json!({"needs": {"features": ["interpreters_booths", "video_link"]}}));
        Sketch::new().venue("club", &[]).room("library", "club", room).session(
            "reality",
            ("26 18:00", "26 19:30"),
            session,
        )
    }

    fn equipped() -> Value {
        json!({"features": ["video_link", "interpreters_booths"], "layouts": ["Theatre"], "capacity": 60})
    }

    #[test]
    fn two_sessions_in_one_room_at_the_same_time_are_found() {
        let sketch = sketch(equipped()).session("reception", ("26 19:30", "26 20:30"), in_library(json!({}))).session(
            "recital",
            ("26 20:00", "26 21:00"),
            in_library(json!({})),
        );
        assert_eq!(found(&sketch), [finding(FindingCode::RoomTakenTwice, &["reception", "recital", "library"])]);
        assert_eq!(
            check_all(&sketch.programme)[0].message,
            "library is taken by “reception” (26 November 2018, 19:30 to 20:30) and by “recital” \
             (26 November 2018, 20:00 to 21:00)."
        );
    }

    #[test]
    fn an_exhibition_a_registration_desk_and_a_cancelled_session_do_not_take_a_room() {
        let sketch = sketch(equipped())
            .session("stands", ("26 18:00", "26 19:00"), in_library(json!({"kind": "exhibition"})))
            .session("desk", ("26 18:00", "26 19:00"), in_library(json!({"kind": "registration"})))
            .session("gone", ("26 18:00", "26 19:00"), in_library(json!({"state": "cancelled"})));
        assert_eq!(found(&sketch), []);
    }

    #[test]
    fn a_session_in_a_closed_room_is_found() {
        let closed = |from, to| {
            let mut room = equipped();
            room["closures"] = json!([{"from": from, "to": to}]);
            found(&sketch(room))
        };
        let expected = [finding(FindingCode::RoomClosed, &["reality", "library"])];
        assert_eq!(closed(at("26 19:00"), json!(null)), expected);
        assert_eq!(closed(at("26 17:00"), json!(at("26 18:30"))), expected);
        assert_eq!(closed(at("26 19:30"), json!(null)), []);
    }

    #[test]
    fn a_session_without_a_time_in_a_room_that_is_closed_that_day_is_found() {
        let mut room = equipped();
        room["closures"] = json!([{"from": at("28 09:00"), "to": at("28 10:00")}]);
        let item = in_library(json!({
            "slug": "item", "kind": "session", "title": {"en": "item"}, "day": "2018-11-28", "order": 1,
            "state": "published",
        }));
        let sketch = sketch(room).with(Collection::Sessions, item);
        assert_eq!(found(&sketch), [finding(FindingCode::RoomClosed, &["item", "library"])]);
        let message = &check_all(&sketch.programme)[0].message;
        assert_eq!(message, "“item” (28 November 2018) is in library, which is closed then.");
    }

    #[test]
    fn a_room_without_what_its_session_needs_is_found() {
        let expected = [finding(FindingCode::RoomLacksFeature, &["reality", "library"])];
        let sketch = sketch(json!({"features": ["video_link"]}));
        assert_eq!(found(&sketch), expected);
        assert_eq!(check_all(&sketch.programme)[0].details["features"], json!(["interpreters_booths"]));
    }

    #[test]
    fn a_room_that_cannot_be_set_up_so_is_found() {
        let needing = |layout: &str| {
            let needs = in_library(json!({"needs": {"layout": layout}}));
            found(&sketch(equipped()).session("panel", ("26 12:00", "26 13:00"), needs))
        };
        assert_eq!(needing("theatre"), []);
        assert_eq!(needing("round tables"), [finding(FindingCode::RoomLacksLayout, &["panel", "library"])]);
    }

    #[test]
    fn a_room_for_fewer_people_than_come_is_found() {
        let with =
            |people: Value| found(&sketch(equipped()).session("panel", ("26 12:00", "26 13:00"), in_library(people)));
        let expected = [finding(FindingCode::RoomTooSmall, &["panel", "library"])];
        assert_eq!(with(json!({"expected_people": 61})), expected);
        assert_eq!(with(json!({"seats": 61, "expected_people": 20})), expected);
        assert_eq!(with(json!({"seats": 60})), []);
    }
}
