//! Favourites and notes in the database. Every query names the attendee, so a forgotten check
//! finds nothing.

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::{favourites, notes};
use crate::on;

/// Stars a session, or takes the star away. Doing so twice changes nothing.
pub fn set_favourite(
    connection: &mut Connection,
    (event, attendee, session): (EventId, AttendeeId, RecordId),
    is_on: bool,
) -> QueryResult<()> {
    let key = (event.to_string(), attendee.to_string(), session.to_string());
    on!(connection, |c| {
        if is_on {
            let row =
                (favourites::event_id.eq(key.0), favourites::attendee_id.eq(key.1), favourites::session_id.eq(key.2));
            diesel::insert_into(favourites::table).values(row).on_conflict_do_nothing().execute(c)?;
        } else {
            diesel::delete(favourites::table.find(key)).execute(c)?;
        }
        Ok(())
    })
}

/// A note as a row.
#[derive(Insertable)]
#[diesel(table_name = notes)]
pub struct NoteLine {
    /// The event.
    pub event_id: String,
    /// Whose it is.
    pub attendee_id: String,
    /// Its id, made by the device.
    pub id: String,
    /// The session that it is about.
    pub session_id: Option<String>,
    /// What it says.
    pub text: String,
    /// The commit that last changed it.
    pub rev: i64,
    /// The device that last changed it.
    pub device_id: String,
    /// When, in milliseconds UTC.
    pub updated_at: i64,
}

/// Writes a note.
pub fn put_note(connection: &mut Connection, note: &NoteLine) -> QueryResult<()> {
    on!(connection, |c| diesel::insert_into(notes::table)
        .values(note)
        .on_conflict((notes::event_id, notes::attendee_id, notes::id))
        .do_update()
        .set((
            notes::session_id.eq(excluded(notes::session_id)),
            notes::text.eq(excluded(notes::text)),
            notes::rev.eq(excluded(notes::rev)),
            notes::device_id.eq(excluded(notes::device_id)),
            notes::updated_at.eq(excluded(notes::updated_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Throws a note away, if it is there.
pub fn delete_note(connection: &mut Connection, (event, attendee, id): (EventId, AttendeeId, Uuid)) -> QueryResult<()> {
    let key = (event.to_string(), attendee.to_string(), id.to_string());
    on!(connection, |c| diesel::delete(notes::table.find(key)).execute(c))?;
    Ok(())
}

/// The commit that last changed a note, and the device that made it.
pub fn find_note_version(
    connection: &mut Connection,
    (event, attendee, id): (EventId, AttendeeId, Uuid),
) -> QueryResult<Option<(u64, String)>> {
    let key = (event.to_string(), attendee.to_string(), id.to_string());
    let line: Option<(i64, String)> =
        on!(connection, |c| notes::table.find(key).select((notes::rev, notes::device_id)).first(c).optional())?;
    Ok(line.map(|(rev, device)| (rev as u64, device)))
}
