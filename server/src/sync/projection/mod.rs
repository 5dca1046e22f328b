//! What a record looks like in which scope: the one projection table.
//!
//! Visibility decides. A gated object's full rows lie in `gate:<object>`; what is listed leaves a
//! stub one level up; what belongs to a part lies where the part's rows lie. Drafts, people and
//! audiences are for organisers.

mod people;
mod placement;
mod readers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::programme::{Collection, Programme, Record, RecordBody, RecordKey};
use shared::sync::Scope;

use people::{expand_people, people_of};
pub use people::{linked_attendees, speakers_of_part};
use placement::{FOR_ORGANISERS, Placement, is_shown, placement, placement_at, state_of_event};
pub use placement::{gate_of, is_visible, scope_of_row, scopes_of_row};
use readers::{strip_for_readers, strip_limits, stub_of};

use super::rosters;
use super::row::{RowCollection, RowKey};

/// Rows in scopes, encoded.
pub type Rows = BTreeMap<(Scope, RowKey), String>;

/// The rows of `keys`, and of every record whose rows depend on theirs.
pub fn project(programme: &Programme, keys: &BTreeSet<RecordKey>) -> Rows {
    let mut rows = Rows::new();
    for key in keys {
        if let Some(record) = programme.find(key.0, key.1) {
            project_record(programme, record, &mut rows);
        }
    }
    rows
}

/// The keys whose rows may differ when the records of `changed` do, in either programme.
pub fn affected(before: &Programme, after: &Programme, changed: &BTreeSet<RecordKey>) -> BTreeSet<RecordKey> {
    let mut keys = rosters::affected(before, after, changed);
    keys.extend(changed);
    for programme in [before, after] {
        keys.extend(changed.iter().filter_map(|key| choice_of(programme, *key)));
    }
    let has = |collection: Collection| changed.iter().any(|key| key.0 == collection);
    // Where a part, session or the event lies decides where others lie and what they may name.
    let moved = changed.iter().any(|key| placement_at(before, *key) != placement_at(after, *key))
        || (has(Collection::Events) && state_of_event(before) != state_of_event(after));
    if !moved && !has(Collection::People) && !has(Collection::Organisations) {
        return keys;
    }
    // A session's row holds its people with their organisations.
    let shows_changed_people = |body: &RecordBody| {
        has(Collection::Organisations) || people_of(body).any(|p| changed.contains(&(Collection::People, p.person)))
    };
    for programme in [before, after] {
        keys.extend(programme.iter().filter(|(_, r)| moved || shows_changed_people(&r.body)).map(|(key, _)| *key));
    }
    keys
}

/// The choice group of a session, whose row lies where its sessions do.
fn choice_of(programme: &Programme, (collection, id): RecordKey) -> Option<RecordKey> {
    let session = (collection == Collection::Sessions).then(|| programme.session(id))??;
    session.choice_group.map(|group| (Collection::ChoiceGroups, group))
}

fn project_record(programme: &Programme, record: &Record, rows: &mut Rows) {
    let Placement { full, stub } = if is_shown(programme) { placement(programme, record) } else { FOR_ORGANISERS };
    let mut value = record.body.to_json();
    if matches!(record.body, RecordBody::Sessions(_)) {
        expand_people(programme, &mut value);
    }
    if let RecordBody::Delegations(_) = record.body {
        let key = (RowCollection::DelegationDetails, record.id.0);
        rows.insert((Scope::Delegation(record.id), key), value.to_string());
        rows.insert((Scope::Organiser, key), value.to_string());
    }
    if let Some(scope) = full {
        strip_limits(&record.body, &mut value);
        strip_for_readers(programme, scope, &mut value);
    }
    if let Some(scope) = stub
        && let Some((collection, mut stub)) = stub_of(&record.body)
    {
        strip_for_readers(programme, scope, &mut stub);
        rows.insert((scope, (collection, record.id.0)), stub.to_string());
    }
    let key = (row_collection(record.body.collection()), record.id.0);
    rows.insert((full.unwrap_or(Scope::Organiser), key), value.to_string());
    rosters::project(programme, record, rows);
}

/// The collection of a record's full row.
pub fn row_collection(collection: Collection) -> RowCollection {
    match collection {
        Collection::Events => RowCollection::Events,
        Collection::Series => RowCollection::Series,
        Collection::Organisations => RowCollection::Organisations,
        Collection::Venues => RowCollection::Venues,
        Collection::Rooms => RowCollection::Rooms,
        Collection::Tracks => RowCollection::Tracks,
        Collection::People => RowCollection::People,
        Collection::Delegations => RowCollection::Delegations,
        Collection::Categories => RowCollection::Categories,
        Collection::Audiences => RowCollection::Audiences,
        Collection::Parts => RowCollection::Parts,
        Collection::ChoiceGroups => RowCollection::ChoiceGroups,
        Collection::Sessions => RowCollection::Sessions,
        Collection::Exhibitors => RowCollection::Exhibitors,
        Collection::Documents => RowCollection::Documents,
        Collection::OverviewEntries => RowCollection::OverviewEntries,
        Collection::AccessAreas => RowCollection::AccessAreas,
        Collection::Vehicles => RowCollection::Vehicles,
        Collection::Checkpoints => RowCollection::Checkpoints,
    }
}

/// The row of a record that somebody may hold who may hold the scopes that `may_hold` names; a stub
/// where that is all there is for them.
pub fn row_seen_by(programme: &Programme, key: RecordKey, may_hold: &dyn Fn(Scope) -> bool) -> Option<Value> {
    let rows = project(programme, &[key].into());
    let mut seen: Vec<_> = rows.into_iter().filter(|((scope, _), _)| may_hold(*scope)).collect();
    let full = row_collection(key.0);
    seen.sort_by_key(|((_, (collection, _)), _)| *collection != full);
    let (_, row) = seen.into_iter().next()?;
    serde_json::from_str(&row).ok()
}

/// The full row of a record behind a gate, as it is in a scope that holds it alone: it names nothing
/// that is not public. None where it is public, or for organisers.
pub fn row_in_scope(programme: &Programme, key: RecordKey, scope: Scope) -> Option<Value> {
    let placed = scope_of_row(programme, key).filter(|placed| *placed != Scope::Public);
    let record = placed.and_then(|_| programme.find(key.0, key.1))?;
    let mut value = record.body.to_json();
    if matches!(record.body, RecordBody::Sessions(_)) {
        expand_people(programme, &mut value);
    }
    strip_limits(&record.body, &mut value);
    strip_for_readers(programme, scope, &mut value);
    Some(value)
}
