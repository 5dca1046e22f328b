//! Removing an account with everything that is its.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::devices::append_to_log;
use super::read_id;
use crate::database::Connection;
use crate::database::schema::{
    accounts, attendee_accounts, delegation_duties, devices, enrolments, mutation_results, push_devices,
    refresh_tokens, roles, sign_in_codes,
};
use crate::on;

/// Removes an account that is nobody's, acts for nobody, has no role or duty at any event and is
/// no enrolled device's. The
/// devices that were signed in; none where there is no such account or it has something.
pub fn remove_idle_account(
    conn: &mut Connection,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Option<Vec<DeviceId>>> {
    let id = account.to_string();
    if is_in_use(conn, &id)? {
        return Ok(None);
    }
    let open =
        devices::table.filter(devices::account_id.eq(&id)).filter(devices::revoked_at.is_null()).select(devices::id);
    let open: Vec<String> = on!(&mut *conn, |c| open.load(c))?;
    let open = open.iter().map(|device| read_id(device)).collect::<QueryResult<Vec<DeviceId>>>()?;
    let all = devices::table.filter(devices::account_id.eq(&id)).select(devices::id);
    let all: Vec<String> = on!(&mut *conn, |c| all.load(c))?;
    let removed = on!(&mut *conn, |c| {
        diesel::delete(refresh_tokens::table.filter(refresh_tokens::device_id.eq_any(&all))).execute(c)?;
        diesel::delete(push_devices::table.filter(push_devices::account_id.eq(&id))).execute(c)?;
        diesel::delete(devices::table.filter(devices::account_id.eq(&id))).execute(c)?;
        diesel::delete(sign_in_codes::table.filter(sign_in_codes::account_id.eq(&id))).execute(c)?;
        diesel::delete(mutation_results::table.filter(mutation_results::account_id.eq(&id))).execute(c)?;
        diesel::delete(accounts::table.find(&id)).execute(c)
    })?;
    for device in &open {
        append_to_log(conn, *device, now)?;
    }
    Ok((removed == 1).then_some(open))
}

fn is_in_use(conn: &mut Connection, id: &str) -> QueryResult<bool> {
    let relation = attendee_accounts::table
        .filter(attendee_accounts::account_id.eq(id))
        .filter(attendee_accounts::active.eq(true))
        .select(attendee_accounts::event_id);
    let role = roles::table.filter(roles::account_id.eq(id)).filter(roles::active.eq(true)).select(roles::event_id);
    let duty = delegation_duties::table
        .filter(delegation_duties::account_id.eq(id))
        .filter(delegation_duties::active.eq(true))
        .select(delegation_duties::event_id);
    let enrolment = enrolments::table.filter(enrolments::account_id.eq(id)).select(enrolments::event_id);
    let found: [Option<String>; 4] = on!(conn, |c| QueryResult::Ok([
        relation.first(c).optional()?,
        role.first(c).optional()?,
        duty.first(c).optional()?,
        enrolment.first(c).optional()?
    ]))?;
    Ok(found.iter().any(Option::is_some))
}
