use std::collections::{BTreeMap, BTreeSet};

use shared::programme::{Collection, SessionKind};

use super::super::{plan, read, write};
use super::{event_id, ids, programme_of};

const SANTIAGO: &str = include_str!("../../../../samples/santiago-2018.yaml");
const BREAKOUT_ROOMS: &str = include_str!("../../../../samples/breakout-rooms.yaml");
const QUITO: &str = include_str!("../../../../samples/quito-2015.yaml");
const WORKING_GROUP: &str = include_str!("../../../../samples/oas-working-group-2017.yaml");

#[test]
fn every_sample_is_read_without_a_fault_and_written_back_as_it_is() {
    for sample in [SANTIAGO, BREAKOUT_ROOMS, QUITO, WORKING_GROUP] {
        let programme = programme_of(sample);
        let written = write(&programme);
        let again = read(&written, &programme, &mut ids(), event_id()).unwrap();
        assert_eq!(plan(&programme, again, &BTreeSet::new()).edits, []);
        assert_eq!(written, sample);
    }
}

#[test]
fn santiago_has_55_timed_entries_of_the_kinds_printed() {
    let programme = programme_of(SANTIAGO);
    let mut timed: BTreeMap<SessionKind, usize> = BTreeMap::new();
    for (_, session) in programme.sessions().filter(|(_, session)| session.interval().is_some()) {
        *timed.entry(session.kind).or_default() += 1;
    }
    let expected = BTreeMap::from([
        (SessionKind::Opening, 4),
        (SessionKind::Session, 14),
        (SessionKind::Special, 3),
        (SessionKind::FieldVisit, 6),
        (SessionKind::Break, 7),
        (SessionKind::Meal, 4),
        (SessionKind::Reception, 2),
        (SessionKind::Transfer, 11),
        (SessionKind::Registration, 1),
        (SessionKind::Closing, 3),
    ]);
    assert_eq!(timed, expected);
    assert_eq!(timed.values().sum::<usize>(), 55);
    assert_eq!(programme.list(Collection::Exhibitors).count(), 10);
}

#[test]
fn the_example_of_the_manual_can_be_read() {
    let manual = include_str!("../../../../docs/programme-file.md");
    let example = manual.split("```").nth(1).and_then(|block| block.strip_prefix("yaml\n")).unwrap();
    assert_eq!(programme_of(example).sessions().count(), 3);
}

#[test]
fn the_manual_names_every_field() {
    let manual = include_str!("../../../../docs/programme-file.md");
    for collection in Collection::ALL {
        for field in super::super::fields::fields_of(*collection) {
            assert!(manual.contains(field.name), "{collection}: {}", field.name);
        }
    }
}
