use proptest::prelude::*;
use serde_json::json;

use super::*;

fn scan(more: Value) -> Value {
    let id = |number: u128| Uuid::from_u128(number);
    let mut scan = json!({ "id": id(1), "checkpoint": id(2), "area": id(3), "guest": id(4),
        "at": { "wall": "2018-11-26T12:00:00.000Z" }, "verdict": { "admits": true, "reason": "admitted" } });
    crate::object::merge_patch(&mut scan, &more);
    scan
}

fn read_scan(more: Value) -> Scan {
    Scan::read(&scan(more)).unwrap()
}

#[test]
fn what_is_not_as_a_scan_is_said_by_its_field() {
    let field = |more: Value| Scan::read(&scan(more)).map(|_| ()).map_err(|misfit| misfit.field);
    assert_eq!(field(json!({})), Ok(()));
    assert_eq!(field(json!({ "by_hand": "forgot the badge", "code_hash": "0".repeat(64) })), Ok(()));
    for (more, expected) in [
        (json!({ "id": 3 }), "/id"),
        (json!({ "at": null }), "/at"),
        (json!({ "at": { "wall": "9999-01-01T00:00:00Z" } }), "/at/wall"),
        (json!({ "at": { "boot": "\u{0}" } }), "/at/boot"),
        (json!({ "direction": "sideways" }), "/direction"),
        (json!({ "verdict": { "reason": "because" } }), "/verdict/reason"),
        (json!({ "by_hand": "x".repeat(501) }), "/by_hand"),
        (json!({ "code_hash": "https://example.org/menu" }), "/code_hash"),
        (json!({ "count": -1 }), "/count"),
        (json!({ "decided_on": { "covers": "yesterday" } }), "/decided_on/covers"),
    ] {
        assert_eq!(field(more.clone()), Err(expected.to_owned()), "{more}");
    }
}

#[test]
fn a_time_is_corrected_by_what_the_device_knew_of_the_servers_clock() {
    let time = |offset_ms, uncertainty_ms| ScanTime {
        offset_ms,
        uncertainty_ms,
        ..ScanTime { wall: Timestamp(1_000_000), monotonic_ms: None, boot: None, offset_ms: None, uncertainty_ms: None }
    };
    assert_eq!(time(Some(-600_000), Some(50)).corrected(), Timestamp(400_000));
    assert_eq!(time(Some(-600_000), Some(50)).bounds(), Some((Timestamp(399_950), Timestamp(400_050))));
    assert_eq!((time(None, Some(50)).corrected(), time(None, Some(50)).bounds()), (Timestamp(1_000_000), None));
    assert_eq!(time(Some(i64::MAX), Some(u64::MAX)).corrected(), Timestamp(i64::MAX));
    let exact = ScanTime::exact(Timestamp(7));
    assert_eq!((exact.corrected(), exact.bounds()), (Timestamp(7), Some((Timestamp(7), Timestamp(7)))));
}

#[test]
fn a_time_that_has_not_come_is_implausible_by_more_than_the_clocks_may_differ() {
    let now = Timestamp(10_000_000);
    let at = |wall: i64, uncertainty_ms| {
        let time = ScanTime { offset_ms: Some(0), uncertainty_ms, ..ScanTime::exact(Timestamp(wall)) };
        time.is_implausible(now)
    };
    assert!(!at(10_120_000, Some(0)) && at(10_120_001, Some(0)));
    assert!(!at(10_180_000, Some(60_000)) && at(10_180_001, Some(60_000)));
    assert!(at(10_120_001, None) && !at(0, None), "an old one may have been offline");
}

#[test]
fn a_scan_is_kept_under_all_that_it_says() {
    let one = read_scan(json!({}));
    assert_eq!(one.fact(), read_scan(json!({})).fact());
    for more in [json!({ "id": Uuid::from_u128(9) }), json!({ "carrier": 2 }), json!({ "direction": "out" })] {
        assert_ne!(one.fact(), read_scan(more.clone()).fact(), "{more}");
    }
}

#[test]
fn a_scan_lets_in_who_was_let_through_inwards() {
    let passes = |more| {
        let scan = read_scan(more);
        (scan.passes(), scan.lets_in())
    };
    assert_eq!(passes(json!({})), (true, true));
    assert_eq!(passes(json!({ "direction": "out" })), (true, false));
    assert_eq!(passes(json!({ "verdict": { "reason": "not_invited" } })), (true, true), "by hand");
    assert_eq!(passes(json!({ "verdict": { "admits": false } })), (false, false));
    assert_eq!(passes(json!({ "verdict": null })), (false, false));
    assert_eq!(passes(json!({ "guest": null, "count": 3 })), (false, false));
    assert_eq!(passes(json!({ "undoes": Uuid::from_u128(8) })), (false, false));
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(text in "\\PC{0,80}", number in any::<i64>()) {
        for (field, value) in [("at", json!(text)), ("count", json!(number)), ("undoes", json!([text]))] {
            let mut given = scan(json!({}));
            given[field] = value;
            let _ = Scan::read(&given);
        }
    }
}
