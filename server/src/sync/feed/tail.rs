//! Following what other nodes commit to PostgreSQL.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use shared::ids::EventId;

use super::events::Events;
use super::load;
use crate::database::{ReadError, Readers};

/// Keeps every event's memory near the database's head.
pub struct Tail {
    events: Arc<Events>,
    readers: Readers,
    completed_at: AtomicI64,
}

impl Tail {
    /// A tail over these events.
    pub fn new(events: Arc<Events>) -> Self {
        let readers = events.readers().clone();
        Self { events, readers, completed_at: AtomicI64::new(0) }
    }

    /// One round: events that moved are read, new ones are loaded, removed ones are dropped. `now_ms`
    /// is noted when it succeeds.
    pub fn round(&self, now_ms: i64) -> Result<(), ReadError> {
        // Listed before the database is read, so that an event made meanwhile is not taken for removed.
        let known = self.events.list();
        let heads = self.readers.read_blocking(load::list_heads)?;
        let there: BTreeSet<EventId> = heads.iter().map(|(event, ..)| *event).collect();
        known.iter().filter(|cell| !there.contains(&cell.id)).for_each(|cell| self.events.remove(cell.id));
        for (event, _, head) in heads.into_iter().filter(|(event, _, _)| *event != EventId(uuid::Uuid::nil())) {
            let Some(cell) = self.events.load_cell(event)? else { continue };
            if cell.read().head == head {
                self.events.compared(&cell);
            } else {
                self.readers.read_blocking(|c| c.at_one_moment(|c| self.events.catch_up(c, &cell)))?;
            }
        }
        self.completed_at.store(now_ms, Ordering::Relaxed);
        Ok(())
    }

    /// When the last round succeeded, in milliseconds UTC.
    pub fn completed_at(&self) -> i64 {
        self.completed_at.load(Ordering::Relaxed)
    }
}
