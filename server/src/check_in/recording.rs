//! Keeping scans: none is refused, none is lost, none counts twice.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde_json::Value;
use shared::admission::{Authority, Incident, Scan, ScanId, Unread, list_reused, list_unauthorised};
use shared::ids::{AttendeeId, GuestIndex};
use shared::reading::Misfit;
use uuid::Uuid;

use super::authority::Hands;
use super::derivation::{derive_alone, derive_guests};
use super::held::{Held, carriers_in};
use super::store::{self, History, Recording};
use super::{incidents, late, rows};
use crate::enrolment::find_name;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::EventCell;

/// The longest that is kept of what cannot be read as a scan, in characters.
const RAW_CHARS: usize = 8_000;

/// What became of something that was handed in as a scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is kept.
    Recorded,
    /// It was there already.
    Duplicate,
    /// Another scan has its id; both are kept.
    Reused,
    /// It is kept as it came, since it cannot be read.
    NotUnderstood(Misfit),
}

impl Outcome {
    /// The word on the wire.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Duplicate => "duplicate",
            Self::Reused => "reused",
            Self::NotUnderstood(_) => "not_understood",
        }
    }
}

/// Keeps what somebody hands in as scans, each by itself, and derives what follows.
pub fn hand_in(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (mut hands, values): (Hands<'_>, &[Value]),
) -> QueryResult<Vec<Outcome>> {
    let by = hands.actor();
    let mut outcomes = vec![Outcome::Recorded; values.len()];
    let mut read = Vec::new();
    for (place, value) in values.iter().enumerate() {
        match Scan::read(value) {
            Ok(scan) => {
                let authority = hands.authority_for(unit, &scan)?;
                read.push((place, Recording { scan, by, authority, answered: None }));
            }
            Err(misfit) => {
                keep_oddity(unit, by, (value, &misfit))?;
                outcomes[place] = Outcome::NotUnderstood(misfit);
            }
        }
    }
    let (places, recordings): (Vec<usize>, Vec<Recording>) = read.into_iter().unzip();
    let recorded = match recordings.as_slice() {
        [one] => vec![record_one(unit, cell, one.clone())?],
        many => record(unit, many)?,
    };
    for (place, outcome) in places.into_iter().zip(recorded) {
        outcomes[place] = outcome;
    }
    Ok(outcomes)
}

/// Keeps what a device hands in and cannot be read, as it came, and puts it before a desk lead.
pub fn keep_oddity(unit: &mut Unit<'_>, by: Actor, (value, misfit): (&Value, &Misfit)) -> QueryResult<()> {
    let raw = value.to_string();
    let fact = Uuid::new_v5(&unit.group.event.0, raw.as_bytes());
    let (event, now) = (unit.group.event, unit.group.now);
    // PostgreSQL stores no null character; JSON writes one as an escape, so none is in the text.
    let kept: String = raw.chars().take(RAW_CHARS).collect();
    if !store::put_oddity(unit.connection, event, (fact, &kept), (by, now))? {
        return Ok(());
    }
    let mut came = Unread::of((&kept, misfit), now, (by.device, by.account));
    if let Some(device) = by.device {
        came.device_name = find_name(unit.connection, event, device)?;
    }
    incidents::report(unit, &[Incident::not_understood(fact, came)])
}

/// Keeps one scan, and derives what follows: by few statements where it concerns one guest alone.
fn record_one(unit: &mut Unit<'_>, cell: &EventCell, recording: Recording) -> QueryResult<Outcome> {
    let all = |unit: &mut Unit<'_>, recording: Recording| {
        record(unit, &[recording]).map(|mut outcomes| outcomes.pop().unwrap_or(Outcome::Recorded))
    };
    let Some(guest) = recording.scan.guest.filter(|_| recording.scan.undoes.is_none()) else {
        return all(unit, recording);
    };
    let history = store::load_history(unit.connection, unit.group.event, Some(guest), recording.scan.id)?;
    if history.facts.contains(&recording.scan.fact()) {
        return Ok(Outcome::Duplicate);
    }
    let mut carriers = carriers_in(&history.scans);
    carriers.extend(recording.scan.carrier);
    let held = Held::load(unit, cell, (guest, &carriers))?;
    if !history.facts.is_empty() || held.shares_seats() {
        return all(unit, recording);
    }
    record_new(unit, recording, (&history, &held))?;
    Ok(Outcome::Recorded)
}

