//! Writing a group: a handful of statements, however many steps it had.

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};

use super::change_log::{Group, StoredResult};
use super::feed::Delta;
use super::ledger::NewScopeRow;
use super::seal_rights::write_rights;
use crate::database::schema::{audit, commits, event_counters, mutation_results, records, scope_heads, scope_rows};
use crate::database::{Connection, SYSTEM_SLUG};
use crate::on;

/// Rows in one statement: SQLite binds at most 32,766 values.
pub(super) const CHUNK: usize = 500;

/// How many commits of what belongs to no event are kept at least; nobody reads them for long.
const SYSTEM_COMMITS: i64 = 256;

/// Writes everything that a group changed, and its commit.
pub fn write(connection: &mut Connection, group: &Group, delta: &Delta) -> QueryResult<()> {
    write_rows(connection, group, delta)?;
    write_scope_heads(connection, group, delta)?;
    write_rights(connection, group, delta)?;
    write_records(connection, group)?;
    write_audit(connection, group)?;
    write_commit(connection, group, &delta.slug)
}

/// Writes the commit of a group of what belongs to no event, for who looks up whether it took place.
pub fn write_system_commit(connection: &mut Connection, group: &Group) -> QueryResult<()> {
    write_commit(connection, group, SYSTEM_SLUG)?;
    let seq = group.next.seq as i64;
    if seq % SYSTEM_COMMITS == 0 {
        let old = commits::table
            .filter(commits::event_id.eq(group.event.to_string()))
            .filter(commits::seq.le(seq - SYSTEM_COMMITS));
        on!(connection, |c| diesel::delete(old).execute(c))?;
    }
    Ok(())
}

fn write_commit(connection: &mut Connection, group: &Group, slug: &str) -> QueryResult<()> {
    let (event, seq, nonce) = (group.event.to_string(), group.next.seq as i64, i64::from(group.next.nonce.0));
    on!(connection, |c| {
        diesel::insert_into(commits::table)
            .values((
                commits::event_id.eq(&event),
                commits::seq.eq(seq),
                commits::nonce.eq(nonce),
                commits::at.eq(group.now.0),
            ))
            .execute(c)?;
        diesel::update(event_counters::table.find(&event))
            .set((event_counters::seq.eq(seq), event_counters::nonce.eq(nonce), event_counters::slug.eq(slug)))
            .execute(c)
    })?;
    Ok(())
}

fn write_rows(connection: &mut Connection, group: &Group, delta: &Delta) -> QueryResult<()> {
    let event = group.event.to_string();
    let scopes: Vec<String> = delta.rows.iter().map(|(scope, _)| scope.to_string()).collect();
    let lines: Vec<NewScopeRow<'_>> = delta
        .rows
        .iter()
        .zip(&scopes)
        .flat_map(|((_, rows), scope)| rows.iter().map(move |row| (scope, row)))
        .map(|(scope, row)| NewScopeRow {
            event_id: &event,
            scope,
            collection: row.key.0.as_str(),
            id: row.key.1.to_string(),
            rev: row.rev as i64,
            value: row.value.as_deref(),
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(scope_rows::table)
            .values(chunk)
            .on_conflict((scope_rows::event_id, scope_rows::scope, scope_rows::collection, scope_rows::id))
            .do_update()
            .set((scope_rows::rev.eq(excluded(scope_rows::rev)), scope_rows::value.eq(excluded(scope_rows::value))))
            .execute(c))?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = scope_heads, treat_none_as_default_value = false)]
struct NewScopeHead {
    event_id: String,
    scope: String,
    seq: i64,
    nonce: i64,
    floor: i64,
    row_count: i64,
    check_sum: i64,
}

