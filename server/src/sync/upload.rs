//! Handing a device's mutations to the writer, and finding the rows behind conflicts.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use shared::sync::{ExchangeRequest, Mutation, MutationAnswer, MutationResult, ServerRow};
use tokio::sync::oneshot;

use super::exchange::Exchanges;
use super::feed::EventCell;
use super::held_back::HeldBack;
use super::mutations::{Batch, BatchAnswer, Sender};
use super::row::RowCollection;
use crate::database::{GROUP_STEPS, ReadError};
use crate::refusal::StaleEdit;

impl Exchanges {
    /// Runs the mutations in commit groups, in order.
    pub(super) async fn run(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        request: &ExchangeRequest,
        mutations: Vec<Mutation>,
    ) -> Result<(Vec<MutationAnswer>, bool), ReadError> {
        let mut answers = Vec::with_capacity(mutations.len());
        let mut held_back = HeldBack::default();
        for chunk in mutations.chunks(GROUP_STEPS) {
            let answer = self.run_batch(cell, sender, (request, chunk.to_vec(), held_back.clone())).await;
            if answer.resend {
                let retry = |mutation: &Mutation| MutationAnswer {
                    id: mutation.id,
                    result: MutationResult::Retry { after_s: 0 },
                };
                return Ok((mutations.iter().map(retry).collect(), true));
            }
            for (place, (mutation, result)) in chunk.iter().zip(answer.results).enumerate() {
                if matches!(result, MutationResult::Retry { .. }) {
                    held_back.add(mutation);
                }
                let result = self.with_server_row(cell, sender, result, answer.stale.get(&place)).await?;
                answers.push(MutationAnswer { id: mutation.id, result });
            }
        }
        Ok((answers, false))
    }

    async fn run_batch(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        (request, mutations, held_back): (&ExchangeRequest, Vec<Mutation>, HeldBack),
    ) -> BatchAnswer {
        let (reply, answer) = oneshot::channel();
        let count = mutations.len();
        let batch = Batch {
            events: Arc::clone(&self.events),
            cell: Arc::clone(cell),
            sender,
            answers: vec![None; count],
            mutations,
            acknowledged: request.acknowledged.clone(),
            held_back,
            stale: HashMap::new(),
            resend: false,
            reply,
        };
        // A writer that has ended, or is far behind, lets the batch go: everything is tried again.
        let nothing_done = || BatchAnswer {
            results: vec![MutationResult::Retry { after_s: 5 }; count],
            stale: HashMap::new(),
            resend: false,
        };
        match self.writer.submit(Box::new(batch)) {
            Ok(()) => answer.await.unwrap_or_else(|_| nothing_done()),
            Err(_) => nothing_done(),
        }
    }

    /// Adds the row behind a conflict, under the rights of this moment.
    async fn with_server_row(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        result: MutationResult,
        stale: Option<&StaleEdit>,
    ) -> Result<MutationResult, ReadError> {
        let (MutationResult::Conflict { reason, fields, .. }, Some(stale)) = (&result, stale) else {
            return Ok(result);
        };
        let server = self.find_row(cell, sender, stale).await?;
        Ok(MutationResult::Conflict { reason: reason.clone(), fields: fields.clone(), server })
    }

    async fn find_row(
        &self,
        cell: &Arc<EventCell>,
        sender: Sender,
        stale: &StaleEdit,
    ) -> Result<Option<ServerRow>, ReadError> {
        let Ok(collection) = stale.collection.parse::<RowCollection>() else { return Ok(None) };
        let held = cell.read().scopes_of(sender.account);
        for scope in held {
            self.events.load_scope(cell, scope).await?;
            let memory = cell.read();
            let row = memory.scope(&scope).and_then(|scope| scope.log.as_ref()?.find((collection, stale.id)));
            if let Some((row, value)) = row.and_then(|row| Some((row, row.value.as_deref()?))) {
                let value = serde_json::from_str(value).unwrap_or(Value::Null);
                let (collection, id) = (collection.as_str().to_owned(), stale.id.to_string());
                return Ok(Some(ServerRow { collection, id, rev: row.rev, value }));
            }
        }
        Ok(None)
    }
}
