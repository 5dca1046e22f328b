//! Mutations: what a device asks the server to do.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Position;
use crate::ids::{AttendeeId, MutationId};
use crate::time::Timestamp;

/// One mutation as a device sends it. The device keeps the encoded form and sends those bytes again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mutation {
    /// Made by the device: a UUID, never a counter.
    pub id: MutationId,
    /// The operation, such as `favourite.set`.
    pub op: String,
    /// The attendee that it is done for, where it is somebody's own.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_attendee: Option<AttendeeId>,
    /// What the operation needs.
    #[serde(default)]
    pub args: Value,
    /// The position of the scope when the edit was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Position>,
    /// When it was made, by the device's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// A mutation of the same device without which this one makes no sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<MutationId>,
}

/// A row as the server has it, read anew under the rights of the moment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ServerRow {
    /// The collection.
    pub collection: String,
    /// The id within the collection.
    pub id: String,
    /// The rev in the scope that the reader holds.
    pub rev: u64,
    /// The row.
    pub value: Value,
}

/// What became of a mutation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum MutationResult {
    /// Done, in the commit `rev`.
    Applied {
        /// The commit's number.
        rev: u64,
        /// What came of it, where the operation has several outcomes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// It was answered before; here is that answer.
    Duplicate {
        /// The first answer.
        original: Box<MutationResult>,
    },
    /// It will never be done as it is.
    Rejected {
        /// A stable word (see [`crate::problem_code::ProblemCode`]).
        reason: String,
        /// A sentence in English for developers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        /// The argument at fault, as a JSON pointer into `args`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
    /// What it changes has changed since its base; the device decides and may send a new one.
    Conflict {
        /// A stable word.
        reason: String,
        /// The fields that both changed, where the policy is by field.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// The row as the server has it, if the device may see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server: Option<ServerRow>,
    },
    /// Not now; send it again.
    Retry {
        /// After how many seconds.
        after_s: u32,
    },
}

/// The SHA-256, in hexadecimal, of `op`, `for` and `args` with the keys of every object sorted: the same id
/// with another hash is another mutation under a used id.
pub fn content_hash(mutation: &Mutation) -> String {
    let mut hash = Sha256::new();
    hash.update(mutation.op.as_bytes());
    hash.update([0]);
    if let Some(attendee) = mutation.for_attendee {
        hash.update(attendee.to_string().as_bytes());
    }
    hash.update([0]);
    hash.update(sorted(&mutation.args).to_string().as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<_> = fields.keys().collect();
            keys.sort_unstable();
            Value::Object(keys.into_iter().map(|key| (key.clone(), sorted(&fields[key]))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
