//! A store in memory, for tests and for devices that keep nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    AccountState, DeviceState, EditState, HeldRow, Layer, ReplicaError, ReplicaStore, ReplicaTransaction, RowFilter,
    ScopeState, StoredEdit,
};
use crate::ids::{AccountId, MutationId};
use crate::sync::{Change, Digest, row_check};

type RowKey = (String, String, String);

#[derive(Clone, Debug, Default)]
struct Contents {
    scopes: BTreeMap<String, ScopeState>,
    held: BTreeMap<RowKey, Arc<HeldRow>>,
    staged: BTreeMap<RowKey, Option<Arc<HeldRow>>>,
    device: DeviceState,
    accounts: BTreeMap<AccountId, AccountState>,
    edits: BTreeMap<(AccountId, u64), StoredEdit>,
}

/// A store in memory. It can be told to die in the middle of a transaction, of which then nothing
/// is left.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    contents: Contents,
    dies_after: Option<usize>,
}

impl MemoryStore {
    /// Dies after so many further writes: that transaction fails whole, later ones work again.
    pub fn die_after(&mut self, writes: usize) {
        self.dies_after = Some(writes);
    }

    /// Takes back [`Self::die_after`].
    pub fn live_on(&mut self) {
        self.dies_after = None;
    }
}

impl ReplicaStore for MemoryStore {
    fn transact<R>(
        &mut self,
        step: impl FnOnce(&mut dyn ReplicaTransaction) -> Result<R, ReplicaError>,
    ) -> Result<R, ReplicaError> {
        let mut transaction = MemoryTransaction { contents: self.contents.clone(), dies_after: self.dies_after.take() };
        let result = step(&mut transaction);
        if result.is_ok() {
            (self.contents, self.dies_after) = (transaction.contents, transaction.dies_after);
        }
        result
    }
}

struct MemoryTransaction {
    contents: Contents,
    dies_after: Option<usize>,
}

impl MemoryTransaction {
    fn write(&mut self) -> Result<&mut Contents, ReplicaError> {
        match &mut self.dies_after {
            Some(0) => return Err(ReplicaError::Store("the device died".to_owned())),
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(&mut self.contents)
    }
}

fn held_row(scope: &str, change: &Change) -> Option<Arc<HeldRow>> {
    let value = change.value.as_ref()?.get().to_owned();
    let check = change.check.unwrap_or_else(|| row_check(&change.collection, &change.id, change.rev));
    Some(Arc::new(HeldRow {
        scope: scope.to_owned(),
        collection: change.collection.clone(),
        id: change.id.clone(),
        rev: change.rev,
        check,
        value,
    }))
}

impl ReplicaTransaction for MemoryTransaction {
    fn list_scopes(&mut self) -> Result<Vec<(String, ScopeState)>, ReplicaError> {
        Ok(self.contents.scopes.iter().map(|(name, state)| (name.clone(), state.clone())).collect())
    }

    fn put_scope(&mut self, scope: &str, state: &ScopeState) -> Result<(), ReplicaError> {
        self.write()?.scopes.insert(scope.to_owned(), state.clone());
        Ok(())
    }

    fn remove_scope(&mut self, scope: &str) -> Result<(), ReplicaError> {
        let contents = self.write()?;
        contents.scopes.remove(scope);
        contents.held.retain(|key, _| key.0 != scope);
        contents.staged.retain(|key, _| key.0 != scope);
        Ok(())
    }

    fn put_rows(&mut self, layer: Layer, scope: &str, changes: &[Change]) -> Result<(), ReplicaError> {
        let contents = self.write()?;
        for change in changes {
            let key = (scope.to_owned(), change.collection.clone(), change.id.clone());
            match (layer, held_row(scope, change)) {
                (Layer::Staged, row) => {
                    contents.staged.insert(key, row);
                }
                (Layer::Held, Some(row)) => {
                    contents.held.insert(key, row);
                }
                (Layer::Held, None) => {
                    contents.held.remove(&key);
                }
            }
        }
        Ok(())
    }

