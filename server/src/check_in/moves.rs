//! Sessions that leave their room: the old door says where they are.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::{Collection, State};

use super::{rows, store};
use crate::sync::change_log::Unit;

/// Notes the published sessions that the group took out of their rooms.
pub fn follow(unit: &mut Unit<'_>) -> QueryResult<()> {
    let moved = list_moved(unit);
    if moved.is_empty() {
        return Ok(());
    }
    let (event, now) = (unit.group.event, unit.group.now);
    for (session, room) in &moved {
        store::put_move(unit.connection, event, (*session, *room), now)?;
    }
    let sessions: BTreeSet<RecordId> = moved.into_iter().map(|(session, _)| session).collect();
    for session in sessions {
        let left = store::list_left(unit.connection, event, session)?;
        rows::put_moved(unit, session, &left);
    }
    Ok(())
}

fn list_moved(unit: &Unit<'_>) -> Vec<(RecordId, RecordId)> {
    let (before, after) = (unit.group.programme_before(), unit.group.programme());
    let changed = unit.group.changed_records().iter().filter(|key| key.0 == Collection::Sessions);
    let left = changed.filter_map(|(_, id)| {
        let was = before.session(*id).filter(|was| before.state_of(was) == State::Published)?;
        let is = after.session(*id)?;
        was.room.filter(|room| is.room != Some(*room)).map(|room| (*id, room))
    });
    left.collect()
}
