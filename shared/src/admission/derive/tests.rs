use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::admission::{Decided, Reason, ScanTime};

/// The cases that every other port is held to as well.
const VECTORS: &str = include_str!("../../../vectors/admission.json");

fn cases(family: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    file[family].as_array().unwrap().clone()
}

fn of<T: for<'de> Deserialize<'de>>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", case["note"]))
}

fn recorded(scans: Vec<Scan>) -> Vec<Recorded> {
    scans.into_iter().map(|scan| Recorded { scan, device: None, authority: Authority::Door }).collect()
}

/// The scans of a case, of the devices and by the rights that it names.
pub(in crate::admission) fn recorded_by(case: &Value) -> Vec<Recorded> {
    let mut scans = recorded(of(case, "scans"));
    for one in &mut scans {
        if let Some(by) = case.get("by").and_then(|by| by.get(one.scan.id.to_string())) {
            (one.device, one.authority) = (of(by, "device"), of(by, "authority"));
        }
    }
    scans
}

fn derived(case: &Value, scans: &[Recorded]) -> Derived {
    let voided = case["voided"].as_array().unwrap().iter();
    let voided = voided.map(|void| ((of(void, "guest"), of(void, "carrier")), of(void, "at"))).collect();
    let share_seat: Vec<(GuestIndex, GuestIndex)> = of(case, "share_seat");
    let known: Vec<Admission> = case.get("known").map_or_else(Vec::new, |_| of(case, "known"));
    let known = known.into_iter().map(|admission| (admission.guest, admission)).collect();
    let (of, rule) = (of(case, "use"), of(case, "rule"));
    derive(&UseFacts { of, rule, scans, voided: &voided, share_seat: &share_seat, known: &known })
}

fn as_written(derived: &Derived) -> Value {
    let admissions: Vec<_> = derived.admissions.values().collect();
    let incidents: Vec<_> = derived.incidents.values().collect();
    json!({ "admissions": admissions, "incidents": incidents, "occupancy": derived.occupancy })
}

#[test]
fn what_follows_from_scans_is_as_the_vectors_say_in_either_order() {
    for case in cases("derivations") {
        let mut scans = recorded_by(&case);
        let expected = json!({ "admissions": case["admissions"], "incidents": case["incidents"],
            "occupancy": case["occupancy"] });
        assert_eq!(as_written(&derived(&case, &scans)), expected, "{}", case["note"]);
        scans.reverse();
        assert_eq!(as_written(&derived(&case, &scans)), expected, "{} the other way round", case["note"]);
    }
}

#[test]
fn admissions_and_scans_are_named_as_the_vectors_say() {
    for case in cases("ids") {
        assert_eq!(json!(admission_id(of(&case, "use"), of(&case, "guest"))), case["id"], "{}", case["note"]);
    }
    for case in cases("facts") {
        assert_eq!(json!(of::<Scan>(&case, "scan").fact()), case["fact"], "{}", case["note"]);
        assert_eq!(json!(of::<Scan>(&case, "scan")), case["scan"], "{}", case["note"]);
    }
}

#[test]
fn an_admission_says_which_it_is() {
    let case = &cases("derivations")[0];
    let derived = derived(case, &recorded(of(case, "scans")));
    for (guest, admission) in derived.admissions {
        assert_eq!(admission.id(), admission_id(of(case, "use"), guest));
    }
}

const USES: usize = 2;

fn use_of(number: usize) -> Use {
    let area = RecordId(Uuid::from_u128(0xa0));
    Use { area, session: (number == 1).then_some(RecordId(Uuid::from_u128(0x51))) }
}

prop_compose! {
    /// A scan of one of three guests, by one of three carriers or without one, at one of a few minutes; some take
    /// others back, some count, some share their id with another.
    fn any_scan()(
        id in 0_u128..24, guest in 0_u128..3, of in 0..USES, is_out in any::<bool>(), admits in any::<bool>(),
        minute in 0_i64..6, offset in -2_i64..2, kind in 0_u8..8, carrier in prop::option::of(0_u32..3),
    ) -> Scan {
        let Use { area, session } = use_of(of);
        let (is_undo, is_count) = (kind == 0, kind == 1);
        Scan {
            id: ScanId(Uuid::from_u128(id)),
            checkpoint: RecordId(Uuid::from_u128(0xb0)),
            area,
            session,
            guest: (!is_undo && !is_count).then_some(GuestIndex(Uuid::from_u128(guest))),
            carrier,
            code_hash: None,
            direction: if is_out { Direction::Out } else { Direction::In },
            at: ScanTime {
                wall: Timestamp(minute * 60_000), monotonic_ms: None, boot: None,
                offset_ms: Some(offset * 60_000), uncertainty_ms: Some(1_000),
            },
            verdict: (!is_undo && !is_count).then_some(Decided { admits, reason: Reason::Admitted }),
            decided_on: crate::admission::Basis::default(),
            by_hand: None,
            undoes: is_undo.then(|| ScanId(Uuid::from_u128(guest + 1))),
            count: is_count.then_some(3),
        }
    }
}

