//! The cases in `vectors/`, which the browser code is held to as well.

use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::replica::{ShownRow, favourite_id, list_reminders};
use crate::sync::{Head, content_hash};

fn cases(text: &str, name: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    let cases = file[name].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn of<T: for<'de> Deserialize<'de>>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", case["note"]))
}

const POSITION: &str = include_str!("../../../vectors/position.json");
const DIGEST: &str = include_str!("../../../vectors/digest.json");
const MERGE: &str = include_str!("../../../vectors/merge.json");
const REMINDERS: &str = include_str!("../../../vectors/reminders.json");

fn head_value(head: Head) -> Value {
    json!({ "seq": head.seq, "nonce": head.nonce.to_string() })
}

#[test]
fn positions_are_read_and_written_as_the_vectors_say() {
    for case in cases(POSITION, "positions") {
        let text: String = of(&case, "text");
        let position: Position = text.parse().unwrap();
        assert_eq!(position.to_string(), text);
        assert_eq!(case["epoch"], position.epoch.to_string());
        assert_eq!(case["head"], head_value(position.head));
        let place = position.place.map(|p| json!({ "rev": p.rev, "collection": p.collection, "id": p.id }));
        assert_eq!(case["place"], place.unwrap_or_default());
        assert_eq!(case["reset_began"], position.reset_began.map(head_value).unwrap_or_default());
    }
    for case in cases(POSITION, "malformed") {
        assert!(of::<String>(&case, "text").parse::<Position>().is_err(), "{}", case["note"]);
    }
    for case in cases(POSITION, "newer") {
        let (covers, other): (Position, Position) = (of(&case, "covers"), of(&case, "other"));
        assert_eq!(covers.is_newer_than(&other), of::<bool>(&case, "is_newer"), "{}", case["note"]);
    }
}

#[test]
fn checks_and_digests_are_as_the_vectors_say() {
    let check = |row: &Value| row_check(&of::<String>(row, "collection"), &of::<String>(row, "id"), of(row, "rev"));
    for case in cases(DIGEST, "checks") {
        assert_eq!(check(&case), of::<u32>(&case, "check"), "{}", case["note"]);
    }
    for case in cases(DIGEST, "digests") {
        let mut digest = Digest::default();
        of::<Vec<Value>>(&case, "rows").iter().for_each(|row| digest.add(check(row)));
        assert_eq!(digest, of(&case, "digest"), "{}", case["note"]);
    }
}

#[test]
fn contents_and_favourites_are_identified_as_the_vectors_say() {
    for case in cases(MERGE, "content_hash") {
        assert_eq!(content_hash(&of(&case, "mutation")), of::<String>(&case, "hash"), "{}", case["note"]);
    }
    for case in cases(MERGE, "favourite_id") {
        let id = favourite_id(of(&case, "attendee"), &of::<String>(&case, "session"));
        assert_eq!(id.to_string(), of::<String>(&case, "id"), "{}", case["note"]);
    }
}

#[test]
fn what_is_shown_is_as_the_vectors_say() {
    for case in cases(MERGE, "shown") {
        let mut phone = Phone::new();
        let rows: Vec<Value> = of(&case, "rows");
        let entries = rows.chunk_by(|one, next| one["scope"] == next["scope"]).map(|rows| {
            let change =
                |r: &Value| row(&of::<String>(r, "collection"), &of::<String>(r, "id"), of(r, "rev"), of(r, "value"));
            reset(&of::<String>(&rows[0], "scope"), 9, rows.iter().map(change).collect())
        });
        phone.exchange(&answer(9, entries.collect()));
        of::<Vec<Mutation>>(&case, "edits").iter().for_each(|edit| phone.replica.edit(edit).unwrap());
        let shown = phone.replica.read(&RowFilter::default()).unwrap();
        let shown = shown.into_iter().map(|row| {
            let value: Value = serde_json::from_str(&row.value).unwrap();
            json!({ "scope": row.scope, "collection": row.collection, "id": row.id, "rev": row.rev,
                "value": value, "pending": row.is_pending })
        });
        assert_eq!(Value::Array(shown.collect()), case["shown"], "{}", case["note"]);
    }
}

#[test]
fn reminders_are_shown_as_the_vectors_say() {
    for case in cases(REMINDERS, "reminders") {
        let row = |row: &Value| ShownRow {
            scope: of(row, "scope"),
            collection: of(row, "collection"),
            id: of(row, "id"),
            rev: Some(1),
            value: row["value"].to_string(),
            is_pending: false,
        };
        let rows: Vec<ShownRow> = case["rows"].as_array().unwrap().iter().map(row).collect();
        let found = list_reminders(&rows, of(&case, "after"));
        assert_eq!(json!(found), case["reminders"], "{}", case["note"]);
    }
}

#[test]
fn overlays_fall_as_the_vectors_say() {
    for case in cases(MERGE, "overlay_falls") {
        let mut phone = Phone::holding(5, vec![]);
        phone.replica.edit(&favourite(1, "s1", true)).unwrap();
        let answers: Vec<Value> = of(&case, "answers");
        for (index, given) in answers.iter().enumerate() {
            assert_eq!(phone.stars().len(), 1, "{} before answer {}", case["note"], index + 1);
            phone.exchange(&answer_of(given));
        }
        assert_eq!(answers.len(), of::<usize>(&case, "falls_after"), "{}", case["note"]);
        assert_eq!(phone.stars(), [], "{}", case["note"]);
    }
}

fn answer_of(given: &Value) -> ExchangeResponse {
    let entries = match given["unapplied"].as_bool() {
        Some(true) => vec![delta("public", 3, 6, vec![])],
        _ => vec![],
    };
    let mut answer = answer(6, entries);
    answer.more = of(given, "more");
    let rejected = MutationResult::Rejected { reason: "forbidden".into(), detail: None, field: None };
    answer.results = match given["result"].as_str() {
        Some("applied") => vec![result(1, applied(6))],
        Some("rejected") => vec![result(1, rejected)],
        Some("retry") => vec![result(1, MutationResult::Retry { after_s: 0 })],
        Some("duplicate") => vec![result(1, MutationResult::Duplicate { original: Box::new(applied(4)) })],
        _ => vec![],
    };
    answer
}
