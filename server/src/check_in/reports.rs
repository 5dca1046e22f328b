//! How it goes at the checkpoints: who came when, who is inside, who is missing.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::Serialize;
use shared::admission::{
    Ground as _, Occupancy, Recorded, Ride, ScanId, Use, UseFacts, derive, find_area, find_checkpoint, is_expected,
    rides_of_session, subject_at,
};
use shared::ids::{AttendeeId, EventId, GuestIndex, RecordId};
use shared::invitation::{EntryTerms, InvitedTo, restricted_by};
use shared::localised::Localised;
use shared::programme::{AccessArea, Collection, EntryRule, Programme, RecordBody, Stop, Vehicle};
use shared::registration::RegistrationStatus;
use shared::roster::areas;
use shared::time::Timestamp;

use super::store;
use crate::database::Connection;

/// One hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;

/// How many were let in in one hour for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Hour {
    /// When it began.
    pub from: Timestamp,
    /// How many.
    pub count: u64,
}

/// How many are inside in one use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Inside {
    /// The use.
    #[serde(flatten)]
    pub of: Use,
    /// How many guests were let in.
    pub admitted: u64,
    /// How many are inside.
    #[serde(flatten)]
    pub occupancy: Occupancy,
}

/// Somebody who is expected and was not let in.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Missing {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// The name of their delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation_name: Option<Localised>,
    /// The vehicle that is theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<RecordId>,
    /// At which of its stops, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<u32>,
}

/// Who is missing, and how many were expected.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Absence {
    /// How many are expected.
    pub expected: u64,
    /// How many of them were let in.
    pub admitted: u64,
    /// The others, by name.
    pub missing: Vec<Missing>,
    /// The places in vehicles of those who are expected, and whether they were let in.
    pub rides: Vec<(Ride, bool)>,
    /// The place in the order of names of who was asked for by [`About::behind`], whether they came meanwhile or not.
    pub behind: Option<(String, AttendeeId)>,
}

/// Which part of the event a report is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Only this area.
    pub area: Option<RecordId>,
    /// Only this session.
    pub session: Option<RecordId>,
    /// Only members of this delegation.
    pub delegation: Option<RecordId>,
    /// Of a list in the order of names, behind whom it goes on.
    pub behind: Option<AttendeeId>,
}

impl About {
    fn covers(&self, programme: &Programme, of: Use) -> bool {
        let guarded = find_area(programme, of.area).and_then(|area| area.session);
        self.area.is_none_or(|area| area == of.area)
            && self.session.is_none_or(|session| of.session.or(guarded) == Some(session))
    }
}

/// How many were let in hour by hour; one guest counts once for each use.
pub fn arrivals(c: &mut Connection, (event, programme): (EventId, &Programme), about: About) -> QueryResult<Vec<Hour>> {
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    for (of, _, at) in store::list_first_times(c, event)? {
        if about.covers(programme, of) {
            *hours.entry(at.0.div_euclid(HOUR_MS)).or_default() += 1;
        }
    }
    Ok(hours.into_iter().map(|(hour, count)| Hour { from: Timestamp(hour * HOUR_MS), count }).collect())
}

/// How many are inside, use by use, with what hand counters counted.
pub fn occupancy(c: &mut Connection, event: EventId) -> QueryResult<Vec<Inside>> {
    let mut uses: BTreeMap<Use, (u64, u64)> = BTreeMap::new();
    for (of, is_inside, count) in store::list_counts(c, event)? {
        let (admitted, inside) = uses.entry(of).or_default();
        *admitted += count;
        *inside += if is_inside { count } else { 0 };
    }
    let mut counted = store::list_counted(c, event)?;
    let ids: Vec<ScanId> = counted.iter().map(|recorded| recorded.scan.id).collect();
    let of_counters: BTreeSet<Use> = counted.iter().map(|recorded| recorded.scan.of_use()).collect();
    for of in of_counters {
        uses.entry(of).or_default();
    }
    counted.extend(store::list_undoing(c, event, &ids)?);
    let inside = uses.into_iter().map(|(of, (admitted, guests))| {
        let guests = u32::try_from(guests).unwrap_or(u32::MAX);
        Inside { of, admitted, occupancy: Occupancy { guests, counted: hand_count(of, &counted) } }
    });
    Ok(inside.collect())
}

