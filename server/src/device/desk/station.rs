//! One checkpoint at the terminal: what is asked of it, what it answers, what it writes down.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use shared::admission::{
    Admission, Basis, Decided, Direction, Limit, LimitOf, Presence, Presented, Question, Recorded, RosterGuest, Scan,
    ScanId, ScanTime, Use, UseFacts, Verdict, derive, judge, list_moved, subject_at, use_at,
};
use shared::ids::{GuestIndex, MutationId, RecordId};
use shared::programme::{AccessArea, Checkpoint};
use shared::replica::Replica;
use shared::sync::{self, Mutation};
use shared::time::{Day, Timestamp};
use uuid::Uuid;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::super::timepiece::Timepiece;
use super::EXCHANGED_AT;
use super::roster::{Person, Roster};
use super::words;
use crate::clock::Clock;

/// The operation that hands in a scan.
const RECORD: &str = "scan.record";
/// The operation that takes one back.
const UNDO: &str = "scan.undo";

/// The most people that a search tells.
const MOST_FOUND: usize = 9;

/// What a line of the input asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Order {
    /// A badge was scanned.
    Code(String),
    /// Guests go in from now on, or out.
    Turn(Direction),
    /// The last scan was a mistake.
    Undo,
    /// So many people went by.
    Count(u32),
    /// Who is called so?
    Find(String),
    /// The one with this number in the last answer stands here.
    Take(usize),
    /// Nothing that is understood.
    Help,
}

impl Order {
    /// Reads a line; none where it is blank. What begins with a colon is an order, everything else a badge.
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        let Some(order) = line.strip_prefix(':') else {
            return (!line.is_empty()).then(|| Self::Code(line.to_owned()));
        };
        let (word, rest) = order.split_once(' ').unwrap_or((order, ""));
        Some(match (word, rest.trim()) {
            ("in", "") => Self::Turn(Direction::In),
            ("out", "") => Self::Turn(Direction::Out),
            ("undo", "") => Self::Undo,
            ("count", number) => number.parse().map_or(Self::Help, Self::Count),
            ("find", name) if !name.is_empty() => Self::Find(name.to_owned()),
            ("take", number) => number.parse().map_or(Self::Help, Self::Take),
            _ => Self::Help,
        })
    }
}

/// A checkpoint with what it knows.
pub struct Station {
    replica: Replica<SqliteStore>,
    checkpoint: RecordId,
    roster: Roster,
    direction: Direction,
    /// Scans that the server may not know of yet.
    own: Vec<Recorded>,
    last: Option<Scan>,
    found: Vec<Person>,
    timepiece: Timepiece,
}

/// A guest who stands at the checkpoint.
struct Guest {
    presented: Presented,
    index: Option<GuestIndex>,
    carrier: Option<u32>,
    code_hash: Option<String>,
    known: Option<RosterGuest>,
    name: Option<String>,
    by_hand: Option<String>,
}

impl Station {
    /// Opens the checkpoint that was asked for.
    ///
    /// # Errors
    ///
    /// The store fails; there is no such checkpoint, or several.
    pub fn open(mut replica: Replica<SqliteStore>, checkpoint: Option<&str>) -> Result<Self, DeviceError> {
        let roster = Roster::read(&mut replica)?;
        let checkpoint = roster.choose(checkpoint)?;
        let own = list_unsent(&mut replica)?;
        Ok(Self {
            replica,
            checkpoint,
            roster,
            direction: Direction::In,
            own,
            last: None,
            found: Vec::new(),
            timepiece: Timepiece::default(),
        })
    }

    /// Where it is, for the first line.
    pub fn heading(&mut self, language: &str) -> Result<String, DeviceError> {
        let (at, area) = self.roster.places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        Ok(words::heading(self.roster.device_name(), at, area, language))
    }

    /// Does what was asked for; what to say.
    pub fn answer(&mut self, order: Order, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        self.follow()?;
        match order {
            Order::Code(code) => self.scan(&code, clock, language),
            Order::Turn(direction) => {
                self.direction = direction;
                Ok(words::turned(direction, language).to_owned())
            }
            Order::Undo => self.undo(clock, language),
            Order::Count(count) => self.count(count, clock, language),
            Order::Find(name) => {
                self.found = self.roster.find_people(&name).into_iter().take(MOST_FOUND).cloned().collect();
                Ok(words::found(&self.found, language))
            }
            Order::Take(number) => self.take(number, clock, language),
            Order::Help => Ok(words::help(language).to_owned()),
        }
    }

