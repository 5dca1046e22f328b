//! What of the programme lies in which roster.
//!
//! Desks and doors hold every area, checkpoint, part and session that is not a draft; the door of one
//! session holds that session with its own areas and checkpoints. All of it follows from the records
//! alone, so that a device finds its roster complete whenever it is enrolled.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::programme::{Collection, Delegation, Programme, Record, RecordBody, RecordKey};
use shared::roster::{
    RosterCategory, RosterDelegation, RosterPart, RosterSession, has_protocol_roster, is_area_of_session,
    protocol_sessions,
};
use shared::sync::{Profile, Scope};

use super::projection::{Rows, row_collection};
use super::row::RowCollection;

/// The rosters that hold the whole programme.
const WHOLE: [Profile; 2] = [Profile::Full, Profile::Door];

/// Adds the rows of a record in rosters.
pub(super) fn project(programme: &Programme, record: &Record, rows: &mut Rows) {
    let id = record.id;
    let (collection, value, session_alone) = match &record.body {
        RecordBody::Sessions(_) => {
            let Some(session) = RosterSession::of(programme, id) else { return };
            let own = has_protocol_roster(programme, id).then_some(id);
            (RowCollection::RosterSessions, json!(session), own.into_iter().collect())
        }
        RecordBody::Parts(_) => {
            let Some(part) = RosterPart::of(programme, id) else { return };
            (RowCollection::RosterParts, json!(part), BTreeSet::new())
        }
        RecordBody::AccessAreas(_) | RecordBody::Checkpoints(_) | RecordBody::Vehicles(_) => {
            let collection = row_collection(record.body.collection());
            (collection, record.body.to_json(), sessions_of(programme, &record.body))
        }
        RecordBody::Categories(category) => {
            let value = json!(RosterCategory::of(category)).to_string();
            rows.insert((Scope::Roster(Profile::Full), (RowCollection::RosterCategories, id.0)), value);
            return;
        }
        RecordBody::Delegations(delegation) => return project_delegation(programme, (id, delegation), rows),
        _ => return,
    };
    let alone = session_alone.into_iter().map(Profile::Protocol);
    for profile in WHOLE.into_iter().chain(alone) {
        let value = shown_in(profile, &value).to_string();
        rows.insert((Scope::Roster(profile), (collection, id.0)), value);
    }
}

/// Desks know every delegation, doors only how many of which may be inside.
fn project_delegation(programme: &Programme, (id, delegation): (RecordId, &Delegation), rows: &mut Rows) {
    let row = RosterDelegation::of(delegation);
    let key = (RowCollection::RosterDelegations, id.0);
    let named = RosterDelegation { name: Some(delegation.name.clone()), ..row.clone() };
    rows.insert((Scope::Roster(Profile::Full), key), json!(named).to_string());
    if row.limits.is_empty() {
        return;
    }
    rows.insert((Scope::Roster(Profile::Door), key), json!(row).to_string());
    for session in protocol_sessions(programme) {
        rows.insert((Scope::Roster(Profile::Protocol(session)), key), json!(row).to_string());
    }
}

/// Who drives and who rides is for desks: whoever steals a door's device learns nobody's telephone number, and
/// of passengers only those of its own door.
fn shown_in(profile: Profile, value: &Value) -> Value {
    let mut value = value.clone();
    if profile != Profile::Full
        && let Some(fields) = value.as_object_mut()
    {
        fields.shift_remove("driver");
        fields.shift_remove("passengers");
    }
    value
}

/// The sessions with a roster of their own that an area, checkpoint or vehicle belongs to.
fn sessions_of(programme: &Programme, body: &RecordBody) -> BTreeSet<RecordId> {
    let area = match body {
        RecordBody::AccessAreas(area) => area,
        RecordBody::Checkpoints(checkpoint) => match programme.find(Collection::AccessAreas, checkpoint.area) {
            Some(record) => return sessions_of(programme, &record.body),
            None => return BTreeSet::new(),
        },
        RecordBody::Vehicles(vehicle) => {
            let own = has_protocol_roster(programme, vehicle.session).then_some(vehicle.session);
            return own.into_iter().collect();
        }
        _ => return BTreeSet::new(),
    };
    if area.session.is_none() && area.room.is_none() {
        return BTreeSet::new();
    }
    let mut sessions = protocol_sessions(programme);
    sessions.retain(|session| is_area_of_session(programme, area, *session));
    sessions
}

/// The keys whose rows in rosters may differ when the records of `changed` do, in either programme.
pub(super) fn affected(before: &Programme, after: &Programme, changed: &BTreeSet<RecordKey>) -> BTreeSet<RecordKey> {
    let has = |collection: Collection| changed.iter().any(|key| key.0 == collection);
    let mut keys = BTreeSet::new();
    for programme in [before, after] {
        if has(Collection::Events) || has(Collection::Parts) || has(Collection::AccessAreas) {
            let concerned = |id: &RecordId, part: Option<RecordId>, room: Option<RecordId>| {
                has(Collection::Events)
                    || part.is_some_and(|part| changed.contains(&(Collection::Parts, part)))
                    || guards(programme, changed, (*id, room))
            };
            let sessions = programme.sessions().filter(|(id, session)| concerned(id, session.part, session.room));
            keys.extend(sessions.map(|(id, _)| (Collection::Sessions, id)));
        }
        if has(Collection::Events) || has(Collection::Parts) {
            keys.extend(programme.list(Collection::Parts).map(|record| (Collection::Parts, record.id)));
        }
        let decides = [Collection::Events, Collection::Parts, Collection::Sessions, Collection::AccessAreas];
        if decides.into_iter().any(has) {
            let rooted =
                [Collection::AccessAreas, Collection::Checkpoints, Collection::Vehicles, Collection::Delegations];
            for collection in rooted {
                keys.extend(programme.list(collection).map(|record| (collection, record.id)));
            }
        }
    }
    keys
}

/// Whether one of the areas that changed guards the session or its room.
fn guards(programme: &Programme, changed: &BTreeSet<RecordKey>, (session, room): (RecordId, Option<RecordId>)) -> bool {
    let areas = changed.iter().filter(|key| key.0 == Collection::AccessAreas);
    areas.filter_map(|key| programme.find(key.0, key.1)).any(|record| match &record.body {
        RecordBody::AccessAreas(area) => area.session == Some(session) || (area.room.is_some() && area.room == room),
        _ => false,
    })
}
