//! What attendees need to take part, in the database.

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl,
};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::registration::{AccessNeeds, RegistrationStatus};
use shared::time::Timestamp;

use super::CHUNK;
use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::{access_needs, attendees, registrations};
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

/// Somebody with what they need.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedNeeds {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Where their registration stands, if there is one.
    pub status: Option<RegistrationStatus>,
    /// Their delegation.
    pub delegation: Option<RecordId>,
    /// What they need.
    pub needs: AccessNeeds,
}

/// Who needs something, by attendee, after `after`.
pub fn list_needs_page(
    c: &mut Connection,
    event: EventId,
    (after, limit): (&str, usize),
) -> QueryResult<Vec<ListedNeeds>> {
    type Line = (String, String, String, Option<String>, Option<String>);
    let is_theirs = attendees::event_id.eq(access_needs::event_id).and(attendees::id.eq(access_needs::attendee_id));
    let is_of = registrations::event_id
        .eq(access_needs::event_id)
        .and(registrations::attendee_id.eq(access_needs::attendee_id));
    let query = access_needs::table
        .inner_join(attendees::table.on(is_theirs))
        .left_join(registrations::table.on(is_of))
        .filter(access_needs::event_id.eq(event.to_string()))
        .filter(access_needs::attendee_id.gt(after))
        .order(access_needs::attendee_id)
        .limit(limit as i64)
        .select((
            access_needs::attendee_id,
            attendees::name,
            access_needs::body,
            registrations::status.nullable(),
            registrations::delegation_id.nullable(),
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(attendee, name, body, status, delegation): Line| {
        Some(ListedNeeds {
            attendee: attendee.parse().ok()?,
            name,
            status: status.map(|status| status.parse()).transpose().ok()?,
            delegation: delegation.map(|id| id.parse()).transpose().ok()?,
            needs: serde_json::from_str(&body).ok()?,
        })
    };
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}
