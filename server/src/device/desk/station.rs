//! One checkpoint at the terminal: what it knows, what it answers, what it writes down.

use std::path::PathBuf;

use shared::admission::{Authority, Basis, Direction, Recorded, Scan, ScanId, ScanTime, Use, subject_at, use_at};
use shared::handover::Handover;
use shared::ids::{AttendeeId, DeviceId, MutationId, RecordId};
use shared::replica::{Replica, age_of};
use shared::sync::{self, Mutation};
use shared::time::Timestamp;
use uuid::Uuid;

use super::super::driver::FRESH_AT;
use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::super::timepiece::Timepiece;
use super::badges::{Voided, list_voided};
use super::key::DeskKey;
use super::order::Order;
use super::own::OwnScans;
use super::roster::{Person, Roster};
use super::unheard::list_unheard;
use super::words;
use crate::clock::Clock;

/// The operation that hands in a scan.
const RECORD: &str = "scan.record";
/// The operation that takes one back.
const UNDO: &str = "scan.undo";
/// The operations that hand in what was handed out or lent, and take it back.
const HANDOVER: &str = "handover.record";
const HANDOVER_UNDO: &str = "handover.undo";

/// The most people that a search tells.
const MOST_FOUND: usize = 9;

/// When and in which language something is asked.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The time.
    pub clock: &'a Clock,
    /// The language of the answer.
    pub language: &'a str,
}

/// The last thing that was done here, and can be taken back.
#[derive(Clone)]
pub(super) enum Deed {
    /// A scan.
    Scan(Box<Scan>),
    /// Something was handed out, lent or taken back.
    Handover(Box<Handover>),
}

/// A checkpoint with what it knows.
pub struct Station {
    pub(super) replica: Replica<SqliteStore>,
    pub(super) checkpoint: RecordId,
    pub(super) roster: Roster,
    pub(super) direction: Direction,
    /// Scans that the server may not know of yet.
    pub(super) own: OwnScans,
    /// What was handed out and lent here, which the server may not know of yet.
    pub(super) given: Vec<Handover>,
    pub(super) last: Option<Deed>,
    pub(super) found: Vec<(AttendeeId, Person)>,
    pub(super) found_delegation: Option<RecordId>,
    /// Badges that were made void here, which the server may not know of yet.
    pub(super) voided: Voided,
    /// The incidents that were listed last.
    pub(super) odd: Vec<Uuid>,
    pub(super) key: Option<DeskKey>,
    /// The file of the local database, where the network may be used.
    pub(super) line: Option<PathBuf>,
    timepiece: Timepiece,
}

impl Station {
    /// Opens the checkpoint that was asked for.
    ///
    /// # Errors
    ///
    /// The store fails; there is no such checkpoint, or several.
    pub fn open(mut replica: Replica<SqliteStore>, checkpoint: Option<&str>) -> Result<Self, DeviceError> {
        let mut roster = Roster::read(&mut replica)?;
        let checkpoint = roster.choose(checkpoint)?;
        roster.expect(list_unheard(&mut replica, &roster)?);
        let (own, given) = list_unsent(&mut replica)?;
        let own = OwnScans::of(own, |of, guest| roster.admission(of, guest));
        let voided = list_voided(&mut replica)?;
        let key = ensure_key(&mut replica, &roster)?;
        Ok(Self {
            replica,
            checkpoint,
            roster,
            direction: Direction::In,
            own,
            given,
            last: None,
            found: Vec::new(),
            found_delegation: None,
            odd: Vec::new(),
            voided,
            key,
            line: None,
            timepiece: Timepiece::default(),
        })
    }

    /// Lets it use the network for what cannot wait, beside the exchange; `store` is the file that it reads.
    pub fn with_line(self, store: PathBuf) -> Self {
        Self { line: Some(store), ..self }
    }

    /// Where it is, for the first line.
    pub fn heading(&mut self, language: &str) -> Result<String, DeviceError> {
        let (at, area) = self.roster.places().checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        Ok(words::heading(self.roster.device_name(), at, area, language))
    }

