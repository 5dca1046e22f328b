//! Who was let in and what is odd, made anew for the guests of whom something was scanned.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::admission::{
    Admission, Claim, DeskBadges, DeskPerson, DoorGuest, Incident, IncidentKind, Recorded, ScanId, Use, UseFacts, Ways,
    derive, find_area, list_by_desk_badge, list_crossings, list_stolen, list_unauthorised,
};
use shared::badge::{VoidCarrier, VoidReason};
use shared::ids::GuestIndex;
use shared::programme::EntryRule;
use shared::registration::RegistrationStatus;
use shared::sync::{Profile, Scope};
use shared::time::Timestamp;
use uuid::Uuid;

use super::held::Held;
use super::store::{self, Derived, StoredIncident};
use super::{incidents, rows};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Two guests of whom one sits on the other's seat, in one part or session.
type Pairs = BTreeMap<Uuid, BTreeSet<(GuestIndex, GuestIndex)>>;

/// When badges of guests were made void and why, by guest and carrier.
type Void = BTreeMap<(GuestIndex, u32), (Timestamp, VoidReason)>;

/// What is known of badges.
#[derive(Default)]
struct Badges {
    void: Void,
    of_desks: DeskBadges,
}

impl Badges {
    /// Those that were void by then, whatever for.
    fn voided(&self, is_asked: impl Fn(VoidReason) -> bool) -> BTreeMap<(GuestIndex, u32), Timestamp> {
        let asked = self.void.iter().filter(|(_, (_, reason))| is_asked(*reason));
        asked.map(|(badge, (at, _))| (*badge, *at)).collect()
    }
}

/// What was derived of some guests.
#[derive(Default)]
struct Found {
    admissions: BTreeMap<Uuid, Admission>,
    incidents: BTreeMap<Uuid, Incident>,
}

/// Derives what the scans of these guests say, and writes what differs from what is kept.
pub fn derive_guests(unit: &mut Unit<'_>, mut guests: BTreeSet<GuestIndex>) -> QueryResult<()> {
    if guests.is_empty() {
        return Ok(());
    }
    let pairs = list_pairs(unit, &guests)?;
    guests.extend(pairs.values().flatten().flat_map(|(one, other)| [*one, *other]));
    let guests: Vec<GuestIndex> = guests.into_iter().collect();
    let scans = load_scans(unit, &guests)?;
    let event = unit.group.event;
    let kept = Derived {
        admissions: store::list_admissions(unit.connection, event, &guests)?,
        incidents: store::list_about(unit.connection, event, &guests)?,
    };
    let badges = match has_badges(&scans) {
        true => Badges {
            void: store::list_voided(unit.connection, event, &guests)?,
            of_desks: store::list_desk_badges(unit.connection, event, &guests)?,
        },
        false => Badges::default(),
    };
    derive_loaded(unit, (&guests, &scans), (&pairs, badges), kept)
}

fn has_badges(scans: &[Recorded]) -> bool {
    scans.iter().any(|recorded| recorded.scan.carrier.is_some())
}

/// Derives what all scans of one guest say who shares a seat with nobody, and writes what differs from what is kept.
pub fn derive_alone(
    unit: &mut Unit<'_>,
    guest: GuestIndex,
    (scans, held): (&[Recorded], &Held),
    kept: Derived,
) -> QueryResult<()> {
    let event = unit.group.event;
    // Rosters say that a badge is void, whichever scan it was read in, and not since when; nor do they know
    // what this group has done to badges.
    let may_be_void = !held.void.is_empty() || !unit.group.changed_attendees().is_empty();
    let void = if may_be_void { store::list_voided(unit.connection, event, &[guest])? } else { Void::new() };
    let is_confirmed =
        held.guest.as_ref().is_some_and(|row| row.guest.status == RegistrationStatus::Confirmed) && !may_be_void;
    let of_desks = match has_badges(scans) && !is_confirmed {
        true => store::list_desk_badges(unit.connection, event, &[guest])?,
        false => DeskBadges::default(),
    };
    derive_loaded(unit, (&[guest], scans), (&Pairs::new(), Badges { void, of_desks }), kept)
}

