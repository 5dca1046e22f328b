//! The sync protocol, version 1: what travels between a device and the server.

mod change;
mod digest;
mod exchange;
mod mutation;
mod position;
mod scope;

pub use change::{Change, ResetReason, ScopeEntry};
pub use digest::{Digest, row_check};
pub use exchange::{
    APP_VERSION_MAX_CHARS, Clock, DeskState, ExchangeRequest, ExchangeResponse, MAX_BODY_BYTES, MAX_MUTATIONS,
    MAX_WAIT_S, MutationAnswer, SCHEMA,
};
pub use mutation::{Mutation, MutationResult, ServerRow, content_hash};
pub use position::{Epoch, Head, MalformedPosition, Nonce, Place, Position};
pub use scope::{MalformedScope, Profile, Scope};
