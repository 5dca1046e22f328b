//! The replica: how a device applies exchanges, keeps its outbox, overlays and journal.
//!
//! Pure: no I/O, no clock, no randomness of its own. Storage is behind [`ReplicaStore`]; every step
//! is one local transaction, so a device that dies between two steps is always in a state that
//! the protocol knows (see `sync-protocol.md`).

mod answer;
mod edits;
mod entry;
mod live;
mod memory;
mod overlay;
mod reminders;
mod request;
mod shown;
mod store;
#[cfg(test)]
mod tests;
mod time;

use crate::ids::{AccountId, DeviceId};
use crate::sync::Position;

pub use answer::{Applied, Outcome};
pub use edits::{PendingEdit, ResultToShow};
pub use live::{LiveEvent, LiveOutcome};
pub use memory::MemoryStore;
pub use overlay::{Effect, effect_of, favourite_id};
pub use reminders::{Reminder, list_reminders};
pub use request::{Outgoing, RequestLimits};
pub use shown::{KNOWN_COLLECTIONS, ShownRow};
pub use store::{
    AccountState, DeviceState, EditState, HeldRow, Layer, ReplicaError, ReplicaStore, ReplicaTransaction, RequestToken,
    RowFilter, ScopeState, Staging, StoredEdit,
};
pub use time::{ServerTime, age_of};

/// How long an applied mutation stays in a phone's journal, in minutes (72 hours).
pub const JOURNAL_MINUTES: i64 = 72 * 60;

/// One event on one device, for whoever is signed in there.
pub struct Replica<S> {
    store: S,
    account: AccountId,
    device: DeviceId,
    journal_minutes: i64,
    live: live::LiveBuffer,
}

impl<S: ReplicaStore> Replica<S> {
    /// Opens the local store for `account`. A request that was under way when the device stopped
    /// counts as lost; if somebody else was signed in last, see [`Replica::change_account`].
    pub fn open(store: S, account: AccountId, device: DeviceId) -> Result<Self, ReplicaError> {
        let mut replica =
            Self { store, account, device, journal_minutes: JOURNAL_MINUTES, live: live::LiveBuffer::default() };
        replica.change_account(account, device)?;
        Ok(replica)
    }

    /// Keeps applied mutations for `minutes` in the journal, in place of [`JOURNAL_MINUTES`].
    pub fn with_journal_minutes(mut self, minutes: i64) -> Self {
        self.journal_minutes = minutes;
        self
    }

    /// Who is signed in.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The device, as sign-in named it.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Another account signs in (or the same again): the answer under way is void, the live stream
    /// must be closed and what it left is dropped. What only the former account may see is deleted;
    /// its outbox, journal and `acknowledged` stay for its return.
    pub fn change_account(&mut self, account: AccountId, device: DeviceId) -> Result<(), ReplicaError> {
        self.store.transact(|tx| {
            let mut state = tx.load_device()?;
            if state.account.is_some_and(|former| former != account) {
                for (scope, _) in tx.list_scopes()? {
                    if scope != PUBLIC {
                        tx.remove_scope(&scope)?;
                    }
                }
            }
            state.token = None;
            state.account = Some(account);
            tx.put_device(&state)
        })?;
        (self.account, self.device) = (account, device);
        self.live = live::LiveBuffer::default();
        Ok(())
    }

    /// The position of the rows shown of a scope: the `base` of an edit made now.
    pub fn find_position(&mut self, scope: &str) -> Result<Option<Position>, ReplicaError> {
        self.store.transact(|tx| {
            Ok(tx.list_scopes()?.into_iter().find(|(name, _)| name == scope).and_then(|(_, state)| state.position))
        })
    }

    /// Every scope that the device holds or is receiving, with its state.
    pub fn list_scopes(&mut self) -> Result<Vec<(String, ScopeState)>, ReplicaError> {
        self.store.transact(|tx| tx.list_scopes())
    }

    /// The newest `covers` stored.
    pub fn at_least(&mut self) -> Result<Option<Position>, ReplicaError> {
        self.store.transact(|tx| Ok(tx.load_device()?.at_least))
    }

    /// The store, for what lies beside the replica in it.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// Closes the replica and gives its store back.
    pub fn into_store(self) -> S {
        self.store
    }
}

/// The scope that everybody may hold.
const PUBLIC: &str = "public";
