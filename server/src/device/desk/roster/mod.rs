//! What the desk holds: its roster in memory, kept up with the replica.

mod people;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono_tz::Tz;
use shared::admission::{Admission, Knowledge, Places, Use, admission_id};
use shared::badge::BadgeKeys;
use shared::handover::{HandoverRow, Loan};
use shared::ids::{DeviceId, EventId, GuestIndex, HandoverId, RecordId};
use shared::localised::Localised;
use shared::programme::Checkpoint;
use shared::replica::Replica;
use shared::sync::Position;
use shared::time::{Day, Timestamp};
use uuid::Uuid;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::incidents::IncidentRow;
use tables::{OwnRow, Tables};

pub use people::{Person, Rider};

/// A roster in memory.
pub struct Roster {
    device: DeviceId,
    event: EventId,
    position: Option<Position>,
    /// How far it has the names of those who ride behind the device's doors.
    boarding: Vec<String>,
    tables: Tables,
    zone: Tz,
    keys: BadgeKeys,
    places: Places,
    voids: HashSet<(GuestIndex, u32)>,
    of_index: HashMap<GuestIndex, String>,
    inside: HashMap<Use, HashSet<GuestIndex>>,
    /// Whoever was registered here, and the server has not heard of.
    unheard: BTreeMap<String, Person>,
}

impl Roster {
    /// Reads what the device holds.
    ///
    /// # Errors
    ///
    /// The store fails; the event has not arrived yet.
    pub fn read(replica: &mut Replica<SqliteStore>) -> Result<Self, DeviceError> {
        let device = replica.device();
        let mut roster = Self {
            device,
            event: EventId(Uuid::nil()),
            position: None,
            boarding: Vec::new(),
            tables: Tables::new(),
            zone: Tz::UTC,
            keys: BadgeKeys::new(EventId(Uuid::nil()), []),
            places: Places::default(),
            voids: HashSet::new(),
            of_index: HashMap::new(),
            inside: HashMap::new(),
            unheard: BTreeMap::new(),
        };
        roster.take(replica.store_mut())?;
        Ok(roster)
    }

    /// Reads what has changed, where the other connection has moved the roster; whether it has.
    ///
    /// # Errors
    ///
    /// The store fails.
    pub fn follow(&mut self, replica: &mut Replica<SqliteStore>) -> Result<bool, DeviceError> {
        let position = replica.store_mut().find_roster_position()?;
        let boarding = replica.store_mut().list_boarding_positions()?;
        if position == self.position && boarding == self.boarding {
            return Ok(false);
        }
        let epoch = |position: &Option<Position>| position.as_ref().map(|position| position.epoch);
        if epoch(&position) == epoch(&self.position) {
            self.take(replica.store_mut())?;
        } else {
            // Another history counts its commits anew, and whoever lost the roster has it as a whole again.
            *self = Self::read(replica)?;
        }
        Ok(true)
    }

    fn take(&mut self, store: &mut SqliteStore) -> Result<(), DeviceError> {
        self.position = store.find_roster_position()?;
        self.boarding = store.list_boarding_positions()?;
        self.take_event(store)?;
        self.take_places(store)?;
        self.take_people(store)?;
        let inside = &mut self.inside;
        self.tables.admissions.follow(store, |_, was, is| {
            if let Some(former) = was.filter(|one| one.is_inside) {
                inside.entry(use_of(former)).or_default().remove(&former.guest);
            }
            if let Some(now) = is.filter(|one| one.is_inside) {
                inside.entry(use_of(now)).or_default().insert(now.guest);
            }
        })?;
        self.tables.handovers.follow(store, |_, _, _| {})?;
        self.tables.loans.follow(store, |_, _, _| {})?;
        self.tables.incidents.follow(store, |_, _, _| {})?;
        Ok(())
    }

