//! What the server knows of who comes to a checkpoint: what its rosters say, and what was scanned.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono_tz::Tz;
use diesel::QueryResult;
use shared::admission::{
    Admission, DeskPerson, Direction, GuestDetails, Knowledge, Limit, LimitOf, Presence, Presented, ProtocolGuest,
    Question, Recorded, RosterGuest, ScanId, Subject, Use, UseFacts, derive, find_area, find_checkpoint, list_moved,
    subject_at, use_at,
};
use shared::badge::BadgeClaims;
use shared::ids::{AttendeeId, GuestIndex, RecordId};
use shared::programme::{AccessArea, Checkpoint, Collection, Programme, RecordBody};
use shared::roster::RosterDelegation;
use shared::sync::Profile;
use shared::time::Day;

use super::asked::Asked;
use super::held::{Held, carriers_in, find_row, list_that_left};
use super::store::{self, History};
use crate::sync::change_log::Unit;
use crate::sync::feed::EventCell;
use crate::sync::row::RowCollection;

/// What was shown, as far as it was read outside the event's writing.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// What it is.
    pub presented: Presented,
    /// What a badge says.
    pub claims: Option<BadgeClaims>,
}

/// Somebody at a checkpoint.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Comer {
    /// By what doors know them.
    pub guest: Option<GuestIndex>,
    /// Which badge.
    pub carrier: Option<u32>,
    /// What rosters say of them.
    pub known: Option<RosterGuest>,
    /// Who they are, as far as who asks may know.
    pub details: Option<GuestDetails>,
    /// Whether the badge was made void.
    pub is_void: bool,
}

/// What is asked of the judge, and what the answer counts for.
pub struct Put {
    /// The question.
    pub question: Question,
    /// What an admission counts for.
    pub of: Use,
    /// Who comes.
    pub comer: Comer,
    /// All scans of them so far, and what is kept under the scan's id.
    pub history: History,
    /// What rosters hold of them.
    pub held: Held,
}

/// Puts a question together; none where there is no such checkpoint.
pub fn put_question(
    unit: &mut Unit<'_>,
    (cell, checkpoint): (&EventCell, RecordId),
    (asked, shown): (&Asked, &Shown),
    (roster, id): (Option<Profile>, ScanId),
) -> QueryResult<Option<Put>> {
    let programme = unit.group.programme().clone();
    let Some(found) = find_checkpoint(&programme, checkpoint) else { return Ok(None) };
    let Some(area) = find_area(&programme, found.area) else { return Ok(None) };
    let now = unit.group.now;
    let subject = subject_at(&programme, area, now);
    let of = use_at((found.area, area), subject.as_ref());
    let Found { comer, history, held } = find_comer(unit, cell, (asked, shown), (roster, id))?;
    let presence = comer.guest.map(|guest| presence_of((of, area), guest, &history.scans)).unwrap_or_default();
    let limits = match asked.direction {
        Direction::In => list_limits(unit, (of, area, found), (subject.as_ref(), comer.known.as_ref()))?,
        // Who goes out takes no place.
        Direction::Out => Vec::new(),
    };
    let moved_away = match area.room {
        Some(room) => list_moved(&programme, area, &list_that_left(unit, cell, room)?),
        None => Vec::new(),
    };
    let question = Question {
        now,
        day: today(&programme, unit),
        direction: asked.direction,
        presented: shown.presented,
        is_void: comer.is_void,
        guest: comer.known.clone(),
        kind: found.kind,
        moved_away,
        area: area.clone(),
        subject,
        presence,
        limits,
        knowledge: Knowledge { age_ms: Some(0), as_of: None, is_complete: true },
    };
    Ok(Some(Put { question, of, comer, history, held }))
}

fn today(programme: &Programme, unit: &Unit<'_>) -> Option<Day> {
    let zone = Tz::from_str(&programme.event()?.1.time_zone).ok()?;
    Some(Day(unit.group.now.day_in(zone)))
}

/// Somebody at a checkpoint, with what is kept of them.
struct Found {
    comer: Comer,
    history: History,
    held: Held,
}

/// Who comes, as the rosters had them when the group began, with what is kept of them and of the scan.
fn find_comer(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (asked, shown): (&Asked, &Shown),
    (roster, id): (Option<Profile>, ScanId),
) -> QueryResult<Found> {
    let event = unit.group.event;
    let person = match asked.attendee {
        Some(attendee) => find_person(unit, cell, (attendee, roster))?,
        None => None,
    };
    let claims = shown.claims.as_ref();
    let guest = match asked.attendee {
        Some(_) => person.as_ref().and_then(|person| person.index),
        None => claims.map(|claims| claims.secret.index()).or(asked.guest),
    };
    let history = store::load_history(unit.connection, event, guest, id)?;
    let mut carriers = carriers_in(&history.scans);
    carriers.extend(claims.map(|claims| claims.carrier));
    let held = match guest {
        Some(guest) => Held::load(unit, cell, (guest, &carriers))?,
        None => Held::default(),
    };
    let mut comer = Comer { guest, ..Comer::default() };
    if let Some(claims) = claims {
        comer.carrier = Some(claims.carrier);
        comer.is_void = held.void.contains(&claims.carrier);
        let opened = held.guest.as_ref().and_then(|row| row.open(&claims.secret, event));
        (comer.known, comer.details) = opened.map(|opened| (opened.guest, opened.details)).unzip();
    }
    if let Some(person) = person {
        (comer.known, comer.details) = (Some(person.guest), Some(person.details));
    } else if let Some(index) = asked.guest {
        comer.known = find_by_index(unit, cell, index)?.map(|person| person.guest);
    }
    Ok(Found { comer, history, held })
}

