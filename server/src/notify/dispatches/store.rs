//! Dispatches and whom they concern, in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::min;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::notice::{Reason, SessionChange};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{AnnouncementAudience, Dispatch, DispatchBody, DispatchKind, DispatchState};
use crate::database::Connection;
use crate::database::schema::{dispatch_officers, dispatch_people, dispatches};
use crate::on;

/// Lines in one statement: SQLite binds at most 32,766 values.
pub(super) const CHUNK: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = dispatches, treat_none_as_default_value = false)]
struct Line {
    event_id: String,
    id: String,
    kind: &'static str,
    state: &'static str,
    body: String,
    next_at: Option<i64>,
    created_at: i64,
    sent_at: Option<i64>,
    reach_due_at: Option<i64>,
}

pub(super) fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable dispatch".into())
}

/// Enters a dispatch, or writes it anew.
pub fn put_line(c: &mut Connection, event: EventId, dispatch: &Dispatch) -> QueryResult<()> {
    let line = Line {
        event_id: event.to_string(),
        id: dispatch.id.to_string(),
        kind: dispatch.kind.as_str(),
        state: dispatch.state.as_str(),
        body: serde_json::json!(dispatch.body).to_string(),
        next_at: dispatch.next_at.map(|at| at.0),
        created_at: dispatch.created_at.0,
        sent_at: dispatch.sent_at.map(|at| at.0),
        reach_due_at: None,
    };
    on!(c, |c| diesel::insert_into(dispatches::table)
        .values(&line)
        .on_conflict((dispatches::event_id, dispatches::id))
        .do_update()
        .set((
            dispatches::state.eq(excluded(dispatches::state)),
            dispatches::body.eq(excluded(dispatches::body)),
            dispatches::next_at.eq(excluded(dispatches::next_at)),
            dispatches::sent_at.eq(excluded(dispatches::sent_at)),
        ))
        .execute(c))?;
    Ok(())
}

type Columns = (String, String, String, String, Option<i64>, i64, Option<i64>);

fn read((id, kind, state, body, next_at, created_at, sent_at): Columns) -> QueryResult<Dispatch> {
    let kind = if kind == DispatchKind::Changes.as_str() { DispatchKind::Changes } else { DispatchKind::Announcement };
    Ok(Dispatch {
        id: id.parse().map_err(|_| damaged())?,
        kind,
        state: state.parse().map_err(|()| damaged())?,
        body: serde_json::from_str(&body).map_err(|_| damaged())?,
        next_at: next_at.map(Timestamp),
        created_at: Timestamp(created_at),
        sent_at: sent_at.map(Timestamp),
    })
}

const COLUMNS: (
    dispatches::id,
    dispatches::kind,
    dispatches::state,
    dispatches::body,
    dispatches::next_at,
    dispatches::created_at,
    dispatches::sent_at,
) = (
    dispatches::id,
    dispatches::kind,
    dispatches::state,
    dispatches::body,
    dispatches::next_at,
    dispatches::created_at,
    dispatches::sent_at,
);

