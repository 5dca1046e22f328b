//! What rosters hold of somebody at a checkpoint, as the last commit left it: from memory where doors are at
//! work, else by one statement.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::de::DeserializeOwned;
use shared::admission::{Claim, DoorGuest, MovedSession, Recorded};
use shared::badge::{VoidCarrier, carrier_row_id};
use shared::ids::{GuestIndex, RecordId};
use shared::sync::{Profile, Scope};

use super::store;
use crate::sync::change_log::Unit;
use crate::sync::feed::{EventCell, stored_rows};
use crate::sync::row::{RowCollection, RowKey};

/// What the doors' roster holds of a guest.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Held {
    /// What doors know of them.
    pub guest: Option<DoorGuest>,
    /// Which of the badges that were asked for are void.
    pub void: BTreeSet<u32>,
}

impl Held {
    /// Of a guest, and of these of their badges.
    pub fn load(
        unit: &mut Unit<'_>,
        cell: &EventCell,
        (guest, carriers): (GuestIndex, &BTreeSet<u32>),
    ) -> QueryResult<Self> {
        let event = unit.group.event;
        let own: RowKey = (RowCollection::DoorGuests, guest.0);
        let of_carrier = |carrier: &u32| ((RowCollection::VoidBadges, carrier_row_id(event, *carrier)), *carrier);
        let badges: BTreeMap<RowKey, u32> = carriers.iter().map(of_carrier).collect();
        let keys: Vec<RowKey> = badges.keys().copied().chain([own]).collect();
        let rows = find_rows(unit, cell, (Profile::Door, keys))?;
        let mut held = Self::default();
        for (key, value) in rows {
            match badges.get(&key) {
                Some(carrier) => {
                    let void: VoidCarrier = read(&value)?;
                    held.void.extend(Some(*carrier).filter(|_| void.guest == guest));
                }
                None => held.guest = Some(read(&value)?),
            }
        }
        Ok(held)
    }

    /// Whether somebody sits on the guest's seat somewhere, or they on another's.
    pub fn shares_seats(&self) -> bool {
        self.guest.as_ref().is_some_and(|row| row.guest.claims.iter().any(Claim::is_shared))
    }
}

/// The badges that were read in these scans.
pub fn carriers_in(scans: &[Recorded]) -> BTreeSet<u32> {
    scans.iter().filter_map(|recorded| recorded.scan.carrier).collect()
}

/// The sessions that have left a room: as the doors' roster says, where it lies in memory.
pub fn list_that_left(unit: &mut Unit<'_>, cell: &EventCell, room: RecordId) -> QueryResult<BTreeSet<RecordId>> {
    match find_in_memory(unit, cell, room) {
        Some(rows) => {
            let moved = rows.iter().map(|(session, row)| Ok((*session, read::<MovedSession>(row)?)));
            let moved = moved.collect::<QueryResult<Vec<_>>>()?;
            Ok(moved.into_iter().filter(|(_, moved)| moved.left.contains(&room)).map(|(session, _)| session).collect())
        }
        None => store::list_that_left(unit.connection, unit.group.event, room),
    }
}

/// The rows of sessions that have moved and name a room; none where the roster is not in memory.
fn find_in_memory(unit: &Unit<'_>, cell: &EventCell, room: RecordId) -> Option<Vec<(RecordId, Box<str>)>> {
    let (memory, name) = (cell.read(), room.to_string());
    let log = memory.scope(&Scope::Roster(Profile::Door))?.log.as_ref()?;
    let row_of = |session: RecordId| log.find((RowCollection::MovedSessions, session.0))?.value.clone();
    let rows = unit.group.programme().sessions().filter_map(|(session, _)| Some((session, row_of(session)?)));
    Some(rows.filter(|(_, row)| row.contains(&name)).collect())
}

/// One row of a roster.
pub fn find_row<T: DeserializeOwned>(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (profile, key): (Profile, RowKey),
) -> QueryResult<Option<T>> {
    let rows = find_rows(unit, cell, (profile, vec![key]))?;
    rows.values().next().map(|value| read(value)).transpose()
}

fn find_rows(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (profile, keys): (Profile, Vec<RowKey>),
) -> QueryResult<BTreeMap<RowKey, String>> {
    let scope = Scope::Roster(profile);
    let mut stored = stored_rows(unit.connection, cell, &BTreeMap::from([(scope, keys)]))?;
    let rows = stored.remove(&scope).unwrap_or_default().into_iter();
    Ok(rows.filter_map(|(key, row)| Some((key, row.value.as_deref()?.to_owned()))).collect())
}

fn read<T: DeserializeOwned>(value: &str) -> QueryResult<T> {
    serde_json::from_str(value).map_err(|error| {
        diesel::result::Error::DeserializationError(
            format!("the database holds an unreadable row of a roster: {error}").into(),
        )
    })
}