fn write_scope_heads(connection: &mut Connection, group: &Group, delta: &Delta) -> QueryResult<()> {
    let lines: Vec<NewScopeHead> = delta
        .scope_heads
        .iter()
        .map(|(scope, head)| NewScopeHead {
            event_id: group.event.to_string(),
            scope: scope.to_string(),
            seq: head.head.seq as i64,
            nonce: i64::from(head.head.nonce.0),
            floor: head.floor as i64,
            row_count: head.digest.0 as i64,
            check_sum: i64::from(head.digest.1),
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        // The floor is compaction's alone to move.
        on!(connection, |c| diesel::insert_into(scope_heads::table)
            .values(chunk)
            .on_conflict((scope_heads::event_id, scope_heads::scope))
            .do_update()
            .set((
                scope_heads::seq.eq(excluded(scope_heads::seq)),
                scope_heads::nonce.eq(excluded(scope_heads::nonce)),
                scope_heads::row_count.eq(excluded(scope_heads::row_count)),
                scope_heads::check_sum.eq(excluded(scope_heads::check_sum)),
            ))
            .execute(c))?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = records, treat_none_as_default_value = false)]
struct NewRecord {
    event_id: String,
    collection: &'static str,
    id: String,
    slug: String,
    rev: i64,
    created_rev: i64,
    field_revs: String,
    body: Option<String>,
}

fn write_records(connection: &mut Connection, group: &Group) -> QueryResult<()> {
    let seq = group.next.seq as i64;
    let lines: Vec<NewRecord> = group
        .draft
        .changed
        .iter()
        .map(|key| {
            let record = group.draft.programme.find(key.0, key.1);
            NewRecord {
                event_id: group.event.to_string(),
                collection: key.0.as_str(),
                id: key.1.to_string(),
                slug: record.map(|record| record.body.slug().to_owned()).unwrap_or_default(),
                rev: seq,
                created_rev: record.map_or(seq, |record| record.created_rev as i64),
                field_revs: record
                    .and_then(|record| serde_json::to_string(&record.field_revs).ok())
                    .unwrap_or_else(|| "{}".to_owned()),
                body: record.map(|record| record.body.to_json().to_string()),
            }
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(records::table)
            .values(chunk)
            .on_conflict((records::event_id, records::collection, records::id))
            .do_update()
            .set((
                records::slug.eq(excluded(records::slug)),
                records::rev.eq(excluded(records::rev)),
                records::created_rev.eq(excluded(records::created_rev)),
                records::field_revs.eq(excluded(records::field_revs)),
                records::body.eq(excluded(records::body)),
            ))
            .execute(c))?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct NewAuditLine {
    event_id: String,
    seq: i64,
    ordinal: i64,
    at: i64,
    account_id: Option<String>,
    device_id: Option<String>,
    attendee_id: Option<String>,
    operation: String,
    collection: &'static str,
    record_id: String,
    before: Option<String>,
    after: Option<String>,
}

fn write_audit(connection: &mut Connection, group: &Group) -> QueryResult<()> {
    let lines: Vec<NewAuditLine> = group
        .draft
        .audit
        .iter()
        .enumerate()
        .map(|(ordinal, line)| NewAuditLine {
            event_id: group.event.to_string(),
            seq: group.next.seq as i64,
            ordinal: ordinal as i64,
            at: group.now.0,
            account_id: line.actor.account.map(|id| id.to_string()),
            device_id: line.actor.device.map(|id| id.to_string()),
            attendee_id: line.actor.attendee.map(|id| id.to_string()),
            operation: line.operation.clone(),
            collection: line.collection,
            record_id: line.record.to_string(),
            before: line.before.as_ref().map(ToString::to_string),
            after: line.after.as_ref().map(ToString::to_string),
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(audit::table).values(chunk).execute(c))?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = mutation_results, treat_none_as_default_value = false)]
struct NewResult {
    account_id: String,
    device_id: String,
    mutation_id: String,
    event_id: String,
    content_hash: String,
    result: String,
    at: i64,
}

/// Stores the answers to mutations, also of a group that changed nothing.
pub fn write_results(connection: &mut Connection, group: &Group, results: &[StoredResult]) -> QueryResult<()> {
    let lines: Vec<NewResult> = results
        .iter()
        .map(|stored| NewResult {
            account_id: stored.account.to_string(),
            device_id: stored.device.to_string(),
            mutation_id: stored.mutation.to_string(),
            event_id: group.event.to_string(),
            content_hash: stored.content_hash.clone(),
            result: serde_json::to_string(&stored.result).unwrap_or_default(),
            at: group.now.0,
        })
        .collect();
    for chunk in lines.chunks(CHUNK) {
        on!(connection, |c| diesel::insert_into(mutation_results::table).values(chunk).execute(c))?;
    }
    Ok(())
}
