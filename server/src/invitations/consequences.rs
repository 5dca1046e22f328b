//! What follows for invitations from what a commit group changed.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::{Collection, Programme, RecordKey};

use super::{lists, rows, stand_ins, store};
use crate::attendees::list_listed;
use crate::database::Connection;
use crate::sync::change_log::{Group, Unit};

/// What people are invited to.
const INVITED_TO: [Collection; 2] = [Collection::Parts, Collection::Sessions];

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

/// The invitations that would end, each by what it is to and by its attendee, were the programme another one.
pub fn list_ending(
    c: &mut Connection,
    event: EventId,
    (before, after): (&Programme, &Programme),
) -> QueryResult<Vec<(RecordKey, AttendeeId)>> {
    let objects = before.iter().map(|(key, _)| *key).filter(|key| INVITED_TO.contains(&key.0));
    let gone: BTreeMap<RecordId, RecordKey> =
        objects.filter(|key| after.find(key.0, key.1).is_none()).map(|key| (key.1, key)).collect();
    let standing = store::list_standing(c, event, gone.keys())?.into_iter();
    Ok(standing.filter_map(|(object, attendee)| Some((*gone.get(&object)?, attendee))).collect())
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
    let objects = changed.filter(|key| INVITED_TO.contains(&key.0));
    objects.filter(|key| group.body(**key).is_none()).map(|key| key.1).collect()
}
