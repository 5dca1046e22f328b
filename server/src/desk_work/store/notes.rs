//! Notes for whoever sees a guest first.

use std::collections::BTreeMap;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::door_notes;
use crate::on;

/// The notes about these attendees.
pub fn list_notes(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, String>> {
    let mut found = BTreeMap::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = door_notes::table
            .filter(door_notes::event_id.eq(event.to_string()))
            .filter(door_notes::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((door_notes::attendee_id, door_notes::text));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, text) in lines {
            found.insert(attendee.parse().map_err(|_| damaged("note"))?, text);
        }
    }
    Ok(found)
}

/// Writes a note, in place of the one before.
pub fn put_note(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    text: &str,
    (by, now): (Option<AccountId>, Timestamp),
) -> QueryResult<()> {
    let line = (
        door_notes::event_id.eq(event.to_string()),
        door_notes::attendee_id.eq(attendee.to_string()),
        door_notes::text.eq(text),
        door_notes::written_by.eq(by.map(|account| account.to_string())),
        door_notes::written_at.eq(now.0),
    );
    on!(c, |c| diesel::insert_into(door_notes::table)
        .values(line)
        .on_conflict((door_notes::event_id, door_notes::attendee_id))
        .do_update()
        .set((
            door_notes::text.eq(excluded(door_notes::text)),
            door_notes::written_by.eq(excluded(door_notes::written_by)),
            door_notes::written_at.eq(excluded(door_notes::written_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a note away.
pub fn delete_note(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let line = door_notes::table.find((event.to_string(), attendee.to_string()));
    on!(c, |c| diesel::delete(line).execute(c))?;
    Ok(())
}
