//! The organiser's mutations.

use serde::Deserialize;
use serde_json::Value;
use shared::ids::RecordId;
use shared::programme::Collection;

use super::command::{Command, Guard, StateChange, Verb};
use crate::refusal::{Refusal, read};

/// Which record an operation is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    collection: Collection,
    id: RecordId,
}

/// Arguments of `record.create`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Create {
    collection: Collection,
    id: RecordId,
    body: Value,
}

/// Arguments of `record.patch`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    collection: Collection,
    id: RecordId,
    patch: Value,
}

/// The command that a mutation names; none where its operation is not one of the programme's.
/// `base` is the number of the commit that the device had seen.
pub fn parse_mutation(op: &str, args: &Value, base: Option<u64>) -> Option<Result<Command, Refusal>> {
    let verb = match op {
        "record.create" => {
            read(args).map(|Create { collection, id, body }| Verb::Create { key: (collection, id), body })
        }
        "record.patch" => {
            read(args).map(|Patch { collection, id, patch }| Verb::Patch { key: (collection, id), patch })
        }
        "record.publish" => change_state(args, StateChange::Publish),
        "record.cancel" => change_state(args, StateChange::Cancel),
        "record.restore" => change_state(args, StateChange::Restore),
        "record.delete" => read(args).map(|Target { collection, id }| Verb::Delete { key: (collection, id) }),
        "session.move" => read(args).map(Verb::Move),
        "session.progress" => read(args).map(Verb::Progress),
        "room.close" => read(args).map(Verb::CloseRoom),
        "sessions.swap" => read(args).map(Verb::Swap),
        "sessions.shift" => read(args).map(Verb::Shift),
        _ => return None,
    };
    Some(verb.map(|verb| Command { verb, guard: Guard { base, revs: None } }))
}

fn change_state(args: &Value, change: StateChange) -> Result<Verb, Refusal> {
    read(args).map(|Target { collection, id }| Verb::ChangeState { key: (collection, id), change })
}
