//! The live stream: entries wait for their `covers`, and for an exchange under way.

use std::collections::VecDeque;

use super::answer::newer;
use super::entry::ScopeWriter;
use super::{Replica, ReplicaError, ReplicaStore};
use crate::sync::{Position, ScopeEntry};

/// One event of the live stream.
#[derive(Clone, Debug)]
pub enum LiveEvent {
    /// One scope's entry.
    Changes(ScopeEntry),
    /// Everything before it was sent, up to this position.
    Covers(Position),
    /// The scopes that the device may hold have changed.
    Scopes,
    /// Something was lost.
    Exchange,
}

/// What an event of the live stream led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LiveOutcome {
    /// Whether rows may have changed.
    pub has_changed: bool,
    /// Whether the device must make an exchange.
    pub needs_exchange: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct LiveBuffer {
    open: Vec<ScopeEntry>,
    closed: VecDeque<(Vec<ScopeEntry>, Position)>,
}

impl<S: ReplicaStore> Replica<S> {
    /// Takes one event of the live stream. What precedes a `covers` is applied in one local
    /// transaction; while an exchange is under way it waits for its end.
    pub fn apply_live(&mut self, event: LiveEvent) -> Result<LiveOutcome, ReplicaError> {
        match event {
            LiveEvent::Changes(entry) => {
                self.live.open.push(entry);
                Ok(LiveOutcome::default())
            }
            LiveEvent::Covers(covers) => {
                let entries = std::mem::take(&mut self.live.open);
                self.live.closed.push_back((entries, covers));
                let is_under_way = self.store.transact(|tx| Ok(tx.load_device()?.token.is_some()))?;
                if is_under_way { Ok(LiveOutcome::default()) } else { self.apply_waiting_live() }
            }
            LiveEvent::Scopes => Ok(LiveOutcome { has_changed: false, needs_exchange: true }),
            LiveEvent::Exchange => {
                self.live.open.clear();
                Ok(LiveOutcome { has_changed: false, needs_exchange: true })
            }
        }
    }

    /// The live stream was closed: what had no `covers` yet is dropped.
    pub fn close_live(&mut self) {
        self.live.open.clear();
    }

    /// What a request for the live stream names: the position of the rows held of each scope.
    pub fn live_holds(&mut self) -> Result<std::collections::BTreeMap<String, Option<Position>>, ReplicaError> {
        let scopes = self.list_scopes()?;
        Ok(scopes
            .into_iter()
            .map(|(scope, state)| (scope, if state.asks_anew { None } else { state.position }))
            .collect())
    }

    pub(super) fn apply_waiting_live(&mut self) -> Result<LiveOutcome, ReplicaError> {
        let mut outcome = LiveOutcome::default();
        while let Some((entries, covers)) = self.live.closed.front() {
            outcome.has_changed |= !entries.is_empty();
            outcome.needs_exchange |= self.store.transact(|tx| {
                let mut device = tx.load_device()?;
                // An exchange has answered for a later commit: what has no `from` to be judged by
                // would bring back a scope that it took away, or rows that it replaced.
                let is_overtaken = device.at_least.as_ref().is_some_and(|known| known.is_newer_than(covers));
                device.at_least = Some(newer(device.at_least.take(), covers));
                tx.put_device(&device)?;
                let mut scopes = ScopeWriter::load(tx)?;
                let mut needs_exchange = false;
                for entry in entries {
                    let is_void = is_overtaken && (entry.gone || entry.reset.is_some());
                    needs_exchange |= is_void || scopes.apply_live(entry)?;
                }
                Ok(needs_exchange || !scopes.report.diverged.is_empty())
            })?;
            self.live.closed.pop_front();
        }
        Ok(outcome)
    }
}
