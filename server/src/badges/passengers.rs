//! Who is to ride in a vehicle, by name, for the devices at its door: the only names that a door has in clear.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::admission::{BoardingPassenger, Ride, rides_at};
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{Collection, Programme, RecordBody};
use shared::registration::RegistrationStatus;
use shared::sync::Scope;

use super::rosters::Portrait;
use super::standing::Holder;
use crate::sync::change_log::{Group, Unit};
use crate::sync::row::RowCollection;

/// Who rides behind which doors.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Riders(BTreeMap<AttendeeId, BTreeMap<RecordId, Ride>>);

impl Riders {
    /// As a programme has it.
    pub fn of(programme: &Programme) -> Self {
        let doors = programme.list(Collection::Checkpoints).filter(
            |record| matches!(&record.body, RecordBody::Checkpoints(checkpoint) if checkpoint.vehicle.is_some()),
        );
        let mut riders: BTreeMap<AttendeeId, BTreeMap<RecordId, Ride>> = BTreeMap::new();
        for door in doors.map(|record| record.id) {
            for (attendee, ride) in rides_at(programme, door) {
                riders.entry(attendee).or_default().insert(door, ride);
            }
        }
        Self(riders)
    }

    fn doors_of(&self, attendee: AttendeeId) -> impl Iterator<Item = (RecordId, Ride)> {
        self.0.get(&attendee).into_iter().flatten().map(|(door, ride)| (*door, *ride))
    }
}

/// Whether the group may have changed who rides where.
fn may_differ(group: &Group) -> bool {
    let decides =
        |collection| matches!(collection, Collection::Vehicles | Collection::Checkpoints | Collection::AccessAreas);
    group.changed_records().iter().any(|key| decides(key.0))
}

/// Who rides elsewhere than before.
pub fn list_moved(group: &Group) -> BTreeSet<AttendeeId> {
    if !may_differ(group) {
        return BTreeSet::new();
    }
    let (before, after) = (Riders::of(group.programme_before()), Riders::of(group.programme()));
    let all: BTreeSet<AttendeeId> = before.0.keys().chain(after.0.keys()).copied().collect();
    all.into_iter().filter(|attendee| before.0.get(attendee) != after.0.get(attendee)).collect()
}

/// Writes the rows of somebody for the doors behind which they ride, and takes away those where they do not any
/// more. Who has no confirmed registration is awaited nowhere.
pub fn put_rows(unit: &mut Unit<'_>, (before, after): (&Riders, &Riders), holder: &Holder) {
    let attendee = holder.attendee.id;
    let is_coming = holder.registered.as_ref().is_some_and(|(own, _)| own.status == RegistrationStatus::Confirmed);
    let portrait = Portrait::of(unit.group.programme(), holder).filter(|_| is_coming);
    let mut rows: BTreeMap<RecordId, Option<Value>> = before.doors_of(attendee).map(|(door, _)| (door, None)).collect();
    for (door, Ride { vehicle, stop }) in after.doors_of(attendee) {
        let index = holder.secret.map(|secret| secret.index());
        let row = portrait
            .as_ref()
            .map(|portrait| json!(BoardingPassenger { index, details: portrait.details().clone(), vehicle, stop }));
        rows.insert(door, row);
    }
    for (door, row) in rows {
        unit.group.put_row(Scope::Boarding(door), (RowCollection::Passengers, attendee.0), row.as_ref());
    }
}

/// Takes the rows of somebody away.
pub fn take_away(unit: &mut Unit<'_>, attendee: AttendeeId) {
    let (before, after) = (Riders::of(unit.group.programme_before()), Riders::of(unit.group.programme()));
    let doors: BTreeSet<RecordId> =
        before.doors_of(attendee).chain(after.doors_of(attendee)).map(|(door, _)| door).collect();
    for door in doors {
        unit.group.put_row(Scope::Boarding(door), (RowCollection::Passengers, attendee.0), None);
    }
}
