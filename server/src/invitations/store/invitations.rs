//! Single invitations in the database.

use std::collections::BTreeSet;

use diesel::upsert::excluded;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl,
};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{Answer, Invitation};
use shared::registration::{Registration, RegistrationStatus};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, WITHDRAWN, damaged};
use crate::database::Connection;
use crate::database::schema::{invitations, registrations};
use crate::on;

/// An invitation as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Stored {
    /// Its id.
    pub id: Uuid,
    /// The commit that last changed it.
    pub rev: u64,
    /// The fingerprint of the secret that opens it without a sign-in; none once it is withdrawn.
    pub secret_hash: Option<String>,
    /// The invitation.
    pub invitation: Invitation,
}

#[derive(Insertable)]
#[diesel(table_name = invitations, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    id: String,
    collection: &'static str,
    object_id: String,
    attendee_id: String,
    list_id: Option<String>,
    answer: &'static str,
    secret_hash: Option<String>,
    body: String,
    rev: i64,
    created_at: i64,
    updated_at: i64,
}

pub(super) type Line = (String, i64, Option<String>, String);

type Columns = (invitations::id, invitations::rev, invitations::secret_hash, invitations::body);

pub(super) const COLUMNS: Columns = (invitations::id, invitations::rev, invitations::secret_hash, invitations::body);

pub(super) fn read((id, rev, secret_hash, body): Line) -> QueryResult<Stored> {
    let id = id.parse().map_err(|_| damaged())?;
    let invitation = serde_json::from_str(&body).map_err(|_| damaged())?;
    Ok(Stored { id, rev: rev as u64, secret_hash, invitation })
}

fn read_all(lines: Vec<Line>) -> QueryResult<Vec<Stored>> {
    lines.into_iter().map(read).collect()
}

