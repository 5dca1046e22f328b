//! What a device sends.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{EditState, Replica, ReplicaError, ReplicaStore, ReplicaTransaction, RequestToken, StoredEdit};
use crate::sync::{Clock, DeskState, ExchangeRequest, MAX_BODY_BYTES, MAX_MUTATIONS, SCHEMA};
use crate::time::Timestamp;

/// How much one request may hold, and what the caller wants of it.
#[derive(Clone, PartialEq, Debug)]
pub struct RequestLimits {
    /// The most mutations.
    pub max_mutations: usize,
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// The most rows in one page of a scope.
    pub page_rows: Option<u32>,
    /// How many seconds the server may hold the exchange; left out if there are mutations.
    pub wait_s: Option<u32>,
    /// What the device knows of its clock.
    pub clock: Option<Clock>,
    /// What an enrolled device says of itself.
    pub desk: Option<DeskState>,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            max_mutations: MAX_MUTATIONS,
            max_body_bytes: MAX_BODY_BYTES,
            page_rows: None,
            wait_s: None,
            clock: None,
            desk: None,
        }
    }
}

/// A request that is ready: its token is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// The request.
    pub request: ExchangeRequest,
    /// The same encoded; mutations are in it byte for byte as they were first encoded.
    pub body: Vec<u8>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    envelope: &'a ExchangeRequest,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mutations: Vec<&'a RawValue>,
}

impl<S: ReplicaStore> Replica<S> {
    /// The next request, under a new random `token` that is stored before this returns; an answer
    /// to any earlier request is void from here on. What does not fit stays for the next one.
    pub fn next_request(
        &mut self,
        token: RequestToken,
        now: Timestamp,
        limits: &RequestLimits,
    ) -> Result<Outgoing, ReplicaError> {
        let (account, device) = (self.account, self.device);
        self.store.transact(|tx| {
            let mut state = tx.load_device()?;
            let of_account = tx.load_account(account)?;
            let mut request = ExchangeRequest {
                device,
                schema: SCHEMA,
                at_least: state.at_least.clone(),
                acknowledged: of_account.acknowledged,
                clock: limits.clock.clone(),
                desk: limits.desk.clone(),
                wait_s: None,
                limit: limits.page_rows,
                holds: Default::default(),
                diverged: Vec::new(),
                mutations: Vec::new(),
            };
            name_scopes(tx, &mut request)?;
            let edits = if of_account.not_before.is_some_and(|at| now < at) {
                Vec::new()
            } else {
                tx.list_edits(account, Some(EditState::Waiting), limits.max_mutations)?
            };
            if edits.is_empty() {
                request.wait_s = limits.wait_s;
            }
            state.token = Some(token);
            tx.put_device(&state)?;
            encode(request, &edits, limits.max_body_bytes)
        })
    }

    /// Whether edits of this account wait to be sent.
    pub fn has_waiting_edits(&mut self) -> Result<bool, ReplicaError> {
        let account = self.account;
        self.store.transact(|tx| Ok(!tx.list_edits(account, Some(EditState::Waiting), 1)?.is_empty()))
    }
}

fn name_scopes(tx: &mut dyn ReplicaTransaction, request: &mut ExchangeRequest) -> Result<(), ReplicaError> {
    for (scope, state) in tx.list_scopes()? {
        if state.asks_anew {
            request.diverged.push(scope.clone());
        }
        request.holds.insert(scope, state.reached().cloned());
    }
    Ok(())
}

fn encode(mut request: ExchangeRequest, edits: &[StoredEdit], max_bytes: usize) -> Result<Outgoing, ReplicaError> {
    let unreadable = |error: serde_json::Error| ReplicaError::Store(format!("an edit is unreadable: {error}"));
    let envelope = serde_json::to_vec(&request).map_err(unreadable)?;
    let mut length = envelope.len() + r#","mutations":[]"#.len();
    let mut fitting = Vec::new();
    let mut mutations = Vec::new();
    for edit in edits {
        length += edit.encoded.len() + 1;
        if length > max_bytes && !fitting.is_empty() {
            break;
        }
        fitting.push(serde_json::from_str::<&RawValue>(&edit.encoded).map_err(unreadable)?);
        mutations.push(serde_json::from_str(&edit.encoded).map_err(unreadable)?);
    }
    let body = serde_json::to_vec(&Body { envelope: &request, mutations: fitting }).map_err(unreadable)?;
    request.mutations = mutations;
    Ok(Outgoing { request, body })
}
