//! Reading events, scopes and what other nodes wrote from the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::sql_types::Text;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, RunQueryDsl,
    sql_query,
};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::programme::{Collection, DelegationDuty, Programme, Record, RecordBody, RecordKey};
use shared::sync::{Digest, Head, Nonce, Scope};
use uuid::Uuid;

use super::delta::{Delta, RecordChange, ScopeHead};
use super::memory::EventMemory;
use crate::database::Connection;
use crate::database::schema::{
    attendee_accounts, commits, delegation_duties, enrolments, event_counters, grants, records, roles, scope_heads,
    scope_rows,
};
use crate::on;
use crate::sync::change_log::{Assignment, Relation, Role};
use crate::sync::row::{Row, RowCollection, RowKey};
use crate::sync::scope_log::ScopeLog;

/// Places in one statement, of three values each: SQLite binds at most 32,766, PostgreSQL 65,535.
const PLACES: usize = 1_000;

/// A value in the database that this program never writes.
fn damaged(what: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(format!("the database holds an unreadable {what}").into())
}

fn parse<T: std::str::FromStr>(text: &str, what: &str) -> QueryResult<T> {
    text.parse().map_err(|_| damaged(what))
}

/// Every event with its slug and head.
pub fn list_heads(connection: &mut Connection) -> QueryResult<Vec<(EventId, String, Head)>> {
    let rows: Vec<(String, String, i64, i64)> = on!(connection, |c| event_counters::table
        .select((event_counters::event_id, event_counters::slug, event_counters::seq, event_counters::nonce))
        .load(c))?;
    rows.into_iter().map(|(id, slug, seq, nonce)| Ok((parse(&id, "event id")?, slug, head(seq, nonce)))).collect()
}

/// One event's slug and head.
pub fn find_head(connection: &mut Connection, event: EventId) -> QueryResult<Option<(String, Head)>> {
    let row: Option<(String, i64, i64)> = on!(connection, |c| event_counters::table
        .find(event.to_string())
        .select((event_counters::slug, event_counters::seq, event_counters::nonce))
        .first(c)
        .optional())?;
    Ok(row.map(|(slug, seq, nonce)| (slug, head(seq, nonce))))
}

/// The event of this id or slug.
pub fn find_event(connection: &mut Connection, name: &str) -> QueryResult<Option<EventId>> {
    let is_named = event_counters::event_id.eq(name).or(event_counters::slug.eq(name));
    let id: Option<String> = on!(connection, |c| event_counters::table
        .filter(is_named)
        .filter(event_counters::event_id.ne(EventId(Uuid::nil()).to_string()))
        .select(event_counters::event_id)
        .first(c)
        .optional())?;
    id.map(|id| parse(&id, "event id")).transpose()
}

/// Locks an event's counter row until the transaction ends, and reads it; none where the event was
/// removed.
pub fn lock_head(connection: &mut Connection, event: EventId) -> QueryResult<Option<Head>> {
    let query = event_counters::table.find(event.to_string()).select((event_counters::seq, event_counters::nonce));
    let found: Option<(i64, i64)> = match connection {
        // BEGIN IMMEDIATE has locked the whole file already.
        Connection::Sqlite(c) => query.first(c.as_mut()).optional()?,
        Connection::Postgres(c) => query.for_update().first(c.as_mut()).optional()?,
    };
    Ok(found.map(|(seq, nonce)| head(seq, nonce)))
}

/// Whether the database has a commit.
pub fn has_commit(connection: &mut Connection, event: EventId, commit: Head) -> QueryResult<bool> {
    if commit.seq == 0 {
        return Ok(commit.nonce == Nonce(0));
    }
    let nonce: Option<i64> = on!(connection, |c| commits::table
        .find((event.to_string(), commit.seq as i64))
        .select(commits::nonce)
        .first(c)
        .optional())?;
    Ok(nonce == Some(i64::from(commit.nonce.0)))
}

/// An event without any rows: heads, rights and the log of commits; none where it was removed.
pub fn load_event(connection: &mut Connection, event: EventId) -> QueryResult<Option<EventMemory>> {
    let Some((slug, _)) = find_head(connection, event)? else { return Ok(None) };
    let delta = load_delta(connection, event, Head::default(), WithRows::No)?;
    let mut memory = EventMemory { slug, ..EventMemory::default() };
    memory.apply(&delta);
    Ok(Some(memory))
}

