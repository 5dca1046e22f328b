//! Attendees and the members of audiences in the database. Every query names the event, so a
//! forgotten check finds nothing.

use std::collections::BTreeSet;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::time::Timestamp;

use crate::database::Connection;
use crate::database::schema::{
    accounts, attendee_accounts, attendees, audience_matches, audience_members, erasures, favourites, notes, roles,
    scope_rows,
};
use crate::identity::normalise_email;
use crate::on;
use crate::sync::change_log::Relation;
use crate::sync::row::RowKey;

/// Rows in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Somebody who comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attendee {
    /// Their id.
    pub id: AttendeeId,
    /// Their name.
    pub name: String,
    /// The language that they read, by BCP 47 tag.
    pub language: Option<String>,
    /// When they were entered.
    pub created_at: Timestamp,
}

/// Somebody in an audience.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The attendee.
    pub id: AttendeeId,
    /// Their name.
    pub name: String,
    /// Whether they were put into it by hand.
    pub is_listed: bool,
    /// Whether they meet its rules.
    pub is_matching: bool,
}

/// An account that is, or acts for, an attendee.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountOf {
    /// The attendee.
    pub attendee: AttendeeId,
    /// The account.
    pub account: AccountId,
    /// `self` or `assistant`.
    pub relation: String,
    /// The account's name.
    pub name: String,
    /// The account's address.
    pub email: Option<String>,
}

type Line = (String, String, Option<String>, i64);

fn read(lines: Vec<Line>) -> Vec<Attendee> {
    let read = |(id, name, language, at): Line| {
        Some(Attendee { id: id.parse().ok()?, name, language, created_at: Timestamp(at) })
    };
    lines.into_iter().filter_map(read).collect()
}

/// The attendee with this id.
pub fn find_attendee(c: &mut Connection, event: EventId, id: AttendeeId) -> QueryResult<Option<Attendee>> {
    let query = attendees::table.find((event.to_string(), id.to_string())).select((
        attendees::id,
        attendees::name,
        attendees::language,
        attendees::created_at,
    ));
    let line: Option<Line> = on!(c, |c| query.first(c).optional())?;
    Ok(read(line.into_iter().collect()).pop())
}

/// The attendee with this id whom something can be done for: not one who was erased, or who is to be
/// erased again after a restore. Their line is kept for the counts, and nothing is written into it.
pub fn find_live_attendee(c: &mut Connection, event: EventId, id: AttendeeId) -> QueryResult<Option<Attendee>> {
    Ok(match find_attendee(c, event, id)? {
        Some(attendee) if !is_erased(c, event, id)? => Some(attendee),
        _ => None,
    })
}

/// Whether somebody who had this id was erased, or is to be.
pub fn is_erased(c: &mut Connection, event: EventId, id: AttendeeId) -> QueryResult<bool> {
    let query = erasures::table.find((event.to_string(), id.to_string())).select(erasures::at);
    let at: Option<i64> = on!(c, |c| query.first(c).optional())?;
    Ok(at.is_some())
}

/// Those of `ids` who are attendees of the event, in the order of their ids.
pub fn list_named(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<Attendee>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = attendees::table
            .filter(attendees::event_id.eq(event.to_string()))
            .filter(attendees::id.eq_any(ids))
            .order(attendees::id)
            .select((attendees::id, attendees::name, attendees::language, attendees::created_at));
        found.extend(read(on!(&mut *c, |c| query.load(c))?));
    }
    Ok(found)
}

/// Attendees in the order of their ids, after `after`.
pub fn list_attendees(c: &mut Connection, event: EventId, after: &str, limit: usize) -> QueryResult<Vec<Attendee>> {
    let query = attendees::table
        .filter(attendees::event_id.eq(event.to_string()))
        .filter(attendees::id.gt(after))
        .order(attendees::id)
        .limit(limit as i64)
        .select((attendees::id, attendees::name, attendees::language, attendees::created_at));
    on!(c, |c| query.load(c)).map(read)
}

