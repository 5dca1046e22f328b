//! What follows for invitations from what a commit group changed.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::programme::Collection;

use super::{lists, rows, stand_ins, store};
use crate::attendees::list_listed;
use crate::sync::change_log::{Group, Unit};

/// Draws the consequences: nobody is invited to what is gone; who asked to come, or does not come any more, has
/// nothing of what they are invited to; who joins what is invited is invited.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    follow_guests(unit)?;
    let gone = gone_objects(unit.group);
    if !gone.is_empty() {
        end_of_objects(unit, &gone)?;
    }
    lists::draw(unit)?;
    stand_ins::draw(unit)
}

/// Says which gates and audiences it concerns that somebody's registration lets them have what they are invited to,
/// or does so no more.
fn follow_guests(unit: &mut Unit<'_>) -> QueryResult<()> {
    let event = unit.group.event;
    let guests: Vec<AttendeeId> = unit.group.changed_guests().iter().copied().collect();
    for (object, attendee) in store::list_rights_of(unit.connection, event, &guests)? {
        unit.group.gate_changed(object, [attendee]);
    }
    for (audience, attendee) in list_listed(unit.connection, event, &guests)? {
        unit.group.audience_changed(audience, [attendee]);
    }
    Ok(())
}

fn end_of_objects(unit: &mut Unit<'_>, gone: &BTreeSet<RecordId>) -> QueryResult<()> {
    let event = unit.group.event;
    let taken = store::delete_of_objects(unit.connection, event, gone)?;
    rows::take_away(unit, &taken)?;
    let lists = store::list_lists(unit.connection, event)?;
    let of_gone = lists.iter().filter(|stored| gone.contains(&stored.body.list.object));
    store::delete_lists(unit.connection, event, &of_gone.map(|stored| stored.id).collect::<Vec<_>>())
}

fn gone_objects(group: &Group) -> BTreeSet<RecordId> {
    let changed = group.changed_records().iter();
    let objects = changed.filter(|key| matches!(key.0, Collection::Parts | Collection::Sessions));
    objects.filter(|key| group.body(**key).is_none()).map(|key| key.1).collect()
}
