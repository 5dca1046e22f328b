//! What the programme's resources read from the database: everything else is in memory.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, Queryable, RunQueryDsl};
use serde::Serialize;
use serde_json::Value;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::time::Timestamp;
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::{audit, favourites};
use crate::on;

/// How many ids one statement asks for.
const CHUNK: usize = 500;

/// Who starred which of these sessions.
pub fn list_favourites(
    connection: &mut Connection,
    event: EventId,
    sessions: &[RecordId],
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let mut found = Vec::new();
    for chunk in sessions.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = favourites::table
            .filter(favourites::event_id.eq(event.to_string()))
            .filter(favourites::session_id.eq_any(ids))
            .select((favourites::session_id, favourites::attendee_id));
        let lines: Vec<(String, String)> = on!(connection, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(session, who)| Some((session.parse().ok()?, who.parse().ok()?))));
    }
    Ok(found)
}

/// Which lines of the audit log are asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AuditFilter {
    /// Of this record.
    pub record: Option<Uuid>,
    /// By this account.
    pub account: Option<Uuid>,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub to: Option<Timestamp>,
    /// Older than the line with this commit and place in it.
    pub before: Option<(u64, u64)>,
    /// At most so many.
    pub limit: usize,
}

/// One line of the audit log: who did what to which record, and how it was before and after.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AuditEntry {
    /// The commit.
    pub seq: u64,
    /// The place in the commit.
    pub ordinal: u64,
    /// When.
    pub at: Timestamp,
    /// Who; none where the command line acted.
    pub account: Option<String>,
    /// From which device.
    pub device: Option<String>,
    /// For which attendee.
    pub attendee: Option<String>,
    /// What was done, such as `session.move`.
    pub operation: String,
    /// The collection of what was changed.
    pub collection: String,
    /// The id of what was changed.
    pub id: String,
    /// As it was; null for what was new.
    pub before: Option<Value>,
    /// As it was then; null for what was gone.
    pub after: Option<Value>,
}

#[derive(Queryable)]
struct AuditRow {
    seq: i64,
    ordinal: i64,
    at: i64,
    account: Option<String>,
    device: Option<String>,
    attendee: Option<String>,
    operation: String,
    collection: String,
    record: String,
    before: Option<String>,
    after: Option<String>,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let read = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            seq: row.seq.unsigned_abs(),
            ordinal: row.ordinal.unsigned_abs(),
            at: Timestamp(row.at),
            account: row.account,
            device: row.device,
            attendee: row.attendee,
            operation: row.operation,
            collection: row.collection,
            id: row.record,
            before: read(row.before),
            after: read(row.after),
        }
    }
}

/// Lines of the audit log, the newest first.
pub fn list_audit(connection: &mut Connection, event: EventId, filter: &AuditFilter) -> QueryResult<Vec<AuditEntry>> {
    let (from, to) = (filter.from.map_or(i64::MIN, |at| at.0), filter.to.map_or(i64::MAX, |at| at.0));
    let wide = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (seq, ordinal) = filter.before.map_or((i64::MAX, i64::MAX), |(seq, ordinal)| (wide(seq), wide(ordinal)));
    let record = filter.record.map(|id| id.to_string());
    let account = filter.account.map(|id| id.to_string());
    let query = audit::table
        .filter(audit::event_id.eq(event.to_string()))
        .filter(audit::at.ge(from).and(audit::at.lt(to)))
        .filter(audit::seq.lt(seq).or(audit::seq.eq(seq).and(audit::ordinal.lt(ordinal))))
        .order((audit::seq.desc(), audit::ordinal.desc()))
        .limit(i64::try_from(filter.limit).unwrap_or(i64::MAX))
        .select((
            audit::seq,
            audit::ordinal,
            audit::at,
            audit::account_id,
            audit::device_id,
            audit::attendee_id,
            audit::operation,
            audit::collection,
            audit::record_id,
            audit::before,
            audit::after,
        ));
    let rows: Vec<AuditRow> = on!(connection, |c| match (record, account) {
        (None, None) => query.load(c),
        (Some(record), None) => query.filter(audit::record_id.eq(record)).load(c),
        (None, Some(account)) => query.filter(audit::account_id.eq(account)).load(c),
        (Some(record), Some(account)) =>
            query.filter(audit::record_id.eq(record)).filter(audit::account_id.eq(account)).load(c),
    })?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}
