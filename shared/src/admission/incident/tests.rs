use serde_json::json;

use super::*;
use crate::admission::{Scan, list_reused};

/// The cases that every other port is held to as well.
const VECTORS: &str = include_str!("../../../vectors/admission.json");

#[test]
fn stolen_badges_that_are_shown_are_told_as_the_vectors_say_in_either_order() {
    let file: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    for case in file["stolen"].as_array().unwrap() {
        let mut scans: Vec<Scan> = serde_json::from_value(case["scans"].clone()).unwrap();
        assert_eq!(json!(scans), case["scans"], "{}", case["note"]);
        let reported = case["stolen"].as_array().unwrap().iter().map(|badge| {
            let of = |name: &str| badge[name].clone();
            let carrier = u32::try_from(badge["carrier"].as_u64().unwrap()).unwrap();
            ((serde_json::from_value(of("guest")).unwrap(), carrier), serde_json::from_value(of("at")).unwrap())
        });
        let reported: BTreeMap<(GuestIndex, u32), Timestamp> = reported.collect();
        for _ in 0..2 {
            let recorded: Vec<Recorded> =
                scans.iter().map(|scan| Recorded { scan: scan.clone(), device: None }).collect();
            let found = list_stolen(&recorded, &reported).into_iter().map(|incident| (incident.id, incident));
            let by_id: BTreeMap<Uuid, Incident> = found.collect();
            assert_eq!(json!(by_id.into_values().collect::<Vec<_>>()), case["incidents"], "{}", case["note"]);
            scans.reverse();
        }
    }
}

struct Venues;

/// Checkpoints 1 and 2 stand in one venue, 3 in another, ten minutes away; of 4 nobody knows.
impl Way for Venues {
    fn least_ms(&self, from: RecordId, to: RecordId) -> Option<u64> {
        let venue = |checkpoint: RecordId| match checkpoint.0.as_u128() {
            1 | 2 => Some(1),
            3 => Some(2),
            _ => None,
        };
        Some(if venue(from)? == venue(to)? { 0 } else { 600_000 })
    }
}

fn entry(number: u128, checkpoint: u128, at_s: i64) -> Recorded {
    let of = |number: u128| Uuid::from_u128(number);
    let at = crate::time::Timestamp(at_s * 1_000);
    let scan = json!({ "id": of(number), "checkpoint": of(checkpoint), "area": of(checkpoint + 100), "guest": of(9),
        "at": { "wall": at, "offset_ms": 0, "uncertainty_ms": 1_000 }, "verdict": { "admits": true, "reason": "admitted" } });
    Recorded { scan: serde_json::from_value(scan).unwrap(), device: None }
}

fn with(recorded: &Recorded, change: impl FnOnce(&mut Scan)) -> Recorded {
    let mut recorded = recorded.clone();
    change(&mut recorded.scan);
    recorded
}

#[test]
fn a_badge_at_two_places_sooner_than_one_can_walk_is_an_incident_in_either_order() {
    let scans = [entry(1, 1, 0), entry(2, 3, 300)];
    let found = list_crossings(&scans, &Venues);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].guests.len()), (IncidentKind::TwoPlaces, 1));
    assert_eq!(found[0].scans.iter().map(|entry| entry.scan.0.as_u128()).collect::<Vec<_>>(), [1, 2]);
    let [one, other] = scans;
    assert_eq!(list_crossings(&[other.clone(), one, other], &Venues), found, "handed in the other way round and twice");
}

#[test]
fn nobody_is_accused_who_may_have_walked() {
    let first = entry(1, 1, 0);
    let crossings = |next: Recorded| list_crossings(&[first.clone(), next], &Venues).len();
    assert_eq!(
        (crossings(entry(2, 3, 597)), crossings(entry(2, 3, 598))),
        (1, 0),
        "with the uncertainty of both clocks"
    );
    assert_eq!(crossings(entry(2, 2, 1)), 0, "another door of the same venue");
    assert_eq!(crossings(entry(2, 4, 1)), 0, "a place of which nobody knows where it is");
    let next = entry(2, 3, 300);
    assert_eq!(crossings(with(&next, |scan| scan.area = first.scan.area)), 0, "the same area");
    assert_eq!(crossings(with(&next, |scan| scan.at.uncertainty_ms = None)), 0, "a clock that nobody knows");
    assert_eq!(crossings(with(&next, |scan| scan.at.offset_ms = None)), 0);
    assert_eq!(crossings(with(&next, |scan| scan.guest = Some(GuestIndex(Uuid::from_u128(8))))), 0, "somebody else");
    assert_eq!(crossings(with(&next, |scan| scan.verdict.as_mut().unwrap().admits = false)), 0, "not let in");
    let undo = with(&entry(3, 3, 400), |scan| scan.undoes = Some(ScanId(Uuid::from_u128(2))));
    assert_eq!(list_crossings(&[first, next, undo], &Venues), []);
}

#[test]
fn two_scans_with_one_id_are_an_incident_and_one_handed_in_twice_is_not() {
    let one = entry(1, 1, 0);
    let other = with(&one, |scan| scan.checkpoint = RecordId(Uuid::from_u128(2)));
    assert_eq!(list_reused(&[one.clone(), one.clone(), entry(2, 1, 0)]), []);
    let found = list_reused(&[one.clone(), other.clone()]);
    assert_eq!((found.len(), found[0].kind, found[0].scans.len()), (1, IncidentKind::IdReused, 2));
    let again = list_reused(&[other, one.clone(), with(&one, |scan| scan.carrier = Some(7))]);
    assert_eq!((again[0].id, again[0].scans.len()), (found[0].id, 3), "a third one belongs to the same incident");
}

#[test]
fn incidents_are_told_by_kind_in_words_of_their_own() {
    let words: BTreeSet<&str> = IncidentKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(words.len(), IncidentKind::ALL.len());
    for kind in IncidentKind::ALL {
        assert_eq!(json!(kind), kind.as_str());
    }
    let fact = Uuid::from_u128(5);
    let odd = Incident::not_understood(fact);
    assert_eq!((odd.kind, &odd), (IncidentKind::NotUnderstood, &Incident::not_understood(fact)));
}
