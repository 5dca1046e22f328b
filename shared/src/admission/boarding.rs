//! Who is to ride in which vehicle, and where they board it.

use std::collections::BTreeMap;

use super::{Places, find_area, find_checkpoint};
use crate::ids::{AttendeeId, RecordId};
use crate::programme::{AccessArea, Checkpoint, Collection, Programme, RecordBody, Vehicle};

/// Somebody's place in a vehicle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ride {
    /// The vehicle.
    pub vehicle: RecordId,
    /// At which of its stops, counted from 0.
    pub stop: Option<u32>,
}

/// The vehicles and their doors: the server has them in the programme, a device in the rows of its roster.
pub trait Fleet {
    /// A checkpoint.
    fn door(&self, id: RecordId) -> Option<&Checkpoint>;

    /// An access area.
    fn area(&self, id: RecordId) -> Option<&AccessArea>;

    /// The vehicles, by id.
    fn vehicles(&self) -> BTreeMap<RecordId, &Vehicle>;
}

impl Fleet for Programme {
    fn door(&self, id: RecordId) -> Option<&Checkpoint> {
        find_checkpoint(self, id)
    }

    fn area(&self, id: RecordId) -> Option<&AccessArea> {
        find_area(self, id)
    }

    fn vehicles(&self) -> BTreeMap<RecordId, &Vehicle> {
        let vehicles = self.list(Collection::Vehicles).filter_map(|record| match &record.body {
            RecordBody::Vehicles(vehicle) => Some((record.id, vehicle)),
            _ => None,
        });
        vehicles.collect()
    }
}

impl Fleet for Places {
    fn door(&self, id: RecordId) -> Option<&Checkpoint> {
        self.checkpoints.get(&id)
    }

    fn area(&self, id: RecordId) -> Option<&AccessArea> {
        self.areas.get(&id)
    }

    fn vehicles(&self) -> BTreeMap<RecordId, &Vehicle> {
        self.vehicles.iter().map(|(id, vehicle)| (*id, vehicle)).collect()
    }
}

/// Who is to ride in the vehicle behind a checkpoint. On a way back for which nobody was told which vehicle is
/// theirs, those who were on the way there: they are who may be missing.
pub fn rides_at(fleet: &impl Fleet, checkpoint: RecordId) -> BTreeMap<AttendeeId, Ride> {
    let Some(door) = fleet.door(checkpoint) else { return BTreeMap::new() };
    let vehicles = fleet.vehicles();
    let Some((id, vehicle)) = door.vehicle.and_then(|id| Some((id, *vehicles.get(&id)?))) else {
        return BTreeMap::new();
    };
    if !vehicle.passengers.is_empty() {
        return rides_in(id, vehicle).collect();
    }
    let there = fleet.area(door.area).and_then(|area| fleet.area(area.way_back_of?)?.session);
    there.map(|session| rides_of_session(fleet, session)).unwrap_or_default()
}

/// Who is to ride in the vehicles that run for a session; of somebody who is named in several, the first.
pub fn rides_of_session(fleet: &impl Fleet, session: RecordId) -> BTreeMap<AttendeeId, Ride> {
    let mut rides = BTreeMap::new();
    for (id, vehicle) in fleet.vehicles().into_iter().filter(|(_, vehicle)| vehicle.session == session) {
        for (attendee, ride) in rides_in(id, vehicle) {
            rides.entry(attendee).or_insert(ride);
        }
    }
    rides
}

fn rides_in(id: RecordId, vehicle: &Vehicle) -> impl Iterator<Item = (AttendeeId, Ride)> {
    vehicle.passengers.iter().map(move |one| (one.attendee, Ride { vehicle: id, stop: one.stop }))
}