/// Whether changed rows and records are read too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WithRows {
    /// They are.
    Yes,
    /// Only heads, rights and commits.
    No,
}

/// What was committed after `from`. The caller has made sure that all of it is of one moment.
pub fn load_delta(connection: &mut Connection, event: EventId, from: Head, rows: WithRows) -> QueryResult<Delta> {
    let (id, after) = (event.to_string(), from.seq as i64);
    let (slug, _) = find_head(connection, event)?.ok_or(diesel::result::Error::NotFound)?;
    let log: Vec<(i64, i64)> = on!(connection, |c| commits::table
        .filter(commits::event_id.eq(&id))
        .filter(commits::seq.gt(after))
        .order(commits::seq)
        .select((commits::seq, commits::nonce))
        .load(c))?;
    let grants: Vec<(String, String, bool)> = on!(connection, |c| grants::table
        .filter(grants::event_id.eq(&id))
        .filter(grants::seq.gt(after))
        .select((grants::gate_id, grants::attendee_id, grants::active))
        .load(c))?;
    let roles: Vec<(String, String, bool)> = on!(connection, |c| roles::table
        .filter(roles::event_id.eq(&id))
        .filter(roles::seq.gt(after))
        .select((roles::account_id, roles::role, roles::active))
        .load(c))?;
    let duties: Vec<(String, String, String, bool)> = on!(connection, |c| delegation_duties::table
        .filter(delegation_duties::event_id.eq(&id))
        .filter(delegation_duties::seq.gt(after))
        .select((
            delegation_duties::delegation_id,
            delegation_duties::account_id,
            delegation_duties::duty,
            delegation_duties::active,
        ))
        .load(c))?;
    let relations: Vec<(String, String, String, bool)> = on!(connection, |c| attendee_accounts::table
        .filter(attendee_accounts::event_id.eq(&id))
        .filter(attendee_accounts::seq.gt(after))
        .select((
            attendee_accounts::attendee_id,
            attendee_accounts::account_id,
            attendee_accounts::relation,
            attendee_accounts::active,
        ))
        .load(c))?;
    let (changed_rows, changed_records) = match rows {
        WithRows::Yes => (load_rows_after(connection, event, after)?, load_records_after(connection, event, after)?),
        WithRows::No => (Vec::new(), Vec::new()),
    };
    Ok(Delta {
        from,
        commits: log.into_iter().map(|(seq, nonce)| head(seq, nonce)).collect(),
        rows: changed_rows,
        scope_heads: load_scope_heads(connection, event, after)?,
        grants: grants
            .into_iter()
            .map(|(gate, attendee, held)| Ok((parse(&gate, "gate")?, parse(&attendee, "attendee")?, held)))
            .collect::<QueryResult<Vec<(RecordId, AttendeeId, bool)>>>()?,
        roles: roles
            .into_iter()
            .map(|(account, role, held)| Ok((parse(&account, "account")?, parse(&role, "role")?, held)))
            .collect::<QueryResult<Vec<(AccountId, Role, bool)>>>()?,
        duties: duties
            .into_iter()
            .map(|(delegation, account, duty, held)| {
                Ok((parse(&delegation, "delegation")?, parse(&account, "account")?, parse(&duty, "duty")?, held))
            })
            .collect::<QueryResult<Vec<(RecordId, AccountId, DelegationDuty, bool)>>>()?,
        relations: relations
            .into_iter()
            .map(|(attendee, account, relation, active)| {
                let relation = active.then(|| Relation::of_word(&relation));
                Ok((parse(&attendee, "attendee")?, parse(&account, "account")?, relation))
            })
            .collect::<QueryResult<Vec<(AttendeeId, AccountId, Option<Relation>)>>>()?,
        enrolments: load_enrolments_after(connection, &id, after)?,
        records: RecordChange::Some(changed_records),
        slug,
    })
}

