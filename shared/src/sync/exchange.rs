//! The exchange: one request and one answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Mutation, Position, ScopeEntry};
use crate::ids::{DeviceId, MutationId};
use crate::object;
use crate::time::Timestamp;

/// The schema of rows that this version writes.
pub const SCHEMA: u32 = 1;
/// The most mutations in one exchange.
pub const MAX_MUTATIONS: usize = 200;
/// The largest body of an exchange, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// The longest `wait_s`, in seconds.
pub const MAX_WAIT_S: u32 = 25;
/// The longest version of an app that a device may tell, in characters.
pub const APP_VERSION_MAX_CHARS: usize = 100;

/// What a device knows of its own clock when it sends.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// Wall time.
    pub wall: Timestamp,
    /// Milliseconds of a clock that never jumps, since `boot`.
    pub monotonic_ms: u64,
    /// Names the device's start.
    pub boot: String,
}

/// What an enrolled device says of itself, for whoever looks after the doors.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DeskState {
    /// The version of its app; of at most [`APP_VERSION_MAX_CHARS`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// How many scans it has not handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent_scans: Option<u32>,
    /// How far its clock is ahead of the server's, as it estimates, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_skew_ms: Option<i64>,
}

/// The request of an exchange. Everything but `device` and `schema` is optional.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ExchangeRequest {
    /// The device, as sign-in named it.
    pub device: DeviceId,
    /// The schema of rows that the device reads.
    pub schema: u32,
    /// The newest `covers` that the device has stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Position>,
    /// The newest `covers` under which this account on this device had a mutation acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Position>,
    /// The position in every scope held; null asks for the scope anew.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<String, Option<Position>>,
    /// Scopes whose digest did not match at the position held, which the device asks for anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diverged: Vec<String>,
    /// The device's clock.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// What an enrolled device says of itself; of others nobody asks.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskState>,
    /// Edits, in the order they were made.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub mutations: Vec<Mutation>,
    /// How many seconds to hold an exchange without news and mutations (at most [`MAX_WAIT_S`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_s: Option<u32>,
    /// The most rows in one page of a scope (the server may send fewer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer to an exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExchangeResponse {
    /// What became of each mutation, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<MutationAnswer>,
    /// The event's head that the answer was read at.
    pub covers: Position,
    /// The server's clock.
    pub server_time: Timestamp,
    /// When to exchange again without other cause, in seconds.
    pub next_poll_s: u32,
    /// One entry for each scope that is not at its head, or gone.
    #[serde(default)]
    pub scopes: Vec<ScopeEntry>,
    /// Whether any scope has further pages.
    pub more: bool,
    /// A restore lost acknowledged mutations: send the journal again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resend: bool,
}

/// The answer to one mutation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MutationAnswer {
    /// Which mutation.
    pub id: MutationId,
    /// What became of it.
    #[serde(flatten)]
    pub result: super::MutationResult,
}
