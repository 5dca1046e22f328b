//! Entries of scopes: which rows take a device from its position to the head, and their bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use shared::sync::{Digest, Epoch, Head, Place, Position, ResetReason, Scope};
use uuid::Uuid;

use super::feed::{Broadcast, Delta, EventMemory, LiveEntry, ScopeMemory};
use super::row::{Row, RowCollection};
use super::scope_log::{After, PageLimit, ScopeLog, Slice};

/// The most rows that a live stream is sent of one commit and scope; more are left to an exchange.
const LIVE_ROWS: usize = 1_000;
/// The most bytes of one page.
pub const PAGE_BYTES: usize = 1 << 20;

/// Names an encoded entry of one scope at its present head.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EntryKey {
    /// Where it starts.
    pub start: Start,
    /// How large its page may be.
    pub limit: PageLimit,
}

/// An encoded entry of one scope.
#[derive(Clone, Debug)]
pub struct Entry {
    /// A JSON object.
    pub bytes: Bytes,
    /// Whether the scope has further pages.
    pub more: bool,
}

/// Where an entry starts.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Start {
    /// Anew.
    Reset(ResetReason),
    /// At a position that is known and not compacted.
    From(Position),
}

/// What a device that may hold a scope is told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is at the head: nothing.
    AtHead,
    /// It gets an entry.
    Behind(Start),
}

/// How a device stands to a scope that it may hold. `held` is what it said: not at all, null, or
/// a position.
pub fn standing(
    epoch: Epoch,
    memory: &EventMemory,
    scope: Option<&ScopeMemory>,
    held: Option<&Option<Position>>,
) -> Standing {
    let reset = |reason| Standing::Behind(Start::Reset(reason));
    let position = match held {
        None => return reset(ResetReason::New),
        Some(None) => return reset(ResetReason::Asked),
        Some(Some(position)) => position,
    };
    if position.epoch != epoch {
        return reset(ResetReason::Epoch);
    }
    let (head, floor) = scope.map_or((Head::default(), 0), |scope| (scope.head.head, scope.head.floor));
    if position.head.seq > head.seq {
        return reset(ResetReason::Ahead);
    }
    let began_is_known = position.reset_began.is_none_or(|began| memory.knows(began));
    if !memory.knows(position.head) || !began_is_known || !place_is_readable(position) {
        return reset(ResetReason::Unknown);
    }
    match &position.place {
        None if position.head == head => Standing::AtHead,
        None if position.head.seq < floor => reset(ResetReason::Compacted),
        // A place inside a commit counts as the commit before it: the rest of it is still to come.
        Some(place) => {
            let place_is_below = place.rev.saturating_sub(1) < floor;
            let began_is_below = position.reset_began.is_none_or(|began| began.seq < floor);
            if place_is_below && began_is_below {
                reset(ResetReason::Compacted)
            } else {
                Standing::Behind(Start::From(position.clone()))
            }
        }
        None => Standing::Behind(Start::From(position.clone())),
    }
}

fn place_is_readable(position: &Position) -> bool {
    match &position.place {
        None => position.reset_began.is_none(),
        Some(place) => place.rev <= position.head.seq && after_place(place).is_some(),
    }
}

fn after_place(place: &Place) -> Option<After> {
    let collection: RowCollection = place.collection.parse().ok()?;
    Some(After::Place(place.rev, (collection, Uuid::parse_str(&place.id).ok()?)))
}

/// The entry for a device that starts at `key.start`, encoded once. The rows are loaded.
pub fn entry(epoch: Epoch, scope: &Scope, memory: &ScopeMemory, key: &EntryKey) -> Entry {
    memory.entry(key, || match &memory.log {
        Some(log) => encode_page(epoch, scope, memory, (log, key)),
        None => encode_empty(epoch, scope, key),
    })
}

fn encode_page(epoch: Epoch, scope: &Scope, memory: &ScopeMemory, (log, key): (&ScopeLog, &EntryKey)) -> Entry {
    let head = memory.head.head;
    let (after, tombstones_after, began) = match &key.start {
        Start::Reset(_) => (After::Commit(0), u64::MAX, Some(head)),
        Start::From(position) => {
            let after = position.place.as_ref().and_then(after_place).unwrap_or(After::Commit(position.head.seq));
            (after, position.reset_began.map_or(0, |began| began.seq), position.reset_began)
        }
    };
    let Slice { rows, more } = log.slice(after, tombstones_after, key.limit);
    let mut to = Position::at(epoch, head);
    if more && let Some(last) = rows.last() {
        let (collection, id) = last.key;
        to.place = Some(Place { rev: last.rev, collection: collection.as_str().to_owned(), id: id.to_string() });
        to.reset_began = began;
    }
    let digest = (!more).then_some(memory.head.digest);
    Entry { bytes: encode(scope, &key.start, &to, (digest, &rows)).into(), more }
}