fn load_enrolments_after(
    connection: &mut Connection,
    event: &str,
    after: i64,
) -> QueryResult<Vec<(AccountId, Assignment)>> {
    type Line = (String, String, String, String, bool);
    let lines: Vec<Line> = on!(connection, |c| enrolments::table
        .filter(enrolments::event_id.eq(event))
        .filter(enrolments::seq.gt(after))
        .select((
            enrolments::account_id,
            enrolments::profile,
            enrolments::state,
            enrolments::checkpoints,
            enrolments::is_lead,
        ))
        .load(c))?;
    let read = |(account, profile, state, checkpoints, is_lead): Line| {
        let assignment = Assignment {
            profile: parse(&profile, "profile")?,
            state: parse(&state, "state of an enrolment")?,
            checkpoints: serde_json::from_str(&checkpoints).map_err(|_| damaged("list of checkpoints"))?,
            is_lead,
        };
        Ok((parse(&account, "account")?, assignment))
    };
    lines.into_iter().map(read).collect()
}

fn load_scope_heads(connection: &mut Connection, event: EventId, after: i64) -> QueryResult<Vec<(Scope, ScopeHead)>> {
    type Line = (String, i64, i64, i64, i64, i64);
    let lines: Vec<Line> = on!(connection, |c| scope_heads::table
        .filter(scope_heads::event_id.eq(event.to_string()))
        .filter(scope_heads::seq.gt(after))
        .select((
            scope_heads::scope,
            scope_heads::seq,
            scope_heads::nonce,
            scope_heads::floor,
            scope_heads::row_count,
            scope_heads::check_sum,
        ))
        .load(c))?;
    lines
        .into_iter()
        .map(|(scope, seq, nonce, floor, rows, sum)| {
            let digest = Digest(rows as u64, sum as u32);
            Ok((parse(&scope, "scope")?, ScopeHead { head: head(seq, nonce), floor: floor as u64, digest }))
        })
        .collect()
}

type RowLine = (String, String, i64, Option<String>);

fn row(line: RowLine) -> QueryResult<Arc<Row>> {
    let (collection, id, rev, value) = line;
    let key = (parse::<RowCollection>(&collection, "collection")?, parse::<Uuid>(&id, "row id")?);
    Ok(Arc::new(Row::new(key, rev as u64, value.map(String::into_boxed_str))))
}

fn load_rows_after(
    connection: &mut Connection,
    event: EventId,
    after: i64,
) -> QueryResult<Vec<(Scope, Vec<Arc<Row>>)>> {
    let lines: Vec<(String, RowLine)> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::rev.gt(after))
        .select((scope_rows::scope, (scope_rows::collection, scope_rows::id, scope_rows::rev, scope_rows::value)))
        .load(c))?;
    let mut by_scope: BTreeMap<Scope, Vec<Arc<Row>>> = BTreeMap::new();
    for (scope, line) in lines {
        by_scope.entry(parse(&scope, "scope")?).or_default().push(row(line)?);
    }
    Ok(by_scope.into_iter().collect())
}

/// One scope's head and rows, read at one moment by the caller.
pub fn load_scope(connection: &mut Connection, event: EventId, scope: Scope) -> QueryResult<(ScopeHead, ScopeLog)> {
    let key = (event.to_string(), scope.to_string());
    let line: Option<(i64, i64, i64, i64, i64)> = on!(connection, |c| scope_heads::table
        .find(key.clone())
        .select((
            scope_heads::seq,
            scope_heads::nonce,
            scope_heads::floor,
            scope_heads::row_count,
            scope_heads::check_sum
        ))
        .first(c)
        .optional())?;
    let read_at = line
        .map(|(seq, nonce, floor, rows, sum)| ScopeHead {
            head: head(seq, nonce),
            floor: floor as u64,
            digest: Digest(rows as u64, sum as u32),
        })
        .unwrap_or_default();
    let lines: Vec<RowLine> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(&key.0))
        .filter(scope_rows::scope.eq(&key.1))
        .select((scope_rows::collection, scope_rows::id, scope_rows::rev, scope_rows::value))
        .load(c))?;
    let mut log = ScopeLog::default();
    for line in lines {
        log.put(row(line)?);
    }
    Ok((read_at, log))
}

/// A row with the scope that it is in, as one statement finds it.
#[derive(QueryableByName)]
#[diesel(table_name = scope_rows)]
struct PlacedLine {
    scope: String,
    collection: String,
    id: String,
    rev: i64,
    value: Option<String>,
}

