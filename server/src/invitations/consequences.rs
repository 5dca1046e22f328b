//! What follows for invitations from what a commit group changed.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::Collection;

use super::{rows, store};
use crate::sync::change_log::{Group, Unit};

/// Draws the consequences: nobody is invited to what is gone.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let gone = gone_objects(unit.group);
    if gone.is_empty() {
        return Ok(());
    }
    let taken = store::delete_of_objects(unit.connection, unit.group.event, &gone)?;
    rows::take_away(unit, &taken)
}

fn gone_objects(group: &Group) -> BTreeSet<RecordId> {
    let changed = group.changed_records().iter();
    let objects = changed.filter(|key| matches!(key.0, Collection::Parts | Collection::Sessions));
    objects.filter(|key| group.body(**key).is_none()).map(|key| key.1).collect()
}
