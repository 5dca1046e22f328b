//! What the desk holds: its roster, read from the replica whenever that has moved.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::admission::{
    Admission, DeskPerson, DoorGuest, GuestDetails, Knowledge, Places, ProtocolGuest, RosterGuest, Use, admission_id,
};
use shared::badge::{BadgeClaims, BadgeKey, BadgeKeys, VoidCarrier, open};
use shared::ids::{DeviceId, EventId, GuestIndex, RecordId};
use shared::programme::Checkpoint;
use shared::replica::{Replica, RowFilter};
use shared::sync::Position;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::search::{distance, words_of};

/// Where the device checks, as its row in the roster says.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct OwnRow {
    /// What the organisers call it.
    pub name: String,
    /// Its checkpoints; none means any.
    pub checkpoints: BTreeSet<RecordId>,
}

/// A roster in memory. Guests stay encoded until they are asked for.
pub struct Roster {
    event: EventId,
    /// The position of the rows.
    pub position: Option<Position>,
    is_complete: bool,
    zone: Tz,
    /// The event's keys.
    pub keys: BadgeKeys,
    /// What is entered where.
    pub places: Places,
    voids: BTreeSet<(GuestIndex, u32)>,
    own: Option<OwnRow>,
    doors: HashMap<String, String>,
    people: Vec<Person>,
    of_index: HashMap<GuestIndex, usize>,
    admissions: HashMap<String, String>,
}

/// Somebody whose name the device holds.
#[derive(Clone, Debug)]
pub struct Person {
    /// By what scans know them; absent where they have no badge.
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// What lets them in.
    pub guest: RosterGuest,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct EventRow {
    time_zone: String,
}

impl Roster {
    /// Reads what the device holds.
    ///
    /// # Errors
    ///
    /// The store fails; the event has not arrived yet.
    pub fn read(replica: &mut Replica<SqliteStore>) -> Result<Self, DeviceError> {
        let events = list::<EventId, EventRow>(replica, "events")?;
        let (event, about) = events.into_iter().next().ok_or(DeviceError::NoRoster)?;
        let scopes = replica.list_scopes()?;
        let held = scopes.iter().find(|(name, _)| name.starts_with("roster:"));
        let keys: Vec<BadgeKey> = list::<String, BadgeKey>(replica, "badge_keys")?.into_values().collect();
        let voids = list::<String, VoidCarrier>(replica, "void_badges")?;
        let mut people = Vec::new();
        for person in list::<String, DeskPerson>(replica, "desk_people")?.into_values() {
            people.push(Person::new(person.index, person.details, person.guest, person.listed_name));
        }
        for guest in list::<String, ProtocolGuest>(replica, "protocol_guests")?.into_values() {
            people.push(Person::new(guest.index, guest.details, guest.guest, None));
        }
        let device = replica.device();
        Ok(Self {
            event,
            position: held.and_then(|(_, state)| state.position.clone()),
            is_complete: held.is_some_and(|(_, state)| state.position.is_some()),
            zone: about.time_zone.parse().unwrap_or(Tz::UTC),
            keys: BadgeKeys::new(event, &keys),
            voids: voids.into_values().map(|void| (void.guest, void.carrier)).collect(),
            places: Places {
                areas: list(replica, "access_areas")?,
                checkpoints: list(replica, "checkpoints")?,
                sessions: list(replica, "roster_sessions")?,
                parts: list(replica, "roster_parts")?,
                moved: list(replica, "moved_sessions")?,
            },
            own: list::<DeviceId, OwnRow>(replica, "roster_devices")?.remove(&device),
            doors: raw(replica, "door_guests")?,
            of_index: people.iter().enumerate().filter_map(|(n, one)| Some((one.index?, n))).collect(),
            people,
            admissions: raw(replica, "admissions")?,
        })
    }