fn derive_loaded(
    unit: &mut Unit<'_>,
    (guests, scans): (&[GuestIndex], &[Recorded]),
    (pairs, mut badges): (&Pairs, Badges),
    kept: Derived,
) -> QueryResult<()> {
    // What the key of a desk signed that was revoked is told by itself, whenever it was used.
    let voided = badges.voided(|reason| reason != VoidReason::KeyRevoked);
    let stolen = badges.voided(|reason| reason == VoidReason::Stolen);
    badges.of_desks.revoked = badges.voided(|reason| reason == VoidReason::KeyRevoked).into_keys().collect();
    let programme = unit.group.programme().clone();
    let mut found = Found::default();
    let uses: BTreeSet<Use> = scans.iter().map(|recorded| recorded.scan.of_use()).collect();
    for of in uses {
        let area = find_area(&programme, of.area);
        let rule = area.map_or(EntryRule::default(), |area| area.rule);
        let object = of.session.or(area.and_then(|area| area.session.or(area.part)));
        let pairs = object.and_then(|object| pairs.get(&object.0));
        let share_seat: Vec<(GuestIndex, GuestIndex)> = pairs.into_iter().flatten().copied().collect();
        let derived =
            derive(&UseFacts { of, rule, scans, voided: &voided, share_seat: &share_seat, known: &BTreeMap::new() });
        found.admissions.extend(derived.admissions.into_values().map(|one| (one.id(), one)));
        found.incidents.extend(derived.incidents);
    }
    let crossings = list_crossings(scans, &Ways(&programme));
    let shown = list_stolen(scans, &stolen);
    let by_desks = list_by_desk_badge(scans, &badges.of_desks);
    let all = crossings.into_iter().chain(shown).chain(by_desks).chain(list_unauthorised(scans));
    found.incidents.extend(all.map(|incident| (incident.id, incident)));
    write_admissions(unit, kept.admissions, found.admissions)?;
    write_incidents(unit, (guests, kept.incidents), found.incidents)
}

/// Who sits on whose seat, as rosters say it.
fn list_pairs(unit: &mut Unit<'_>, guests: &BTreeSet<GuestIndex>) -> QueryResult<Pairs> {
    let ids: Vec<Uuid> = guests.iter().map(|guest| guest.0).collect();
    let mut known: BTreeMap<Uuid, DoorGuest> =
        store::list_rows(unit.connection, unit.group.event, RowCollection::DoorGuests, &ids)?;
    // What the group itself has written so far is newer.
    for id in &ids {
        let key = (RowCollection::DoorGuests, *id);
        let written = unit.group.find_row(Scope::Roster(Profile::Door), key).flatten();
        known.extend(written.and_then(|row| Some((*id, serde_json::from_str(row).ok()?))));
    }
    let mut pairs = Pairs::new();
    for (id, DoorGuest { guest, .. }) in known {
        for claim in &guest.claims {
            let delegates = claim.sits_in_for.iter().map(|other| other.guest);
            let others = delegates.chain(claim.stood_in_by.iter().map(|other| other.guest));
            let of_claim = others.map(|other| (GuestIndex(id).min(other), GuestIndex(id).max(other)));
            pairs.entry(claim.object.0).or_default().extend(of_claim);
        }
    }
    Ok(pairs)
}

/// Derives anew what is said of those of whom the group wrote something that their scans did not say: that they
/// share a seat, that a badge of theirs is void from now on, or that a desk registered them. Whoever was let in
/// before is looked at again.
pub fn follow_rosters(unit: &mut Unit<'_>) -> QueryResult<()> {
    let mut guests = list_newly_void(unit)?;
    guests.extend(list_sharing(unit));
    guests.extend(list_walked_in(unit));
    derive_guests(unit, guests)
}

/// The guests of whom a badge became void in this group. A scan of it may have come first: a device's clock may be
/// ahead of the server's.
fn list_newly_void(unit: &mut Unit<'_>) -> QueryResult<BTreeSet<GuestIndex>> {
    let full = Scope::Roster(Profile::Full);
    let written = unit.group.row_keys(full).filter(|key| key.0 == RowCollection::VoidBadges);
    let void = |key| serde_json::from_str::<VoidCarrier>(unit.group.find_row(full, key)??).ok();
    let guests: BTreeSet<GuestIndex> = written.filter_map(void).map(|void| void.guest).collect();
    if guests.is_empty() {
        return Ok(guests);
    }
    let (event, now) = (unit.group.event, unit.group.now);
    let void = store::list_voided(unit.connection, event, &guests.into_iter().collect::<Vec<_>>())?;
    Ok(void.into_iter().filter(|(_, (at, _))| *at == now).map(|((guest, _), _)| guest).collect())
}

/// The guests whom a desk registered, with or without a badge of its own.
fn list_walked_in(unit: &Unit<'_>) -> BTreeSet<GuestIndex> {
    let full = Scope::Roster(Profile::Full);
    let written = unit.group.row_keys(full).filter(|key| key.0 == RowCollection::DeskPeople);
    let walked_in = |key| {
        let row = unit.group.find_row(full, key).flatten().filter(|row| row.contains("\"walk_in\":"))?;
        serde_json::from_str::<DeskPerson>(row).ok().filter(|person| person.walk_in.is_some())?.index
    };
    written.filter_map(walked_in).collect()
}

