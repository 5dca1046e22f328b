//! Lists of sign-ups, in pages, for those who look after a session.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{EventId, RecordId};
use shared::signup::{SignUp, SignUpState};
use shared::time::Timestamp;

use super::damaged;
use super::sign_ups::{COLUMNS, Line};
use crate::database::Connection;
use crate::database::schema::{attendees, registrations, sign_ups};
use crate::on;

/// A sign-up with the attendee's name.
#[derive(Clone, PartialEq, Debug)]
pub struct ListedSignUp {
    /// The sign-up.
    pub sign_up: SignUp,
    /// The attendee's name.
    pub name: String,
}

/// How many sign-ups of a session are in which state.
pub type SessionCounts = BTreeMap<SignUpState, u64>;

/// Sign-ups for a session in the order in which they were asked for, behind `after` (when, and the
/// attendee's id). With `delegations`, only those of their members.
pub fn list_page(
    c: &mut Connection,
    (event, session): (EventId, RecordId),
    (states, delegations): (&[SignUpState], Option<&[RecordId]>),
    (after, limit): ((Timestamp, &str), usize),
) -> QueryResult<Vec<ListedSignUp>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let members = delegations.map(|delegations| {
        registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::delegation_id.eq_any(delegations.iter().map(ToString::to_string)))
            .select(registrations::attendee_id)
    });
    let is_same_event = sign_ups::event_id.eq(attendees::event_id);
    let is_behind = sign_ups::requested_at
        .gt(after.0.0)
        .or(sign_ups::requested_at.eq(after.0.0).and(sign_ups::attendee_id.gt(after.1)));
    let query = sign_ups::table
        .inner_join(attendees::table.on(is_same_event.and(sign_ups::attendee_id.eq(attendees::id))))
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .filter(sign_ups::state.eq_any(states))
        .filter(is_behind)
        .order((sign_ups::requested_at, sign_ups::attendee_id))
        .limit(limit as i64)
        .select((COLUMNS, attendees::name));
    let lines: Vec<(Line, String)> = on!(c, |c| match members {
        Some(members) => query.filter(sign_ups::attendee_id.eq_any(members)).load(c)?,
        None => query.load(c)?,
    });
    lines.into_iter().map(|(line, name)| Ok(ListedSignUp { sign_up: line.read()?, name })).collect()
}

/// How many sign-ups of the session are in which state; a state without any is left out.
pub fn count_by_state(c: &mut Connection, event: EventId, session: RecordId) -> QueryResult<SessionCounts> {
    let query = sign_ups::table
        .filter(sign_ups::event_id.eq(event.to_string()))
        .filter(sign_ups::session_id.eq(session.to_string()))
        .group_by(sign_ups::state)
        .select((sign_ups::state, count_star()));
    let lines: Vec<(String, i64)> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(|(state, count)| Ok((state.parse().map_err(|()| damaged())?, count as u64))).collect()
}