    /// The checkpoint that was asked for, or the only one.
    ///
    /// # Errors
    ///
    /// There is none by that name, or several and none was asked for, or the device is not for it.
    pub fn choose(&self, name: Option<&str>) -> Result<RecordId, DeviceError> {
        let none = BTreeSet::new();
        let own = self.own.as_ref().map_or(&none, |own| &own.checkpoints);
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

    /// A guest by the index that a badge names, with who they are as far as the badge tells.
    pub fn find_guest(&self, claims: &BadgeClaims) -> (Option<RosterGuest>, Option<GuestDetails>) {
        let index = claims.secret.index();
        if let Some(person) = self.of_index.get(&index).and_then(|place| self.people.get(*place)) {
            return (Some(person.guest.clone()), Some(person.details.clone()));
        }
        let row = self.doors.get(&index.to_string());
        let Some(DoorGuest { guest, details }) = row.and_then(|row| serde_json::from_str(row).ok()) else {
            return (None, None);
        };
        let opened = open(&claims.secret, self.event, &details).ok();
        (Some(guest), opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Whether the badge is one that was made void.
    pub fn is_void(&self, guest: GuestIndex, carrier: u32) -> bool {
        self.voids.contains(&(guest, carrier))
    }

    /// What the server says of a guest in a use.
    pub fn admission(&self, of: Use, guest: GuestIndex) -> Option<Admission> {
        let row = self.admissions.get(&admission_id(of, guest).to_string())?;
        serde_json::from_str(row).ok()
    }

    /// The guests of whom the server says that they are inside.
    pub fn list_inside(&self, of: Use) -> BTreeSet<GuestIndex> {
        let admissions = self.admissions.values().filter_map(|row| serde_json::from_str::<Admission>(row).ok());
        let inside = admissions.filter(|one| one.is_inside && one.area == of.area && one.session == of.session);
        inside.map(|one| one.guest).collect()
    }

    /// The people whose names are like what was typed, the nearest first.
    pub fn find_people(&self, typed: &str) -> Vec<&Person> {
        let typed = words_of(typed);
        let mut found: Vec<(usize, &Person)> =
            self.people.iter().filter_map(|person| Some((distance(&typed, &person.words)?, person))).collect();
        found.sort_by(|a, b| (a.0, &a.1.details.name).cmp(&(b.0, &b.1.details.name)));
        found.into_iter().map(|(_, person)| person).collect()
    }

    /// How far what is held can be relied upon.
    pub fn knowledge(&self, age_ms: Option<u64>) -> Knowledge {
        Knowledge { age_ms, is_complete: self.is_complete }
    }

    /// The event's time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// What the organisers call the device.
    pub fn device_name(&self) -> &str {
        self.own.as_ref().map_or("", |own| &own.name)
    }
}

impl Person {
    fn new(index: Option<GuestIndex>, details: GuestDetails, guest: RosterGuest, listed: Option<String>) -> Self {
        let mut words = words_of(&details.name);
        words.extend(listed.iter().flat_map(|name| words_of(name)));
        Self { index, details, guest, words }
    }
}

/// The rows of a collection as they are held, by their ids.
fn raw(replica: &mut Replica<SqliteStore>, collection: &str) -> Result<HashMap<String, String>, DeviceError> {
    let rows = replica.list_held(&RowFilter::of_collection(collection))?;
    Ok(rows.into_iter().map(|row| (row.id, row.value)).collect())
}

fn list<K, T>(replica: &mut Replica<SqliteStore>, collection: &str) -> Result<BTreeMap<K, T>, DeviceError>
where
    K: std::str::FromStr + Ord,
    T: DeserializeOwned,
{
    let rows = replica.list_held(&RowFilter::of_collection(collection))?;
    let read = |id: &str, value: &str| Some((id.parse().ok()?, serde_json::from_str(value).ok()?));
    // A row of a form that this version does not know is left out, and the desk goes on.
    Ok(rows.iter().filter_map(|row| read(&row.id, &row.value)).collect())
}