/// Members of an audience, by list or by rule, in the order of their ids, after `after`.
pub fn list_members(
    c: &mut Connection,
    (event, audience): (EventId, RecordId),
    after: &str,
    limit: usize,
) -> QueryResult<Vec<Member>> {
    let listed = audience_members::table
        .filter(audience_members::event_id.eq(event.to_string()))
        .filter(audience_members::audience_id.eq(audience.to_string()))
        .select(audience_members::attendee_id);
    let matching = audience_matches::table
        .filter(audience_matches::event_id.eq(event.to_string()))
        .filter(audience_matches::audience_id.eq(audience.to_string()))
        .select(audience_matches::attendee_id);
    let query = attendees::table
        .filter(attendees::event_id.eq(event.to_string()))
        .filter(attendees::id.eq_any(listed.clone()).or(attendees::id.eq_any(matching.clone())))
        .filter(attendees::id.gt(after))
        .order(attendees::id)
        .limit(limit as i64)
        .select((attendees::id, attendees::name));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
    let ids: Vec<&String> = lines.iter().map(|(id, _)| id).collect();
    let listed = listed.filter(audience_members::attendee_id.eq_any(&ids));
    let matching = matching.filter(audience_matches::attendee_id.eq_any(&ids));
    let (listed, matching): (Vec<String>, Vec<String>) = on!(c, |c| (listed.load(&mut *c)?, matching.load(&mut *c)?));
    let (listed, matching): (BTreeSet<String>, BTreeSet<String>) =
        (listed.into_iter().collect(), matching.into_iter().collect());
    let member = |(id, name): (String, String)| {
        let (is_listed, is_matching) = (listed.contains(&id), matching.contains(&id));
        Some(Member { id: id.parse().ok()?, name, is_listed, is_matching })
    };
    Ok(lines.into_iter().filter_map(member).collect())
}

/// The accounts of these attendees.
pub fn list_accounts(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<AccountOf>> {
    type Line = (String, String, String, Option<String>, Option<String>);
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = attendee_accounts::table
            .left_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
            .filter(attendee_accounts::event_id.eq(event.to_string()))
            .filter(attendee_accounts::attendee_id.eq_any(ids))
            .filter(attendee_accounts::active.eq(true))
            .order((attendee_accounts::attendee_id, attendee_accounts::account_id))
            .select((
                attendee_accounts::attendee_id,
                attendee_accounts::account_id,
                attendee_accounts::relation,
                accounts::name.nullable(),
                accounts::email.nullable(),
            ));
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(attendee, account, relation, name, email)| {
            let (attendee, account) = (attendee.parse().ok()?, account.parse().ok()?);
            Some(AccountOf { attendee, account, relation, name: name.unwrap_or_default(), email })
        }));
    }
    Ok(found)
}