    /// Reads the roster anew where the other connection has moved it.
    fn follow(&mut self) -> Result<(), DeviceError> {
        let scopes = self.replica.list_scopes()?;
        let held = scopes.into_iter().find(|(name, _)| name.starts_with("roster:"));
        if held.and_then(|(_, state)| state.position) != self.roster.position {
            self.roster = Roster::read(&mut self.replica)?;
            self.own = list_unsent(&mut self.replica)?;
        }
        Ok(())
    }

    fn scan(&mut self, code: &str, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        let (presented, claims) = Presented::read(&self.roster.keys, code);
        let guest = match claims {
            Some(claims) => {
                let (known, details) = self.roster.find_guest(&claims);
                Guest {
                    presented,
                    index: Some(claims.secret.index()),
                    carrier: Some(claims.carrier),
                    code_hash: None,
                    known,
                    name: details.map(|details| words::name(&details, language)),
                    by_hand: None,
                }
            }
            None => {
                let hash: String = Sha256::digest(code).iter().map(|byte| format!("{byte:02x}")).collect();
                Guest {
                    presented,
                    index: None,
                    carrier: None,
                    code_hash: Some(hash),
                    known: None,
                    name: None,
                    by_hand: None,
                }
            }
        };
        self.decide(guest, clock, language)
    }

    fn take(&mut self, number: usize, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        let person = number.checked_sub(1).and_then(|place| self.found.get(place)).cloned();
        let Some(person) = person else { return Ok(words::help(language).to_owned()) };
        if person.index.is_none() {
            return Ok(words::no_badge(language).to_owned());
        }
        let guest = Guest {
            presented: Presented::ByHand,
            index: person.index,
            carrier: None,
            code_hash: None,
            known: Some(person.guest),
            name: Some(words::name(&person.details, language)),
            by_hand: Some("found by name".to_owned()),
        };
        self.decide(guest, clock, language)
    }

    /// Asks the judge, writes the scan down, and only then answers.
    fn decide(&mut self, guest: Guest, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        let reading = self.timepiece.read(clock.now());
        let at = self.time_of(&reading)?;
        let age_ms = self.age(reading.wall)?;
        let (place, area) = self.roster.places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let (kind, area_id, area) = (place.kind, place.area, area.clone());
        let places = &self.roster.places;
        let subject = subject_at(places, &area, at.corrected());
        let of = use_at((area_id, &area), subject.as_ref());
        let left = area.room.map(|room| places.list_left(room)).unwrap_or_default();
        let moved_away = list_moved(places, &area, &left);
        let question = Question {
            now: at.corrected(),
            day: Some(Day(at.corrected().day_in(self.roster.zone()))),
            direction: self.direction,
            presented: guest.presented,
            is_void: guest.index.zip(guest.carrier).is_some_and(|(index, carrier)| self.roster.is_void(index, carrier)),
            guest: guest.known,
            kind,
            presence: guest.index.map(|index| self.presence(of, &area, index)).unwrap_or_default(),
            limits: self.limits(of, &area),
            area,
            subject,
            moved_away,
            knowledge: self.roster.knowledge(age_ms),
        };
        let verdict = judge(&question);
        let scan = Scan {
            guest: guest.index,
            carrier: guest.carrier,
            code_hash: guest.code_hash,
            direction: self.direction,
            verdict: Some(Decided { admits: verdict.admits, reason: verdict.reason }),
            decided_on: Basis { covers: self.replica.at_least()?, age_ms },
            by_hand: guest.by_hand,
            ..self.blank(of, at)
        };
        self.write(scan)?;
        Ok(self.told(&verdict, guest.name.as_deref(), language))
    }

    fn told(&self, verdict: &Verdict, name: Option<&str>, language: &str) -> String {
        let where_first = verdict.first.as_ref().and_then(|first| self.roster.places.checkpoint(first.checkpoint));
        words::verdict(
            verdict,
            (name, where_first.map(|(at, _): (&Checkpoint, &AccessArea)| at)),
            self.roster.zone(),
            language,
        )
    }

    fn undo(&mut self, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        let Some(last) = self.last.take() else { return Ok(words::nothing_to_undo(language).to_owned()) };
        let at = self.time_of(&self.timepiece.read(clock.now()))?;
        let scan = Scan {
            checkpoint: last.checkpoint,
            guest: last.guest,
            direction: last.direction,
            undoes: Some(last.id),
            ..self.blank(last.of_use(), at)
        };
        self.write(scan)?;
        self.last = None;
        Ok(words::undone(language).to_owned())
    }