/// A scope that an account may hold and that never had a row.
fn encode_empty(epoch: Epoch, scope: &Scope, key: &EntryKey) -> Entry {
    let to = Position::at(epoch, Head::default());
    Entry { bytes: encode(scope, &key.start, &to, (Some(Digest::default()), &[])).into(), more: false }
}

/// The entry of a scope that never had a row, for which nothing is kept in memory.
pub fn entry_of_nothing(epoch: Epoch, scope: &Scope, start: Start) -> Entry {
    encode_empty(epoch, scope, &EntryKey { start, limit: PageLimit { rows: 1, bytes: 1 } })
}

/// The words for a scope that may not be held, or that never was.
pub fn gone(scope: &str) -> Bytes {
    serde_json::json!({ "scope": scope, "gone": true }).to_string().into()
}

fn encode(scope: &Scope, start: &Start, to: &Position, (digest, rows): (Option<Digest>, &[Arc<Row>])) -> String {
    let size: usize = rows.iter().map(|row| row.value.as_deref().map_or(0, str::len) + 140).sum();
    let mut out = String::with_capacity(size + 300);
    let _ = write!(out, "{{\"scope\":\"{scope}\"");
    match start {
        Start::Reset(reason) => {
            let _ = write!(out, ",\"reset\":\"{}\"", reset_word(*reason));
        }
        Start::From(position) => {
            let _ = write!(out, ",\"from\":\"{position}\"");
        }
    }
    let _ = write!(out, ",\"to\":\"{to}\"");
    match digest {
        Some(Digest(count, sum)) => {
            let _ = write!(out, ",\"digest\":[{count},{sum}]");
        }
        None => out.push_str(",\"more\":true"),
    }
    out.push_str(",\"changes\":[");
    for (n, row) in rows.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        encode_row(&mut out, row);
    }
    out.push_str("]}");
    out
}

fn encode_row(out: &mut String, row: &Row) {
    let _ = write!(out, "{{\"collection\":\"{}\",\"id\":\"{}\",\"rev\":{}", row.key.0.as_str(), row.key.1, row.rev);
    match &row.value {
        Some(value) => {
            let _ = write!(out, ",\"check\":{},\"value\":{value}}}", row.check);
        }
        None => out.push_str(",\"deleted\":true}"),
    }
}

fn reset_word(reason: ResetReason) -> &'static str {
    match reason {
        ResetReason::New => "new",
        ResetReason::Epoch => "epoch",
        ResetReason::Unknown => "unknown",
        ResetReason::Ahead => "ahead",
        ResetReason::Compacted => "compacted",
        ResetReason::Schema => "schema",
        ResetReason::Asked => "asked",
    }
}

/// What live listeners are told when `delta` is applied to `memory`.
pub fn broadcast(epoch: Epoch, memory: &EventMemory, delta: &Delta) -> Broadcast {
    let mut entries = Vec::with_capacity(delta.rows.len());
    let mut must_exchange = false;
    for (scope, rows) in &delta.rows {
        let Some((_, new)) = delta.scope_heads.iter().find(|(changed, _)| changed == scope) else { continue };
        let bytes: usize = rows.iter().map(|row| row.value.as_deref().map_or(0, str::len)).sum();
        if rows.len() > LIVE_ROWS || bytes > PAGE_BYTES {
            must_exchange = true;
            continue;
        }
        let old = memory.scope(scope).map(|scope| scope.head.head).unwrap_or_default();
        let (from, to) = (Position::at(epoch, old), Position::at(epoch, new.head));
        let (scope, digest, rows) = (*scope, new.digest, rows.clone());
        entries.push(LiveEntry::new(scope, move || live_event(&scope, from, &to, (digest, rows))));
    }
    let covers = Position::at(epoch, delta.head());
    let covers = covers_event(&covers);
    Broadcast { covers, entries, changes_rights: delta.changes_rights(), must_exchange, is_last: false }
}

fn live_event(scope: &Scope, from: Position, to: &Position, (digest, mut rows): (Digest, Vec<Arc<Row>>)) -> Bytes {
    rows.sort_unstable_by_key(|row| (row.rev, row.key));
    let entry = encode(scope, &Start::From(from), to, (Some(digest), &rows));
    crate::telemetry::record_encoded_entry();
    Bytes::from(format!("event: changes\ndata: {entry}\n\n"))
}

/// The server-sent event that says that everything up to `covers` was sent.
pub fn covers_event(covers: &Position) -> Bytes {
    Bytes::from(format!("event: covers\ndata: {{\"covers\":\"{covers}\"}}\n\n"))
}