/// One dispatch.
pub fn find(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<Dispatch>> {
    let query = dispatches::table.find((event.to_string(), id.to_string())).select(COLUMNS);
    let line: Option<Columns> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// Dispatches of an event behind `after` by id, the newest first, at most `limit`; of one state or of all.
pub fn list(
    c: &mut Connection,
    event: EventId,
    (state, kind): (Option<DispatchState>, Option<DispatchKind>),
    (before, limit): (&str, i64),
) -> QueryResult<Vec<Dispatch>> {
    let states: Vec<&str> = DispatchState::ALL
        .into_iter()
        .filter(|s| state.is_none_or(|only| only == *s))
        .map(DispatchState::as_str)
        .collect();
    let kinds: Vec<&str> = [DispatchKind::Changes, DispatchKind::Announcement]
        .into_iter()
        .filter(|k| kind.is_none_or(|only| only == *k))
        .map(DispatchKind::as_str)
        .collect();
    let query = dispatches::table
        .filter(dispatches::event_id.eq(event.to_string()))
        .filter(dispatches::state.eq_any(states))
        .filter(dispatches::kind.eq_any(kinds))
        .filter(dispatches::id.lt(before))
        .order(dispatches::id.desc())
        .limit(limit)
        .select(COLUMNS);
    let lines: Vec<Columns> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// The changes that wait for an organiser and were told to nobody, those of the oldest dispatch first.
pub fn list_untold_changes(c: &mut Connection, event: EventId) -> QueryResult<Vec<SessionChange>> {
    let query = dispatches::table
        .filter(dispatches::event_id.eq(event.to_string()))
        .filter(dispatches::kind.eq(DispatchKind::Changes.as_str()))
        .filter(dispatches::state.eq_any([DispatchState::ToConfirm.as_str(), DispatchState::ToApprove.as_str()]))
        .order((dispatches::created_at, dispatches::id))
        .select(dispatches::body);
    let bodies: Vec<String> = on!(c, |c| query.load(c))?;
    let mut found = Vec::new();
    for body in bodies {
        let body: DispatchBody = serde_json::from_str(&body).map_err(|_| damaged())?;
        found.extend(body.changes);
    }
    Ok(found)
}

/// For whom these announcements are.
pub fn list_audiences(
    c: &mut Connection,
    ids: &BTreeSet<(EventId, Uuid)>,
) -> QueryResult<BTreeMap<Uuid, AnnouncementAudience>> {
    let named: Vec<String> = ids.iter().map(|(_, id)| id.to_string()).collect();
    let events: BTreeSet<String> = ids.iter().map(|(event, _)| event.to_string()).collect();
    let query = dispatches::table
        .filter(dispatches::event_id.eq_any(events))
        .filter(dispatches::id.eq_any(named))
        .filter(dispatches::kind.eq(DispatchKind::Announcement.as_str()))
        .select((dispatches::id, dispatches::body));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    let mut found = BTreeMap::new();
    for (id, body) in lines {
        let body: DispatchBody = serde_json::from_str(&body).map_err(|_| damaged())?;
        found.insert(id.parse().map_err(|_| damaged())?, body.audience.unwrap_or_default());
    }
    Ok(found)
}

/// What was told of changes since a time and when, the oldest first.
pub fn list_changes_since(
    c: &mut Connection,
    event: EventId,
    since: Timestamp,
) -> QueryResult<Vec<(Timestamp, DispatchBody)>> {
    let query = dispatches::table
        .filter(dispatches::event_id.eq(event.to_string()))
        .filter(dispatches::kind.eq(DispatchKind::Changes.as_str()))
        .filter(dispatches::state.eq_any([DispatchState::Sending.as_str(), DispatchState::Sent.as_str()]))
        .filter(dispatches::created_at.ge(since.0))
        .order((dispatches::created_at, dispatches::id))
        .select((dispatches::created_at, dispatches::body));
    let lines: Vec<(i64, String)> = on!(c, |c| query.load(c))?;
    let read = |(at, body): &(i64, String)| Ok((Timestamp(*at), serde_json::from_str(body).map_err(|_| damaged())?));
    lines.iter().map(read).collect()
}

/// The dispatches that are to be worked on at `now`.
pub fn list_due(c: &mut Connection, now: Timestamp) -> QueryResult<Vec<(EventId, Uuid)>> {
    let query = dispatches::table
        .filter(dispatches::next_at.le(now.0))
        .order((dispatches::next_at, dispatches::id))
        .limit(50)
        .select((dispatches::event_id, dispatches::id));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(lines.into_iter().filter_map(|(event, id)| Some((event.parse().ok()?, id.parse().ok()?))).collect())
}

/// When something is to be worked on next.
pub fn next_due(c: &mut Connection) -> QueryResult<Option<Timestamp>> {
    let work = dispatches::table.select(min(dispatches::next_at));
    let reach = dispatches::table.select(min(dispatches::reach_due_at));
    let (work, reach): (Option<i64>, Option<i64>) =
        on!(c, |c| QueryResult::Ok((work.first(&mut *c)?, reach.first(c)?)))?;
    Ok([work, reach].into_iter().flatten().min().map(Timestamp))
}

/// Somebody whom a dispatch concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPerson {
    /// Who.
    pub attendee: AttendeeId,
    /// The row of their inbox.
    pub notice: Uuid,
    /// Why.
    pub reasons: BTreeSet<Reason>,
    /// Whether they stay on the list until they say that they know.
    pub must_acknowledge: bool,
}

#[derive(Insertable)]
#[diesel(table_name = dispatch_people, treat_none_as_default_value = false)]
struct PersonLine {
    event_id: String,
    dispatch_id: String,
    attendee_id: String,
    notice_id: String,
    seq: i64,
    reasons: String,
    must_acknowledge: bool,
}

/// Enters whom a dispatch concerns. `seq` is the commit that writes their inboxes.
pub fn add_people(
    c: &mut Connection,
    (event, dispatch): (EventId, Uuid),
    seq: u64,
    people: &[NewPerson],
) -> QueryResult<()> {
    let line = |person: &NewPerson| PersonLine {
        event_id: event.to_string(),
        dispatch_id: dispatch.to_string(),
        attendee_id: person.attendee.to_string(),
        notice_id: person.notice.to_string(),
        seq: seq as i64,
        reasons: serde_json::json!(person.reasons).to_string(),
        must_acknowledge: person.must_acknowledge,
    };
    for chunk in people.chunks(CHUNK) {
        let lines: Vec<PersonLine> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(dispatch_people::table).values(&lines).execute(c))?;
    }
    Ok(())
}

/// Those of these attendees who have the dispatch already.
pub fn list_told(
    c: &mut Connection,
    (event, dispatch): (EventId, Uuid),
    of: &[AttendeeId],
) -> QueryResult<BTreeSet<AttendeeId>> {
    let ids: Vec<String> = of.iter().map(ToString::to_string).collect();
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
            .filter(dispatch_people::attendee_id.eq_any(chunk))
            .select(dispatch_people::attendee_id);
        let lines: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.iter().filter_map(|id| id.parse::<AttendeeId>().ok()));
    }
    Ok(found)
}

