//! Sign-ups, one line for each attendee and session.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::{count_star, max};
use diesel::upsert::excluded;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult,
    Queryable, RunQueryDsl,
};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::registration::Registration;
use shared::signup::{SignUp, SignUpState};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{registrations, sign_ups};
use crate::on;

/// The words of the states that take a seat.
fn seat_words() -> Vec<&'static str> {
    words(SignUpState::holds_seat)
}

/// The words of the states that have not ended.
fn live_words() -> Vec<&'static str> {
    words(SignUpState::is_live)
}

fn words(is_wanted: fn(SignUpState) -> bool) -> Vec<&'static str> {
    SignUpState::KEPT.into_iter().filter(|state| is_wanted(*state)).map(SignUpState::as_str).collect()
}

#[derive(Insertable)]
#[diesel(table_name = sign_ups, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    session_id: String,
    attendee_id: String,
    state: &'static str,
    number: Option<i64>,
    offered_until: Option<i64>,
    is_override: bool,
    requested_at: i64,
    rev: i64,
    updated_at: i64,
}

/// What is read of a line.
#[derive(Queryable)]
pub(super) struct Line {
    session_id: String,
    attendee_id: String,
    state: String,
    number: Option<i64>,
    offered_until: Option<i64>,
    is_override: bool,
    requested_at: i64,
}

pub(super) type Columns = (
    sign_ups::session_id,
    sign_ups::attendee_id,
    sign_ups::state,
    sign_ups::number,
    sign_ups::offered_until,
    sign_ups::is_override,
    sign_ups::requested_at,
);

pub(super) const COLUMNS: Columns = (
    sign_ups::session_id,
    sign_ups::attendee_id,
    sign_ups::state,
    sign_ups::number,
    sign_ups::offered_until,
    sign_ups::is_override,
    sign_ups::requested_at,
);

impl Line {
    pub(super) fn read(self) -> QueryResult<SignUp> {
        Ok(SignUp {
            session: self.session_id.parse().map_err(|_| damaged())?,
            attendee: self.attendee_id.parse().map_err(|_| damaged())?,
            state: self.state.parse().map_err(|()| damaged())?,
            number: self.number.map(|number| number as u64),
            offered_until: self.offered_until.map(Timestamp),
            is_override: self.is_override,
            requested_at: Timestamp(self.requested_at),
        })
    }
}

fn read_all(lines: Vec<Line>) -> QueryResult<Vec<SignUp>> {
    lines.into_iter().map(Line::read).collect()
}

