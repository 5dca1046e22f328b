//! The rows of admissions, of what is odd, and of sessions that have moved.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::admission::{Admission, MovedSession};
use shared::ids::RecordId;
use shared::programme::Programme;
use shared::roster::has_protocol_roster;
use shared::sync::{Profile, Scope};
use uuid::Uuid;

use super::store::StoredIncident;
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Puts the row of an admission into the rosters that need it; `is_there` tells whether it is one still.
pub fn put_admission(unit: &mut Unit<'_>, admission: &Admission, is_there: bool) {
    let key = (RowCollection::Admissions, admission.id());
    let value = is_there.then(|| json!(admission));
    let protocol = admission.session.filter(|session| has_protocol_roster(unit.group.programme(), *session));
    let profiles = [Some(Profile::Full), Some(Profile::Door), protocol.map(Profile::Protocol)];
    for profile in profiles.into_iter().flatten() {
        unit.group.put_row(Scope::Roster(profile), key, value.as_ref());
    }
}

/// Puts the row of an incident before desks and organisers.
pub fn put_incident(unit: &mut Unit<'_>, stored: &StoredIncident) {
    write_incident(unit, stored.incident.id, Some(&json!(stored)));
}

/// Takes the row of an incident away.
pub fn take_incident(unit: &mut Unit<'_>, id: Uuid) {
    write_incident(unit, id, None);
}

fn write_incident(unit: &mut Unit<'_>, id: Uuid, value: Option<&Value>) {
    for scope in [Scope::Roster(Profile::Full), Scope::Organiser] {
        unit.group.put_row(scope, (RowCollection::Incidents, id), value);
    }
}

/// Says in rosters which rooms a session has left.
pub fn put_moved(unit: &mut Unit<'_>, session: RecordId, left: &BTreeSet<RecordId>) {
    let key = (RowCollection::MovedSessions, session.0);
    let value = json!(MovedSession { left: left.clone() });
    for profile in profiles_of(unit.group.programme(), session) {
        unit.group.put_row(Scope::Roster(profile), key, Some(&value));
    }
}

fn profiles_of(programme: &Programme, session: RecordId) -> Vec<Profile> {
    let protocol = has_protocol_roster(programme, session).then_some(Profile::Protocol(session));
    [Profile::Full, Profile::Door].into_iter().chain(protocol).collect()
}
