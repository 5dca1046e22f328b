//! Who was let in, from the scans of one use.
//!
//! It is a function of the set of scans: whoever hands them in, in whatever order and however often, the
//! result is the same. Scans count in the order of their corrected time, ties by id, and of those with one
//! id by what they are kept under. One that was made without a right to it counts for nothing, nor does one that
//! another takes back ([`Authority`]); taking back is not taken back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::authority::{Authority, Undoing, effective};
use super::incident::{Incident, IncidentKind};
use super::second_use::list_runs;
use super::{Direction, Scan, ScanId, Use, admission_id};
use crate::ids::{DeviceId, GuestIndex, RecordId};
use crate::object;
use crate::programme::EntryRule;
use crate::time::Timestamp;

/// A scan with what the server knows of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    /// The scan.
    pub scan: Scan,
    /// The device that made it; absent where a person checked through the server.
    pub device: Option<DeviceId>,
    /// By what right.
    pub authority: Authority,
}

/// A way through a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The scan.
    pub scan: ScanId,
    /// When, by the server's clock as far as the device knew it.
    pub at: Timestamp,
    /// Where.
    pub checkpoint: RecordId,
    /// By which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

impl From<&Recorded> for Entry {
    fn from(Recorded { scan, device, .. }: &Recorded) -> Self {
        Self { scan: scan.id, at: scan.at.corrected(), checkpoint: scan.checkpoint, device: *device }
    }
}

/// That a guest was let in: what follows from all scans of them in one use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// The access area.
    pub area: RecordId,
    /// The session, where the area guards a room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// Who.
    pub guest: GuestIndex,
    /// Where and when first. Later ones do not change it.
    pub first: Entry,
    /// Whether they are inside: they have not gone out since they came in last.
    pub is_inside: bool,
    /// The last way through, where that changed it, and is not the first: who takes it back knows how it was before.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub turn: Option<Turn>,
}

/// A way through a checkpoint by which somebody came back in or went out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// The scan.
    pub scan: ScanId,
    /// By which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

impl Admission {
    /// Its id, the same on every node and device.
    pub fn id(&self) -> Uuid {
        admission_id(Use { area: self.area, session: self.session }, self.guest)
    }

    /// As it was before the last way through, where that is taken back.
    fn without_turn(&self, is_taken_back: impl Fn(Turn) -> bool) -> Self {
        match self.turn.is_some_and(is_taken_back) {
            true => Self { is_inside: !self.is_inside, turn: None, ..self.clone() },
            false => self.clone(),
        }
    }
}

/// What is known of one use.
#[derive(Clone, Debug)]
pub struct UseFacts<'a> {
    /// The use.
    pub of: Use,
    /// How often one may enter.
    pub rule: EntryRule,
    /// Its scans, and those wherever made that take one of them back.
    pub scans: &'a [Recorded],
    /// When badges of guests were made void, by guest and carrier.
    pub voided: &'a BTreeMap<(GuestIndex, u32), Timestamp>,
    /// Guests of whom one sits on the other's seat.
    pub share_seat: &'a [(GuestIndex, GuestIndex)],
    /// Who was let in by scans that are not among these: on a device, what the server made of all it had.
    pub known: &'a BTreeMap<GuestIndex, Admission>,
}

/// What follows from the scans of one use.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Derived {
    /// Who was let in, by guest.
    pub admissions: BTreeMap<GuestIndex, Admission>,
    /// What is odd, by id.
    pub incidents: BTreeMap<Uuid, Incident>,
    /// How many are inside.
    pub occupancy: Occupancy,
}

/// How many people are inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occupancy {
    /// Guests who were let in and have not gone out.
    pub guests: u32,
    /// People whom hand counters counted in, less those counted out. Below zero where more went out.
    pub counted: i64,
}