    /// Does what was asked for; what to say.
    pub fn answer(&mut self, order: Order, clock: &Clock, language: &str) -> Result<String, DeviceError> {
        self.follow()?;
        let asking = Asking { clock, language };
        match order {
            Order::Code(code) => self.scan(&code, asking),
            Order::Turn(direction) => {
                self.direction = direction;
                Ok(words::turned(direction, language).to_owned())
            }
            Order::Undo => self.undo(asking),
            Order::Count(count) => self.count(count, asking),
            Order::Find(name) => Ok(self.find(&name, language)),
            Order::Delegation(name) => Ok(self.find_delegation(&name, language)),
            Order::Guests => Ok(self.list_few(language)),
            Order::Take(number) => self.take(number, asking),
            Order::Missing => self.missing(asking),
            Order::Categories => Ok(self.categories(language)),
            Order::WalkIn(said) => self.walk_in(&said, asking),
            Order::Settle(walk_in, same_as) => self.settle(walk_in, same_as, asking),
            Order::HandOut(numbers, by) => self.hand_out(&numbers, by, asking),
            Order::Lend(number, kind, label) => self.lend(number, (kind, label), asking),
            Order::TakeBack(kind, label) => self.take_back((kind, label), asking),
            Order::Loans => Ok(self.loans(language)),
            Order::Seat(number, session, wants) => self.seat(number, (&session, wants), asking),
            Order::Answer(number, object, reply) => self.reply(number, (&object, &reply), asking),
            Order::Note(number, text) => self.note(number, &text, asking),
            Order::Rename(number, name) => self.correct(number, ("name", &name), asking),
            Order::Readdress(number, email) => self.correct(number, ("email", &email), asking),
            Order::SignInCode(number) => self.sign_in_code(number, asking),
            Order::Badges(number) => Ok(self.list_badges(number, language)),
            Order::Void(number, carrier, reason) => self.void(number, (carrier, reason), asking),
            Order::Print(number) => self.print(number, asking),
            Order::Incidents => self.list_incidents(language),
            Order::Resolve(number, note) => self.resolve(number, &note, asking),
            Order::DoLate(number) => self.do_late(number, asking),
            Order::Waiting => self.waiting(asking),
            Order::Refused => self.refused(language),
            Order::Help => Ok(words::help(language).to_owned()),
        }
    }

    /// Keeps up with what the other connection has brought.
    fn follow(&mut self) -> Result<(), DeviceError> {
        if self.roster.follow(&mut self.replica)? {
            let (own, given) = list_unsent(&mut self.replica)?;
            (self.own, self.given) = (OwnScans::of(own, |of, guest| self.roster.admission(of, guest)), given);
            self.voided = list_voided(&mut self.replica)?;
            self.expect_unheard()?;
            self.key = ensure_key(&mut self.replica, &self.roster)?;
        }
        Ok(())
    }

    /// Whoever was registered here is found here before the server has heard of them.
    pub(super) fn expect_unheard(&mut self) -> Result<(), DeviceError> {
        let unheard = list_unheard(&mut self.replica, &self.roster)?;
        self.roster.expect(unheard);
        Ok(())
    }

    fn find(&mut self, name: &str, language: &str) -> String {
        let found = self.roster.find_people(name);
        let more = found.len().saturating_sub(MOST_FOUND);
        self.found = found.into_iter().take(MOST_FOUND).map(|(id, person)| (id, person.clone())).collect();
        self.found_delegation = None;
        let told = words::found(&self.found, language);
        if more == 0 { told } else { format!("{told}\n{}", words::more_found(more, language)) }
    }

    fn find_delegation(&mut self, name: &str, language: &str) -> String {
        let found = self.roster.find_delegation(name);
        self.found_delegation = found.as_ref().map(|(delegation, _)| *delegation);
        let members = found.into_iter().flat_map(|(_, members)| members);
        self.found = members.map(|(id, person)| (id, person.clone())).collect();
        words::found(&self.found, language)
    }

    /// The few of a session's own roster, who are known by sight.
    fn list_few(&mut self, language: &str) -> String {
        self.found = self.roster.list_few().into_iter().map(|(id, person)| (id, person.clone())).collect();
        self.found_delegation = None;
        words::found(&self.found, language)
    }

    /// The person with a number in the last answer.
    pub(super) fn person(&self, number: usize) -> Option<&(AttendeeId, Person)> {
        self.found.get(number.checked_sub(1)?)
    }

    fn undo(&mut self, asking: Asking<'_>) -> Result<String, DeviceError> {
        let Some(last) = self.last.clone() else {
            return Ok(words::nothing_to_undo(asking.language).to_owned());
        };
        let at = self.now(asking)?;
        match last {
            Deed::Scan(last) => {
                let scan = Scan {
                    checkpoint: last.checkpoint,
                    guest: last.guest,
                    direction: last.direction,
                    undoes: Some(last.id),
                    ..self.blank(last.of_use(), at)
                };
                self.write(scan)?;
            }
            Deed::Handover(last) => {
                let fact = Handover { undoes: Some(last.id), ..self.blank_fact(at) };
                self.write_fact(fact)?;
            }
        }
        self.last = None;
        Ok(words::undone(asking.language).to_owned())
    }