/// Somebody by what doors know them, as desks know them: a door's own row says without their badge what it counts by.
fn find_by_index(unit: &mut Unit<'_>, cell: &EventCell, index: GuestIndex) -> QueryResult<Option<DeskPerson>> {
    match store::list_known(unit.connection, unit.group.event, &[index])?.remove(&index) {
        Some(known) => find_row(unit, cell, (Profile::Full, (RowCollection::DeskPeople, known.attendee.0))),
        None => Ok(None),
    }
}

/// Somebody by name. A door asks for nobody by name, that of one session for its own guests.
fn find_person(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (attendee, roster): (AttendeeId, Option<Profile>),
) -> QueryResult<Option<DeskPerson>> {
    let is_known = match roster {
        None | Some(Profile::Full) => true,
        Some(Profile::Door) => false,
        Some(profile) => {
            let key = (RowCollection::ProtocolGuests, attendee.0);
            find_row::<ProtocolGuest>(unit, cell, (profile, key))?.is_some()
        }
    };
    let key = (RowCollection::DeskPeople, attendee.0);
    if is_known { find_row(unit, cell, (Profile::Full, key)) } else { Ok(None) }
}

/// From the scans themselves, so that what the group has recorded so far counts.
fn presence_of((of, area): (Use, &AccessArea), guest: GuestIndex, scans: &[Recorded]) -> Presence {
    let facts =
        UseFacts { of, rule: area.rule, scans, voided: &BTreeMap::new(), share_seat: &[], known: &BTreeMap::new() };
    derive(&facts).admissions.get(&guest).map(Presence::from).unwrap_or_default()
}

/// How many are inside, of all, of the guest's delegation and in the vehicle, where that is bounded.
fn list_limits(
    unit: &mut Unit<'_>,
    (of, area, checkpoint): (Use, &AccessArea, &Checkpoint),
    (subject, known): (Option<&Subject>, Option<&RosterGuest>),
) -> QueryResult<Vec<Limit>> {
    let (event, mut limits) = (unit.group.event, Vec::new());
    if let Some(at_most) = area.capacity {
        let inside = store::count_inside(unit.connection, event, of)?;
        limits.push(Limit { of: LimitOf::Area, inside, at_most });
    }
    if let Some((vehicle, at_most)) = seats_of(unit.group.programme(), checkpoint) {
        let inside = count_aboard(unit, of, vehicle)?;
        limits.push(Limit { of: LimitOf::Vehicle, inside, at_most });
    }
    let delegation = known.and_then(|known| known.delegation);
    let most = delegation.zip(subject).and_then(|(id, subject)| most_of(unit.group.programme(), id, subject));
    if let Some((at_most, delegation)) = most.zip(delegation) {
        let inside = store::count_delegation_inside(unit.connection, unit.group.event, of, delegation)?;
        limits.push(Limit { of: LimitOf::Delegation, inside, at_most });
    }
    Ok(limits)
}

/// How many of a delegation may be inside at one time.
fn most_of(programme: &Programme, delegation: RecordId, subject: &Subject) -> Option<u32> {
    let RecordBody::Delegations(delegation) = &programme.find(Collection::Delegations, delegation)?.body else {
        return None;
    };
    RosterDelegation::of(delegation).most_inside((subject.collection, subject.id))
}

/// How many of those who are inside came by the doors of a vehicle.
fn count_aboard(unit: &mut Unit<'_>, of: Use, vehicle: RecordId) -> QueryResult<u32> {
    let aboard = store::list_inside(unit.connection, unit.group.event, of)?;
    let programme = unit.group.programme();
    let came_by = |one: &Admission| find_checkpoint(programme, one.first.checkpoint).and_then(|at| at.vehicle);
    let count = aboard.iter().filter(|one| came_by(one) == Some(vehicle)).count();
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The vehicle whose door a checkpoint is, with its seats, where they are counted.
fn seats_of(programme: &Programme, checkpoint: &Checkpoint) -> Option<(RecordId, u32)> {
    let id = checkpoint.vehicle?;
    match &programme.find(Collection::Vehicles, id)?.body {
        RecordBody::Vehicles(vehicle) => Some((id, vehicle.seats?)),
        _ => None,
    }
}
