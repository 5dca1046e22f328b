//! One exchange: a device's edits in, its changes out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::json;
use shared::sync::{ExchangeRequest, MAX_WAIT_S, MutationAnswer, Position, Scope};

use super::EventWriter;
use super::feed::{EventCell, EventMemory, Events};
use super::mutations::Sender;
use super::pace::Pace;
use super::page::{self, Entry, EntryKey, PAGE_BYTES, Standing, Start};
use super::scope_log::PageLimit;
use crate::clock::Clock;
use crate::database::ReadError;
use crate::telemetry;

/// The bytes after which an answer leaves further scopes for the next exchange.
const ANSWER_BYTES: usize = 4 << 20;

/// How often a node tries to reach what a device has seen on another.
const CATCH_UPS: u32 = 5;

/// How much and how long, from the configuration.
#[derive(Clone, Debug)]
pub struct SyncSettings {
    /// The most rows in one page of a scope.
    pub page_rows: usize,
    /// Between two comments that keep a live stream open through proxies.
    pub keep_alive: Duration,
    /// A live stream ends after a random time in this range, in seconds, so that many do not end at once.
    pub life_s: std::ops::RangeInclusive<u64>,
    /// The most live streams at once.
    pub live_connections: usize,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self { page_rows: 1_000, keep_alive: Duration::from_secs(20), life_s: 300..=600, live_connections: 15_000 }
    }
}

/// What exchanges need of the server.
#[derive(Clone)]
pub struct Exchanges {
    /// Events in memory.
    pub events: Arc<Events>,
    /// The writer.
    pub writer: EventWriter,
    /// The time.
    pub clock: Clock,
    /// Bounds.
    pub settings: Arc<SyncSettings>,
    /// How many devices were reset lately, for when they come back.
    pub pace: Arc<Pace>,
}

/// What a device may and does hold, answered at one moment.
pub struct Reading {
    /// The head that it was read at.
    pub covers: Position,
    /// An entry for each scope that is not at its head, or gone.
    pub entries: Vec<Entry>,
    /// The scopes that the account may hold.
    pub held: BTreeSet<Scope>,
    /// Whether anything is left for the next exchange.
    pub more: bool,
    /// Whether the device is given a scope anew.
    pub has_reset: bool,
}

/// A reading, or the scopes whose rows must be loaded first, or an event that was removed.
enum Attempt {
    Done(Reading),
    Load(Vec<Scope>),
    Removed,
}

impl Exchanges {
    /// Answers an exchange with the bytes of its JSON.
    pub async fn answer(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        mut request: ExchangeRequest,
    ) -> Result<Bytes, ReadError> {
        let mutations = std::mem::take(&mut request.mutations);
        if !request.diverged.is_empty() {
            telemetry::record_divergences(request.diverged.len());
            tracing::warn!(event = %cell.id, device = %sender.device, scopes = ?request.diverged, "a device diverged");
        }
        let (results, resend) = if mutations.is_empty() {
            (Vec::new(), !self.is_acknowledged_known(cell, &request).await?)
        } else {
            self.run(cell, sender, &request, mutations).await?
        };
        self.reach(cell, request.at_least.as_ref()).await?;
        let waits = results.is_empty() && !resend;
        let reading = self.read_or_wait(cell, sender, &request, waits).await?;
        telemetry::record_exchange(!results.is_empty(), !reading.entries.is_empty());
        self.note(&reading);
        Ok(self.encode(&results, resend, &reading))
    }

    /// Notes what a device is given.
    pub fn note(&self, reading: &Reading) {
        if reading.has_reset {
            self.pace.note_reset(self.clock.now());
        }
    }

    /// Makes sure that memory has what the device has seen elsewhere.
    pub async fn reach(&self, cell: &Arc<EventCell>, at_least: Option<&Position>) -> Result<(), ReadError> {
        let wanted = at_least.filter(|wanted| wanted.epoch == self.events.epoch).map_or(0, |wanted| wanted.head.seq);
        // A commit of this node, or another reader of it, in the middle of the reading makes it read again.
        for _ in 0..CATCH_UPS {
            if self.events.is_fresh(cell) && wanted <= cell.read().head.seq {
                break;
            }
            self.events.refresh(cell).await?;
        }
        Ok(())
    }

    async fn is_acknowledged_known(&self, cell: &Arc<EventCell>, request: &ExchangeRequest) -> Result<bool, ReadError> {
        let Some(position) = &request.acknowledged else { return Ok(true) };
        self.reach(cell, Some(position)).await?;
        Ok(position.epoch == self.events.epoch && cell.read().knows(position.head))
    }