/// The attendees who an account is.
pub fn list_attendees_who_are(c: &mut Connection, event: EventId, account: AccountId) -> QueryResult<Vec<AttendeeId>> {
    let query = attendee_accounts::table
        .filter(attendee_accounts::account_id.eq(account.to_string()))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .select(attendee_accounts::attendee_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// The attendees whose own account has an address.
pub fn list_own_attendees(c: &mut Connection, event: EventId, email: &str) -> QueryResult<Vec<AttendeeId>> {
    let Some(email) = normalise_email(email) else { return Ok(Vec::new()) };
    let query = attendee_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .filter(accounts::email.eq(email))
        .select(attendee_accounts::attendee_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// Enters an attendee.
pub fn insert_attendee(c: &mut Connection, event: EventId, attendee: &Attendee) -> QueryResult<()> {
    let row = (
        attendees::event_id.eq(event.to_string()),
        attendees::id.eq(attendee.id.to_string()),
        attendees::name.eq(&attendee.name),
        attendees::language.eq(&attendee.language),
        attendees::created_at.eq(attendee.created_at.0),
    );
    on!(c, |c| diesel::insert_into(attendees::table).values(row).execute(c))?;
    Ok(())
}

/// Changes name and language of an attendee.
pub fn update_attendee(c: &mut Connection, event: EventId, attendee: &Attendee) -> QueryResult<()> {
    let line = attendees::table.find((event.to_string(), attendee.id.to_string()));
    let change = (attendees::name.eq(&attendee.name), attendees::language.eq(&attendee.language));
    on!(c, |c| diesel::update(line).set(change).execute(c))?;
    Ok(())
}

/// Takes an attendee away with everything that is theirs; tells the audiences that they were in.
pub fn delete_attendee(c: &mut Connection, event: EventId, id: AttendeeId) -> QueryResult<Vec<RecordId>> {
    let (event, id) = (event.to_string(), id.to_string());
    let of = audience_members::table
        .filter(audience_members::event_id.eq(&event))
        .filter(audience_members::attendee_id.eq(&id));
    let stars = favourites::table.filter(favourites::event_id.eq(&event)).filter(favourites::attendee_id.eq(&id));
    let written = notes::table.filter(notes::event_id.eq(&event)).filter(notes::attendee_id.eq(&id));
    let audiences: Vec<String> = on!(c, |c| {
        let audiences = of.select(audience_members::audience_id).load(c)?;
        diesel::delete(of).execute(c)?;
        diesel::delete(stars).execute(c)?;
        diesel::delete(written).execute(c)?;
        diesel::delete(attendees::table.find((&event, &id))).execute(c)?;
        QueryResult::Ok(audiences)
    })?;
    Ok(audiences.into_iter().filter_map(|audience| audience.parse().ok()).collect())
}

/// The live rows of an attendee's own scope.
pub fn list_own_rows(c: &mut Connection, event: EventId, scope: &str) -> QueryResult<Vec<RowKey>> {
    let query = scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::scope.eq(scope))
        .filter(scope_rows::value.is_not_null())
        .select((scope_rows::collection, scope_rows::id));
    let keys: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(keys.into_iter().filter_map(|(collection, id)| Some((collection.parse().ok()?, id.parse().ok()?))).collect())
}

/// The ids of all members of an audience.
pub fn list_member_ids(c: &mut Connection, (event, audience): (EventId, RecordId)) -> QueryResult<Vec<AttendeeId>> {
    let query = audience_members::table
        .filter(audience_members::event_id.eq(event.to_string()))
        .filter(audience_members::audience_id.eq(audience.to_string()))
        .select(audience_members::attendee_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}

/// The audiences into which these attendees were put by hand.
pub fn list_listed(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let mut listed: Vec<(String, String)> = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = audience_members::table
            .filter(audience_members::event_id.eq(event.to_string()))
            .filter(audience_members::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((audience_members::audience_id, audience_members::attendee_id));
        listed.extend(on!(&mut *c, |c| query.load::<(String, String)>(c))?);
    }
    Ok(listed
        .into_iter()
        .filter_map(|(audience, attendee)| Some((audience.parse().ok()?, attendee.parse().ok()?)))
        .collect())
}

/// Those of `ids` who are attendees of the event and not erased.
pub fn list_known(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<AttendeeId>> {
    let mut known = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let erased = erasures::table.filter(erasures::event_id.eq(event.to_string())).select(erasures::attendee_id);
        let query = attendees::table
            .filter(attendees::event_id.eq(event.to_string()))
            .filter(attendees::id.eq_any(ids))
            .filter(attendees::id.ne_all(erased))
            .select(attendees::id);
        let found: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        known.extend(found.into_iter().filter_map(|id| id.parse::<AttendeeId>().ok()));
    }
    Ok(known)
}

/// Adds members to an audience.
pub fn add_members(
    c: &mut Connection,
    (event, audience): (EventId, RecordId),
    added: &[AttendeeId],
) -> QueryResult<()> {
    for chunk in added.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|attendee| {
                (
                    audience_members::event_id.eq(event.to_string()),
                    audience_members::audience_id.eq(audience.to_string()),
                    audience_members::attendee_id.eq(attendee.to_string()),
                )
            })
            .collect();
        on!(&mut *c, |c| diesel::insert_into(audience_members::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Takes members from an audience.
pub fn remove_members(
    c: &mut Connection,
    (event, audience): (EventId, RecordId),
    removed: &[AttendeeId],
) -> QueryResult<()> {
    for chunk in removed.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = audience_members::table
            .filter(audience_members::event_id.eq(event.to_string()))
            .filter(audience_members::audience_id.eq(audience.to_string()))
            .filter(audience_members::attendee_id.eq_any(ids));
        on!(&mut *c, |c| diesel::delete(query).execute(c))?;
    }
    Ok(())
}

/// The accounts that have a role.
pub fn list_holders(c: &mut Connection, event: EventId, role: &str) -> QueryResult<Vec<AccountId>> {
    let query = roles::table
        .filter(roles::event_id.eq(event.to_string()))
        .filter(roles::role.eq(role))
        .filter(roles::active.eq(true))
        .select(roles::account_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}