    fn count(&mut self, count: u32, asking: Asking<'_>) -> Result<String, DeviceError> {
        if count > Scan::MOST_COUNTED {
            return Ok(words::too_many(Scan::MOST_COUNTED, asking.language));
        }
        let at = self.now(asking)?;
        let (place, area) = self.roster.places().checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let on = subject_at(self.roster.places(), area, at.corrected());
        let of = use_at((place.area, area), on.as_ref());
        let scan = Scan { direction: self.direction, count: Some(count), ..self.blank(of, at) };
        self.write(scan)?;
        Ok(words::counted(count, asking.language))
    }

    pub(super) fn blank(&self, of: Use, at: ScanTime) -> Scan {
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
    pub(super) fn write(&mut self, scan: Scan) -> Result<(), DeviceError> {
        let op = if scan.undoes.is_some() { UNDO } else { RECORD };
        let args = serde_json::to_value(&scan).unwrap_or_default();
        self.hand_in((op, scan.id.0), None, (args, scan.at.wall))?;
        let device = Some(self.replica.device());
        self.own.push(own_scan(scan.clone(), device), |of, guest| self.roster.admission(of, guest));
        self.last = Some(Deed::Scan(Box::new(scan)));
        Ok(())
    }

    /// Likewise of what was handed out, lent or taken back.
    pub(super) fn write_fact(&mut self, fact: Handover) -> Result<(), DeviceError> {
        let op = if fact.undoes.is_some() { HANDOVER_UNDO } else { HANDOVER };
        let args = serde_json::to_value(&fact).unwrap_or_default();
        self.hand_in((op, fact.id.0), None, (args, fact.at.wall))?;
        self.given.push(fact.clone());
        self.last = Some(Deed::Handover(Box::new(fact)));
        Ok(())
    }

    /// Puts a mutation into the outbox.
    pub(super) fn hand_in(
        &mut self,
        named: (&str, Uuid),
        attendee: Option<AttendeeId>,
        said: (serde_json::Value, Timestamp),
    ) -> Result<(), DeviceError> {
        self.hand_in_after(None, named, (attendee, said))
    }

    /// The same of one that is only to be done where another one was.
    pub(super) fn hand_in_after(
        &mut self,
        first: Option<Uuid>,
        (op, id): (&str, Uuid),
        (attendee, (args, at)): (Option<AttendeeId>, (serde_json::Value, Timestamp)),
    ) -> Result<(), DeviceError> {
        let mutation = Mutation {
            id: MutationId(id),
            op: op.to_owned(),
            for_attendee: attendee,
            args,
            base: None,
            at: Some(at),
            depends_on: first.map(MutationId),
        };
        Ok(self.replica.edit(&mutation)?)
    }

    /// The time by the device's clocks, and what the device knows of the server's.
    pub(super) fn now(&mut self, asking: Asking<'_>) -> Result<ScanTime, DeviceError> {
        let reading = self.timepiece.read(asking.clock.now());
        self.time_of(&reading)
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

    /// Since when what is held is the server's, by its clock, and how old that is, in milliseconds.
    pub(super) fn age(&mut self, now: &ScanTime) -> Result<(Option<Timestamp>, Option<u64>), DeviceError> {
        let fresh_at = self.replica.store_mut().find_setting(FRESH_AT)?;
        let fresh_at = fresh_at.and_then(|at| at.parse().ok()).map(Timestamp);
        Ok((fresh_at, fresh_at.and_then(|at| age_of(at, (now.corrected(), now.uncertainty_ms)))))
    }
}

/// The key of a desk's device; others have none.
fn ensure_key(replica: &mut Replica<SqliteStore>, roster: &Roster) -> Result<Option<DeskKey>, DeviceError> {
    if !replica.list_scopes()?.iter().any(|(scope, _)| scope == "roster:full") {
        return Ok(None);
    }
    DeskKey::ensure(replica, |public| roster.is_revoked(public))
}

/// A scan of this device: it has a right to what it does, and takes back nobody else's.
fn own_scan(scan: Scan, device: Option<DeviceId>) -> Recorded {
    Recorded { scan, device, authority: Authority::Door }
}

/// The scans that wait to be handed in, and what was handed out and lent.
fn list_unsent(replica: &mut Replica<SqliteStore>) -> Result<(Vec<Recorded>, Vec<Handover>), DeviceError> {
    let device = Some(replica.device());
    let (mut scans, mut given) = (Vec::new(), Vec::new());
    for edit in replica.list_outbox()? {
        let args = &edit.mutation.args;
        match edit.mutation.op.as_str() {
            RECORD | UNDO => scans.extend(Scan::read(args).ok().map(|scan| own_scan(scan, device))),
            HANDOVER | HANDOVER_UNDO => given.extend(Handover::read(args).ok()),
            _ => {}
        }
    }
    Ok((scans, given))
}
