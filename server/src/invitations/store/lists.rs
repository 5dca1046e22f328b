//! Invitations of many in the database, and whom they are for.

use diesel::dsl::count_star;
use diesel::upsert::excluded;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl, TextExpressionMethods,
};
use serde::{Deserialize, Serialize};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{InvitationList, InviteeCollection};
use shared::registration::RegistrationStatus;
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, WITHDRAWN, damaged};
use crate::database::Connection;
use crate::database::schema::{audience_matches, audience_members, invitation_lists, invitations, registrations};
use crate::on;

/// An invitation of many as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredList {
    /// Its id.
    pub id: Uuid,
    /// What is kept of it.
    pub body: ListBody,
}

/// What is kept of an invitation of many.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListBody {
    /// The list as it travels.
    pub list: InvitationList,
    /// What those who are invited by it are told beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether those are told whose invitation is withdrawn with it.
    #[serde(default)]
    pub tell: bool,
    /// What they are told beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<String>,
    /// Whether there may be people to invite or uninvite, beside those who come and go.
    pub is_pending: bool,
}

/// How the body of a list says that it is pending.
const PENDING: &str = "%\"is_pending\":true%";

#[derive(Insertable)]
#[diesel(table_name = invitation_lists, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    id: String,
    collection: &'static str,
    object_id: String,
    invitee_collection: &'static str,
    invitee_id: String,
    is_withdrawn: bool,
    body: String,
    created_at: i64,
}

fn read((id, body): (String, String)) -> QueryResult<StoredList> {
    let id = id.parse().map_err(|_| damaged())?;
    Ok(StoredList { id, body: serde_json::from_str(&body).map_err(|_| damaged())? })
}

