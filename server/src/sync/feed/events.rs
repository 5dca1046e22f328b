//! All events in memory, and how they follow the database.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use diesel::QueryResult;
use parking_lot::{RwLock, RwLockReadGuard};
use shared::ids::EventId;
use shared::programme::Programme;
use shared::sync::{Epoch, Head, Position, Scope};
use tokio::sync::{broadcast, watch};

use super::delta::{Delta, ScopeHead};
use super::load::{self, WithRows};
use super::memory::EventMemory;
use crate::clock::Clock;
use crate::database::{Connection, DatabaseUrl, ReadError, Readers};
use crate::sync::page;
use crate::sync::scope_log::ScopeLog;

/// How many commits a live listener may fall behind before it is told to exchange.
const LIVE_BACKLOG: usize = 256;

/// One scope's part of a commit: encoded when the first who holds the scope listens, and then the same bytes for
/// everybody.
pub struct LiveEntry {
    /// The scope.
    pub scope: Scope,
    event: LazyLock<Bytes, Box<dyn FnOnce() -> Bytes + Send>>,
}

impl LiveEntry {
    /// An entry of which `encode` makes the server-sent event.
    pub fn new(scope: Scope, encode: impl FnOnce() -> Bytes + Send + 'static) -> Self {
        Self { scope, event: LazyLock::new(Box::new(encode)) }
    }

    /// The server-sent event.
    pub fn event(&self) -> Bytes {
        LazyLock::force(&self.event).clone()
    }
}

/// What live listeners are told of one step of an event's head.
pub struct Broadcast {
    /// The new head, as a server-sent event.
    pub covers: Bytes,
    /// The scopes that changed.
    pub entries: Vec<LiveEntry>,
    /// Whether anybody's set of scopes may have changed.
    pub changes_rights: bool,
    /// Whether listeners must exchange, since what lies between is not told.
    pub must_exchange: bool,
    /// Whether nothing follows: the event was removed.
    pub is_last: bool,
}

/// One event: its memory and those who wait for it to change.
pub struct EventCell {
    /// Its id.
    pub id: EventId,
    memory: RwLock<EventMemory>,
    changed: watch::Sender<u64>,
    live: broadcast::Sender<Arc<Broadcast>>,
    compared_at: AtomicI64,
}

impl EventCell {
    /// The memory, for reading; heads and rights seen under one lock are of one moment.
    pub fn read(&self) -> RwLockReadGuard<'_, EventMemory> {
        self.memory.read()
    }

    /// Wakes whenever the head moves; the value is the head's number.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The memory together with a subscription that misses nothing after it.
    pub fn subscribe(&self) -> (RwLockReadGuard<'_, EventMemory>, broadcast::Receiver<Arc<Broadcast>>) {
        let memory = self.memory.read();
        let receiver = self.live.subscribe();
        (memory, receiver)
    }

    /// Refuses where the event was removed.
    fn require_there(&self) -> Result<(), ReadError> {
        if self.read().is_removed { Err(ReadError::Removed) } else { Ok(()) }
    }

    /// How many live listeners there are.
    pub fn listener_count(&self) -> usize {
        self.live.receiver_count()
    }
}

/// All events.
pub struct Events {
    /// The database's epoch.
    pub epoch: Epoch,
    readers: Readers,
    clock: Clock,
    budget_bytes: usize,
    uses: AtomicU64,
    cells: RwLock<HashMap<EventId, Arc<EventCell>>>,
    slugs: RwLock<HashMap<String, EventId>>,
}

impl Events {
    /// Reads the heads and rights of every event.
    pub fn load(readers: Readers, clock: Clock, epoch: Epoch, budget_bytes: usize) -> Result<Self, ReadError> {
        let uses = AtomicU64::new(0);
        let events =
            Self { epoch, readers, clock, budget_bytes, uses, cells: RwLock::default(), slugs: RwLock::default() };
        let known = events.readers.read_blocking(load::list_heads)?;
        for (event, _, _) in known.into_iter().filter(|(event, _, _)| !event.0.is_nil()) {
            events.load_cell(event)?;
        }
        Ok(events)
    }

    /// The event with this id, if it is known here.
    pub fn find(&self, event: EventId) -> Option<Arc<EventCell>> {
        self.cells.read().get(&event).cloned()
    }

    /// The event with this slug, if it is known here.
    pub fn find_by_slug(&self, slug: &str) -> Option<Arc<EventCell>> {
        let event = *self.slugs.read().get(slug)?;
        self.find(event).filter(|cell| cell.read().slug == slug)
    }

    /// Every event, in no order.
    pub fn list(&self) -> Vec<Arc<EventCell>> {
        self.cells.read().values().cloned().collect()
    }