fn any_rule() -> impl Strategy<Value = EntryRule> {
    prop_oneof![Just(EntryRule::Free), Just(EntryRule::Once), Just(EntryRule::InAndOut)]
}

/// What is derived of every use.
fn all_uses(scans: &[Recorded], rule: EntryRule) -> Vec<Derived> {
    let guest = |number| GuestIndex(Uuid::from_u128(number));
    let voided = BTreeMap::from([
        ((guest(0), 1), Timestamp(0)),
        ((guest(1), 1), Timestamp(120_000)),
        ((guest(1), 2), Timestamp(180_000)),
        ((guest(2), 0), Timestamp(60_000)),
    ]);
    let share_seat = [(guest(0), guest(1))];
    let known = BTreeMap::new();
    let of =
        |number| UseFacts { of: use_of(number), rule, scans, voided: &voided, share_seat: &share_seat, known: &known };
    (0..USES).map(|number| derive(&of(number))).collect()
}

proptest! {
    #[test]
    fn any_order_and_splitting_of_the_same_scans_gives_the_same(
        scans in prop::collection::vec(any_scan(), 0..30),
        order in any::<prop::sample::Index>(),
        seeds in prop::collection::vec(any::<u32>(), 30),
        parts in 1_usize..6,
        rule in any_rule(),
    ) {
        let expected = all_uses(&recorded(scans.clone()), rule);
        let mut shuffled: Vec<(u32, Scan)> = seeds.iter().copied().zip(scans.clone()).collect();
        shuffled.sort_by_key(|(seed, _)| *seed);
        let mut kept = BTreeMap::new();
        let mut last = all_uses(&[], rule);
        for part in shuffled.chunks(shuffled.len().div_ceil(parts).max(1)) {
            kept.extend(part.iter().map(|(_, scan)| (scan.fact(), scan.clone())));
            last = all_uses(&recorded(kept.values().cloned().collect()), rule);
        }
        prop_assert_eq!(&last, &expected);
        // A part that is handed in again changes nothing.
        if !scans.is_empty() {
            let again = &scans[order.index(scans.len())];
            kept.insert(again.fact(), again.clone());
            prop_assert_eq!(&all_uses(&recorded(kept.into_values().collect()), rule), &expected);
        }
    }

    #[test]
    fn a_badge_that_is_void_by_now_is_told_of_every_scan_with_it_and_not_of_the_newest_alone(
        scans in prop::collection::vec(any_scan(), 0..30),
        rule in any_rule(),
    ) {
        let recorded = recorded(scans);
        let undone: BTreeSet<ScanId> = recorded.iter().filter_map(|one| one.scan.undoes).collect();
        for (number, derived) in all_uses(&recorded, rule).into_iter().enumerate() {
            let told = derived.incidents.values().filter(|incident| incident.kind == IncidentKind::VoidCarrier);
            let told: BTreeSet<ScanId> = told.map(|incident| incident.scans[0].scan).collect();
            let late = recorded.iter().map(|one| &one.scan).filter(|scan| {
                let is_late = scan.guest == Some(GuestIndex(Uuid::from_u128(2)))
                    && scan.carrier == Some(0)
                    && scan.at.corrected().0 - 1_000 >= 60_000;
                is_late && scan.of_use() == use_of(number) && scan.lets_in() && !undone.contains(&scan.id)
            });
            prop_assert!(late.map(|scan| scan.id).all(|id| told.contains(&id)));
        }
    }

    #[test]
    fn one_guest_is_admitted_once_however_many_doors_let_them_in(
        scans in prop::collection::vec(any_scan(), 0..30),
        rule in any_rule(),
    ) {
        let recorded = recorded(scans);
        let undone: BTreeSet<ScanId> = recorded.iter().filter_map(|one| one.scan.undoes).collect();
        for (number, derived) in all_uses(&recorded, rule).into_iter().enumerate() {
            let let_in: BTreeSet<GuestIndex> = recorded.iter().map(|one| &one.scan)
                .filter(|scan| scan.of_use() == use_of(number) && scan.lets_in() && !undone.contains(&scan.id))
                .filter_map(|scan| scan.guest).collect();
            prop_assert_eq!(derived.admissions.keys().copied().collect::<BTreeSet<_>>(), let_in);
            prop_assert!(derived.occupancy.guests as usize <= derived.admissions.len());
        }
    }
}