    fn clear_rows(&mut self, layer: Layer, scope: &str) -> Result<(), ReplicaError> {
        let contents = self.write()?;
        match layer {
            Layer::Held => contents.held.retain(|key, _| key.0 != scope),
            Layer::Staged => contents.staged.retain(|key, _| key.0 != scope),
        }
        Ok(())
    }

    fn merge_staged(&mut self, scope: &str) -> Result<(), ReplicaError> {
        let contents = self.write()?;
        let (merged, others) = std::mem::take(&mut contents.staged).into_iter().partition(|(key, _)| key.0 == scope);
        contents.staged = others;
        let merged: BTreeMap<RowKey, Option<Arc<HeldRow>>> = merged;
        for (key, row) in merged {
            match row {
                Some(row) => contents.held.insert(key, row),
                None => contents.held.remove(&key),
            };
        }
        Ok(())
    }

    fn digest_of(&mut self, scope: &str) -> Result<Digest, ReplicaError> {
        let mut digest = Digest::default();
        for row in self.contents.held.values().filter(|row| row.scope == scope) {
            digest.add(row.check);
        }
        Ok(digest)
    }

    fn list_rows(&mut self, filter: &RowFilter) -> Result<Vec<HeldRow>, ReplicaError> {
        let is_wanted = |row: &&Arc<HeldRow>| {
            filter.scope.as_ref().is_none_or(|scope| *scope == row.scope)
                && filter.collection.as_ref().is_none_or(|collection| *collection == row.collection)
        };
        Ok(self.contents.held.values().filter(is_wanted).map(|row| HeldRow::clone(row)).collect())
    }

    fn count_collections(&mut self) -> Result<Vec<(String, u64)>, ReplicaError> {
        let mut counts = BTreeMap::new();
        for row in self.contents.held.values() {
            *counts.entry(row.collection.clone()).or_insert(0) += 1;
        }
        Ok(counts.into_iter().collect())
    }

    fn load_device(&mut self) -> Result<DeviceState, ReplicaError> {
        Ok(self.contents.device.clone())
    }

    fn put_device(&mut self, state: &DeviceState) -> Result<(), ReplicaError> {
        self.write()?.device = state.clone();
        Ok(())
    }

    fn load_account(&mut self, account: AccountId) -> Result<AccountState, ReplicaError> {
        Ok(self.contents.accounts.get(&account).cloned().unwrap_or_default())
    }

    fn put_account(&mut self, account: AccountId, state: &AccountState) -> Result<(), ReplicaError> {
        self.write()?.accounts.insert(account, state.clone());
        Ok(())
    }

    fn list_edits(
        &mut self,
        account: AccountId,
        state: Option<EditState>,
        limit: usize,
    ) -> Result<Vec<StoredEdit>, ReplicaError> {
        let edits = self.contents.edits.range((account, 0)..=(account, u64::MAX)).map(|(_, edit)| edit);
        Ok(edits.filter(|edit| state.is_none_or(|state| edit.state == state)).take(limit).cloned().collect())
    }

    fn add_edit(&mut self, account: AccountId, id: MutationId, encoded: &str) -> Result<(), ReplicaError> {
        let contents = self.write()?;
        if contents.edits.iter().any(|((owner, _), edit)| *owner == account && edit.id == id) {
            return Err(ReplicaError::IdInUse(id));
        }
        let order = contents.edits.keys().map(|(_, order)| order + 1).max().unwrap_or(1);
        let edit = StoredEdit {
            order,
            id,
            encoded: encoded.to_owned(),
            state: EditState::Waiting,
            is_shown: true,
            settled_at: None,
            result: None,
        };
        contents.edits.insert((account, order), edit);
        Ok(())
    }

    fn put_edit(&mut self, account: AccountId, edit: &StoredEdit) -> Result<(), ReplicaError> {
        self.write()?.edits.insert((account, edit.order), edit.clone());
        Ok(())
    }

    fn remove_edit(&mut self, account: AccountId, id: MutationId) -> Result<(), ReplicaError> {
        self.write()?.edits.retain(|(owner, _), edit| *owner != account || edit.id != id);
        Ok(())
    }
}
