//! What desks note, in the database. Every query names the event, so a forgotten check finds nothing.

mod handovers;
mod notes;
mod photos;
mod walk_ins;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};

pub use handovers::{
    About, Listed, Recording, forget_words, list_by_id, list_facts, list_handovers, list_loans, list_of_item,
    list_undoing, put_handovers,
};
pub use notes::{delete_note, list_notes, put_note};
pub use photos::{StoredPhoto, delete_photo, find_photo, list_photos, put_photo};
pub use walk_ins::{StoredWalkIn, list_walk_ins, put_walk_in};

use crate::database::Connection;
use crate::database::schema::{door_notes, photos as photo_lines, walk_ins as walk_in_lines};
use crate::on;

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

fn damaged(what: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(format!("the database holds an unreadable {what}").into())
}

/// Forgets note, photo and how somebody was registered.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let key = (event.to_string(), attendee.to_string());
    let (note, photo) = (door_notes::table.find(key.clone()), photo_lines::table.find(key.clone()));
    let walk_in =
        walk_in_lines::table.filter(walk_in_lines::event_id.eq(key.0)).filter(walk_in_lines::attendee_id.eq(key.1));
    on!(c, |c| {
        diesel::delete(note).execute(c)?;
        diesel::delete(photo).execute(c)?;
        diesel::delete(walk_in).execute(c)
    })?;
    Ok(())
}