/// The stored rows and tombstones at these places, each with the scope that it is in: one statement for
/// a thousand, whichever scopes they lie in.
pub fn load_rows(
    connection: &mut Connection,
    event: EventId,
    places: &[(Scope, RowKey)],
) -> QueryResult<Vec<(Scope, Arc<Row>)>> {
    let mut found = Vec::with_capacity(places.len());
    for chunk in places.chunks(PLACES) {
        let text = select_places(connection, chunk.len());
        let lines: Vec<PlacedLine> = on!(&mut *connection, |c| {
            let mut query = sql_query(text).into_boxed();
            for (scope, (collection, id)) in chunk {
                query = query.bind::<Text, _>(scope.to_string());
                query = query.bind::<Text, _>(collection.as_str()).bind::<Text, _>(id.to_string());
            }
            query.bind::<Text, _>(event.to_string()).load(c)
        })?;
        for line in lines {
            let scope = parse(&line.scope, "scope")?;
            found.push((scope, row((line.collection, line.id, line.rev, line.value))?));
        }
    }
    Ok(found)
}

/// The statement that finds the rows at so many places. The places come first and each is looked up by
/// its key: with `IN (VALUES …)` SQLite walks all rows of the event, and so does PostgreSQL with a join of any form
/// before it has statistics of the table, since it takes an event for one of hundreds. `LIMIT` leaves it no choice;
/// SQLite knows no `LATERAL`.
fn select_places(connection: &Connection, count: usize) -> String {
    let place = |n: usize| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3);
    let places: Vec<String> = (0..count).map(place).collect();
    let by_key = format!(
        "one.event_id = ${} AND one.scope = wanted.scope AND one.collection = wanted.collection AND one.id = wanted.id",
        3 * count + 1
    );
    let found = match connection {
        Connection::Sqlite(_) => format!("scope_rows AS one WHERE {by_key}"),
        Connection::Postgres(_) => format!("LATERAL (SELECT * FROM scope_rows AS one WHERE {by_key} LIMIT 1) AS one"),
    };
    format!(
        "WITH wanted (scope, collection, id) AS (VALUES {}) \
         SELECT one.scope, one.collection, one.id, one.rev, one.value FROM wanted CROSS JOIN {found}",
        places.join(", ")
    )
}

/// The value of one stored row; none where it is gone or never was.
pub fn find_row(connection: &mut Connection, event: EventId, place: (Scope, RowKey)) -> QueryResult<Option<String>> {
    let rows = load_rows(connection, event, &[place])?;
    Ok(rows.first().and_then(|(_, row)| row.value.as_deref().map(str::to_owned)))
}

type RecordLine = (String, String, i64, i64, String, Option<String>);

fn record(line: RecordLine) -> QueryResult<(RecordKey, Option<Record>)> {
    let (collection, id, rev, created_rev, field_revs, body) = line;
    let collection: Collection = parse(&collection, "collection")?;
    let id: RecordId = parse(&id, "record id")?;
    let Some(body) = body else { return Ok(((collection, id), None)) };
    let value = serde_json::from_str(&body).map_err(|_| damaged("record"))?;
    let body = RecordBody::from_json(collection, value).map_err(|_| damaged("record"))?;
    let field_revs = serde_json::from_str(&field_revs).map_err(|_| damaged("record"))?;
    let record = Record { id, rev: rev as u64, field_revs, created_rev: created_rev as u64, body };
    Ok(((collection, id), Some(record)))
}

fn load_records_after(
    connection: &mut Connection,
    event: EventId,
    after: i64,
) -> QueryResult<Vec<(RecordKey, Option<Record>)>> {
    let lines: Vec<RecordLine> = on!(connection, |c| records::table
        .filter(records::event_id.eq(event.to_string()))
        .filter(records::rev.gt(after))
        .select((
            records::collection,
            records::id,
            records::rev,
            records::created_rev,
            records::field_revs,
            records::body,
        ))
        .load(c))?;
    lines.into_iter().map(record).collect()
}

/// All records of an event.
pub fn load_programme(connection: &mut Connection, event: EventId) -> QueryResult<Programme> {
    let mut programme = Programme::default();
    for (_, record) in load_records_after(connection, event, 0)? {
        if let Some(record) = record {
            programme.put(record);
        }
    }
    Ok(programme)
}

pub(super) fn head(seq: i64, nonce: i64) -> Head {
    Head { seq: seq as u64, nonce: Nonce(nonce as u32) }
}
