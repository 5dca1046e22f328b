//! What is held about an account, at whichever events.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl,
};
use serde_json::{Map, json};
use shared::ids::AccountId;
use shared::time::Timestamp;

use super::{Extent, Holdings, Lines, List, read_lists, stored_json, without_nulls};
use crate::database::Connection;
use crate::database::schema::{
    accounts, attendee_accounts, audit, delegation_duties, devices, duty_phones, mails, mutation_results, roles,
    sign_in_codes,
};
use crate::on;

/// Whose data are read.
struct Owner {
    account: String,
    email: String,
}

/// Every list, in the order of the document.
const LISTS: &[List<Owner>] = &[
    ("devices", list_devices),
    ("sign_in_codes", list_codes),
    ("attendees", list_attendees),
    ("roles", list_roles),
    ("duties", list_duties),
    ("mails", list_mails),
    ("audit", list_audit),
    ("results", list_results),
];

/// Reads a document of what is held about an account; none where there is no such account.
pub fn read_account(c: &mut Connection, account: AccountId, extent: &Extent) -> QueryResult<Option<Holdings>> {
    type Line = (Option<String>, String, Option<String>, Option<String>, i64);
    let query = accounts::table.find(account.to_string()).select((
        accounts::email,
        accounts::name,
        accounts::language,
        accounts::password_hash,
        accounts::created_at,
    ));
    let found: Option<Line> = on!(c, |c| query.first(c).optional())?;
    let Some((email, name, language, password, created)) = found else { return Ok(None) };
    let mut sections = Map::new();
    if extent.is_first() {
        let facts = json!({ "id": account, "email": email, "name": name, "language": language,
            "has_password": password.is_some(), "created_at": Timestamp(created) });
        sections.insert("account".to_owned(), without_nulls(facts));
    }
    let owner = Owner { account: account.to_string(), email: email.unwrap_or_default() };
    read_lists(c, &owner, LISTS, (extent, sections)).map(Some)
}

