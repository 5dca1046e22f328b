//! The public scope for anonymous apps and caches: identical bytes for everybody, compressed once.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use shared::ids::EventId;
use shared::sync::{Position, ResetReason, Scope};

use super::exchange::Exchanges;
use super::feed::EventCell;
use super::page::{self, Entry, EntryKey, PAGE_BYTES, Standing, Start};
use super::scope_log::PageLimit;
use crate::content_coding::{Coding, Effort};
use crate::database::ReadError;

/// The most compressed answers kept for one event.
const KEPT: usize = 64;

/// How long the public scope must have been quiet before its answers are compressed well, in milliseconds.
const QUIET_MS: i64 = 2_000;

/// An answer ready to send.
#[derive(Clone, Debug)]
pub struct PublicAnswer {
    /// The body.
    pub body: Bytes,
    /// Names the body's content: the position that it leads to.
    pub to: String,
    /// The commit of that position.
    pub seq: u64,
}

/// What a reader asks for.
#[derive(Clone, Debug, Default)]
pub struct PublicQuery {
    /// The position that the reader has.
    pub since: Option<Position>,
    /// The most rows in a page.
    pub limit: Option<u32>,
}

type Key = (EventId, EntryKey, Coding);

struct Kept {
    to: String,
    effort: Effort,
    since_ms: i64,
    body: Bytes,
}

/// Compressed answers of all events.
#[derive(Clone, Default)]
pub struct PublicAnswers(Arc<Mutex<HashMap<Key, Kept>>>);

impl PublicAnswers {
    /// The answer for a query, compressed once for everybody: with a fast level when the scope has
    /// just changed, and with the best one when it is quiet.
    pub async fn answer(
        &self,
        exchanges: &Exchanges,
        cell: &Arc<EventCell>,
        (query, coding): (&PublicQuery, Coding),
    ) -> Result<PublicAnswer, ReadError> {
        let (key, entry, to) = read(exchanges, cell, query).await?;
        let now = exchanges.clock.now().0;
        let position = to.to_string();
        let seq = to.head.seq;
        if coding == Coding::Identity {
            return Ok(PublicAnswer { body: envelope(&entry), to: position, seq });
        }
        let key = (cell.id, key, coding);
        let (found, is_quiet) = self.find(&key, &position, now);
        match found {
            Some((body, Effort::Best)) => return Ok(PublicAnswer { body, to: position, seq }),
            Some((body, Effort::Fast)) if !is_quiet => return Ok(PublicAnswer { body, to: position, seq }),
            Some((body, Effort::Fast)) => {
                self.improve(key, position.clone(), envelope(&entry));
                return Ok(PublicAnswer { body, to: position, seq });
            }
            None => {}
        }
        let body = compress(&envelope(&entry), coding, Effort::Fast);
        self.keep(key, Kept { to: position.clone(), effort: Effort::Fast, since_ms: now, body: body.clone() });
        Ok(PublicAnswer { body, to: position, seq })
    }

    fn find(&self, key: &Key, to: &str, now_ms: i64) -> (Option<(Bytes, Effort)>, bool) {
        let kept = self.0.lock();
        match kept.get(key).filter(|kept| kept.to == to) {
            Some(kept) => (Some((kept.body.clone(), kept.effort)), now_ms - kept.since_ms >= QUIET_MS),
            None => (None, false),
        }
    }

    fn keep(&self, key: Key, kept: Kept) {
        let mut all = self.0.lock();
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(key, kept);
    }

    /// Compresses as well as possible, beside the requests.
    fn improve(&self, key: Key, to: String, plain: Bytes) {
        // Marked first, so that one thread does it and others go on with the fast copy.
        if let Some(kept) = self.0.lock().get_mut(&key) {
            kept.effort = Effort::Best;
        }
        let answers = self.clone();
        tokio::task::spawn_blocking(move || {
            let body = compress(&plain, key.2, Effort::Best);
            if let Some(kept) = answers.0.lock().get_mut(&key).filter(|kept| kept.to == to) {
                kept.body = body;
            }
        });
    }
}

async fn read(
    exchanges: &Exchanges,
    cell: &Arc<EventCell>,
    query: &PublicQuery,
) -> Result<(EntryKey, Entry, Position), ReadError> {
    exchanges.events.load_scope(cell, Scope::Public).await?;
    let epoch = exchanges.events.epoch;
    let limit = PageLimit { rows: exchanges.page_rows(query.limit), bytes: PAGE_BYTES };
    let held = query.since.clone().map(Some);
    loop {
        {
            let memory = cell.read();
            let scope = memory.scope(&Scope::Public);
            let start = match (page::standing(epoch, &memory, scope, held.as_ref()), &query.since) {
                (Standing::Behind(start), _) => start,
                (Standing::AtHead, Some(since)) => Start::From(since.clone()),
                (Standing::AtHead, None) => Start::Reset(ResetReason::New),
            };
            let key = EntryKey { start, limit };
            match scope {
                None => {
                    let to = Position::at(epoch, Default::default());
                    return Ok((key.clone(), page::entry_of_nothing(epoch, &Scope::Public, key.start), to));
                }
                Some(scope) if scope.log.is_some() => {
                    let to = Position::at(epoch, scope.head.head);
                    let entry = page::entry(epoch, &Scope::Public, scope, &key);
                    return Ok((key, entry, to));
                }
                Some(_) => {}
            }
        }
        exchanges.events.load_scope(cell, Scope::Public).await?;
    }
}

fn envelope(entry: &Entry) -> Bytes {
    let mut body = Vec::with_capacity(entry.bytes.len() + 32);
    body.extend_from_slice(b"{\"scopes\":[");
    body.extend_from_slice(&entry.bytes);
    body.extend_from_slice(if entry.more { b"],\"more\":true}" } else { b"],\"more\":false}" });
    body.into()
}

fn compress(plain: &Bytes, coding: Coding, effort: Effort) -> Bytes {
    crate::telemetry::record_compression();
    coding.compress(plain, effort)
}