fn list_sharing(unit: &Unit<'_>) -> BTreeSet<GuestIndex> {
    let door = Scope::Roster(Profile::Door);
    let written: Vec<Uuid> =
        unit.group.row_keys(door).filter(|key| key.0 == RowCollection::DoorGuests).map(|key| key.1).collect();
    let shares = |id: &Uuid| {
        let row = unit.group.find_row(door, (RowCollection::DoorGuests, *id)).flatten();
        let row: Option<DoorGuest> = row
            .filter(|row| row.contains("sits_in_for") || row.contains("stood_in_by"))
            .and_then(|row| serde_json::from_str(row).ok());
        row.is_some_and(|row| row.guest.claims.iter().any(Claim::is_shared))
    };
    written.iter().filter(|id| shares(id)).map(|id| GuestIndex(*id)).collect()
}

/// The scans of these guests, and those that take one of them back.
fn load_scans(unit: &mut Unit<'_>, guests: &[GuestIndex]) -> QueryResult<Vec<Recorded>> {
    let mut scans = store::list_of_guests(unit.connection, unit.group.event, guests)?;
    let ids: BTreeSet<ScanId> = scans.iter().map(|recorded| recorded.scan.id).collect();
    let ids: Vec<ScanId> = ids.into_iter().collect();
    scans.extend(store::list_undoing(unit.connection, unit.group.event, &ids)?);
    Ok(scans)
}

fn write_admissions(
    unit: &mut Unit<'_>,
    kept: Vec<Admission>,
    mut found: BTreeMap<Uuid, Admission>,
) -> QueryResult<()> {
    let event = unit.group.event;
    let mut gone = Vec::new();
    for kept in kept {
        match found.get(&kept.id()) {
            Some(same) if *same == kept => {
                found.remove(&kept.id());
            }
            Some(_) => {}
            None => {
                rows::put_admission(unit, &kept, false);
                gone.push(kept.id());
            }
        }
    }
    store::delete_admissions(unit.connection, event, &gone)?;
    store::put_admissions(unit.connection, event, &found.values().collect::<Vec<_>>())?;
    found.values().for_each(|admission| rows::put_admission(unit, admission, true));
    Ok(())
}

/// What somebody resolved stays, as they saw it; what is not odd any more and nobody has looked at goes.
fn write_incidents(
    unit: &mut Unit<'_>,
    (guests, kept): (&[GuestIndex], Vec<StoredIncident>),
    mut found: BTreeMap<Uuid, Incident>,
) -> QueryResult<()> {
    let event = unit.group.event;
    let is_whole = |stored: &StoredIncident| {
        let all = stored.incident.guests.iter().all(|guest| guests.contains(guest));
        stored.incident.kind != IncidentKind::SeatTwice || all
    };
    let mut gone: Vec<Incident> = Vec::new();
    for kept in kept {
        match found.get(&kept.incident.id) {
            Some(same) if *same == kept.incident => {
                found.remove(&kept.incident.id);
            }
            None if kept.resolved_at.is_none() && is_whole(&kept) => gone.push(kept.incident),
            _ => {}
        }
    }
    let gone = list_settled_by_scans(unit, gone)?;
    gone.iter().for_each(|id| rows::take_incident(unit, *id));
    store::delete_incidents(unit.connection, event, &gone)?;
    incidents::report(unit, &found.into_values().collect::<Vec<_>>())
}

/// What follows from more than scans: from what is known of whom they are about.
const OF_PEOPLE: [IncidentKind; 5] = [
    IncidentKind::VoidCarrier,
    IncidentKind::StolenShown,
    IncidentKind::RevokedKey,
    IncidentKind::SeatTwice,
    IncidentKind::Unregistered,
];

/// The incidents that are none any more: not those that follow from what was known of somebody who was erased since,
/// and is no more. What happened stays to be looked at.
fn list_settled_by_scans(unit: &mut Unit<'_>, gone: Vec<Incident>) -> QueryResult<Vec<Uuid>> {
    let of_people = gone.iter().filter(|one| OF_PEOPLE.contains(&one.kind));
    let guests: BTreeSet<GuestIndex> = of_people.flat_map(|one| one.guests.iter().copied()).collect();
    let erased = match guests.is_empty() {
        true => BTreeSet::new(),
        false => store::list_erased(unit.connection, unit.group.event, &guests.into_iter().collect::<Vec<_>>())?,
    };
    let is_settled =
        |one: &Incident| !OF_PEOPLE.contains(&one.kind) || one.guests.iter().all(|guest| !erased.contains(guest));
    Ok(gone.into_iter().filter(is_settled).map(|one| one.id).collect())
}
