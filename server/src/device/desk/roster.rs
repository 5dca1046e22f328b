//! What the desk holds: its roster in memory, kept up with the replica.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono_tz::Tz;
use serde::Deserialize;
use shared::admission::{
    Admission, BoardingPassenger, DeskPerson, DoorGuest, GuestDetails, Knowledge, MovedSession, Places, Ride,
    RosterGuest, Use, WalkedIn, admission_id, rides_at,
};
use shared::badge::{BadgeClaims, BadgeKey, BadgeKeys, VoidCarrier, open};
use shared::handover::{HandoverRow, Loan};
use shared::ids::{AttendeeId, DeviceId, EventId, GuestIndex, RecordId};
use shared::programme::{AccessArea, Checkpoint, Vehicle};
use shared::registration::RegistrationStatus;
use shared::replica::Replica;
use shared::roster::{RosterCategory, RosterDelegation, RosterPart, RosterSession};
use shared::sync::Position;
use uuid::Uuid;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::incidents::IncidentRow;
use super::search::{distance, words_of};
use super::table::Table;

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

#[derive(Clone, Debug, Deserialize)]
struct EventRow {
    time_zone: String,
    #[serde(default)]
    fallback_language: String,
    ends_on: Option<shared::time::Day>,
}

/// The rows of a roster, as they are held.
struct Tables {
    events: Table<EventRow>,
    keys: Table<BadgeKey>,
    voids: Table<VoidCarrier>,
    areas: Table<AccessArea>,
    checkpoints: Table<Checkpoint>,
    sessions: Table<RosterSession>,
    parts: Table<RosterPart>,
    moved: Table<MovedSession>,
    vehicles: Table<Vehicle>,
    delegations: Table<RosterDelegation>,
    categories: Table<RosterCategory>,
    devices: Table<OwnRow>,
    doors: Table<DoorGuest>,
    people: Table<Person>,
    few: Table<Person>,
    passengers: Table<BoardingPassenger>,
    admissions: Table<Admission>,
    handovers: Table<HandoverRow>,
    loans: Table<Loan>,
    incidents: Table<IncidentRow>,
}

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
}

/// Somebody whose name the device holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "DeskPerson")]
pub struct Person {
    /// By what scans know them; absent where they have no badge.
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// What lets them in.
    pub guest: RosterGuest,
    /// How they were registered at a desk, where they were.
    pub walk_in: Option<WalkedIn>,
    words: Vec<String>,
}

/// Somebody who was told which vehicle is theirs.
#[derive(Clone, PartialEq, Debug)]
pub struct Rider {
    /// By what scans know them; absent where they have no badge.
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// Which vehicle, and where they board it.
    pub ride: Ride,
}

/// The few of a session's own roster are known by less, and in the same words.
impl From<DeskPerson> for Person {
    fn from(row: DeskPerson) -> Self {
        let DeskPerson { index, details, guest, listed_name, walk_in, .. } = row;
        let mut words = words_of(&details.name);
        words.extend(listed_name.iter().flat_map(|name| words_of(name)));
        Self { index, details, guest, walk_in, words }
    }
}