    fn take_event(&mut self, store: &mut SqliteStore) -> Result<(), DeviceError> {
        let is_other = self.tables.events.follow(store, |_, _, _| {})?;
        let (id, about) = self.tables.events.iter().next().ok_or(DeviceError::NoRoster)?;
        self.event = id.parse().map_err(|_| DeviceError::NoRoster)?;
        self.zone = about.time_zone.parse().unwrap_or(Tz::UTC);
        if self.tables.keys.follow(store, |_, _, _| {})? || is_other {
            self.keys = BadgeKeys::new(self.event, self.tables.keys.iter().map(|(_, key)| key));
        }
        let voids = &mut self.voids;
        self.tables.voids.follow(store, |_, was, is| {
            if let Some(void) = was {
                voids.remove(&(void.guest, void.carrier));
            }
            voids.extend(is.map(|void| (void.guest, void.carrier)));
        })?;
        Ok(())
    }

    fn take_places(&mut self, store: &mut SqliteStore) -> Result<(), DeviceError> {
        let (tables, places) = (&mut self.tables, &mut self.places);
        if tables.areas.follow(store, |_, _, _| {})? {
            places.areas = tables.areas.by_id();
        }
        if tables.checkpoints.follow(store, |_, _, _| {})? {
            places.checkpoints = tables.checkpoints.by_id();
        }
        if tables.sessions.follow(store, |_, _, _| {})? {
            places.sessions = tables.sessions.by_id();
        }
        if tables.parts.follow(store, |_, _, _| {})? {
            places.parts = tables.parts.by_id();
        }
        if tables.moved.follow(store, |_, _, _| {})? {
            places.moved = tables.moved.by_id();
        }
        if tables.vehicles.follow(store, |_, _, _| {})? {
            places.vehicles = tables.vehicles.by_id();
        }
        if tables.delegations.follow(store, |_, _, _| {})? {
            places.delegations = tables.delegations.by_id();
        }
        tables.rooms.follow(store, |_, _, _| {})?;
        tables.categories.follow(store, |_, _, _| {})?;
        tables.devices.follow(store, |_, _, _| {})?;
        Ok(())
    }

    fn take_people(&mut self, store: &mut SqliteStore) -> Result<(), DeviceError> {
        self.tables.doors.follow(store, |_, _, _| {})?;
        let of_index = &mut self.of_index;
        let mut turn = |id: &str, was: Option<&Person>, is: Option<&Person>| {
            if let Some(index) = was.and_then(|person| person.index) {
                of_index.remove(&index);
            }
            of_index.extend(is.and_then(|person| person.index).map(|index| (index, id.to_owned())));
        };
        self.tables.people.follow(store, &mut turn)?;
        self.tables.few.follow(store, &mut turn)?;
        self.tables.passengers.follow(store, |_, _, _| {})?;
        Ok(())
    }

    /// The event.
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The event's keys.
    pub fn keys(&self) -> &BadgeKeys {
        &self.keys
    }

    /// What is entered where.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The name of a room.
    pub fn find_room(&self, id: RecordId) -> Option<&Localised> {
        self.tables.rooms.find(&id.to_string()).map(|room| &room.name)
    }

    /// The number of the key of this device that signs what it issues, if it is the one with this public
    /// half; none before the server has given it one, and where that was revoked.
    pub fn own_key(&self, public: &str) -> Option<u8> {
        let own = self.tables.keys.iter().map(|(_, key)| key);
        let own = own.filter(|key| key.device == Some(self.device) && key.revoked_at.is_none());
        own.filter(|key| key.public == public).map(|key| key.number).max()
    }

    /// Whether the key with this public half was revoked.
    pub fn is_revoked(&self, public: &str) -> bool {
        self.tables.keys.iter().any(|(_, key)| key.public == public && key.revoked_at.is_some())
    }

    /// Whether an organiser has still to approve of whoever walks in in this category.
    pub fn needs_approval(&self, category: RecordId) -> bool {
        self.tables.categories.find(&category.to_string()).is_some_and(|category| category.needs_approval)
    }

    /// The categories in which people are registered who walk in, by their names.
    pub fn list_walk_in_categories(&self, language: &str) -> Vec<(RecordId, String)> {
        let takes = self.tables.categories.iter().filter(|(_, category)| category.takes_walk_ins);
        let mut listed: Vec<(RecordId, String)> = takes
            .filter_map(|(id, category)| {
                Some((id.parse().ok()?, category.title.in_language(language, self.language()).to_owned()))
            })
            .collect();
        listed.sort_by(|one, other| one.1.cmp(&other.1));
        listed
    }

