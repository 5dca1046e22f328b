//! Entries of scopes: what takes a device from one position to another.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Digest, Position};

/// One row as it now is, or that it is gone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The collection, such as `sessions`.
    pub collection: String,
    /// The row's id within the collection.
    pub id: String,
    /// The number of the commit that last changed the row's bytes in this scope.
    pub rev: u64,
    /// The row's check (see [`super::row_check`]); absent on a row that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<u32>,
    /// The whole row; absent when it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<RawValue>>,
    /// True when the row is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Why a scope is sent in full.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// The device did not hold it.
    New,
    /// The position is of another epoch.
    Epoch,
    /// The position names a commit that this database does not know.
    Unknown,
    /// The position is ahead of the scope.
    Ahead,
    /// What lies between was compacted away.
    Compacted,
    /// The rows have another form now.
    Schema,
    /// The device asked for it by `null`.
    Asked,
}

/// What an exchange or the live stream says of one scope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScopeEntry {
    /// The scope's name; one that this client does not know is kept as it is.
    pub scope: String,
    /// The position that the entry starts from; absent on the first page of a reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Position>,
    /// The position that it leads to; absent when the scope is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Position>,
    /// On the first page of a reset, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<ResetReason>,
    /// The scope may not be held, or not any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// The scope's digest at `to`; on the last page only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The rows, ascending by (rev, collection, id).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Whether there are further pages of this scope.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}