fn hand_count(of: Use, scans: &[Recorded]) -> i64 {
    let facts = UseFacts {
        of,
        rule: EntryRule::Free,
        scans,
        voided: &BTreeMap::new(),
        share_seat: &[],
        known: &BTreeMap::new(),
    };
    derive(&facts).occupancy.counted
}

/// Who is expected, by the one invitation check, and was not let in. Where everybody registered may
/// enter, everybody confirmed is expected, or of a transfer those who were told which vehicle is theirs; on a way
/// back, who came by the way there.
pub fn absence(c: &mut Connection, (event, programme): (EventId, &Programme), about: About) -> QueryResult<Absence> {
    let area = about.area.and_then(|area| find_area(programme, area));
    let subject = match (about.session, area) {
        (Some(session), _) => programme.subject_of((InvitedTo::Sessions, session)),
        (None, Some(area)) if area.room.is_none() => subject_at(programme, area, Timestamp(0)),
        _ => None,
    };
    let entries = store::list_first_times(c, event)?;
    let came: BTreeSet<GuestIndex> =
        entries.iter().filter(|(of, ..)| about.covers(programme, *of)).map(|(_, guest, _)| *guest).collect();
    let there = way_there(programme, about);
    let on_the_way_there: BTreeSet<GuestIndex> =
        entries.iter().filter(|(of, ..)| there.contains(&of.area)).map(|(_, guest, _)| *guest).collect();
    let rides = rides(programme, about, &there);
    let is_for_all = about.session.is_some_and(|session| is_for_all(programme, session));
    let mut absence = Absence::default();
    for (attendee, person) in store::list_people(c, event)? {
        if about.behind == Some(attendee) {
            absence.behind = Some((person.details.name.clone(), attendee));
        }
        let ride = rides.get(&attendee).copied();
        let rides_there = ride.is_some() && person.guest.status == RegistrationStatus::Confirmed;
        let is_awaited = match there.is_empty() {
            true if is_for_all && !rides.is_empty() => rides_there,
            true => rides_there || is_expected(person.guest.standing(), subject.as_ref()),
            false => person.index.is_some_and(|guest| on_the_way_there.contains(&guest)),
        };
        let is_of = about.delegation.is_none_or(|delegation| person.guest.delegation == Some(delegation));
        if !(is_awaited && is_of) {
            continue;
        }
        absence.expected += 1;
        let has_come = person.index.is_some_and(|guest| came.contains(&guest));
        absence.rides.extend(ride.map(|ride| (ride, has_come)));
        if has_come {
            absence.admitted += 1;
            continue;
        }
        let (name, delegation_name) = (person.details.name, person.details.delegation_name);
        let (vehicle, stop) = (ride.map(|ride| ride.vehicle), ride.and_then(|ride| ride.stop));
        absence.missing.push(Missing { attendee, name, delegation_name, vehicle, stop });
    }
    absence.missing.sort_by(|one, other| (&one.name, one.attendee).cmp(&(&other.name, other.attendee)));
    Ok(absence)
}

/// Whether everybody who is registered may enter a session.
fn is_for_all(programme: &Programme, session: RecordId) -> bool {
    let object = (InvitedTo::Sessions, session);
    let is_for_few = EntryTerms::of(programme, object).is_some_and(|terms| terms.is_for_few());
    restricted_by(programme, object).is_none() && !is_for_few
}

/// Who was told which vehicle is theirs; on a way back for which nobody was, on the way there.
fn rides(programme: &Programme, about: About, there: &BTreeSet<RecordId>) -> BTreeMap<AttendeeId, Ride> {
    let Some(session) = about.session else { return BTreeMap::new() };
    let own = rides_of_session(programme, session);
    if !own.is_empty() {
        return own;
    }
    let sessions = there.iter().filter_map(|area| find_area(programme, *area)?.session);
    sessions.flat_map(|session| rides_of_session(programme, session)).collect()
}