/// What follows from the scans of one use, and from what is known of those that are not here.
pub fn derive(facts: &UseFacts<'_>) -> Derived {
    let undoing = Undoing::of(facts.scans);
    let scans = effective(facts.scans);
    let scans: Vec<&Recorded> = scans.into_iter().filter(|recorded| recorded.scan.of_use() == facts.of).collect();
    let mut of_guests: BTreeMap<GuestIndex, Vec<&Recorded>> = BTreeMap::new();
    for recorded in scans.iter().filter(|recorded| recorded.scan.passes()) {
        if let Some(guest) = recorded.scan.guest {
            of_guests.entry(guest).or_default().push(recorded);
        }
    }
    let is_turned_back = |turn: Turn| undoing.takes_back((turn.scan, turn.device));
    let stands = |known: &Admission| !undoing.takes_back((known.first.scan, known.first.device));
    let known = facts.known.iter().filter(|(_, known)| stands(known));
    let known = known.map(|(guest, one)| (*guest, one.without_turn(is_turned_back)));
    let mut derived = Derived { admissions: known.collect(), ..Derived::default() };
    for (guest, passages) in &of_guests {
        let known = derived.admissions.remove(guest);
        derived.admissions.extend(admission((facts.of, *guest), passages, known).map(|admission| (*guest, admission)));
        derived.report(second_uses(facts, *guest, passages));
        derived.report(void_carriers(facts, *guest, passages));
    }
    let twice = seats_given_twice(facts, &derived.admissions);
    derived.report(twice);
    derived.occupancy = Occupancy {
        guests: u32::try_from(derived.admissions.values().filter(|one| one.is_inside).count()).unwrap_or(u32::MAX),
        counted: scans.iter().map(|recorded| counted(&recorded.scan)).sum(),
    };
    derived
}

impl Derived {
    fn report(&mut self, incidents: Vec<Incident>) {
        self.incidents.extend(incidents.into_iter().map(|incident| (incident.id, incident)));
    }
}

/// What follows for a guest from scans, which go on from what is known: these came after it, whatever the clocks say.
fn admission((of, guest): (Use, GuestIndex), passages: &[&Recorded], known: Option<Admission>) -> Option<Admission> {
    let first_here = passages.iter().find(|passage| passage.scan.lets_in()).map(|passage| Entry::from(*passage));
    let was_inside = match passages {
        [.., before, _] => before.scan.lets_in(),
        _ => known.as_ref().is_some_and(|known| known.is_inside),
    };
    let (is_inside, turn) = match passages.last() {
        Some(last) => {
            let turn = Turn { scan: last.scan.id, device: last.device };
            (last.scan.lets_in(), Some(turn).filter(|_| last.scan.lets_in() != was_inside))
        }
        None => (was_inside, known.as_ref().and_then(|known| known.turn)),
    };
    let first =
        known.map(|known| known.first).into_iter().chain(first_here).min_by_key(|first| (first.at, first.scan))?;
    let turn = turn.filter(|turn| turn.scan != first.scan);
    Some(Admission { area: of.area, session: of.session, guest, first, is_inside, turn })
}

/// Entries beyond the one that the rule allows. All of one guest that belong together are one incident:
/// whichever of them came first, its subject is the same.
fn second_uses(facts: &UseFacts<'_>, guest: GuestIndex, passages: &[&Recorded]) -> Vec<Incident> {
    let too_many = list_runs(facts.rule, passages).into_iter().filter(|run| run.len() > 1);
    too_many.map(|run| Incident::of_use(IncidentKind::SecondUse, facts.of, &[guest], &run)).collect()
}

/// Entries with a badge that was void by then, for certain.
fn void_carriers(facts: &UseFacts<'_>, guest: GuestIndex, passages: &[&Recorded]) -> Vec<Incident> {
    let is_void = |scan: &Scan| {
        let voided_at = scan.carrier.and_then(|carrier| facts.voided.get(&(guest, carrier)));
        let earliest = scan.at.bounds().map(|(earliest, _)| earliest);
        voided_at.zip(earliest).is_some_and(|(voided_at, earliest)| *voided_at <= earliest)
    };
    let void = passages.iter().filter(|passage| passage.scan.lets_in() && is_void(&passage.scan));
    void.map(|passage| Incident::of_use(IncidentKind::VoidCarrier, facts.of, &[guest], &[*passage])).collect()
}

fn seats_given_twice(facts: &UseFacts<'_>, admissions: &BTreeMap<GuestIndex, Admission>) -> Vec<Incident> {
    let both = facts.share_seat.iter().filter_map(|(one, other)| {
        let pair = BTreeSet::from([*one, *other]);
        let entries: Vec<&Entry> = pair.iter().filter_map(|guest| Some(&admissions.get(guest)?.first)).collect();
        let guests: Vec<GuestIndex> = pair.into_iter().collect();
        (entries.len() == 2).then(|| Incident::of_entries(IncidentKind::SeatTwice, facts.of, &guests, &entries))
    });
    both.collect()
}

fn counted(scan: &Scan) -> i64 {
    let count = i64::from(scan.count.unwrap_or(0));
    if scan.direction == Direction::In { count } else { -count }
}

#[cfg(test)]
pub(super) mod tests;
