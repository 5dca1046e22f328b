//! Who is in a roster: found by badge, by name, by delegation, by vehicle.

use serde::Deserialize;
use shared::admission::{DeskCarrier, DeskPerson, GuestDetails, Ride, RosterGuest, Standing, WalkedIn, rides_at};
use shared::badge::BadgeClaims;
use shared::ids::{AttendeeId, GuestIndex, RecordId};
use shared::registration::RegistrationStatus;
use shared::roster::RosterDelegation;

use super::super::search::{distance, words_of};
use super::Roster;

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
    /// What carries their badge, void ones too.
    pub carriers: Vec<DeskCarrier>,
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
        let DeskPerson { index, details, guest, listed_name, carriers, walk_in, .. } = row;
        let mut words = words_of(&details.name);
        words.extend(listed_name.iter().flat_map(|name| words_of(name)));
        Self { index, details, guest, carriers, walk_in, words }
    }
}

impl Roster {
    /// A guest by the index that a badge names, with who they are as far as the badge tells.
    pub fn find_guest(&self, claims: &BadgeClaims) -> (Option<RosterGuest>, Option<GuestDetails>) {
        let index = claims.secret.index();
        if let Some(person) = self.find_person(index) {
            return (Some(person.guest.clone()), Some(person.details.clone()));
        }
        let Some(row) = self.tables.doors.find(&index.to_string()) else {
            // Whom the server has not heard of their badge lets in, here as elsewhere.
            let unheard = self.list_unheard().find(|(_, person)| person.index == Some(index));
            return (None, unheard.map(|(_, person)| person.details.clone()));
        };
        row.open(&claims.secret, self.event).map(|opened| (opened.guest, opened.details)).unzip()
    }

    /// Takes note of those whom the server has not heard of; whom it has told of counts as it says.
    pub fn expect(&mut self, unheard: Vec<(AttendeeId, Person)>) {
        self.unheard = unheard.into_iter().map(|(id, person)| (id.to_string(), person)).collect();
    }

    /// Those of them of whom no roster tells yet.
    fn list_unheard(&self) -> impl Iterator<Item = (&str, &Person)> {
        let unheard = self.unheard.iter().map(|(id, person)| (id.as_str(), person));
        unheard.filter(|(id, _)| self.tables.people.find(id).is_none())
    }

    /// Everybody by name, those among them whom the server has not heard of.
    fn names(&self) -> impl Iterator<Item = (&str, &Person)> {
        self.tables.names().chain(self.list_unheard())
    }

    /// Somebody whose name the device holds, by their index.
    pub fn find_person(&self, index: GuestIndex) -> Option<&Person> {
        let id = self.of_index.get(&index)?;
        self.tables.people.find(id).or_else(|| self.tables.few.find(id))
    }

    /// Who is behind an index, where the device holds their name.
    pub fn attendee_of(&self, index: GuestIndex) -> Option<AttendeeId> {
        let unheard = || self.list_unheard().find(|(_, person)| person.index == Some(index)).map(|(id, _)| id);
        self.of_index.get(&index).map(String::as_str).or_else(unheard)?.parse().ok()
    }

    /// Somebody whose name the device holds.
    pub fn find_attendee(&self, attendee: AttendeeId) -> Option<&Person> {
        let id = attendee.to_string();
        self.tables.people.find(&id).or_else(|| self.tables.few.find(&id)).or_else(|| self.unheard.get(&id))
    }

    /// The delegation of a guest, with or without a name; at a door where it matters who of it is inside.
    pub fn delegation_of(&self, index: GuestIndex) -> Option<RecordId> {
        match self.find_person(index) {
            Some(person) => person.guest.delegation,
            None => self.tables.doors.find(&index.to_string())?.guest.delegation,
        }
    }

    /// Everybody whom the roster has, by their index, where they have a badge; with their names, where the
    /// device holds those.
    pub fn list_guests(&self) -> Vec<(Option<GuestIndex>, Standing<'_>, Option<&Person>)> {
        let named = self.tables.names().map(|(_, person)| (person.index, person.guest.standing(), Some(person)));
        let doors = self.tables.doors.iter().map(|(id, door)| (id.parse().ok(), door.guest.standing(), None));
        named.chain(doors).collect()
    }

    /// The people whose names are like what was typed, the nearest first.
    pub fn find_people(&self, typed: &str) -> Vec<(AttendeeId, &Person)> {
        let typed = words_of(typed);
        let fits = |(id, person): (&str, _)| {
            let person: &Person = person;
            Some((distance(&typed, &person.words)?, id.parse().ok()?, person))
        };
        let mut found: Vec<(usize, AttendeeId, &Person)> =
            self.names().filter_map(|(id, person)| fits((id, person))).collect();
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
        let theirs = self.names().filter(|(_, person)| person.guest.delegation == Some(delegation));
        let mut members: Vec<(AttendeeId, &Person)> =
            theirs.filter_map(|(id, person)| Some((id.parse().ok()?, person))).collect();
        members.sort_by(|one, other| (&one.1.details.name, one.0).cmp(&(&other.1.details.name, other.0)));
        Some((delegation, members))
    }
}
