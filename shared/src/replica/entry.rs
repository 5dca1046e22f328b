//! Applying entries of scopes: staging, showing, and finding that rows differ.

use std::collections::BTreeMap;

use super::{Layer, ReplicaError, ReplicaTransaction, ScopeState, Staging};
use crate::sync::{Digest, Position, ScopeEntry};

/// What became of the scopes in one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ScopeReport {
    /// Scopes that the device may not hold any more.
    pub gone: Vec<String>,
    /// Scopes whose digest did not match, and that are asked for anew.
    pub diverged: Vec<String>,
    /// Scopes whose digest did not match twice at the same position.
    pub diverged_twice: Vec<String>,
    /// Whether an entry could not be applied.
    pub has_unapplied: bool,
}

/// The scopes while one transaction applies entries to them.
pub(super) struct ScopeWriter<'a> {
    tx: &'a mut dyn ReplicaTransaction,
    scopes: BTreeMap<String, ScopeState>,
    pub report: ScopeReport,
}

impl<'a> ScopeWriter<'a> {
    pub fn load(tx: &'a mut dyn ReplicaTransaction) -> Result<Self, ReplicaError> {
        let scopes = tx.list_scopes()?.into_iter().collect();
        Ok(Self { tx, scopes, report: ScopeReport::default() })
    }

    /// Applies one entry of an answer. Where the answer has no `more`, a scope that has nothing
    /// staged is written at once.
    pub fn apply_exchanged(&mut self, entry: &ScopeEntry, answer_has_more: bool) -> Result<(), ReplicaError> {
        if entry.gone {
            return self.forget(&entry.scope);
        }
        let state = self.state_of(&entry.scope);
        let follows = entry.reset.is_some() || (entry.from.is_some() && entry.from.as_ref() == state.reached());
        match &entry.to {
            Some(to) if follows && is_whole(entry) => {
                let needs_no_staging = state.staging.is_none() || entry.reset.is_some();
                if answer_has_more || entry.more || !needs_no_staging {
                    self.stage(entry, to, state)
                } else {
                    self.write(entry, to, state)
                }
            }
            _ => {
                self.report.has_unapplied = true;
                Ok(())
            }
        }
    }

    /// Applies one entry of the live stream; says whether only an exchange can finish it.
    pub fn apply_live(&mut self, entry: &ScopeEntry) -> Result<bool, ReplicaError> {
        if entry.gone {
            self.forget(&entry.scope)?;
            return Ok(false);
        }
        let state = self.state_of(&entry.scope);
        let Some(to) = entry.to.as_ref().filter(|_| is_whole(entry)) else { return Ok(true) };
        let is_from = |position: Option<&Position>| entry.from.is_some() && entry.from.as_ref() == position;
        if !entry.more && (entry.reset.is_some() || is_from(state.position.as_ref())) {
            self.write(entry, to, state)?;
            return Ok(false);
        }
        if entry.reset.is_some() || is_from(state.reached()) {
            self.stage(entry, to, state)?;
            return Ok(true);
        }
        Ok(state.position.as_ref() != Some(to))
    }

    /// Shows every scope whose last page is staged: together, so that a session that moved behind
    /// a gate is in one place.
    pub fn show_finished(&mut self) -> Result<(), ReplicaError> {
        for (scope, mut state) in self.scopes.clone() {
            match state.staging.take() {
                Some(staging) if staging.is_finished => {
                    if staging.is_reset {
                        self.tx.clear_rows(Layer::Held, &scope)?;
                    }
                    self.tx.merge_staged(&scope)?;
                    self.settle(&scope, staging.position, staging.digest, state)?;
                }
                Some(_) => self.report.has_unapplied = true,
                None => {}
            }
        }
        Ok(())
    }

    fn state_of(&self, scope: &str) -> ScopeState {
        self.scopes.get(scope).cloned().unwrap_or_default()
    }

    fn forget(&mut self, scope: &str) -> Result<(), ReplicaError> {
        self.scopes.remove(scope);
        self.report.gone.push(scope.to_owned());
        self.tx.remove_scope(scope)
    }

    /// Puts a page aside. A new reset throws away what was staged.
    fn stage(&mut self, entry: &ScopeEntry, to: &Position, mut state: ScopeState) -> Result<(), ReplicaError> {
        let is_reset = entry.reset.is_some() || state.staging.as_ref().is_some_and(|staging| staging.is_reset);
        if entry.reset.is_some() {
            self.tx.clear_rows(Layer::Staged, &entry.scope)?;
            state.asks_anew = false;
        }
        self.tx.put_rows(Layer::Staged, &entry.scope, &entry.changes)?;
        state.staging =
            Some(Staging { position: to.clone(), is_reset, is_finished: !entry.more, digest: entry.digest });
        self.keep(&entry.scope, state)
    }

    /// Writes an entry that leads from the rows held (or from nothing) to `to`.
    fn write(&mut self, entry: &ScopeEntry, to: &Position, mut state: ScopeState) -> Result<(), ReplicaError> {
        if state.staging.take().is_some() {
            self.tx.clear_rows(Layer::Staged, &entry.scope)?;
            // The pages dropped may have been the reset that was to heal the scope.
            state.asks_anew |= state.diverged_at.is_some();
        }
        if entry.reset.is_some() {
            self.tx.clear_rows(Layer::Held, &entry.scope)?;
            state.asks_anew = false;
        }
        self.tx.put_rows(Layer::Held, &entry.scope, &entry.changes)?;
        self.settle(&entry.scope, to.clone(), entry.digest, state)
    }

    /// Stores the position that the rows held have reached, and compares their digest.
    fn settle(
        &mut self,
        scope: &str,
        to: Position,
        expected: Option<Digest>,
        mut state: ScopeState,
    ) -> Result<(), ReplicaError> {
        if let Some(expected) = expected {
            if self.tx.digest_of(scope)? == expected {
                (state.diverged_at, state.asks_anew) = (None, false);
            } else if state.diverged_at.as_ref() == Some(&to) {
                state.asks_anew = false;
                self.report.diverged_twice.push(scope.to_owned());
            } else {
                (state.diverged_at, state.asks_anew) = (Some(to.clone()), true);
                self.report.diverged.push(scope.to_owned());
                self.report.has_unapplied = true;
            }
        }
        state.position = Some(to);
        self.keep(scope, state)
    }

    fn keep(&mut self, scope: &str, state: ScopeState) -> Result<(), ReplicaError> {
        self.tx.put_scope(scope, &state)?;
        self.scopes.insert(scope.to_owned(), state);
        Ok(())
    }
}

/// Whether every change is a whole row or says that it is gone.
fn is_whole(entry: &ScopeEntry) -> bool {
    entry.changes.iter().all(|change| change.deleted != change.value.is_some())
}
