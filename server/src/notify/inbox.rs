//! The inbox of an attendee: rows in their `own:` scope, which are the message itself.

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::notice::{Notice, NoticeKind};
use shared::sync::Scope;
use uuid::Uuid;

use super::store;
use crate::sync::change_log::Unit;
use crate::sync::row::{RowCollection, RowKey};

/// Tells an attendee something: of which row, and more of it. What is told they may know.
pub fn tell(
    unit: &mut Unit<'_>,
    attendee: AttendeeId,
    kind: NoticeKind,
    (about, details): (Option<RowKey>, Value),
) -> QueryResult<()> {
    let id = Uuid::now_v7();
    let notice = Notice {
        attendee,
        kind,
        at: unit.group.now,
        collection: about.map(|(collection, _)| collection.as_str().to_owned()),
        id: about.map(|(_, id)| id),
        details,
        seen_at: None,
    };
    store::insert_notice(unit.connection, unit.group.event, id, &notice)?;
    unit.group.put_row(Scope::Own(attendee), (RowCollection::Notices, id), Some(&json!(notice)));
    Ok(())
}