    fn count(&mut self, count: u32, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        let at = self.time_of(&self.timepiece.read(clock.now()))?;
        let (place, area) = self.roster.places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let on = subject_at(&self.roster.places, area, at.corrected());
        let of = use_at((place.area, area), on.as_ref());
        let scan = Scan { direction: self.direction, count: Some(count), ..self.blank(of, at) };
        self.write(scan)?;
        Ok(words::counted(count, language))
    }

    fn blank(&self, of: Use, at: ScanTime) -> Scan {
        Scan {
            id: ScanId(Uuid::now_v7()),
            checkpoint: self.checkpoint,
            area: of.area,
            session: of.session,
            guest: None,
            carrier: None,
            code_hash: None,
            direction: Direction::In,
            at,
            verdict: None,
            decided_on: Basis::default(),
            by_hand: None,
            undoes: None,
            count: None,
        }
    }

    /// On the disk before anybody is told.
    fn write(&mut self, scan: Scan) -> Result<(), DeviceError> {
        let mutation = Mutation {
            id: MutationId(scan.id.0),
            op: if scan.undoes.is_some() { UNDO } else { RECORD }.to_owned(),
            for_attendee: None,
            args: serde_json::to_value(&scan).unwrap_or_default(),
            base: None,
            at: Some(scan.at.wall),
            depends_on: None,
        };
        self.replica.edit(&mutation)?;
        let device = Some(self.replica.device());
        self.own.push(Recorded { scan: scan.clone(), device });
        self.last = Some(scan);
        Ok(())
    }

    /// What is known of a guest in a use: from the server, and from what was scanned here since.
    fn presence(&self, of: Use, area: &AccessArea, guest: GuestIndex) -> Presence {
        let here = self.own_admissions(of, area).remove(&guest);
        let there = self.roster.admission(of, guest);
        let first = [&here, &there].into_iter().flatten().map(|one| one.first.clone()).min_by_key(|first| first.at);
        let is_inside = here.as_ref().or(there.as_ref()).is_some_and(|one| one.is_inside);
        Presence { first, is_inside }
    }

    fn own_admissions(&self, of: Use, area: &AccessArea) -> BTreeMap<GuestIndex, Admission> {
        let facts = UseFacts { of, rule: area.rule, scans: &self.own, voided: &BTreeMap::new(), share_seat: &[] };
        derive(&facts).admissions
    }

    fn limits(&self, of: Use, area: &AccessArea) -> Vec<Limit> {
        let Some(at_most) = area.capacity else { return Vec::new() };
        let mut inside = self.roster.list_inside(of);
        for (guest, admission) in self.own_admissions(of, area) {
            if admission.is_inside {
                inside.insert(guest)
            } else {
                inside.remove(&guest)
            };
        }
        vec![Limit { of: LimitOf::Area, inside: u32::try_from(inside.len()).unwrap_or(u32::MAX), at_most }]
    }

    fn time_of(&mut self, reading: &sync::Clock) -> Result<ScanTime, DeviceError> {
        let known = self.replica.server_time()?.map(|known| known.at(reading));
        Ok(ScanTime {
            wall: reading.wall,
            monotonic_ms: Some(reading.monotonic_ms),
            boot: Some(reading.boot.clone()),
            offset_ms: known.map(|(at, _)| at.0 - reading.wall.0),
            uncertainty_ms: known.and_then(|(_, uncertainty)| uncertainty),
        })
    }

    fn age(&mut self, now: Timestamp) -> Result<Option<u64>, DeviceError> {
        let at = self.replica.store_mut().find_setting(EXCHANGED_AT)?;
        Ok(at.and_then(|at| at.parse::<i64>().ok()).and_then(|at| u64::try_from(now.0 - at).ok()))
    }
}

/// The scans that wait to be handed in.
fn list_unsent(replica: &mut Replica<SqliteStore>) -> Result<Vec<Recorded>, DeviceError> {
    let device = Some(replica.device());
    let outbox = replica.list_outbox()?;
    let scans = outbox.into_iter().filter(|edit| [RECORD, UNDO].contains(&edit.mutation.op.as_str()));
    Ok(scans.filter_map(|edit| Some(Recorded { scan: Scan::read(&edit.mutation.args).ok()?, device })).collect())
}