fn list_devices(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, String, i64, i64, Option<i64>);
    let query = devices::table
        .filter(devices::account_id.eq(&owner.account))
        .filter(devices::id.gt(after))
        .order(devices::id)
        .limit(limit)
        .select((
            devices::id,
            devices::name,
            devices::kind,
            devices::created_at,
            devices::last_seen_at,
            devices::revoked_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, name, kind, created, seen, ended): Line| {
        let value = json!({ "id": id, "name": name, "kind": kind, "created_at": Timestamp(created),
            "last_seen_at": Timestamp(seen), "ended_at": ended.map(Timestamp) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// Codes to sign in with; of the code itself only a hash is kept.
fn list_codes(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, i64, i64, Option<i64>);
    let query = sign_in_codes::table
        .filter(sign_in_codes::account_id.eq(&owner.account))
        .filter(sign_in_codes::id.gt(after))
        .order(sign_in_codes::id)
        .limit(limit)
        .select((
            sign_in_codes::id,
            sign_in_codes::channel,
            sign_in_codes::created_at,
            sign_in_codes::expires_at,
            sign_in_codes::used_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, channel, created, expires, used): Line| {
        let value = json!({ "channel": channel, "created_at": Timestamp(created), "expires_at": Timestamp(expires),
            "used_at": used.map(Timestamp) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// A key of two ids, as the last line of a page has it.
fn read_pair(after: &str) -> (String, String) {
    let (first, second) = after.split_once(' ').unwrap_or_default();
    (first.to_owned(), second.to_owned())
}

/// Whom the account is or acts for, and was or acted for.
fn list_attendees(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    let (event, attendee) = read_pair(after);
    let query = attendee_accounts::table
        .filter(attendee_accounts::account_id.eq(&owner.account))
        .filter(
            attendee_accounts::event_id
                .gt(event.clone())
                .or(attendee_accounts::event_id.eq(event).and(attendee_accounts::attendee_id.gt(attendee))),
        )
        .order((attendee_accounts::event_id, attendee_accounts::attendee_id))
        .limit(limit)
        .select((
            attendee_accounts::event_id,
            attendee_accounts::attendee_id,
            attendee_accounts::relation,
            attendee_accounts::active,
        ));
    let lines: Vec<(String, String, String, bool)> = on!(c, |c| query.load(c))?;
    let value = |(event, attendee, relation, is_active): (String, String, String, bool)| {
        let value = json!({ "event": event, "attendee": attendee, "relation": relation, "is_active": is_active });
        (format!("{event} {attendee}"), value)
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_roles(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    let (event, role) = read_pair(after);
    let query = roles::table
        .filter(roles::account_id.eq(&owner.account))
        .filter(roles::event_id.gt(event.clone()).or(roles::event_id.eq(event).and(roles::role.gt(role))))
        .order((roles::event_id, roles::role))
        .limit(limit)
        .select((roles::event_id, roles::role, roles::active));
    let lines: Vec<(String, String, bool)> = on!(c, |c| query.load(c))?;
    let value = |(event, role, is_active): (String, String, bool)| {
        (format!("{event} {role}"), json!({ "event": event, "role": role, "is_active": is_active }))
    };
    Ok(lines.into_iter().map(value).collect())
}

fn list_duties(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    let (event, rest) = read_pair(after);
    let (delegation, duty) = read_pair(&rest);
    let later = delegation_duties::delegation_id
        .gt(delegation.clone())
        .or(delegation_duties::delegation_id.eq(delegation).and(delegation_duties::duty.gt(duty)));
    let is_theirs = duty_phones::event_id
        .eq(delegation_duties::event_id)
        .and(duty_phones::delegation_id.eq(delegation_duties::delegation_id))
        .and(duty_phones::account_id.eq(delegation_duties::account_id));
    let query = delegation_duties::table
        .left_join(duty_phones::table.on(is_theirs))
        .filter(delegation_duties::account_id.eq(&owner.account))
        .filter(delegation_duties::event_id.gt(event.clone()).or(delegation_duties::event_id.eq(event).and(later)))
        .order((delegation_duties::event_id, delegation_duties::delegation_id, delegation_duties::duty))
        .limit(limit)
        .select((
            delegation_duties::event_id,
            delegation_duties::delegation_id,
            delegation_duties::duty,
            delegation_duties::active,
            duty_phones::phone.nullable(),
        ));
    type Line = (String, String, String, bool, Option<String>);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(event, delegation, duty, is_active, phone): Line| {
        let value = json!({ "event": event, "delegation": delegation, "duty": duty, "is_active": is_active,
            "phone": phone.filter(|_| is_active) });
        (format!("{event} {delegation} {duty}"), without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// Mails to the account's address, whomever they are about.
fn list_mails(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, String, Option<String>, String, String, i64);
    let query = mails::table
        .filter(mails::address.eq(&owner.email))
        .filter(mails::id.gt(after))
        .order(mails::id)
        .limit(limit)
        .select((mails::id, mails::event_id, mails::attendee_id, mails::kind, mails::state, mails::created_at));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(id, event, attendee, kind, state, created): Line| {
        let value = json!({ "id": id, "event": event, "attendee": attendee, "kind": kind, "state": state,
            "created_at": Timestamp(created) });
        (id, without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// What the account did: when and to what, without the data of others.
fn list_audit(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    type Line = (String, i64, i64, i64, Option<String>, Option<String>, (String, String, String));
    let (event, place) = read_pair(after);
    let (seq, ordinal) = place.split_once('.').unwrap_or_default();
    let (seq, ordinal) = (seq.parse().unwrap_or(-1_i64), ordinal.parse().unwrap_or(-1_i64));
    let later = audit::seq.gt(seq).or(audit::seq.eq(seq).and(audit::ordinal.gt(ordinal)));
    let query = audit::table
        .filter(audit::account_id.eq(&owner.account))
        .filter(audit::event_id.gt(event.clone()).or(audit::event_id.eq(event).and(later)))
        .order((audit::event_id, audit::seq, audit::ordinal))
        .limit(limit)
        .select((
            audit::event_id,
            audit::seq,
            audit::ordinal,
            audit::at,
            audit::device_id,
            audit::attendee_id,
            (audit::operation, audit::collection, audit::record_id),
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(event, seq, ordinal, at, device, attendee, (operation, collection, id)): Line| {
        let value = json!({ "event": event, "at": Timestamp(at), "operation": operation, "collection": collection,
            "id": id, "device": device, "attendee": attendee });
        (format!("{event} {seq}.{ordinal}"), without_nulls(value))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// The stored answers to what the account's devices sent, kept so that nothing is done twice.
fn list_results(c: &mut Connection, owner: &Owner, (after, limit): (&str, i64)) -> Lines {
    let (device, mutation) = read_pair(after);
    let query = mutation_results::table
        .filter(mutation_results::account_id.eq(&owner.account))
        .filter(
            mutation_results::device_id
                .gt(device.clone())
                .or(mutation_results::device_id.eq(device).and(mutation_results::mutation_id.gt(mutation))),
        )
        .order((mutation_results::device_id, mutation_results::mutation_id))
        .limit(limit)
        .select((
            mutation_results::device_id,
            mutation_results::mutation_id,
            mutation_results::event_id,
            mutation_results::result,
            mutation_results::at,
        ));
    let lines: Vec<(String, String, String, String, i64)> = on!(c, |c| query.load(c))?;
    let value = |(device, mutation, event, result, at): (String, String, String, String, i64)| {
        let value = json!({ "device": device, "mutation": mutation, "event": event, "at": Timestamp(at),
            "content": stored_json(&result) });
        (format!("{device} {mutation}"), value)
    };
    Ok(lines.into_iter().map(value).collect())
}
