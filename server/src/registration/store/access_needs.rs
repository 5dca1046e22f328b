//! What attendees need to take part, in the database.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::registration::AccessNeeds;
use shared::time::Timestamp;

use super::CHUNK;
use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::access_needs;
use crate::on;

/// What an attendee needs.
pub fn find_access_needs(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Option<AccessNeeds>> {
    let query = access_needs::table.find((event.to_string(), attendee.to_string())).select(access_needs::body);
    let body: Option<String> = on!(c, |c| query.first(c).optional())?;
    body.map(|body| serde_json::from_str(&body).map_err(|_| damaged())).transpose()
}

/// What these attendees need; who needs nothing has no entry.
pub fn list_access_needs(
    c: &mut Connection,
    event: EventId,
    ids: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, AccessNeeds>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = access_needs::table
            .filter(access_needs::event_id.eq(event.to_string()))
            .filter(access_needs::attendee_id.eq_any(ids))
            .select((access_needs::attendee_id, access_needs::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (attendee, body) in lines {
            let attendee = attendee.parse().map_err(|_| damaged())?;
            found.insert(attendee, serde_json::from_str(&body).map_err(|_| damaged())?);
        }
    }
    Ok(found)
}

/// Keeps what an attendee needs.
pub fn put_access_needs(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    needs: &AccessNeeds,
    now: Timestamp,
) -> QueryResult<()> {
    let body = serde_json::json!(needs).to_string();
    let line = (
        access_needs::event_id.eq(event.to_string()),
        access_needs::attendee_id.eq(attendee.to_string()),
        access_needs::body.eq(&body),
        access_needs::updated_at.eq(now.0),
    );
    on!(c, |c| diesel::insert_into(access_needs::table)
        .values(line)
        .on_conflict((access_needs::event_id, access_needs::attendee_id))
        .do_update()
        .set((access_needs::body.eq(&body), access_needs::updated_at.eq(now.0)))
        .execute(c))?;
    Ok(())
}

/// Forgets what an attendee needs.
pub fn delete_access_needs(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let key = (event.to_string(), attendee.to_string());
    on!(c, |c| diesel::delete(access_needs::table.find(key)).execute(c))?;
    Ok(())
}
