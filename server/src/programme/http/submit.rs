//! From a request to a unit of work: the one place where commands of this domain are handed in.

use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value;
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordKey};
use shared::sync::{Mutation, MutationResult, Position, content_hash};

use super::access::Editor;
use crate::problem::Problem;
use crate::programme::operations::{self, Command, Done};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, StoredResult, Unit};
use crate::sync::mutations::{Sender, find_stored};

/// What became of a command.
#[derive(Debug)]
pub struct Submitted {
    /// The records that changed, came or went.
    pub keys: Vec<RecordKey>,
    /// Whether it had been done before, under the same Idempotency-Key.
    pub is_replayed: bool,
    /// The event's head afterwards.
    pub covers: Position,
}

/// The Idempotency-Key of a request with what the request said.
#[derive(Clone)]
struct Key {
    sender: Sender,
    mutation: Mutation,
    hash: String,
}

/// Runs a command in the event's next commit group. With an Idempotency-Key it is run once:
/// what was done before under the same key is not done again. `content` is the request's body.
pub async fn submit(editor: &Editor, command: Command, content: &Value) -> Result<Submitted, Problem> {
    let organiser = &editor.organiser;
    let (cell, actor, account) = (Arc::clone(&organiser.cell), organiser.actor(), organiser.who.account);
    let key = read_key(editor, content);
    let run = move |unit: &mut Unit<'_>| {
        if !operations::may_run(&cell.read().rights(account), &command) {
            let detail = "Only an organiser of the event may do this.";
            return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
        }
        match &key {
            Some(key) => run_once(unit, actor, &command, key),
            None => operations::run(unit, actor, &command).map(|done| (done, false)),
        }
    };
    let committed = organiser.app.writer.unit(organiser.cell.id, run).await?;
    let (done, is_replayed) = committed.value;
    Ok(Submitted { keys: done.keys, is_replayed, covers: committed.covers })
}

fn read_key(editor: &Editor, content: &Value) -> Option<Key> {
    let who = editor.organiser.who;
    let sender = Sender { account: who.account, device: who.device };
    let mutation = Mutation {
        id: editor.key?,
        op: editor.address.clone(),
        for_attendee: None,
        args: content.clone(),
        base: None,
        at: None,
        depends_on: None,
    };
    let hash = content_hash(&mutation);
    Some(Key { sender, mutation, hash })
}

fn run_once(unit: &mut Unit<'_>, actor: Actor, command: &Command, key: &Key) -> Result<(Done, bool), Failure> {
    if let Some(stored) = find_stored(unit.connection, unit.group, key.sender, key.mutation.id)? {
        if stored.content_hash != key.hash {
            let detail = "The Idempotency-Key was used for another request.";
            return Err(Refusal::new(ProblemCode::IdReused, detail).at("Idempotency-Key").into());
        }
        if let MutationResult::Applied { outcome, .. } = stored.result {
            let keys = read_keys(outcome.as_deref().unwrap_or_default());
            return Ok((Done { keys, outcome: None }, true));
        }
    }
    let done = operations::run(unit, actor, command)?;
    unit.group.store_result(StoredResult {
        account: key.sender.account,
        device: key.sender.device,
        mutation: key.mutation.id,
        content_hash: key.hash.clone(),
        result: MutationResult::Applied { rev: unit.group.seq(), outcome: Some(write_keys(&done.keys)) },
    });
    Ok((done, false))
}

fn write_keys(keys: &[RecordKey]) -> String {
    keys.iter().map(|(collection, id)| format!("{collection}/{id}")).collect::<Vec<_>>().join(" ")
}

fn read_keys(text: &str) -> Vec<RecordKey> {
    let read = |key: &str| {
        let (collection, id) = key.split_once('/')?;
        Some((Collection::from_str(collection).ok()?, RecordId::from_str(id).ok()?))
    };
    text.split(' ').filter_map(read).collect()
}