/// How many of those whom a dispatch concerns were not told.
pub fn count_untold(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<i64> {
    let untold = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
        .filter(dispatch_people::told_at.is_null());
    on!(c, |c| untold.count().get_result(c))
}

/// The inbox rows of everybody who has a dispatch.
pub fn list_notice_ids(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<BTreeSet<Uuid>> {
    let query = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
        .select(dispatch_people::notice_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Nobody is told yet of a dispatch whose notices the commit `seq` wrote anew.
pub fn tell_anew(c: &mut Connection, (event, dispatch): (EventId, Uuid), seq: u64) -> QueryResult<()> {
    let people = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()));
    let change = (
        dispatch_people::seq.eq(seq as i64),
        dispatch_people::told_at.eq(None::<i64>),
        dispatch_people::channel.eq(None::<String>),
        dispatch_people::own_told_at.eq(None::<i64>),
        dispatch_people::seen_at.eq(None::<i64>),
        dispatch_people::acknowledged_at.eq(None::<i64>),
        (
            dispatch_people::by_hand_at.eq(None::<i64>),
            dispatch_people::by_hand_by.eq(None::<String>),
            dispatch_people::by_hand_note.eq(None::<String>),
        ),
    );
    let officers = dispatch_officers::table
        .filter(dispatch_officers::event_id.eq(event.to_string()))
        .filter(dispatch_officers::dispatch_id.eq(dispatch.to_string()));
    let unsaid = (
        dispatch_officers::told_at.eq(None::<i64>),
        dispatch_officers::channel.eq(None::<String>),
        dispatch_officers::by_hand_at.eq(None::<i64>),
        dispatch_officers::by_hand_by.eq(None::<String>),
        dispatch_officers::by_hand_note.eq(None::<String>),
    );
    on!(c, |c| {
        diesel::update(people).set(change).execute(&mut *c)?;
        diesel::update(officers).set(unsaid).execute(c)
    })?;
    Ok(())
}

/// Forgets that dispatches concerned an attendee.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}
