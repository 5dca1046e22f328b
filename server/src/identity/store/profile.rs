//! What an account is to the events: attendees it is or acts for, and roles.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use serde::Serialize;
use shared::ids::{AccountId, AttendeeId, EventId};

use super::{Account, find_account, read_id};
use crate::database::Connection;
use crate::database::schema::{attendee_accounts, attendees, event_counters, mail_refusals, roles};
use crate::on;

/// An event by both its names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EventName {
    /// Its id.
    pub id: EventId,
    /// Its slug.
    pub slug: String,
}

/// An attendee whom an account is or acts for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ActsFor {
    /// The attendee.
    pub id: AttendeeId,
    /// At which event.
    pub event: EventName,
    /// The attendee's name.
    pub name: String,
    /// `self` or what the account is to the attendee.
    pub relation: String,
    /// Whether the account wants no mail about the attendee.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refuses_mail: bool,
}

/// A role at an event.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoleHeld {
    /// At which event.
    pub event: EventName,
    /// Which role.
    pub role: String,
}

/// An account and what it is to the events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// The account.
    pub account: Account,
    /// Whom it is or acts for.
    pub attendees: Vec<ActsFor>,
    /// The roles that it holds.
    pub roles: Vec<RoleHeld>,
}

/// The profile of an account, if there is one.
pub fn load_profile(conn: &mut Connection, id: AccountId) -> QueryResult<Option<Profile>> {
    let Some(account) = find_account(conn, id)? else { return Ok(None) };
    let attendees = list_attendees(conn, id)?;
    let roles = list_roles(conn, id)?;
    Ok(Some(Profile { account, attendees, roles }))
}

fn list_attendees(conn: &mut Connection, id: AccountId) -> QueryResult<Vec<ActsFor>> {
    let same_attendee =
        attendees::event_id.eq(attendee_accounts::event_id).and(attendees::id.eq(attendee_accounts::attendee_id));
    let same_refusal = mail_refusals::event_id
        .eq(attendee_accounts::event_id)
        .and(mail_refusals::attendee_id.eq(attendee_accounts::attendee_id))
        .and(mail_refusals::account_id.eq(attendee_accounts::account_id));
    let query = attendee_accounts::table
        .inner_join(attendees::table.on(same_attendee))
        .inner_join(event_counters::table.on(event_counters::event_id.eq(attendee_accounts::event_id)))
        .left_join(mail_refusals::table.on(same_refusal))
        .filter(attendee_accounts::account_id.eq(id.to_string()))
        .filter(attendee_accounts::active.eq(true))
        .order((event_counters::created_at.desc(), attendee_accounts::event_id, attendees::name, attendees::id))
        .select((
            attendees::id,
            event_counters::event_id,
            event_counters::slug,
            attendees::name,
            attendee_accounts::relation,
            mail_refusals::account_id.nullable().is_not_null(),
        ));
    let rows: Vec<(String, String, String, String, String, bool)> = on!(conn, |c| query.load(c))?;
    let read = |(id, event, slug, name, relation, refuses_mail): (String, String, _, _, _, _)| {
        let event = EventName { id: read_id(&event)?, slug };
        Ok(ActsFor { id: read_id(&id)?, event, name, relation, refuses_mail })
    };
    rows.into_iter().map(read).collect()
}

fn list_roles(conn: &mut Connection, id: AccountId) -> QueryResult<Vec<RoleHeld>> {
    let query = roles::table
        .inner_join(event_counters::table.on(event_counters::event_id.eq(roles::event_id)))
        .filter(roles::account_id.eq(id.to_string()))
        .filter(roles::active.eq(true))
        .order((event_counters::created_at.desc(), roles::event_id, roles::role))
        .select((event_counters::event_id, event_counters::slug, roles::role));
    let rows: Vec<(String, String, String)> = on!(conn, |c| query.load(c))?;
    rows.into_iter()
        .map(|(event, slug, role)| Ok(RoleHeld { event: EventName { id: read_id(&event)?, slug }, role }))
        .collect()
}
