use serde_json::json;

use super::*;
use crate::admission::{Authority, Scan, list_reused};

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
            let recorded: Vec<Recorded> = scans
                .iter()
                .map(|scan| Recorded { scan: scan.clone(), device: None, authority: Authority::Door })
                .collect();
            let found = list_stolen(&recorded, &reported).into_iter().map(|incident| (incident.id, incident));
            let by_id: BTreeMap<Uuid, Incident> = found.collect();
            assert_eq!(json!(by_id.into_values().collect::<Vec<_>>()), case["incidents"], "{}", case["note"]);
            scans.reverse();
        }
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
}

#[test]
fn what_cannot_be_read_is_told_with_its_beginning_and_the_field_at_fault() {
    let fact = Uuid::from_u128(5);
    let misfit = Misfit { field: "/at".to_owned(), problem: "é".repeat(2_000) };
    let (device, received_at) = (Some(DeviceId(Uuid::from_u128(6))), Timestamp(1_000));
    let came = |text: &str| Unread::of((text, &misfit), received_at, (device, None));
    let odd = Incident::not_understood(fact, came(&"ñ".repeat(9_000)));
    let told = odd.came.as_ref().unwrap();
    assert_eq!((told.device, told.received_at, told.field.as_str()), (device, received_at, "/at"));
    assert_eq!((told.text.chars().count(), told.problem.chars().count()), (1_000, 300));
    assert_eq!((odd.kind, odd.id), (IncidentKind::NotUnderstood, Incident::not_understood(fact, came("{}")).id));
}
