//! Lists of invitations, in pages.

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use uuid::Uuid;

use super::WITHDRAWN;
use super::invitations::{COLUMNS, Line, Stored, read};
use crate::database::Connection;
use crate::database::schema::{attendees, invitations, registrations};
use crate::on;

/// Which invitations are listed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Only to this part or session.
    pub object: Option<RecordId>,
    /// Only of this attendee.
    pub attendee: Option<AttendeeId>,
    /// Only what came by this invitation of many.
    pub list: Option<Uuid>,
    /// Only with this answer, or withdrawn.
    pub answer: Option<&'static str>,
    /// Only of members of these delegations.
    pub delegations: Option<Vec<RecordId>>,
    /// Whether what was withdrawn is listed too.
    pub has_withdrawn: bool,
    /// After this id.
    pub after: String,
    /// At most as many.
    pub limit: usize,
}

/// One page of invitations with their attendees' names, in the order in which they were first made.
pub fn list_page(c: &mut Connection, event: EventId, filter: &Filter) -> QueryResult<Vec<(String, Stored)>> {
    let is_theirs = attendees::event_id.eq(invitations::event_id).and(attendees::id.eq(invitations::attendee_id));
    let members = filter.delegations.as_ref().map(|delegations| {
        registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::delegation_id.eq_any(delegations.iter().map(ToString::to_string)))
            .select(registrations::attendee_id)
    });
    let filter = filter.clone();
    let lines: Vec<(String, Line)> = on!(c, |c| {
        let mut query = invitations::table
            .inner_join(attendees::table.on(is_theirs))
            .filter(invitations::event_id.eq(event.to_string()))
            .filter(invitations::id.gt(filter.after))
            .into_boxed();
        if let Some(object) = filter.object {
            query = query.filter(invitations::object_id.eq(object.to_string()));
        }
        if let Some(attendee) = filter.attendee {
            query = query.filter(invitations::attendee_id.eq(attendee.to_string()));
        }
        if let Some(list) = filter.list {
            query = query.filter(invitations::list_id.eq(list.to_string()));
        }
        if let Some(answer) = filter.answer {
            query = query.filter(invitations::answer.eq(answer));
        }
        if !filter.has_withdrawn {
            query = query.filter(invitations::answer.ne(WITHDRAWN));
        }
        if let Some(members) = members {
            query = query.filter(invitations::attendee_id.eq_any(members));
        }
        query.order(invitations::id).limit(filter.limit as i64).select((attendees::name, COLUMNS)).load(c)
    })?;
    lines.into_iter().map(|(name, line)| Ok((name, read(line)?))).collect()
}
