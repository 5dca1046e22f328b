//! The checks of access areas, checkpoints and vehicles.

use std::collections::BTreeSet;

use super::faults::Faults;
use super::{LIST_MAX, PEOPLE_MAX};
use crate::programme::{AccessArea, Checkpoint, CheckpointKind, ValueProblem, Vehicle};

/// The longest that an area opens before what it guards, or stays open after it, in minutes: a day.
const MARGIN_MAX_MINUTES: u32 = 1_440;

pub(super) fn check_access_area(faults: &mut Faults, area: &AccessArea) {
    faults.line_by_language("/name", &area.name);
    let guarded = [("/part", area.part), ("/room", area.room), ("/session", area.session)];
    let named = guarded.iter().filter(|(_, id)| id.is_some());
    for (field, _) in named.skip(1) {
        faults.require(false, field, ValueProblem::GuardsTwo);
    }
    let guards_something = guarded.iter().any(|(_, id)| id.is_some());
    let margins =
        [("/opens_minutes_before", area.opens_minutes_before), ("/closes_minutes_after", area.closes_minutes_after)];
    for (field, minutes) in margins {
        faults.number(field, minutes, 0..=MARGIN_MAX_MINUTES);
        faults.require(minutes.is_none() || guards_something, field, ValueProblem::GuardsNothing);
    }
    faults.length("/windows", area.windows.len());
    for (index, window) in area.windows.iter().enumerate().take(LIST_MAX) {
        faults.require(
            window.to > window.from,
            format!("/windows/{index}/to"),
            ValueProblem::NotAfter { field: "from" },
        );
    }
    faults.number("/capacity", area.capacity, 1..=PEOPLE_MAX);
    faults.list("/categories", &area.categories);
    faults.list("/audiences", &area.audiences);
}

pub(super) fn check_checkpoint(faults: &mut Faults, checkpoint: &Checkpoint) {
    faults.line_by_language("/name", &checkpoint.name);
    let fits = checkpoint.vehicle.is_none() || checkpoint.kind == CheckpointKind::Bus;
    faults.require(fits, "/vehicle", ValueProblem::OnlyForKind { kind: "bus" });
}

pub(super) fn check_vehicle(faults: &mut Faults, vehicle: &Vehicle) {
    faults.line_by_language("/name", &vehicle.name);
    faults.optional_line("/plate", vehicle.plate.as_ref());
    faults.optional_line("/driver", vehicle.driver.as_ref());
    faults.number("/seats", vehicle.seats, 1..=PEOPLE_MAX);
    faults.length("/stops", vehicle.stops.len());
    let mut earlier = None;
    for (index, stop) in vehicle.stops.iter().enumerate().take(LIST_MAX) {
        faults.line_by_language(format!("/stops/{index}/place"), &stop.place);
        let in_order = stop.at.is_none_or(|at| earlier.is_none_or(|earlier| at >= earlier));
        faults.require(in_order, format!("/stops/{index}/at"), ValueProblem::BeforeEarlierStop);
        earlier = stop.at.or(earlier);
    }
    faults.length("/passengers", vehicle.passengers.len());
    let mut named = BTreeSet::new();
    for (index, passenger) in vehicle.passengers.iter().enumerate().take(LIST_MAX) {
        let is_new = named.insert(passenger.attendee);
        faults.require(is_new, format!("/passengers/{index}/attendee"), ValueProblem::ListedTwice);
        let is_there = passenger.stop.is_none_or(|stop| (stop as usize) < vehicle.stops.len());
        faults.require(is_there, format!("/passengers/{index}/stop"), ValueProblem::NoSuchStop);
    }
}
