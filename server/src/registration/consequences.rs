//! What follows for registrations when a group changed categories and delegations.

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::{Collection, RecordBody, RecordKey};

use super::consents::follow_texts;
use super::duties::end_duties;
use super::promotion::settle;
use super::store;
use crate::sync::change_log::Unit;

/// Draws what follows: free places are given, members show their delegation's name, and nobody looks
/// after a delegation that is gone.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    settle(unit)?;
    for delegation in removed_delegations(unit) {
        end_duties(unit, delegation)?;
    }
    follow_texts(unit)?;
    let renamed = renamed_delegations(unit);
    if !renamed.is_empty() {
        for member in store::list_members(unit.connection, unit.group.event, &renamed)? {
            unit.group.attendee_changed(member);
        }
    }
    Ok(())
}

fn removed_delegations(unit: &Unit<'_>) -> Vec<RecordId> {
    let changed = unit.group.changed_records().iter().filter(|key| key.0 == Collection::Delegations);
    changed.filter(|key| unit.group.body(**key).is_none()).map(|key| key.1).collect()
}

fn renamed_delegations(unit: &Unit<'_>) -> Vec<RecordId> {
    let changed = unit.group.changed_records().iter().filter(|key| key.0 == Collection::Delegations);
    let name = |body: Option<&RecordBody>| match body {
        Some(RecordBody::Delegations(delegation)) => Some(delegation.name.clone()),
        _ => None,
    };
    let before = |key: &RecordKey| unit.group.programme_before().find(key.0, key.1).map(|record| &record.body);
    changed.filter(|key| name(before(key)) != name(unit.group.body(**key))).map(|key| key.1).collect()
}