    /// Reads an event that another node, or a command, made; none where it was removed.
    pub fn load_cell(&self, event: EventId) -> Result<Option<Arc<EventCell>>, ReadError> {
        if let Some(cell) = self.find(event) {
            return Ok(Some(cell));
        }
        let memory = self.readers.read_blocking(|c| c.at_one_moment(|c| load::load_event(c, event)))?;
        Ok(memory.map(|memory| self.insert(event, memory)))
    }

    /// The same inside a transaction of the writer.
    pub fn load_cell_with(&self, connection: &mut Connection, event: EventId) -> QueryResult<Arc<EventCell>> {
        match self.find(event) {
            Some(cell) => Ok(cell),
            None => {
                let memory = load::load_event(connection, event)?.ok_or(diesel::result::Error::NotFound)?;
                Ok(self.insert(event, memory))
            }
        }
    }

    fn insert(&self, event: EventId, memory: EventMemory) -> Arc<EventCell> {
        self.slugs.write().insert(memory.slug.clone(), event);
        let cell = EventCell {
            id: event,
            changed: watch::channel(memory.head.seq).0,
            memory: RwLock::new(memory),
            live: broadcast::channel(LIVE_BACKLOG).0,
            compared_at: AtomicI64::new(self.clock.now().0),
        };
        Arc::clone(self.cells.write().entry(event).or_insert_with(|| Arc::new(cell)))
    }

    /// Drops an event that was removed: who waits for it finds nothing, and live streams end.
    pub fn remove(&self, event: EventId) {
        let Some(cell) = self.cells.write().remove(&event) else { return };
        self.slugs.write().retain(|_, named| *named != event);
        self.replace(&cell, EventMemory { is_removed: true, ..EventMemory::default() });
    }

    /// Takes an event's memory to the delta's head and tells everybody who waits. False if the
    /// delta does not start from the memory's head.
    pub fn apply(&self, cell: &EventCell, delta: &Delta) -> bool {
        let mut memory = cell.memory.write();
        let broadcast = (cell.live.receiver_count() > 0).then(|| page::broadcast(self.epoch, &memory, delta));
        if !memory.apply(delta) {
            return false;
        }
        // Sent under the lock: who subscribes afterwards has read a memory that includes it.
        if let Some(broadcast) = broadcast {
            let _ = cell.live.send(Arc::new(broadcast));
        }
        let seq = memory.head.seq;
        drop(memory);
        if self.slugs.read().get(&delta.slug) != Some(&cell.id) {
            self.slugs.write().insert(delta.slug.clone(), cell.id);
        }
        cell.changed.send_replace(seq);
        true
    }

    /// Takes an event's memory towards the database's head, in a transaction that sees one moment.
    /// Where another reader of this node moved the memory meanwhile, what was read does not fit and is
    /// left; that one may have seen an earlier moment, so who needs the head itself looks again. A
    /// head of ours that the database does not know means that it was restored or failed over: the
    /// memory is dropped and read anew.
    pub fn catch_up(&self, connection: &mut Connection, cell: &EventCell) -> QueryResult<()> {
        let (mine, now) = (cell.read().head, self.clock.now());
        if load::find_head(connection, cell.id)?.is_none() {
            self.remove(cell.id);
            return Ok(());
        }
        if load::has_commit(connection, cell.id, mine)? {
            let delta = load::load_delta(connection, cell.id, mine, WithRows::Yes)?;
            if delta.head() != mine && !self.apply(cell, &delta) {
                return Ok(());
            }
        } else {
            tracing::warn!(event = %cell.id, "the database does not know this node's head; its memory is read anew");
            let memory = load::load_event(connection, cell.id)?.ok_or(diesel::result::Error::NotFound)?;
            self.slugs.write().insert(memory.slug.clone(), cell.id);
            self.replace(cell, memory);
        }
        cell.compared_at.store(now.0, Ordering::Relaxed);
        Ok(())
    }

    fn replace(&self, cell: &EventCell, memory: EventMemory) {
        let seq = memory.head.seq;
        let lost = Broadcast {
            covers: page::covers_event(&Position::at(self.epoch, memory.head)),
            entries: Vec::new(),
            changes_rights: !memory.is_removed,
            must_exchange: true,
            is_last: memory.is_removed,
        };
        *cell.memory.write() = memory;
        let _ = cell.live.send(Arc::new(lost));
        cell.changed.send_replace(seq);
    }

    /// The same, on a reading connection of its own.
    pub async fn refresh(self: &Arc<Self>, cell: &Arc<EventCell>) -> Result<(), ReadError> {
        let (events, read) = (Arc::clone(self), Arc::clone(cell));
        self.readers.read(move |c| c.at_one_moment(|c| events.catch_up(c, &read))).await?;
        cell.require_there()
    }