/// An invitation by its id.
pub fn find(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<Stored>> {
    let query = invitations::table.find((event.to_string(), id.to_string())).select(COLUMNS);
    let line: Option<Line> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// The invitation of an attendee to a part or session, withdrawn or not.
pub fn find_for(
    c: &mut Connection,
    event: EventId,
    (object, attendee): (RecordId, AttendeeId),
) -> QueryResult<Option<Stored>> {
    let query = invitations::table
        .filter(invitations::event_id.eq(event.to_string()))
        .filter(invitations::object_id.eq(object.to_string()))
        .filter(invitations::attendee_id.eq(attendee.to_string()))
        .select(COLUMNS);
    let line: Option<Line> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// The invitation that a secret with this fingerprint opens, of whichever event.
pub fn find_by_secret(c: &mut Connection, secret_hash: &str) -> QueryResult<Option<(EventId, Stored)>> {
    let query =
        invitations::table.filter(invitations::secret_hash.eq(secret_hash)).select((invitations::event_id, COLUMNS));
    let line: Option<(String, Line)> = on!(c, |c| query.first(c).optional())?;
    line.map(|(event, line)| Ok((event.parse().map_err(|_| damaged())?, read(line)?))).transpose()
}

/// Every invitation of these attendees, withdrawn ones too, by id.
pub fn list_of_attendees(c: &mut Connection, event: EventId, attendees: &[AttendeeId]) -> QueryResult<Vec<Stored>> {
    let mut found = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::attendee_id.eq_any(ids))
            .order(invitations::id)
            .select(COLUMNS);
        found.extend(read_all(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// The invitations of these attendees to one object, withdrawn ones too.
pub fn list_of_object(
    c: &mut Connection,
    (event, object): (EventId, RecordId),
    attendees: &[AttendeeId],
) -> QueryResult<Vec<Stored>> {
    let mut found = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::object_id.eq(object.to_string()))
            .filter(invitations::attendee_id.eq_any(ids))
            .order(invitations::id)
            .select(COLUMNS);
        found.extend(read_all(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// Who has an invitation to one of these objects that stands, by object and attendee.
pub fn list_standing<'a>(
    c: &mut Connection,
    event: EventId,
    objects: impl Iterator<Item = &'a RecordId>,
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let ids: Vec<String> = objects.map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::object_id.eq_any(chunk))
            .filter(invitations::answer.ne(WITHDRAWN))
            .order((invitations::object_id, invitations::attendee_id))
            .select((invitations::object_id, invitations::attendee_id));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (object, attendee) in lines {
            found.push((object.parse().map_err(|_| damaged())?, attendee.parse().map_err(|_| damaged())?));
        }
    }
    Ok(found)
}

/// Invitations to an object that are not answered, by id, after this one.
pub fn list_unanswered(
    c: &mut Connection,
    (event, object): (EventId, RecordId),
    (after, limit): (Uuid, usize),
) -> QueryResult<Vec<Stored>> {
    let query = invitations::table
        .filter(invitations::event_id.eq(event.to_string()))
        .filter(invitations::object_id.eq(object.to_string()))
        .filter(invitations::answer.eq(Answer::Pending.as_str()))
        .filter(invitations::id.gt(after.to_string()))
        .order(invitations::id)
        .limit(limit as i64)
        .select(COLUMNS);
    read_all(on!(c, |c| query.load(c))?)
}

/// The registrations of a delegation's members who come and have accepted an invitation to an object.
pub fn list_accepted_of_delegation(
    c: &mut Connection,
    (event, object): (EventId, RecordId),
    delegation: RecordId,
) -> QueryResult<Vec<Registration>> {
    let is_same_event = registrations::event_id.eq(invitations::event_id);
    let query = invitations::table
        .inner_join(registrations::table.on(is_same_event.and(registrations::attendee_id.eq(invitations::attendee_id))))
        .filter(invitations::event_id.eq(event.to_string()))
        .filter(invitations::object_id.eq(object.to_string()))
        .filter(invitations::answer.eq(Answer::Accepted.as_str()))
        .filter(registrations::delegation_id.eq(delegation.to_string()))
        .filter(registrations::status.ne_all(RegistrationStatus::WITHOUT_INVITATIONS.map(RegistrationStatus::as_str)))
        .select(registrations::body);
    let bodies: Vec<String> = on!(c, |c| query.load(c))?;
    bodies.iter().map(|body| serde_json::from_str(body).map_err(|_| damaged())).collect()
}

/// Writes invitations. `rev` is the commit's number.
pub fn put(c: &mut Connection, event: EventId, lines: &[Stored], (rev, now): (u64, Timestamp)) -> QueryResult<()> {
    let line = |stored: &Stored| NewLine {
        event_id: event.to_string(),
        id: stored.id.to_string(),
        collection: stored.invitation.collection.as_str(),
        object_id: stored.invitation.object.to_string(),
        attendee_id: stored.invitation.attendee.to_string(),
        list_id: stored.invitation.list.map(|list| list.to_string()),
        answer: standing_of(&stored.invitation),
        secret_hash: stored.secret_hash.clone(),
        body: serde_json::json!(stored.invitation).to_string(),
        rev: rev as i64,
        created_at: now.0,
        updated_at: now.0,
    };
    for chunk in lines.chunks(CHUNK) {
        let lines: Vec<NewLine> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(invitations::table)
            .values(&lines)
            .on_conflict((invitations::event_id, invitations::id))
            .do_update()
            .set((
                invitations::list_id.eq(excluded(invitations::list_id)),
                invitations::answer.eq(excluded(invitations::answer)),
                invitations::secret_hash.eq(excluded(invitations::secret_hash)),
                invitations::body.eq(excluded(invitations::body)),
                invitations::rev.eq(excluded(invitations::rev)),
                invitations::updated_at.eq(excluded(invitations::updated_at)),
            ))
            .execute(c))?;
    }
    Ok(())
}

fn standing_of(invitation: &Invitation) -> &'static str {
    if invitation.withdrawn_at.is_some() { WITHDRAWN } else { invitation.answer.as_str() }
}

/// Forgets every invitation of an attendee.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = invitations::table
        .filter(invitations::event_id.eq(event.to_string()))
        .filter(invitations::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}

/// Takes away every invitation to these objects; what they were.
pub fn delete_of_objects(c: &mut Connection, event: EventId, objects: &BTreeSet<RecordId>) -> QueryResult<Vec<Stored>> {
    let ids: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let mut taken = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let of = invitations::table
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::object_id.eq_any(chunk));
        let lines: Vec<Line> = on!(&mut *c, |c| {
            let lines = of.clone().select(COLUMNS).load(c)?;
            diesel::delete(of).execute(c)?;
            QueryResult::Ok(lines)
        })?;
        taken.extend(read_all(lines)?);
    }
    Ok(taken)
}
