use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::admission::{Authority, IncidentKind, Scan, ScanId};

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
    Recorded { scan: serde_json::from_value(scan).unwrap(), device: None, authority: Authority::Door }
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
fn where_else_somebody_was_in_between_hides_nothing() {
    let scans = |incidents: &[Incident]| -> Vec<Vec<u128>> {
        let of = |one: &Incident| one.scans.iter().map(|entry| entry.scan.0.as_u128()).collect();
        incidents.iter().map(of).collect()
    };
    let (here, there) = (entry(1, 1, 0), entry(3, 3, 120));
    let nowhere = entry(2, 4, 60);
    assert_eq!(scans(&list_crossings(&[here.clone(), nowhere, there.clone()], &Venues)), [[1, 3]]);
    let unknown = with(&entry(2, 2, 60), |scan| scan.at.uncertainty_ms = None);
    assert_eq!(scans(&list_crossings(&[here.clone(), unknown, there.clone()], &Venues)), [[1, 3]]);
    // To and fro hangs together, and is one incident.
    let back = entry(4, 1, 240);
    assert_eq!(scans(&list_crossings(&[here.clone(), there.clone(), back], &Venues)), [[1, 3, 4]]);
    let much_later = [entry(5, 1, 5_000), entry(6, 3, 5_060)];
    let all = [&[here, there][..], &much_later].concat();
    assert_eq!(scans(&list_crossings(&all, &Venues)), [[1, 3], [5, 6]]);
}

#[test]
fn thousands_of_scans_of_one_guest_are_looked_at_in_no_time() {
    let scans: Vec<Recorded> = (0..5_000).map(|number| entry(number, 1 + (number % 3), number as i64)).collect();
    let looked_at = std::cell::Cell::new(0_u32);
    struct Counting<'a>(&'a std::cell::Cell<u32>);
    impl Way for Counting<'_> {
        fn least_ms(&self, from: RecordId, to: RecordId) -> Option<u64> {
            self.0.set(self.0.get() + 1);
            Venues.least_ms(from, to)
        }
    }
    assert_eq!(list_crossings(&scans, &Counting(&looked_at)).len(), 1);
    assert!(looked_at.get() <= 4 * 5_000, "{looked_at:?}");
}