/// A list by its id.
pub fn find_list(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<StoredList>> {
    let query = invitation_lists::table
        .find((event.to_string(), id.to_string()))
        .select((invitation_lists::id, invitation_lists::body));
    let line: Option<(String, String)> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// The list that invites a delegation or audience to an object, withdrawn or not.
pub fn find_list_for(
    c: &mut Connection,
    event: EventId,
    (object, invitee): (RecordId, RecordId),
) -> QueryResult<Option<StoredList>> {
    let query = invitation_lists::table
        .filter(invitation_lists::event_id.eq(event.to_string()))
        .filter(invitation_lists::object_id.eq(object.to_string()))
        .filter(invitation_lists::invitee_id.eq(invitee.to_string()))
        .select((invitation_lists::id, invitation_lists::body));
    let line: Option<(String, String)> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// Every list of the event, the oldest first.
pub fn list_lists(c: &mut Connection, event: EventId) -> QueryResult<Vec<StoredList>> {
    let query = invitation_lists::table
        .filter(invitation_lists::event_id.eq(event.to_string()))
        .order((invitation_lists::created_at, invitation_lists::id))
        .select((invitation_lists::id, invitation_lists::body));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// The events that have lists with people to invite or uninvite.
pub fn list_events_with_pending(c: &mut Connection) -> QueryResult<Vec<EventId>> {
    let query = invitation_lists::table
        .filter(invitation_lists::body.like(PENDING))
        .select(invitation_lists::event_id)
        .distinct();
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}

/// Writes a list.
pub fn put_list(c: &mut Connection, event: EventId, stored: &StoredList, now: Timestamp) -> QueryResult<()> {
    let list = &stored.body.list;
    let line = NewLine {
        event_id: event.to_string(),
        id: stored.id.to_string(),
        collection: list.collection.as_str(),
        object_id: list.object.to_string(),
        invitee_collection: list.invitee_collection.as_str(),
        invitee_id: list.invitee.to_string(),
        is_withdrawn: list.withdrawn_at.is_some(),
        body: serde_json::json!(stored.body).to_string(),
        created_at: now.0,
    };
    on!(c, |c| diesel::insert_into(invitation_lists::table)
        .values(&line)
        .on_conflict((invitation_lists::event_id, invitation_lists::id))
        .do_update()
        .set((
            invitation_lists::is_withdrawn.eq(excluded(invitation_lists::is_withdrawn)),
            invitation_lists::body.eq(excluded(invitation_lists::body)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes away the lists of these ids.
pub fn delete_lists(c: &mut Connection, event: EventId, ids: &[Uuid]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let these = invitation_lists::table
            .filter(invitation_lists::event_id.eq(event.to_string()))
            .filter(invitation_lists::id.eq_any(chunk.iter().map(Uuid::to_string)));
        on!(&mut *c, |c| diesel::delete(these).execute(c))?;
    }
    Ok(())
}

/// How many invitations that came by a list have which answer, or were withdrawn.
pub fn count_by_answer(c: &mut Connection, event: EventId, list: Uuid) -> QueryResult<Vec<(String, i64)>> {
    let query = invitations::table
        .filter(invitations::event_id.eq(event.to_string()))
        .filter(invitations::list_id.eq(list.to_string()))
        .group_by(invitations::answer)
        .select((invitations::answer, count_star()));
    on!(c, |c| query.load(c))
}

/// The statuses of who is not invited with their delegation or audience.
fn uninvited() -> [&'static str; 3] {
    RegistrationStatus::WITHOUT_INVITATIONS.map(RegistrationStatus::as_str)
}

/// Which of these attendees are in which of these delegations and audiences.
pub fn list_members_among(
    c: &mut Connection,
    event: EventId,
    (invitees, attendees): (&[RecordId], &[AttendeeId]),
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let invitees: Vec<String> = invitees.iter().map(ToString::to_string).collect();
    let mut found: Vec<(String, String)> = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let no_guests = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.eq_any(&ids))
            .filter(registrations::status.eq_any(uninvited()))
            .select(registrations::attendee_id);
        let delegates = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.eq_any(&ids))
            .filter(registrations::delegation_id.eq_any(&invitees))
            .filter(registrations::status.ne_all(uninvited()))
            .select((registrations::delegation_id.assume_not_null(), registrations::attendee_id));
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(event.to_string()))
            .filter(audience_members::attendee_id.eq_any(&ids))
            .filter(audience_members::attendee_id.ne_all(no_guests))
            .filter(audience_members::audience_id.eq_any(&invitees))
            .select((audience_members::audience_id, audience_members::attendee_id));
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(event.to_string()))
            .filter(audience_matches::attendee_id.eq_any(&ids))
            .filter(audience_matches::audience_id.eq_any(&invitees))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        type Pairs = Vec<(String, String)>;
        let (one, two, three): (Pairs, Pairs, Pairs) = on!(&mut *c, |c| QueryResult::Ok((
            delegates.load(&mut *c)?,
            listed.load(&mut *c)?,
            matching.load(&mut *c)?
        )))?;
        found.extend(one.into_iter().chain(two).chain(three));
    }
    let read = |(invitee, attendee): (String, String)| Some((invitee.parse().ok()?, attendee.parse().ok()?));
    Ok(found.into_iter().filter_map(read).collect())
}

/// At most so many attendees for whom there is something to do because of a list: members who have no
/// invitation to its object or lost it with the list; and who have one by it and are members no more.
pub fn list_unsettled(
    c: &mut Connection,
    event: EventId,
    (stored, limit): (&StoredList, usize),
) -> QueryResult<Vec<AttendeeId>> {
    let (list, limit) = (&stored.body.list, limit as i64);
    let (event, object, invitee) = (event.to_string(), list.object.to_string(), list.invitee.to_string());
    let by_list = invitations::table
        .filter(invitations::event_id.eq(&event))
        .filter(invitations::list_id.eq(stored.id.to_string()))
        .order(invitations::attendee_id)
        .limit(limit);
    let live = by_list.clone().filter(invitations::answer.ne(WITHDRAWN));
    if list.withdrawn_at.is_some() {
        let ids: Vec<String> = on!(c, |c| live.select(invitations::attendee_id).load(c))?;
        return read_ids(ids);
    }
    let lost = by_list
        .filter(invitations::answer.eq(WITHDRAWN))
        .filter(invitations::body.like("%\"is_withdrawn_with_list\":true%"));
    let invited = invitations::table
        .filter(invitations::event_id.eq(&event))
        .filter(invitations::object_id.eq(&object))
        .select(invitations::attendee_id);
    let ids: Vec<String> = if list.invitee_collection == InviteeCollection::Delegations {
        let members = registrations::table
            .filter(registrations::event_id.eq(&event))
            .filter(registrations::delegation_id.eq(&invitee))
            .filter(registrations::status.ne_all(uninvited()))
            .select(registrations::attendee_id);
        let uninvited = members.clone().filter(registrations::attendee_id.ne_all(invited)).limit(limit);
        let left = live.filter(invitations::attendee_id.ne_all(members.clone())).select(invitations::attendee_id);
        let back = lost.filter(invitations::attendee_id.eq_any(members)).select(invitations::attendee_id);
        on!(c, |c| QueryResult::Ok([uninvited.load(&mut *c)?, left.load(&mut *c)?, back.load(&mut *c)?].concat()))?
    } else {
        let no_guests = registrations::table
            .filter(registrations::event_id.eq(&event))
            .filter(registrations::status.eq_any(uninvited()))
            .select(registrations::attendee_id);
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(&event))
            .filter(audience_members::audience_id.eq(&invitee))
            .filter(audience_members::attendee_id.ne_all(no_guests))
            .select(audience_members::attendee_id);
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(&event))
            .filter(audience_matches::audience_id.eq(&invitee))
            .select(audience_matches::attendee_id);
        let one = listed.clone().filter(audience_members::attendee_id.ne_all(invited)).limit(limit);
        let two = matching.filter(audience_matches::attendee_id.ne_all(invited)).limit(limit);
        let is_in = invitations::attendee_id.eq_any(listed).or(invitations::attendee_id.eq_any(matching));
        let left = live.filter(diesel::dsl::not(is_in.clone())).select(invitations::attendee_id);
        let back = lost.filter(is_in).select(invitations::attendee_id);
        on!(c, |c| QueryResult::Ok(
            [one.load(&mut *c)?, two.load(&mut *c)?, left.load(&mut *c)?, back.load(&mut *c)?].concat()
        ))?
    };
    let mut ids = read_ids(ids)?;
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(limit as usize);
    Ok(ids)
}

fn read_ids(ids: Vec<String>) -> QueryResult<Vec<AttendeeId>> {
    ids.iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}
