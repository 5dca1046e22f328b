//! Who looks after delegations, in the database. The change log writes the lines.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, EventId, RecordId};
use shared::programme::DelegationDuty;

use super::registrations::damaged;
use crate::database::Connection;
use crate::database::schema::delegation_duties;
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
