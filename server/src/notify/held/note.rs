//! Noting, in the transaction of a change, that people are to be told of it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::notice::SessionChange;
use shared::programme::{Collection, Programme, Record, RecordBody, RecordKey, Session, State, Vehicle};
use shared::time::Timestamp;

use super::store::{self, HeldLine};
use super::{LONGEST_MS, PAUSE_MS, due_at, is_soon};
use crate::notify::dispatches;
use crate::sync::change_log::Unit;
use crate::sync::projection;

/// Holds what the group changed of sessions that people may see. Runs once, when the group ends; where it
/// changed none, it costs nothing.
pub fn note(unit: &mut Unit<'_>) -> QueryResult<()> {
    let changes = list_changes(unit);
    if changes.is_empty() {
        return Ok(());
    }
    let (event, now) = (unit.group.event, unit.group.now);
    let held = store::list(unit.connection, event)?;
    let untold = dispatches::list_untold_changes(unit.connection, event)?;
    let is_soon = is_pressing(unit, &changes, &held)?;
    let is_import = unit.group.audit_lines().iter().any(|line| line.operation == "import");
    let waiting = || held.values().filter(|line| line.is_waiting(now));
    let opened_at = waiting().map(|line| line.opened_at).min().unwrap_or(now);
    // What an organiser told to wait does, also with what is edited meanwhile.
    let latest = waiting().map(|line| line.due_at).max().unwrap_or(now);
    let due = if is_soon { now } else { due_at(opened_at, now).max(latest) };
    let mut written: BTreeMap<RecordId, HeldLine> = BTreeMap::new();
    if !is_soon {
        // One pause for all: what is edited together goes out together.
        let merged = held.iter().filter(|(_, line)| line.is_waiting(now));
        written.extend(merged.map(|(id, line)| (*id, HeldLine { due_at: due, ..line.clone() })));
    }
    for Changed { id, known, vehicles, .. } in changes {
        let line = match held.get(&id) {
            Some(line) if line.is_on_hold(now) => HeldLine { is_import, ..line.clone() },
            Some(line) if line.is_untold => {
                HeldLine { opened_at: now, due_at: due, is_import, is_untold: false, ..line.clone() }
            }
            Some(line) => HeldLine { due_at: due, is_import, ..line.clone() },
            None => {
                // Of what waits for an organiser nobody was told.
                let waiting = untold.iter().find(|change| change.session == id);
                let known = match waiting {
                    Some(change) => known.and_then(|known| change.known_before(&known)),
                    None => known,
                };
                HeldLine { known, opened_at: now, due_at: due, is_import, vehicles, is_untold: false, untold: None }
            }
        };
        written.insert(id, line);
    }
    store::put(unit.connection, event, &written)
}

/// Whether some of it does not wait, since it begins within the hour. Where people were told of that session a moment
/// ago, further edits of it merge as they do otherwise: whoever is told at once is not told at each touch of a key.
fn is_pressing(unit: &mut Unit<'_>, changes: &[Changed], held: &BTreeMap<RecordId, HeldLine>) -> QueryResult<bool> {
    let (event, now) = (unit.group.event, unit.group.now);
    let soon: Vec<&Changed> = changes.iter().filter(|change| change.is_soon(now)).collect();
    if soon.is_empty() {
        return Ok(false);
    }
    let since = Timestamp(now.0 - LONGEST_MS - PAUSE_MS);
    let told = dispatches::list_told_since(unit.connection, event, since)?;
    let is_settled = |change: &&Changed| {
        let is_merging = held.get(&change.id).is_some_and(|line| line.is_waiting(now));
        let pause = if is_merging { LONGEST_MS + PAUSE_MS } else { PAUSE_MS };
        told.get(&change.id).is_none_or(|at| at.0 + pause <= now.0)
    };
    Ok(soon.iter().any(is_settled))
}

/// A session of which people are to be told.
pub(super) struct Changed {
    /// Which.
    pub id: RecordId,
    /// As people know it.
    pub known: Option<Session>,
    /// The vehicles that people know to run for it.
    pub vehicles: BTreeMap<RecordId, Vehicle>,
    change: SessionChange,
}

impl Changed {
    /// Whether it begins within the hour, as it was or as it is, or is under way.
    pub fn is_soon(&self, now: Timestamp) -> bool {
        is_soon(&self.change, now)
    }
}

fn list_changes(unit: &Unit<'_>) -> Vec<Changed> {
    let programmes = (unit.group.programme_before(), unit.group.programme());
    list_changes_between(programmes, unit.group.changed_records().iter())
}

/// Of which sessions people are to be told because of these records, who saw them.
pub(super) fn list_changes_between<'a>(
    (before, after): (&Programme, &Programme),
    changed: impl Iterator<Item = &'a RecordKey>,
) -> Vec<Changed> {
    // With an event that becomes public everything is new, and nobody had it.
    if before.event().is_none_or(|(_, event)| event.state == State::Draft) {
        return Vec::new();
    }
    let changed = changed.flat_map(|key| match key.0 {
        Collection::Sessions => vec![*key],
        // What is cancelled as a whole takes its sessions with it.
        Collection::Parts | Collection::Events => list_with(before, after),
        // What a vehicle runs for is otherwise where the vehicle is.
        Collection::Vehicles => [before, after].into_iter().filter_map(|programme| run_for(programme, key.1)).collect(),
        _ => Vec::new(),
    });
    let sessions: BTreeSet<RecordKey> = changed.collect();
    let change = |key: RecordKey| {
        let (known, is) = (shown(before, key), shown(after, key));
        let (vehicles, run) = (list_vehicles(before, key.1), list_vehicles(after, key.1));
        let change = SessionChange::between_with_vehicles(key.1, (known.as_ref(), &vehicles), (is.as_ref(), &run))?;
        Some(Changed { id: key.1, known, vehicles, change })
    };
    sessions.into_iter().filter_map(change).collect()
}

/// The session that a vehicle runs for.
fn run_for(programme: &Programme, vehicle: RecordId) -> Option<RecordKey> {
    match &programme.find(Collection::Vehicles, vehicle)?.body {
        RecordBody::Vehicles(vehicle) => Some((Collection::Sessions, vehicle.session)),
        _ => None,
    }
}

/// The vehicles that run for a session.
pub(super) fn list_vehicles(programme: &Programme, session: RecordId) -> BTreeMap<RecordId, Vehicle> {
    let runs = |record: &std::sync::Arc<Record>| match &record.body {
        RecordBody::Vehicles(vehicle) if vehicle.session == session => Some((record.id, vehicle.clone())),
        _ => None,
    };
    programme.list(Collection::Vehicles).filter_map(runs).collect()
}

/// The sessions that are cancelled with their part or the event, or restored with it.
fn list_with(before: &Programme, after: &Programme) -> Vec<RecordKey> {
    let is_other = |id: RecordId, session: &Session| {
        before.session(id).is_some_and(|known| before.state_of(known) != after.state_of(session))
    };
    let sessions = after.sessions().filter(|(id, session)| is_other(*id, session));
    sessions.map(|(id, _)| (Collection::Sessions, id)).collect()
}

/// The session, where it has a row for readers, as they have it.
fn shown(programme: &Programme, key: RecordKey) -> Option<Session> {
    projection::scope_of_row(programme, key)?;
    programme.session_as_held(key.1)
}