/// Every sign-up of these attendees, also what has ended, by attendee and session.
pub fn list_of_attendees(c: &mut Connection, event: EventId, attendees: &[AttendeeId]) -> QueryResult<Vec<SignUp>> {
    let mut found = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = sign_ups::table
            .filter(sign_ups::event_id.eq(event.to_string()))
            .filter(sign_ups::attendee_id.eq_any(ids))
            .order((sign_ups::attendee_id, sign_ups::session_id))
            .select(COLUMNS);
        found.extend(read_all(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// What has not ended in these sessions, by session and attendee.
pub fn list_in_sessions(c: &mut Connection, event: EventId, sessions: &BTreeSet<RecordId>) -> QueryResult<Vec<SignUp>> {
    let ids: Vec<String> = sessions.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = sign_ups::table
            .filter(sign_ups::event_id.eq(event.to_string()))
            .filter(sign_ups::session_id.eq_any(chunk))
            .filter(sign_ups::state.eq_any(live_words()))
            .order((sign_ups::session_id, sign_ups::attendee_id))
            .select(COLUMNS);
        found.extend(read_all(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// How many seats are taken in these sessions; one without any is left out.
pub fn count_taken(
    c: &mut Connection,
    event: EventId,
    sessions: &BTreeSet<RecordId>,
) -> QueryResult<BTreeMap<RecordId, u32>> {
    let ids: Vec<String> = sessions.iter().map(ToString::to_string).collect();
    let mut taken = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = sign_ups::table
            .filter(sign_ups::event_id.eq(event.to_string()))
            .filter(sign_ups::session_id.eq_any(chunk))
            .filter(sign_ups::state.eq_any(seat_words()))
            .group_by(sign_ups::session_id)
            .select((sign_ups::session_id, count_star()));
        let lines: Vec<(String, i64)> = on!(&mut *c, |c| query.load(c))?;
        for (session, count) in lines {
            taken.insert(session.parse().map_err(|_| damaged())?, count as u32);
        }
    }
    Ok(taken)
}

/// Whether anybody waits for a seat in the session.
pub fn has_waiting(c: &mut Connection, event: EventId, session: RecordId) -> QueryResult<bool> {
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .filter(sign_ups::state.eq(SignUpState::Waitlisted.as_str()))
        .select(sign_ups::attendee_id)
        .limit(1);
    let found: Option<String> = on!(c, |c| query.first(c).optional())?;
    Ok(found.is_some())
}

/// The highest number that was given in the session's line; 0 where none was.
pub fn highest_number(c: &mut Connection, event: EventId, session: RecordId) -> QueryResult<u64> {
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .select(max(sign_ups::number));
    let number: Option<i64> = on!(c, |c| query.first(c))?;
    Ok(number.map_or(0, |number| number as u64))
}

/// Who waits for a seat in the session behind the number `after`, by number.
pub fn list_waiting(
    c: &mut Connection,
    (event, session): (EventId, RecordId),
    after: u64,
    limit: usize,
) -> QueryResult<Vec<SignUp>> {
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .filter(sign_ups::number.gt(after as i64))
        .filter(sign_ups::state.eq(SignUpState::Waitlisted.as_str()))
        .order(sign_ups::number)
        .limit(limit as i64)
        .select(COLUMNS);
    read_all(on!(c, |c| query.load(c))?)
}

/// The registrations of those who hold a seat in the session, of these delegations.
pub fn list_seated_registrations(
    c: &mut Connection,
    (event, session): (EventId, RecordId),
    delegations: &[RecordId],
) -> QueryResult<Vec<Registration>> {
    let ids: Vec<String> = delegations.iter().map(ToString::to_string).collect();
    let is_same_event = sign_ups::event_id.eq(registrations::event_id);
    let query = sign_ups::table
        .inner_join(registrations::table.on(is_same_event.and(sign_ups::attendee_id.eq(registrations::attendee_id))))
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .filter(sign_ups::state.eq_any(seat_words()))
        .filter(registrations::delegation_id.eq_any(ids))
        .select(registrations::body);
    let bodies: Vec<String> = on!(c, |c| query.load(c))?;
    bodies.iter().map(|body| serde_json::from_str(body).map_err(|_| damaged())).collect()
}

/// Events in which an offer ends at `now` or before.
pub fn list_events_with_due_offers(c: &mut Connection, now: Timestamp) -> QueryResult<Vec<EventId>> {
    let query = sign_ups::table
        .filter(sign_ups::state.eq(SignUpState::Offered.as_str()))
        .filter(sign_ups::offered_until.le(now.0))
        .select(sign_ups::event_id)
        .distinct();
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged())).collect()
}

/// Offers of the event that end at `now` or before, at most `limit`.
pub fn list_due_offers(c: &mut Connection, event: EventId, now: Timestamp, limit: usize) -> QueryResult<Vec<SignUp>> {
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::state.eq(SignUpState::Offered.as_str()))
        .filter(sign_ups::offered_until.le(now.0))
        .order((sign_ups::offered_until, sign_ups::session_id, sign_ups::attendee_id))
        .limit(limit as i64)
        .select(COLUMNS);
    read_all(on!(c, |c| query.load(c))?)
}

/// Writes sign-ups. `rev` is the commit's number.
pub fn put(c: &mut Connection, event: EventId, lines: &[SignUp], (rev, now): (u64, Timestamp)) -> QueryResult<()> {
    let line = |one: &SignUp| NewLine {
        event_id: event.to_string(),
        session_id: one.session.to_string(),
        attendee_id: one.attendee.to_string(),
        state: one.state.as_str(),
        number: one.number.map(|number| number as i64),
        offered_until: one.offered_until.map(|at| at.0),
        is_override: one.is_override,
        requested_at: one.requested_at.0,
        rev: rev as i64,
        updated_at: now.0,
    };
    for chunk in lines.chunks(CHUNK) {
        let lines: Vec<NewLine> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(sign_ups::table)
            .values(&lines)
            .on_conflict((sign_ups::event_id, sign_ups::session_id, sign_ups::attendee_id))
            .do_update()
            .set((
                sign_ups::state.eq(excluded(sign_ups::state)),
                sign_ups::number.eq(excluded(sign_ups::number)),
                sign_ups::offered_until.eq(excluded(sign_ups::offered_until)),
                sign_ups::is_override.eq(excluded(sign_ups::is_override)),
                sign_ups::requested_at.eq(excluded(sign_ups::requested_at)),
                sign_ups::rev.eq(excluded(sign_ups::rev)),
                sign_ups::updated_at.eq(excluded(sign_ups::updated_at)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Forgets every sign-up of an attendee.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}