impl Tables {
    fn new() -> Self {
        Self {
            events: Table::new("events"),
            keys: Table::new("badge_keys"),
            voids: Table::new("void_badges"),
            areas: Table::new("access_areas"),
            checkpoints: Table::new("checkpoints"),
            sessions: Table::new("roster_sessions"),
            parts: Table::new("roster_parts"),
            moved: Table::new("moved_sessions"),
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
    fn names(&self) -> impl Iterator<Item = (&str, &Person)> {
        self.people.iter().chain(self.few.iter())
    }
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

    /// The number of the key of this device that signs what it issues, if it is the one with this public
    /// half; none before the server has given it one, and where that was revoked.
    pub fn own_key(&self, public: &str) -> Option<u8> {
        let own = self.tables.keys.iter().map(|(_, key)| key);
        let own = own.filter(|key| key.device == Some(self.device) && key.revoked_at.is_none());
        own.filter(|key| key.public == public).map(|key| key.number).max()
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
    pub fn last_day(&self) -> Option<shared::time::Day> {
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

    /// A guest by the index that a badge names, with who they are as far as the badge tells.
    pub fn find_guest(&self, claims: &BadgeClaims) -> (Option<RosterGuest>, Option<GuestDetails>) {
        let index = claims.secret.index();
        if let Some(person) = self.find_person(index) {
            return (Some(person.guest.clone()), Some(person.details.clone()));
        }
        let Some(DoorGuest { guest, details }) = self.tables.doors.find(&index.to_string()) else {
            return (None, None);
        };
        let opened = open(&claims.secret, self.event, details).ok();
        (Some(guest.clone()), opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Somebody whose name the device holds, by their index.
    pub fn find_person(&self, index: GuestIndex) -> Option<&Person> {
        let id = self.of_index.get(&index)?;
        self.tables.people.find(id).or_else(|| self.tables.few.find(id))
    }

    /// Somebody whose name the device holds.
    pub fn find_attendee(&self, attendee: AttendeeId) -> Option<&Person> {
        let id = attendee.to_string();
        self.tables.people.find(&id).or_else(|| self.tables.few.find(&id))
    }

    /// What the roster says of a guest, with or without a name.
    pub fn find_known(&self, index: GuestIndex) -> Option<&RosterGuest> {
        let named = self.find_person(index).map(|person| &person.guest);
        named.or_else(|| Some(&self.tables.doors.find(&index.to_string())?.guest))
    }

    /// Everybody whom the roster has, by their index, where they have a badge; with their names, where the
    /// device holds those.
    pub fn list_guests(&self) -> Vec<(Option<GuestIndex>, &RosterGuest, Option<&Person>)> {
        let named = self.tables.names().map(|(_, person)| (person.index, &person.guest, Some(person)));
        let doors = self.tables.doors.iter().map(|(id, door)| (id.parse().ok(), &door.guest, None));
        named.chain(doors).collect()
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

    /// The people whose names are like what was typed, the nearest first.
    pub fn find_people(&self, typed: &str) -> Vec<(AttendeeId, &Person)> {
        let typed = words_of(typed);
        let fits = |(id, person): (&str, _)| {
            let person: &Person = person;
            Some((distance(&typed, &person.words)?, id.parse().ok()?, person))
        };
        let mut found: Vec<(usize, AttendeeId, &Person)> =
            self.tables.names().filter_map(|(id, person)| fits((id, person))).collect();
        found.sort_by(|a, b| (a.0, &a.2.details.name, a.1).cmp(&(b.0, &b.2.details.name, b.1)));
        found.into_iter().map(|(_, id, person)| (id, person)).collect()
    }

    /// The few of a session's own roster, by name.
    pub fn list_few(&self) -> Vec<(AttendeeId, &Person)> {
        let few = self.tables.few.iter().filter_map(|(id, person)| Some((id.parse().ok()?, person)));
        let mut few: Vec<(AttendeeId, &Person)> = few.collect();
        few.sort_by(|one, other| (&one.1.details.name, one.0).cmp(&(&other.1.details.name, other.0)));
        few
    }

    /// Who was told that the vehicle behind a checkpoint is theirs: a desk knows it of everybody, a door of those
    /// who ride behind it.
    pub fn list_riders(&self, checkpoint: RecordId) -> Vec<Rider> {
        let at_door = self.tables.passengers.iter().map(|(_, row)| Rider {
            index: row.index,
            details: row.details.clone(),
            ride: Ride { vehicle: row.vehicle, stop: row.stop },
        });
        let riders: Vec<Rider> = at_door.collect();
        if !riders.is_empty() {
            return riders;
        }
        let known = rides_at(&self.places, checkpoint).into_iter().filter_map(|(attendee, ride)| {
            let person = self.find_attendee(attendee)?;
            let is_coming = person.guest.status == RegistrationStatus::Confirmed;
            is_coming.then(|| Rider { index: person.index, details: person.details.clone(), ride })
        });
        known.collect()
    }

    /// The members of a delegation, by name; of the one whose name is like what was typed.
    pub fn find_delegation(&self, typed: &str) -> Option<(RecordId, Vec<(AttendeeId, &Person)>)> {
        let words = words_of(typed);
        let near = |row: &RosterDelegation| {
            let names = row.name.as_ref()?.iter().map(|(_, name)| words_of(name));
            names.filter_map(|name| distance(&words, &name)).min()
        };
        let of: Option<(usize, RecordId)> =
            self.tables.delegations.iter().filter_map(|(id, row)| Some((near(row)?, id.parse().ok()?))).min();
        let delegation = of?.1;
        let theirs = self.tables.names().filter(|(_, person)| person.guest.delegation == Some(delegation));
        let mut members: Vec<(AttendeeId, &Person)> =
            theirs.filter_map(|(id, person)| Some((id.parse().ok()?, person))).collect();
        members.sort_by(|one, other| (&one.1.details.name, one.0).cmp(&(&other.1.details.name, other.0)));
        Some((delegation, members))
    }

    /// What was handed out, lent and taken back.
    pub fn list_handovers(&self) -> impl Iterator<Item = &HandoverRow> {
        self.tables.handovers.iter().map(|(_, row)| row)
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
    pub fn knowledge(&self, age_ms: Option<u64>) -> Knowledge {
        Knowledge { age_ms, is_complete: self.position.is_some() }
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
