//! Applying the answer to an exchange.

use super::edits;
use super::entry::ScopeWriter;
use super::{Replica, ReplicaError, ReplicaStore, RequestToken};
use crate::ids::MutationId;
use crate::sync::{ExchangeResponse, MutationResult, Position};
use crate::time::Timestamp;

/// What became of an answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// It was not to the newest request, or came a second time: dropped whole, as if lost.
    Dropped,
    /// It was stored.
    Stored(Applied),
}

impl Outcome {
    /// What was stored, if it was.
    pub fn stored(self) -> Option<Applied> {
        match self {
            Self::Dropped => None,
            Self::Stored(applied) => Some(applied),
        }
    }
}

/// What an answer brought.
#[derive(Clone, PartialEq, Debug)]
pub struct Applied {
    /// Whether further pages wait at the server: exchange again at once.
    pub more: bool,
    /// Whether the journal went back into the outbox: exchange again at once.
    pub resend: bool,
    /// When to exchange again without other cause, in seconds.
    pub next_poll_s: u32,
    /// What became of the mutations sent.
    pub results: Vec<(MutationId, MutationResult)>,
    /// Scopes that the device may not hold any more; their rows are deleted.
    pub gone: Vec<String>,
    /// Scopes whose rows differ from the server's: exchange again at once, they are asked for anew.
    pub diverged: Vec<String>,
    /// Scopes whose rows differ even after a reset to the same position, to be reported.
    pub diverged_twice: Vec<String>,
    /// Whether every entry was applied and its digest, where there was one, matched.
    pub every_entry_applied: bool,
    /// Whether live entries that had waited for this answer need a further exchange.
    pub live_needs_exchange: bool,
}

impl<S: ReplicaStore> Replica<S> {
    /// Stores the answer to the request `token`, in one local transaction; then applies what the
    /// live stream had sent meanwhile.
    pub fn apply_answer(
        &mut self,
        token: RequestToken,
        answer: &ExchangeResponse,
        now: Timestamp,
    ) -> Result<Outcome, ReplicaError> {
        let (account, journal_minutes) = (self.account, self.journal_minutes);
        let stored = self.store.transact(|tx| {
            let mut device = tx.load_device()?;
            if device.token != Some(token) {
                return Ok(None);
            }
            device.token = None;
            device.at_least = Some(newer(device.at_least.take(), &answer.covers));
            tx.put_device(&device)?;
            let mut scopes = ScopeWriter::load(tx)?;
            for entry in &answer.scopes {
                scopes.apply_exchanged(entry, answer.more)?;
            }
            if !answer.more {
                scopes.show_finished()?;
            }
            let report = scopes.report;
            edits::settle(tx, account, answer, now)?;
            if !answer.more && !report.has_unapplied {
                edits::drop_overlays(tx, account)?;
            }
            if answer.resend {
                edits::return_journal(tx, account)?;
            }
            edits::expire_journal(tx, account, now.plus_minutes(-journal_minutes))?;
            Ok(Some(Applied {
                more: answer.more,
                resend: answer.resend,
                next_poll_s: answer.next_poll_s,
                results: answer.results.iter().map(|given| (given.id, given.result.clone())).collect(),
                gone: report.gone,
                diverged: report.diverged,
                diverged_twice: report.diverged_twice,
                every_entry_applied: !report.has_unapplied,
                live_needs_exchange: false,
            }))
        })?;
        let Some(mut applied) = stored else { return Ok(Outcome::Dropped) };
        applied.live_needs_exchange = self.apply_waiting_live()?.needs_exchange;
        Ok(Outcome::Stored(applied))
    }

    /// The request under way failed or is given up: its answer is void, and what the live stream
    /// sent meanwhile is applied. Says whether that needs a further exchange.
    pub fn abandon_request(&mut self) -> Result<bool, ReplicaError> {
        self.store.transact(|tx| {
            let mut device = tx.load_device()?;
            device.token = None;
            tx.put_device(&device)
        })?;
        Ok(self.apply_waiting_live()?.needs_exchange)
    }
}

/// The newer of two `covers`; one of another epoch replaces what was known.
pub(super) fn newer(known: Option<Position>, covers: &Position) -> Position {
    match known {
        Some(known) if known.epoch == covers.epoch && !covers.is_newer_than(&known) => known,
        _ => covers.clone(),
    }
}