/// Keeps a scan under whose id there is nothing, of a guest who shares a seat with nobody or of nobody at
/// all, and derives what follows.
pub fn record_new(unit: &mut Unit<'_>, recording: Recording, (history, held): (&History, &Held)) -> QueryResult<()> {
    store::put_scans(unit.connection, unit.group.event, &[&recording], unit.group.now)?;
    report_of_nobody(unit, &[&recording])?;
    let Some(guest) = recording.scan.guest else { return Ok(()) };
    let mut scans = history.scans.clone();
    scans.push(recording.recorded());
    derive_alone(unit, guest, (&scans, held), history.derived.clone())
}

/// Keeps scans, and derives what follows.
pub fn record(unit: &mut Unit<'_>, recordings: &[Recording]) -> QueryResult<Vec<Outcome>> {
    let event = unit.group.event;
    let ids: BTreeSet<ScanId> = recordings.iter().map(|one| one.scan.id).collect();
    let mut kept: BTreeMap<ScanId, BTreeSet<Uuid>> = BTreeMap::new();
    for one in store::list_facts(unit.connection, event, &ids.into_iter().collect::<Vec<_>>())? {
        kept.entry(one.id).or_default().insert(one.fact);
    }
    let mut outcomes = Vec::with_capacity(recordings.len());
    let mut new = Vec::new();
    for one in recordings {
        let facts = kept.entry(one.scan.id).or_default();
        let is_first = facts.is_empty();
        outcomes.push(match (facts.insert(one.scan.fact()), is_first) {
            (false, _) => Outcome::Duplicate,
            (true, true) => Outcome::Recorded,
            (true, false) => Outcome::Reused,
        });
        if outcomes.last() != Some(&Outcome::Duplicate) {
            new.push(one);
        }
    }
    if new.is_empty() {
        return Ok(outcomes);
    }
    store::put_scans(unit.connection, event, &new, unit.group.now)?;
    let reused: BTreeSet<ScanId> = kept.iter().filter(|(_, facts)| facts.len() > 1).map(|(id, _)| *id).collect();
    report_reused(unit, &reused)?;
    report_of_nobody(unit, &new)?;
    let guests = concerned(unit, &new)?;
    derive_guests(unit, guests)?;
    Ok(outcomes)
}

/// What hand counters counted without a right to it: nothing is derived of guests by which it would come out.
fn report_of_nobody(unit: &mut Unit<'_>, new: &[&Recording]) -> QueryResult<()> {
    let of_nobody = new.iter().filter(|one| one.authority == Authority::None && one.scan.guest.is_none());
    let odd: Vec<Incident> = of_nobody.flat_map(|one| list_unauthorised(&[one.recorded()])).collect();
    if odd.is_empty() { Ok(()) } else { incidents::report(unit, &odd) }
}

fn report_reused(unit: &mut Unit<'_>, ids: &BTreeSet<ScanId>) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<ScanId> = ids.iter().copied().collect();
    let scans = store::list_by_id(unit.connection, unit.group.event, &ids)?;
    incidents::report(unit, &list_reused(&scans))
}

/// The guests of these scans, and of those that they take back.
fn concerned(unit: &mut Unit<'_>, new: &[&Recording]) -> QueryResult<BTreeSet<GuestIndex>> {
    let mut guests: BTreeSet<GuestIndex> = new.iter().filter_map(|one| one.scan.guest).collect();
    let undone: Vec<ScanId> = new.iter().filter_map(|one| one.scan.undoes).collect();
    guests.extend(store::list_guests_of_scans(unit.connection, unit.group.event, &undone)?);
    Ok(guests)
}

/// Forgets what names an attendee at checkpoints, before their badge is forgotten: what rosters say of
/// where they were, and what was written by hand. The scans stay, of somebody whom nobody knows, and so does what is
/// odd about them.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    late::forget(unit, attendee)?;
    let Some(guest) = store::find_guest(unit.connection, event, attendee)? else { return Ok(()) };
    store::forget_words(unit.connection, event, &[guest])?;
    for admission in store::list_admissions(unit.connection, event, &[guest])? {
        rows::put_admission(unit, &admission, false);
    }
    Ok(())
}