    /// Reads the event of an id or slug as the database has it now; nothing where there is none. With SQLite there is
    /// nothing to learn, as in [`is_fresh`](Self::is_fresh).
    pub async fn learn(self: &Arc<Self>, name: &str) -> Result<(), ReadError> {
        if matches!(self.readers.url(), DatabaseUrl::Sqlite(_)) {
            return Ok(());
        }
        let (events, name) = (Arc::clone(self), name.to_owned());
        let learn = move |c: &mut Connection| {
            let Some(event) = load::find_event(c, &name)? else { return Ok(()) };
            match events.find(event) {
                Some(cell) => events.catch_up(c, &cell),
                None => events.load_cell_with(c, event).map(drop),
            }
        };
        self.readers.read(move |c| c.at_one_moment(learn)).await
    }

    /// Notes that the tail compared all events with the database.
    pub(super) fn compared(&self, cell: &EventCell) {
        cell.compared_at.store(self.clock.now().0, Ordering::Relaxed);
    }

    /// Notes that tombstones of these scopes were purged from the database.
    pub fn raise_floors(&self, cell: &EventCell, floors: &[(Scope, u64)]) {
        let mut memory = cell.memory.write();
        floors.iter().for_each(|(scope, floor)| memory.raise_floor(*scope, *floor));
    }

    /// Whether memory was compared with the database within the last second. With SQLite the one
    /// server is the only writer, so its memory never lags.
    pub fn is_fresh(&self, cell: &EventCell) -> bool {
        match self.readers.url() {
            DatabaseUrl::Sqlite(_) => true,
            DatabaseUrl::Postgres(_) => self.clock.now().0 - cell.compared_at.load(Ordering::Relaxed) <= 1_000,
        }
    }

    /// Loads the rows of a scope, unless they are loaded.
    pub async fn load_scope(self: &Arc<Self>, cell: &Arc<EventCell>, scope: Scope) -> Result<(), ReadError> {
        // The scope may move on while it is read; after a few rounds the writer's pace has given way.
        loop {
            cell.require_there()?;
            let is_loaded = cell.read().scope(&scope).is_none_or(|memory| memory.log.is_some());
            if is_loaded {
                return Ok(());
            }
            let event = cell.id;
            let read = self.readers.read(move |c| c.at_one_moment(|c| load::load_scope(c, event, scope))).await?;
            if self.install_scope(cell, scope, read) {
                return Ok(());
            }
            if !matches!(self.readers.url(), DatabaseUrl::Sqlite(_)) {
                self.refresh(cell).await?;
            }
        }
    }

    fn install_scope(&self, cell: &EventCell, scope: Scope, (read_at, log): (ScopeHead, ScopeLog)) -> bool {
        let mut memory = cell.memory.write();
        let is_installed = memory.install(scope, read_at, log);
        if is_installed {
            memory.shrink_to(self.budget_bytes, &scope);
        }
        is_installed
    }

    /// The programme, read from the database once.
    pub fn programme_with(&self, connection: &mut Connection, cell: &EventCell) -> QueryResult<Programme> {
        if let Some(programme) = &cell.read().programme {
            return Ok(programme.clone());
        }
        let programme = load::load_programme(connection, cell.id)?;
        cell.memory.write().programme = Some(programme.clone());
        Ok(programme)
    }

    /// The programme as it is now, for reading.
    pub async fn programme(self: &Arc<Self>, cell: &Arc<EventCell>) -> Result<Programme, ReadError> {
        cell.require_there()?;
        if let Some(programme) = &cell.read().programme {
            return Ok(programme.clone());
        }
        let (events, cell) = (Arc::clone(self), Arc::clone(cell));
        self.readers
            .read(move |c| {
                c.at_one_moment(|c| {
                    let at = load::find_head(c, cell.id)?.map(|(_, head)| head).unwrap_or_default();
                    let programme = load::load_programme(c, cell.id)?;
                    events.install_programme(&cell, at, &programme);
                    Ok(programme)
                })
            })
            .await
    }

    fn install_programme(&self, cell: &EventCell, read_at: Head, programme: &Programme) {
        let mut memory = cell.memory.write();
        if memory.head == read_at && memory.programme.is_none() {
            memory.programme = Some(programme.clone());
        }
    }

    /// Counts uses of scopes, to know which were used longest ago.
    pub fn moment(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    /// The reading connections.
    pub fn readers(&self) -> &Readers {
        &self.readers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_listens_to_is_not_encoded_and_the_rest_is_once() {
        let encoded = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&encoded);
        let entry = LiveEntry::new(Scope::Public, move || {
            counter.fetch_add(1, Ordering::Relaxed);
            Bytes::from_static(b"event: changes\n\n")
        });
        assert_eq!(encoded.load(Ordering::Relaxed), 0);
        assert_eq!(entry.event(), entry.event());
        assert_eq!(encoded.load(Ordering::Relaxed), 1);
    }
}