/// The areas of the way there, where the report is about a way back.
fn way_there(programme: &Programme, about: About) -> BTreeSet<RecordId> {
    let is_about = |id: RecordId, area: &AccessArea| {
        about.area.map_or(about.session.is_some() && area.session == about.session, |asked| asked == id)
    };
    let areas = areas(programme).filter(|(id, area)| is_about(*id, area));
    areas.filter_map(|(_, area)| area.way_back_of).collect()
}

/// A vehicle with who boarded it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Boarded {
    /// The vehicle.
    pub vehicle: RecordId,
    /// Its name.
    pub name: Localised,
    /// Its number plate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plate: Option<String>,
    /// How many people it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// How many guests are in it.
    pub boarded: u64,
    /// How many people hand counters counted there, in less out.
    pub counted: i64,
    /// Its stops with who is expected at each, where people were told which vehicle is theirs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<AtStop>,
}

/// A stop of a vehicle with those who board there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AtStop {
    /// Where, in words.
    pub place: Localised,
    /// When it leaves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// How many are to board there.
    pub expected: u64,
    /// How many of them boarded, this vehicle or another.
    pub boarded: u64,
}

/// The stops of a vehicle; none where nobody was told that it is theirs.
fn stops_of((id, vehicle): (RecordId, &Vehicle), rides: &[(Ride, bool)]) -> Vec<AtStop> {
    let own: Vec<&(Ride, bool)> = rides.iter().filter(|(ride, _)| ride.vehicle == id).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let at_stop = |(place, stop): (u32, &Stop)| {
        let here = || own.iter().filter(|(ride, _)| ride.stop == Some(place));
        let (expected, boarded) = (here().count() as u64, here().filter(|(_, has_come)| *has_come).count() as u64);
        AtStop { place: stop.place.clone(), at: stop.at, expected, boarded }
    };
    (0..).zip(&vehicle.stops).map(at_stop).collect()
}

/// The vehicles that run for a session, by slug, with how many are in each. Of several doors the one counts by
/// which somebody came first.
pub fn boarding(
    c: &mut Connection,
    (event, programme): (EventId, &Programme),
    (session, rides): (RecordId, &[(Ride, bool)]),
) -> QueryResult<Vec<Boarded>> {
    let vehicle_of = |checkpoint: RecordId| find_checkpoint(programme, checkpoint).and_then(|found| found.vehicle);
    let mut aboard: BTreeMap<RecordId, u64> = BTreeMap::new();
    for (id, _) in areas(programme).filter(|(_, area)| area.session == Some(session)) {
        for admission in store::list_inside(c, event, Use { area: id, session: None })? {
            if let Some(vehicle) = vehicle_of(admission.first.checkpoint) {
                *aboard.entry(vehicle).or_default() += 1;
            }
        }
    }
    let mut counted = store::list_counted(c, event)?;
    let ids: Vec<ScanId> = counted.iter().map(|recorded| recorded.scan.id).collect();
    counted.extend(store::list_undoing(c, event, &ids)?);
    let vehicles = programme.list(Collection::Vehicles).filter_map(|record| match &record.body {
        RecordBody::Vehicles(vehicle) if vehicle.session == session => Some((record.id, vehicle)),
        _ => None,
    });
    let boarded = vehicles.map(|(id, vehicle)| {
        let here: Vec<Recorded> =
            counted.iter().filter(|one| vehicle_of(one.scan.checkpoint) == Some(id)).cloned().collect();
        let uses: BTreeSet<Use> = here.iter().map(|one| one.scan.of_use()).collect();
        Boarded {
            vehicle: id,
            name: vehicle.name.clone(),
            plate: vehicle.plate.clone(),
            seats: vehicle.seats,
            boarded: aboard.get(&id).copied().unwrap_or(0),
            counted: uses.into_iter().map(|of| hand_count(of, &here)).sum(),
            stops: stops_of((id, vehicle), rides),
        }
    });
    let mut boarded: Vec<Boarded> = boarded.collect();
    boarded.sort_by_key(|one| (slug_of(programme, one.vehicle), one.vehicle));
    Ok(boarded)
}

fn slug_of(programme: &Programme, vehicle: RecordId) -> String {
    programme.find(Collection::Vehicles, vehicle).map(|record| record.body.slug().to_owned()).unwrap_or_default()
}
