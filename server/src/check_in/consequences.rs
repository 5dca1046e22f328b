//! What follows at checkpoints from what a commit group changed.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::admission::find_area;
use shared::ids::{GuestIndex, RecordId};
use shared::programme::{Collection, EntryRule};

use super::derivation::derive_guests;
use super::{moves, store};
use crate::sync::change_log::Unit;

/// Draws the consequences: sessions that have moved, and areas whose rule is another now.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    moves::follow(unit)?;
    let mut guests = BTreeSet::<GuestIndex>::new();
    for area in areas_with_another_rule(unit) {
        guests.extend(store::list_guests_in_area(unit.connection, unit.group.event, area)?);
    }
    derive_guests(unit, guests)
}

fn areas_with_another_rule(unit: &Unit<'_>) -> Vec<RecordId> {
    let (before, after) = (unit.group.programme_before(), unit.group.programme());
    let rule = |programme, id| find_area(programme, id).map_or(EntryRule::default(), |area| area.rule);
    let changed = unit.group.changed_records().iter().filter(|key| key.0 == Collection::AccessAreas);
    changed.map(|(_, id)| *id).filter(|id| rule(before, *id) != rule(after, *id)).collect()
}
