//! Edits of the person at the device: outbox, answers, journal.

use super::answer::newer;
use super::{EditState, Replica, ReplicaError, ReplicaStore, ReplicaTransaction, StoredEdit};
use crate::ids::{AccountId, MutationId};
use crate::sync::{ExchangeResponse, MAX_BODY_BYTES, Mutation, MutationResult};
use crate::time::Timestamp;

/// The largest encoded edit, in bytes: half a request, so that one always fits beside positions.
const MAX_EDIT_BYTES: usize = MAX_BODY_BYTES / 2;

/// An edit that waits for its answer.
#[derive(Clone, PartialEq, Debug)]
pub struct PendingEdit {
    /// What was asked for.
    pub mutation: Mutation,
}

/// An edit that was rejected or met a conflict, with what had been typed.
#[derive(Clone, PartialEq, Debug)]
pub struct ResultToShow {
    /// What was asked for.
    pub mutation: Mutation,
    /// The answer; a conflict brings the server's row.
    pub result: MutationResult,
    /// When it was stored.
    pub at: Option<Timestamp>,
}

impl<S: ReplicaStore> Replica<S> {
    /// Adds an edit to the outbox; its overlay, if the operation has one, is shown from now on.
    ///
    /// Fails on an edit too large to be sent, and on an id that is in use.
    pub fn edit(&mut self, mutation: &Mutation) -> Result<(), ReplicaError> {
        let encoded = serde_json::to_string(mutation).map_err(|error| ReplicaError::Store(error.to_string()))?;
        if encoded.len() > MAX_EDIT_BYTES {
            return Err(ReplicaError::TooLarge(encoded.len()));
        }
        let account = self.account;
        self.store.transact(|tx| tx.add_edit(account, mutation.id, &encoded))
    }

    /// The outbox, in the order of making.
    pub fn list_outbox(&mut self) -> Result<Vec<PendingEdit>, ReplicaError> {
        let edits = self.list_edits(EditState::Waiting)?;
        edits.iter().map(|edit| Ok(PendingEdit { mutation: decode(edit)? })).collect()
    }

    /// The journal: what the server applied lately, in the order of making.
    pub fn list_journal(&mut self) -> Result<Vec<Mutation>, ReplicaError> {
        self.list_edits(EditState::Applied)?.iter().map(decode).collect()
    }

    /// Rejections and conflicts that the person has not dismissed yet.
    pub fn list_results(&mut self) -> Result<Vec<ResultToShow>, ReplicaError> {
        let mut results = Vec::new();
        for edit in self.list_edits(EditState::Refused)? {
            let mutation = decode(&edit)?;
            if let Some(result) = edit.result {
                results.push(ResultToShow { mutation, result, at: edit.settled_at });
            }
        }
        Ok(results)
    }

    /// The person has seen the rejection or conflict of this edit. An edit without one is left.
    pub fn dismiss_result(&mut self, id: MutationId) -> Result<(), ReplicaError> {
        let account = self.account;
        self.store.transact(|tx| {
            let refused = tx.list_edits(account, Some(EditState::Refused), usize::MAX)?;
            match refused.into_iter().find(|edit| edit.id == id) {
                Some(edit) if edit.is_shown => {
                    tx.put_edit(account, &StoredEdit { state: EditState::Dismissed, ..edit })
                }
                Some(_) => tx.remove_edit(account, id),
                None => Ok(()),
            }
        })
    }

    fn list_edits(&mut self, state: EditState) -> Result<Vec<StoredEdit>, ReplicaError> {
        let account = self.account;
        self.store.transact(|tx| tx.list_edits(account, Some(state), usize::MAX))
    }
}

pub(super) fn decode(edit: &StoredEdit) -> Result<Mutation, ReplicaError> {
    serde_json::from_str(&edit.encoded).map_err(|error| ReplicaError::Store(format!("an edit is unreadable: {error}")))
}

/// Stores the answers: what was applied goes into the journal, what was refused is kept to be
/// shown, what is to be retried stays in the outbox.
pub(super) fn settle(
    tx: &mut dyn ReplicaTransaction,
    account: AccountId,
    answer: &ExchangeResponse,
    now: Timestamp,
) -> Result<(), ReplicaError> {
    if answer.results.is_empty() {
        return Ok(());
    }
    let waiting = tx.list_edits(account, Some(EditState::Waiting), usize::MAX)?;
    let mut of_account = tx.load_account(account)?;
    of_account.not_before = None;
    for given in &answer.results {
        let result = first_answer(&given.result);
        let state = match result {
            MutationResult::Applied { .. } => EditState::Applied,
            MutationResult::Rejected { .. } | MutationResult::Conflict { .. } => EditState::Refused,
            MutationResult::Retry { after_s } => {
                // All mutations wait: sending a later one before it would turn their order round.
                let at = Timestamp(now.0.saturating_add(i64::from(*after_s) * 1_000));
                of_account.not_before = of_account.not_before.max(Some(at));
                continue;
            }
            MutationResult::Duplicate { .. } => continue,
        };
        of_account.acknowledged = Some(newer(of_account.acknowledged.take(), &answer.covers));
        if let Some(edit) = waiting.iter().find(|edit| edit.id == given.id) {
            let settled = StoredEdit { state, settled_at: Some(now), result: Some(result.clone()), ..edit.clone() };
            tx.put_edit(account, &settled)?;
        }
    }
    tx.put_account(account, &of_account)
}

/// The answer itself, or the one that a duplicate repeats.
fn first_answer(result: &MutationResult) -> &MutationResult {
    let mut result = result;
    while let MutationResult::Duplicate { original } = result {
        result = original;
    }
    result
}

/// Lets the overlays of all answered edits fall.
pub(super) fn drop_overlays(tx: &mut dyn ReplicaTransaction, account: AccountId) -> Result<(), ReplicaError> {
    for edit in tx.list_edits(account, None, usize::MAX)? {
        match edit.state {
            EditState::Applied | EditState::Refused if edit.is_shown => {
                tx.put_edit(account, &StoredEdit { is_shown: false, ..edit })?;
            }
            EditState::Dismissed => tx.remove_edit(account, edit.id)?,
            _ => {}
        }
    }
    Ok(())
}

/// Puts the journal back into the outbox, in the order of making, and forgets `acknowledged`.
pub(super) fn return_journal(tx: &mut dyn ReplicaTransaction, account: AccountId) -> Result<(), ReplicaError> {
    for edit in tx.list_edits(account, Some(EditState::Applied), usize::MAX)? {
        let waiting = StoredEdit { state: EditState::Waiting, is_shown: true, settled_at: None, result: None, ..edit };
        tx.put_edit(account, &waiting)?;
    }
    let mut of_account = tx.load_account(account)?;
    // The server asked for these at once; its `retry` of the others was not about load.
    (of_account.acknowledged, of_account.not_before) = (None, None);
    tx.put_account(account, &of_account)
}

/// Deletes what was applied before `oldest`, once its overlay has fallen.
pub(super) fn expire_journal(
    tx: &mut dyn ReplicaTransaction,
    account: AccountId,
    oldest: Timestamp,
) -> Result<(), ReplicaError> {
    for edit in tx.list_edits(account, Some(EditState::Applied), usize::MAX)? {
        if !edit.is_shown && edit.settled_at.is_some_and(|at| at < oldest) {
            tx.remove_edit(account, edit.id)?;
        }
    }
    Ok(())
}
