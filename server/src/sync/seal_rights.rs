//! Writing the rights that a group changed: gates, roles, and who acts for whom.

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryResult, RunQueryDsl};

use shared::ids::{AccountId, AttendeeId};

use super::change_log::{Group, Relation};
use super::feed::Delta;
use super::seal::CHUNK;
use crate::database::Connection;
use crate::database::schema::{attendee_accounts, delegation_duties, grants, roles};
use crate::on;

#[derive(Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
struct NewGrant {
    event_id: String,
    gate_id: String,
    attendee_id: String,
    active: bool,
    seq: i64,
}

#[derive(Insertable)]
#[diesel(table_name = roles, treat_none_as_default_value = false)]
struct NewRole {
    event_id: String,
    account_id: String,
    role: &'static str,
    active: bool,
    seq: i64,
}

#[derive(Insertable)]
#[diesel(table_name = delegation_duties, treat_none_as_default_value = false)]
struct NewDuty {
    event_id: String,
    delegation_id: String,
    account_id: String,
    duty: &'static str,
    active: bool,
    seq: i64,
}

#[derive(Insertable)]
#[diesel(table_name = attendee_accounts, treat_none_as_default_value = false)]
struct NewRelation {
    event_id: String,
    attendee_id: String,
    account_id: String,
    relation: &'static str,
    active: bool,
    seq: i64,
}

/// Writes who may hold what from this commit on.
pub(super) fn write_rights(connection: &mut Connection, group: &Group, delta: &Delta) -> QueryResult<()> {
    let (event, seq) = (group.event.to_string(), group.next.seq as i64);
    let lines: Vec<NewGrant> = delta
        .grants
        .iter()
        .map(|(gate, attendee, active)| NewGrant {
            event_id: event.clone(),
            gate_id: gate.to_string(),
            attendee_id: attendee.to_string(),
            active: *active,
            seq,
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(grants::table)
            .values(chunk)
            .on_conflict((grants::event_id, grants::gate_id, grants::attendee_id))
            .do_update()
            .set((grants::active.eq(excluded(grants::active)), grants::seq.eq(excluded(grants::seq))))
            .execute(c))?;
    }
    let lines: Vec<NewRole> = delta
        .roles
        .iter()
        .map(|(account, role, active)| NewRole {
            event_id: event.clone(),
            account_id: account.to_string(),
            role: role.as_str(),
            active: *active,
            seq,
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(roles::table)
            .values(chunk)
            .on_conflict((roles::event_id, roles::account_id, roles::role))
            .do_update()
            .set((roles::active.eq(excluded(roles::active)), roles::seq.eq(excluded(roles::seq))))
            .execute(c))?;
    }
    let lines: Vec<NewDuty> = delta
        .duties
        .iter()
        .map(|(delegation, account, duty, active)| NewDuty {
            event_id: event.clone(),
            delegation_id: delegation.to_string(),
            account_id: account.to_string(),
            duty: duty.as_str(),
            active: *active,
            seq,
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(delegation_duties::table)
            .values(chunk)
            .on_conflict((
                delegation_duties::event_id,
                delegation_duties::delegation_id,
                delegation_duties::account_id,
                delegation_duties::duty,
            ))
            .do_update()
            .set((
                delegation_duties::active.eq(excluded(delegation_duties::active)),
                delegation_duties::seq.eq(excluded(delegation_duties::seq)),
            ))
            .execute(c))?;
    }
    let line = |(attendee, account, relation): &(AttendeeId, AccountId, Option<Relation>)| NewRelation {
        event_id: event.clone(),
        attendee_id: attendee.to_string(),
        account_id: account.to_string(),
        relation: relation.unwrap_or(Relation::Assistant).as_str(),
        active: relation.is_some(),
        seq,
    };
    let (held, ended): (Vec<_>, Vec<_>) = delta.relations.iter().partition(|(.., relation)| relation.is_some());
    for chunk in held.chunks(CHUNK) {
        let lines: Vec<NewRelation> = chunk.iter().map(&line).collect();
        on!(connection, |c| diesel::insert_into(attendee_accounts::table)
            .values(lines)
            .on_conflict((attendee_accounts::event_id, attendee_accounts::attendee_id, attendee_accounts::account_id))
            .do_update()
            .set((
                attendee_accounts::relation.eq(excluded(attendee_accounts::relation)),
                attendee_accounts::active.eq(excluded(attendee_accounts::active)),
                attendee_accounts::seq.eq(excluded(attendee_accounts::seq)),
            ))
            .execute(c))?;
    }
    // What has ended keeps the word of what it was.
    for chunk in ended.chunks(CHUNK) {
        let lines: Vec<NewRelation> = chunk.iter().map(&line).collect();
        on!(connection, |c| diesel::insert_into(attendee_accounts::table)
            .values(lines)
            .on_conflict((attendee_accounts::event_id, attendee_accounts::attendee_id, attendee_accounts::account_id))
            .do_update()
            .set((
                attendee_accounts::active.eq(excluded(attendee_accounts::active)),
                attendee_accounts::seq.eq(excluded(attendee_accounts::seq)),
            ))
            .execute(c))?;
    }
    Ok(())
}
