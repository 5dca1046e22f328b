//! Photos of attendees.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::photos;
use crate::desk_work::photos::Picture;
use crate::on;

/// A photo as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredPhoto {
    /// Whose it is.
    pub attendees: Vec<AttendeeId>,
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The photos of these attendees, by the SHA-256 of their bytes.
pub fn list_photos(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, String>> {
    let mut found = BTreeMap::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = photos::table
            .filter(photos::event_id.eq(event.to_string()))
            .filter(photos::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((photos::attendee_id, photos::hash));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, hash) in lines {
            found.insert(attendee.parse().map_err(|_| damaged("photo"))?, hash);
        }
    }
    Ok(found)
}

/// The photo of that name, and whose it is.
pub fn find_photo(c: &mut Connection, event: EventId, hash: &str) -> QueryResult<Option<StoredPhoto>> {
    let query = photos::table
        .filter(photos::event_id.eq(event.to_string()))
        .filter(photos::hash.eq(hash))
        .order(photos::attendee_id)
        .select((photos::attendee_id, photos::media_type, photos::content));
    let lines: Vec<(String, String, String)> = on!(c, |c| query.load(c))?;
    let attendees = lines.iter().map(|(id, ..)| id.parse().map_err(|_| damaged("photo")));
    let attendees = attendees.collect::<QueryResult<Vec<AttendeeId>>>()?;
    let Some((_, media_type, content)) = lines.into_iter().next() else { return Ok(None) };
    let bytes = STANDARD.decode(content).map_err(|_| damaged("photo"))?;
    Ok(Some(StoredPhoto { attendees, media_type, bytes }))
}

/// Keeps a photo, in place of the one before.
pub fn put_photo(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    picture: &Picture,
    now: Timestamp,
) -> QueryResult<()> {
    let line = (
        photos::event_id.eq(event.to_string()),
        photos::attendee_id.eq(attendee.to_string()),
        photos::hash.eq(picture.hash()),
        photos::media_type.eq(picture.media_type),
        photos::content.eq(STANDARD.encode(&picture.bytes)),
        photos::put_at.eq(now.0),
    );
    on!(c, |c| diesel::insert_into(photos::table)
        .values(line)
        .on_conflict((photos::event_id, photos::attendee_id))
        .do_update()
        .set((
            photos::hash.eq(excluded(photos::hash)),
            photos::media_type.eq(excluded(photos::media_type)),
            photos::content.eq(excluded(photos::content)),
            photos::put_at.eq(excluded(photos::put_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a photo away.
pub fn delete_photo(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let line = photos::table.find((event.to_string(), attendee.to_string()));
    on!(c, |c| diesel::delete(line).execute(c))?;
    Ok(())
}
