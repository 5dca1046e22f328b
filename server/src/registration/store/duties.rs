//! Who looks after delegations, in the database. The change log writes the lines.

use std::collections::BTreeMap;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, EventId, RecordId};
use shared::programme::DelegationDuty;

use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::{delegation_duties, duty_phones};
use crate::on;

/// The accounts that have a duty for a delegation, with which.
pub fn list_duties(
    c: &mut Connection,
    event: EventId,
    delegation: RecordId,
) -> QueryResult<Vec<(AccountId, DelegationDuty)>> {
    let query = delegation_duties::table
        .filter(delegation_duties::event_id.eq(event.to_string()))
        .filter(delegation_duties::delegation_id.eq(delegation.to_string()))
        .filter(delegation_duties::active.eq(true))
        .select((delegation_duties::account_id, delegation_duties::duty));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    let read = |(account, duty): (String, String)| Some((account.parse().ok()?, duty.parse().ok()?));
    lines.into_iter().map(|line| read(line).ok_or_else(damaged)).collect()
}

/// At which numbers those are called who look after a delegation, by account.
pub fn list_phones(
    c: &mut Connection,
    event: EventId,
    delegation: RecordId,
) -> QueryResult<BTreeMap<AccountId, String>> {
    let query = duty_phones::table
        .filter(duty_phones::event_id.eq(event.to_string()))
        .filter(duty_phones::delegation_id.eq(delegation.to_string()))
        .select((duty_phones::account_id, duty_phones::phone));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(|(account, phone)| Ok((account.parse().map_err(|_| damaged())?, phone))).collect()
}

/// Writes down at which number somebody is called who looks after a delegation.
pub fn put_phone(
    c: &mut Connection,
    (event, delegation, account): (EventId, RecordId, AccountId),
    phone: &str,
) -> QueryResult<()> {
    let line = (
        duty_phones::event_id.eq(event.to_string()),
        duty_phones::delegation_id.eq(delegation.to_string()),
        duty_phones::account_id.eq(account.to_string()),
        duty_phones::phone.eq(phone),
    );
    on!(c, |c| diesel::insert_into(duty_phones::table)
        .values(line)
        .on_conflict((duty_phones::event_id, duty_phones::delegation_id, duty_phones::account_id))
        .do_update()
        .set(duty_phones::phone.eq(excluded(duty_phones::phone)))
        .execute(c))?;
    Ok(())
}

/// Forgets that number.
pub fn delete_phone(
    c: &mut Connection,
    (event, delegation, account): (EventId, RecordId, AccountId),
) -> QueryResult<()> {
    let key = (event.to_string(), delegation.to_string(), account.to_string());
    on!(c, |c| diesel::delete(duty_phones::table.find(key)).execute(c))?;
    Ok(())
}
