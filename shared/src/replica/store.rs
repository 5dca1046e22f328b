//! What a replica stores, and the trait behind which a device keeps it.

use thiserror::Error;

use super::ServerTime;
use crate::ids::{AccountId, MutationId};
use crate::sync::{Change, Digest, MutationResult, Position};
use crate::time::Timestamp;

/// Why a step of the replica failed; nothing of that step was stored.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ReplicaError {
    /// The local store failed.
    #[error("the local store failed: {0}")]
    Store(String),
    /// An edit too large to be sent, in bytes of its encoded form.
    #[error("the edit is too large to be sent ({0} bytes)")]
    TooLarge(usize),
    /// An edit under an id that is in use.
    #[error("an edit {0} exists already")]
    IdInUse(MutationId),
}

/// The random token of one request. It does not travel: it says which request an answer is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RequestToken(pub u128);

/// Which of a scope's rows are meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Layer {
    /// The rows that are shown.
    Held,
    /// Rows of pages that wait for their last one; here a row that is gone is kept as such.
    Staged,
}

/// One row that is held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldRow {
    /// The scope.
    pub scope: String,
    /// The collection.
    pub collection: String,
    /// The id within the collection.
    pub id: String,
    /// The commit that last changed it in this scope.
    pub rev: u64,
    /// Its check (see [`crate::sync::row_check`]).
    pub check: u32,
    /// The row as JSON.
    pub value: String,
}

/// Which rows to read; an absent field stands for all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowFilter {
    /// Rows of this scope.
    pub scope: Option<String>,
    /// Rows of this collection.
    pub collection: Option<String>,
}

impl RowFilter {
    /// The rows of one collection in all scopes.
    pub fn of_collection(collection: &str) -> Self {
        Self { scope: None, collection: Some(collection.to_owned()) }
    }
}

/// Pages of one scope that wait for their last one, or for the answer that has no `more`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staging {
    /// How far the pages reach.
    pub position: Position,
    /// Whether the pages replace the rows held, or change them.
    pub is_reset: bool,
    /// Whether the last page is there.
    pub is_finished: bool,
    /// The digest that came with the last page.
    pub digest: Option<Digest>,
}

/// What a device knows of one scope.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScopeState {
    /// The position of the rows held; absent while the first pages arrive.
    pub position: Option<Position>,
    /// Pages that wait.
    pub staging: Option<Staging>,
    /// Where the digest last did not match.
    pub diverged_at: Option<Position>,
    /// Whether the scope is asked for anew because its digest did not match.
    pub asks_anew: bool,
}

impl ScopeState {
    /// The position that a request names: that of the pages staged, else of the rows held; none
    /// asks for the scope anew.
    pub fn reached(&self) -> Option<&Position> {
        if self.asks_anew {
            return None;
        }
        self.staging.as_ref().map(|staging| &staging.position).or(self.position.as_ref())
    }
}

/// What the device keeps whoever is signed in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DeviceState {
    /// The token of the request under way.
    pub token: Option<RequestToken>,
    /// The newest `covers` stored.
    pub at_least: Option<Position>,
    /// Who is signed in.
    pub account: Option<AccountId>,
    /// What the device knows of the server's clock.
    pub server_time: Option<ServerTime>,
}

/// What the device keeps of one account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccountState {
    /// The newest `covers` under which one of its mutations was acknowledged.
    pub acknowledged: Option<Position>,
    /// No mutations are sent before; the server asked for patience.
    pub not_before: Option<Timestamp>,
}

/// Where an edit stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EditState {
    /// In the outbox.
    Waiting,
    /// Applied by the server; in the journal.
    Applied,
    /// Rejected or in conflict, and not yet dismissed by the person.
    Refused,
    /// Rejected or in conflict, and dismissed; kept only while its overlay stands.
    Dismissed,
}

/// One edit of one account.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredEdit {
    /// Its place in the order of making.
    pub order: u64,
    /// Its id.
    pub id: MutationId,
    /// The encoded mutation; these bytes are sent, the first time and every time.
    pub encoded: String,
    /// Where it stands.
    pub state: EditState,
    /// Whether its overlay is shown.
    pub is_shown: bool,
    /// When its final answer was stored.
    pub settled_at: Option<Timestamp>,
    /// Its final answer.
    pub result: Option<MutationResult>,
}

/// A store of one event on one device.
pub trait ReplicaStore {
    /// Runs `step` in one local transaction: on an error, or if the device dies, nothing of it is
    /// stored.
    fn transact<R>(
        &mut self,
        step: impl FnOnce(&mut dyn ReplicaTransaction) -> Result<R, ReplicaError>,
    ) -> Result<R, ReplicaError>;
}

/// What a step may do within its transaction. Every method fails only if the store fails.
pub trait ReplicaTransaction {
    /// Every scope known, by name.
    fn list_scopes(&mut self) -> Result<Vec<(String, ScopeState)>, ReplicaError>;
    /// Stores a scope's state.
    fn put_scope(&mut self, scope: &str, state: &ScopeState) -> Result<(), ReplicaError>;
    /// Deletes a scope's state, rows and staged rows.
    fn remove_scope(&mut self, scope: &str) -> Result<(), ReplicaError>;
    /// Stores rows, and deletes those that are gone (in [`Layer::Staged`] they are noted as gone).
    /// Every change has a value or is deleted.
    fn put_rows(&mut self, layer: Layer, scope: &str, changes: &[Change]) -> Result<(), ReplicaError>;
    /// Deletes all rows of a scope in one layer.
    fn clear_rows(&mut self, layer: Layer, scope: &str) -> Result<(), ReplicaError>;
    /// Brings the staged rows of a scope into its rows held, and empties the staging.
    fn merge_staged(&mut self, scope: &str) -> Result<(), ReplicaError>;
    /// The digest of the rows held of a scope.
    fn digest_of(&mut self, scope: &str) -> Result<Digest, ReplicaError>;
    /// Rows held, by (scope, collection, id).
    fn list_rows(&mut self, filter: &RowFilter) -> Result<Vec<HeldRow>, ReplicaError>;
    /// How many rows are held of each collection, by its name.
    fn count_collections(&mut self) -> Result<Vec<(String, u64)>, ReplicaError>;
    /// The device's state.
    fn load_device(&mut self) -> Result<DeviceState, ReplicaError>;
    /// Stores the device's state.
    fn put_device(&mut self, state: &DeviceState) -> Result<(), ReplicaError>;
    /// An account's state; the empty one if there is none.
    fn load_account(&mut self, account: AccountId) -> Result<AccountState, ReplicaError>;
    /// Stores an account's state.
    fn put_account(&mut self, account: AccountId, state: &AccountState) -> Result<(), ReplicaError>;
    /// An account's edits in the order of making: those in `state` (absent: all), at most `limit`.
    fn list_edits(
        &mut self,
        account: AccountId,
        state: Option<EditState>,
        limit: usize,
    ) -> Result<Vec<StoredEdit>, ReplicaError>;
    /// Adds an edit after all others of the account, or fails if its id is in use.
    fn add_edit(&mut self, account: AccountId, id: MutationId, encoded: &str) -> Result<(), ReplicaError>;
    /// Stores an edit that exists.
    fn put_edit(&mut self, account: AccountId, edit: &StoredEdit) -> Result<(), ReplicaError>;
    /// Deletes an edit.
    fn remove_edit(&mut self, account: AccountId, id: MutationId) -> Result<(), ReplicaError>;
}
