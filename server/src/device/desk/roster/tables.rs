//! The rows of a roster, collection by collection.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared::admission::{Admission, BoardingPassenger, DoorGuest, MovedSession};
use shared::badge::{BadgeKey, VoidCarrier};
use shared::handover::{HandoverRow, Loan};
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::programme::{AccessArea, Checkpoint, Vehicle};
use shared::roster::{RosterCategory, RosterDelegation, RosterPart, RosterSession};
use shared::time::Day;

use super::super::incidents::IncidentRow;
use super::super::table::Table;
use super::people::Person;

/// Where the device checks, as its row in the roster says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct OwnRow {
    /// What the organisers call it.
    pub name: String,
    /// Its checkpoints; none means any.
    pub checkpoints: BTreeSet<RecordId>,
    /// Whether who stands at it settles incidents.
    #[serde(default)]
    pub is_lead: bool,
}

/// The event, as far as a desk needs it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct EventRow {
    pub(super) time_zone: String,
    #[serde(default)]
    pub(super) fallback_language: String,
    pub(super) ends_on: Option<Day>,
}

/// A room, as far as a door tells the way to it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct RoomRow {
    pub(super) name: Localised,
}

/// The rows of a roster, as they are held.
pub(super) struct Tables {
    pub(super) events: Table<EventRow>,
    pub(super) keys: Table<BadgeKey>,
    pub(super) voids: Table<VoidCarrier>,
    pub(super) areas: Table<AccessArea>,
    pub(super) checkpoints: Table<Checkpoint>,
    pub(super) sessions: Table<RosterSession>,
    pub(super) parts: Table<RosterPart>,
    pub(super) moved: Table<MovedSession>,
    pub(super) rooms: Table<RoomRow>,
    pub(super) vehicles: Table<Vehicle>,
    pub(super) delegations: Table<RosterDelegation>,
    pub(super) categories: Table<RosterCategory>,
    pub(super) devices: Table<OwnRow>,
    pub(super) doors: Table<DoorGuest>,
    pub(super) people: Table<Person>,
    pub(super) few: Table<Person>,
    pub(super) passengers: Table<BoardingPassenger>,
    pub(super) admissions: Table<Admission>,
    pub(super) handovers: Table<HandoverRow>,
    pub(super) loans: Table<Loan>,
    pub(super) incidents: Table<IncidentRow>,
}

impl Tables {
    /// Nothing was read yet.
    pub(super) fn new() -> Self {
        Self {
            events: Table::new("events"),
            keys: Table::new("badge_keys"),
            voids: Table::new("void_badges"),
            areas: Table::new("access_areas"),
            checkpoints: Table::new("checkpoints"),
            sessions: Table::new("roster_sessions"),
            parts: Table::new("roster_parts"),
            moved: Table::new("moved_sessions"),
            rooms: Table::new("rooms"),
            vehicles: Table::new("vehicles"),
            delegations: Table::new("roster_delegations"),
            categories: Table::new("roster_categories"),
            devices: Table::new("roster_devices"),
            doors: Table::new("door_guests"),
            people: Table::new("desk_people"),
            few: Table::new("protocol_guests"),
            passengers: Table::new("passengers"),
            admissions: Table::new("admissions"),
            handovers: Table::new("handovers"),
            loans: Table::new("loans"),
            incidents: Table::new("incidents"),
        }
    }

    /// The names that anybody is known by, in either roster.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &Person)> {
        self.people.iter().chain(self.few.iter())
    }
}