    async fn read_or_wait(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        request: &ExchangeRequest,
        waits: bool,
    ) -> Result<Reading, ReadError> {
        let patience = Duration::from_secs(u64::from(request.wait_s.unwrap_or(0).min(MAX_WAIT_S)));
        let mut changed = cell.watch();
        let mut reading = self.read(cell, sender, &request.holds, request.limit).await?;
        if !waits || patience.is_zero() {
            return Ok(reading);
        }
        let end = tokio::time::Instant::now() + patience;
        while reading.entries.is_empty() {
            match tokio::time::timeout_at(end, changed.changed()).await {
                Ok(Ok(())) => reading = self.read(cell, sender, &request.holds, request.limit).await?,
                _ => break,
            }
        }
        Ok(reading)
    }

    /// What the device is told, at one moment.
    pub async fn read(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        holds: &BTreeMap<String, Option<Position>>,
        limit: Option<u32>,
    ) -> Result<Reading, ReadError> {
        loop {
            let attempt = self.attempt(&cell.read(), sender, holds, limit);
            match attempt {
                Attempt::Done(reading) => return Ok(reading),
                Attempt::Removed => return Err(ReadError::Removed),
                Attempt::Load(scopes) => {
                    for scope in scopes {
                        self.events.load_scope(cell, scope).await?;
                    }
                }
            }
        }
    }

    /// The same under a lock that the caller holds; none where rows must be loaded first.
    pub fn read_under_lock(
        &self,
        memory: &EventMemory,
        sender: Sender,
        holds: &BTreeMap<String, Option<Position>>,
    ) -> Option<Reading> {
        match self.attempt(memory, sender, holds, None) {
            Attempt::Done(reading) => Some(reading),
            Attempt::Load(_) | Attempt::Removed => None,
        }
    }

    /// How many rows a page has when the reader asks for `limit`.
    pub fn page_rows(&self, limit: Option<u32>) -> usize {
        let most = self.settings.page_rows.max(1);
        limit.map_or(most, |limit| (limit as usize).clamp(1, most))
    }

    fn attempt(
        &self,
        memory: &EventMemory,
        sender: Sender,
        holds: &BTreeMap<String, Option<Position>>,
        limit: Option<u32>,
    ) -> Attempt {
        if memory.is_removed {
            return Attempt::Removed;
        }
        let epoch = self.events.epoch;
        let held = memory.scopes_of(sender.account);
        let rows = self.page_rows(limit);
        let limit = PageLimit { rows, bytes: PAGE_BYTES };
        let mut entries = Vec::new();
        let (mut unloaded, mut bytes, mut more, mut has_reset) = (Vec::new(), 0, false, false);
        let mut named: HashMap<Scope, &Option<Position>> = HashMap::with_capacity(holds.len());
        for (name, position) in holds {
            match name.parse::<Scope>() {
                Ok(scope) if held.contains(&scope) => drop(named.insert(scope, position)),
                _ => entries.push(Entry { bytes: page::gone(name), more: false }),
            }
        }
        for scope in &held {
            let scope_memory = memory.scope(scope);
            let position = named.get(scope).copied();
            let Standing::Behind(start) = page::standing(epoch, memory, scope_memory, position) else { continue };
            if bytes > ANSWER_BYTES {
                more = true;
                break;
            }
            has_reset |= matches!(start, Start::Reset(_));
            let entry = match scope_memory {
                None => page::entry_of_nothing(epoch, scope, start),
                Some(scope_memory) if scope_memory.log.is_none() => {
                    unloaded.push(*scope);
                    continue;
                }
                Some(scope_memory) => {
                    scope_memory.touch(self.events.moment());
                    page::entry(epoch, scope, scope_memory, &EntryKey { start, limit })
                }
            };
            bytes += entry.bytes.len();
            more |= entry.more;
            entries.push(entry);
        }
        if !unloaded.is_empty() {
            return Attempt::Load(unloaded);
        }
        Attempt::Done(Reading { covers: Position::at(epoch, memory.head), entries, held, more, has_reset })
    }

    fn encode(&self, results: &[MutationAnswer], resend: bool, reading: &Reading) -> Bytes {
        let size: usize = reading.entries.iter().map(|entry| entry.bytes.len() + 1).sum();
        let mut out = BytesMut::with_capacity(size + 256 + results.len() * 96);
        out.put_u8(b'{');
        if !results.is_empty() {
            out.put_slice(b"\"results\":");
            out.put_slice(json!(results).to_string().as_bytes());
            out.put_u8(b',');
        }
        let now = self.clock.now();
        let envelope = format!(
            "\"covers\":\"{}\",\"server_time\":\"{now}\",\"next_poll_s\":{},\"scopes\":[",
            reading.covers,
            self.pace.next_poll_s(now)
        );
        out.put_slice(envelope.as_bytes());
        for (n, entry) in reading.entries.iter().enumerate() {
            if n > 0 {
                out.put_u8(b',');
            }
            out.put_slice(&entry.bytes);
        }
        out.put_slice(if reading.more { b"],\"more\":true" } else { b"],\"more\":false" });
        if resend {
            out.put_slice(b",\"resend\":true");
        }
        out.put_u8(b'}');
        out.freeze()
    }
}