    /// The event's fallback language.
    pub fn language(&self) -> &str {
        self.tables.events.iter().next().map_or("en", |(_, event)| event.fallback_language.as_str())
    }

    /// The event's last day.
    pub fn last_day(&self) -> Option<Day> {
        self.tables.events.iter().next().and_then(|(_, event)| event.ends_on)
    }

    /// The checkpoint that was asked for, or the only one.
    ///
    /// # Errors
    ///
    /// There is none by that name, or several and none was asked for, or the device is not for it.
    pub fn choose(&self, name: Option<&str>) -> Result<RecordId, DeviceError> {
        let none = BTreeSet::new();
        let own = self.own().map_or(&none, |own| &own.checkpoints);
        let is_own = |id: &RecordId| own.is_empty() || own.contains(id);
        let is_asked =
            |id: RecordId, at: &Checkpoint| name.is_none_or(|name| at.slug == name || id.to_string() == name);
        let fitting: Vec<(RecordId, &Checkpoint)> = self
            .places
            .checkpoints
            .iter()
            .map(|(id, at)| (*id, at))
            .filter(|(id, at)| is_own(id) && is_asked(*id, at))
            .collect();
        match fitting.as_slice() {
            [(id, _)] => Ok(*id),
            several => Err(DeviceError::WhichCheckpoint(several.iter().map(|(_, at)| at.slug.clone()).collect())),
        }
    }

    fn own(&self) -> Option<&OwnRow> {
        self.tables.devices.find(&self.device.to_string())
    }

    /// Whether the badge is one that was made void.
    pub fn is_void(&self, guest: GuestIndex, carrier: u32) -> bool {
        self.voids.contains(&(guest, carrier))
    }

    /// What the server says of a guest in a use.
    pub fn admission(&self, of: Use, guest: GuestIndex) -> Option<&Admission> {
        self.tables.admissions.find(&admission_id(of, guest).to_string())
    }

    /// The admissions to an area, whatever session was on.
    pub fn list_admissions(&self, area: RecordId) -> impl Iterator<Item = &Admission> {
        self.tables.admissions.iter().map(|(_, one)| one).filter(move |one| one.area == area)
    }

    /// The guests of whom the server says that they are inside.
    pub fn list_inside(&self, of: Use) -> impl Iterator<Item = GuestIndex> + '_ {
        self.inside.get(&of).into_iter().flatten().copied()
    }

    /// What was handed out, lent and taken back.
    pub fn list_handovers(&self) -> impl Iterator<Item = (HandoverId, &HandoverRow)> {
        self.tables.handovers.iter().filter_map(|(id, row)| Some((id.parse().ok()?, row)))
    }

    /// What is out, by kind and number.
    pub fn list_loans(&self) -> Vec<&Loan> {
        let mut loans: Vec<&Loan> = self.tables.loans.iter().map(|(_, loan)| loan).collect();
        loans.sort_by(|one, other| one.item.cmp(&other.item));
        loans
    }

    /// What is odd about scans and nobody has settled, as the server knows, by when it happened.
    pub fn list_incidents(&self) -> Vec<(Uuid, &IncidentRow)> {
        let open = self.tables.incidents.iter().filter(|(_, row)| row.resolved_at.is_none());
        let mut open: Vec<(Uuid, &IncidentRow)> = open.filter_map(|(id, row)| Some((id.parse().ok()?, row))).collect();
        open.sort_by_key(|(id, row)| (row.scans.first().map(|entry| entry.at), *id));
        open
    }

    /// Whether who stands at the device settles them.
    pub fn settles_incidents(&self) -> bool {
        self.own().is_some_and(|own| own.is_lead)
    }

    /// How far what is held can be relied upon.
    pub fn knowledge(&self, (as_of, age_ms): (Option<Timestamp>, Option<u64>)) -> Knowledge {
        Knowledge { age_ms, as_of, is_complete: self.position.is_some() }
    }

    /// The event's time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// What the organisers call the device.
    pub fn device_name(&self) -> &str {
        self.own().map_or("", |own| &own.name)
    }
}

fn use_of(admission: &Admission) -> Use {
    Use { area: admission.area, session: admission.session }
}
