//! A replica that speaks HTTP: the whole of a real device but its screen.

use std::collections::VecDeque;

use shared::ids::MutationId;
use shared::replica::{
    Applied, MemoryStore, Outcome, Replica, ReplicaError, ReplicaStore, RequestLimits, RequestToken, ServerTime,
};
use shared::sync::{Clock as ClockReading, ExchangeResponse, MAX_MUTATIONS, MutationResult, SCHEMA};
use shared::time::Timestamp;
use thiserror::Error;

use super::api::{Api, ApiError, LiveRequest, Tokens};
use super::live::LiveStream;
use super::store::SqliteStore;
use super::timepiece::Timepiece;
use crate::clock::Clock;

/// The most exchanges that one call makes: with pages of 500 rows, far more than any event has.
const MAX_EXCHANGES: usize = 1_000;

/// The setting that says when the device last had everything that the server has, by the server's clock, in
/// milliseconds since 1970. The device's own clock may be moved, or forgotten with its battery.
pub const FRESH_AT: &str = "fresh_at";

/// The operation that hands in a scan.
const SCAN: &str = "scan.record";

/// Why a device could not exchange.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum DriverError {
    /// The server.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The local store.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The server always says that there is more.
    #[error("the server had more to send after {MAX_EXCHANGES} exchanges")]
    Endless,
}

/// A store that also keeps the device's tokens.
pub trait DeviceStore: ReplicaStore {
    /// Stores renewed tokens: the old refresh token is used up.
    fn keep_tokens(&mut self, tokens: &Tokens) -> Result<(), ReplicaError>;

    /// Stores when, by the server's clock, it last had everything that the server has.
    fn keep_fresh_at(&mut self, at: Timestamp) -> Result<(), ReplicaError>;
}

impl DeviceStore for MemoryStore {
    /// Keeps nothing: a device in memory does not outlive its driver, which has them.
    fn keep_tokens(&mut self, _: &Tokens) -> Result<(), ReplicaError> {
        Ok(())
    }

    /// Likewise.
    fn keep_fresh_at(&mut self, _: Timestamp) -> Result<(), ReplicaError> {
        Ok(())
    }
}

impl DeviceStore for SqliteStore {
    fn keep_tokens(&mut self, tokens: &Tokens) -> Result<(), ReplicaError> {
        let refresh = tokens.refresh_token.as_deref().unwrap_or_default();
        self.put_settings(&[("access_token", &tokens.access_token), ("refresh_token", refresh)])
    }

    fn keep_fresh_at(&mut self, at: Timestamp) -> Result<(), ReplicaError> {
        self.put_settings(&[(FRESH_AT, &at.0.to_string())])
    }
}

/// A cut of the network, for tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// The request does not reach the server.
    Request,
    /// The server acts, and its answer does not reach the device.
    Answer,
}

/// What became of one exchange.
#[derive(Clone, PartialEq, Debug)]
pub enum Sent {
    /// Request or answer were lost.
    Lost,
    /// The answer was stored, which the server gave at this time by its clock.
    Stored(Applied, Timestamp),
}

/// What exchanges until nothing is left have brought.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Round {
    /// How many exchanges were made, lost ones included.
    pub exchanges: usize,
    /// What became of mutations, in the order of the answers.
    pub results: Vec<(MutationId, MutationResult)>,
    /// Scopes that the device may not hold any more.
    pub gone: Vec<String>,
    /// Scopes that differ from the server's even after a reset.
    pub diverged_twice: Vec<String>,
    /// When to exchange again without other cause, in seconds.
    pub next_poll_s: u32,
}

/// A replica with a server. Local storage is used where it stands: an exchange blocks its thread
/// for as long as a transaction takes, a few milliseconds.
pub struct HttpReplica<S> {
    /// The replica.
    pub replica: Replica<S>,
    /// What requests may hold; `wait_s` and `page_rows` are the caller's to set.
    pub limits: RequestLimits,
    api: Api,
    event: String,
    tokens: Tokens,
    clock: Clock,
    timepiece: Timepiece,
    losses: VecDeque<Loss>,
}

impl<S: DeviceStore> HttpReplica<S> {
    /// A device at `event` (slug or id) of the server behind `api`.
    pub fn new(replica: Replica<S>, api: Api, event: &str, tokens: Tokens, clock: Clock) -> Self {
        let limits = RequestLimits::default();
        Self {
            replica,
            limits,
            api,
            event: event.to_owned(),
            tokens,
            clock,
            timepiece: Timepiece::default(),
            losses: VecDeque::new(),
        }
    }

    /// Loses something of the next exchange; called twice, also of the one after.
    pub fn lose_next(&mut self, loss: Loss) {
        self.losses.push_back(loss);
    }

    /// Uses other tokens from now on.
    pub fn set_tokens(&mut self, tokens: Tokens) {
        self.tokens = tokens;
    }

    /// Makes one exchange. On an error nothing of it is stored, and what the live stream sent
    /// meanwhile is applied.
    pub async fn send_once(&mut self) -> Result<Sent, DriverError> {
        let token = RequestToken(rand::random());
        let sent = self.timepiece.read(self.clock.now());
        self.limits.clock = Some(sent.clone());
        self.describe_desk(&sent)?;
        let outgoing = self.replica.next_request(token, sent.wall, &self.limits)?;
        let loss = self.losses.pop_front();
        if loss == Some(Loss::Request) {
            self.replica.abandon_request()?;
            return Ok(Sent::Lost);
        }
        let answer = match self.post(outgoing.body).await {
            Ok(answer) => answer,
            Err(error) => {
                self.replica.abandon_request()?;
                return Err(error);
            }
        };
        if loss == Some(Loss::Answer) {
            self.replica.abandon_request()?;
            return Ok(Sent::Lost);
        }
        let received = self.timepiece.read(self.clock.now());
        match self.replica.apply_answer(token, &answer, received.wall)? {
            Outcome::Dropped => Ok(Sent::Lost),
            Outcome::Stored(applied) => {
                if let Some(measured) = ServerTime::measure(&sent, &received, answer.server_time) {
                    self.replica.keep_server_time(measured)?;
                }
                Ok(Sent::Stored(applied, answer.server_time))
            }
        }
    }

    /// What the next request says of an enrolled device.
    fn describe_desk(&mut self, reading: &ClockReading) -> Result<(), DriverError> {
        let Some(desk) = self.limits.desk.as_mut() else { return Ok(()) };
        let known = self.replica.server_time()?;
        desk.clock_skew_ms = known.map(|known| reading.wall.0 - known.at(reading).0.0);
        let unsent = self.replica.list_outbox()?.iter().filter(|edit| edit.mutation.op == SCAN).count();
        desk.unsent_scans = Some(u32::try_from(unsent).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Exchanges until the outbox is empty (but for what the server wants later) and there are no
    /// further pages.
    pub async fn exchange_until_done(&mut self) -> Result<Round, DriverError> {
        let mut round = Round::default();
        while round.exchanges < MAX_EXCHANGES {
            round.exchanges += 1;
            match self.send_once().await {
                Ok(Sent::Lost) => {}
                Ok(Sent::Stored(applied, server_time)) => {
                    let goes_on = self.must_go_on(&applied)?;
                    round.results.extend(applied.results);
                    round.gone.extend(applied.gone);
                    round.diverged_twice.extend(applied.diverged_twice);
                    round.next_poll_s = applied.next_poll_s;
                    if !goes_on {
                        self.limits.max_mutations = MAX_MUTATIONS;
                        self.replica.store_mut().keep_fresh_at(server_time)?;
                        return Ok(round);
                    }
                }
                Err(DriverError::Api(error)) if error.has_status(413) && self.limits.max_mutations > 1 => {
                    self.limits.max_mutations /= 2;
                }
                Err(error) => return Err(error),
            }
        }
        Err(DriverError::Endless)
    }

    /// Opens the live stream; its events go to [`Replica::apply_live`].
    pub async fn open_live(&mut self) -> Result<LiveStream, DriverError> {
        let request = LiveRequest {
            device: self.replica.device(),
            schema: SCHEMA,
            at_least: self.replica.at_least()?,
            holds: self.replica.live_holds()?,
        };
        self.replica.close_live();
        let response = match self.api.listen(&self.event, &self.tokens.access_token, &request).await {
            Err(error) if error.has_status(401) => {
                self.renew(error).await?;
                self.api.listen(&self.event, &self.tokens.access_token, &request).await?
            }
            other => other?,
        };
        Ok(LiveStream::new(response))
    }

    fn must_go_on(&mut self, applied: &Applied) -> Result<bool, DriverError> {
        let was_all_answered =
            applied.results.iter().all(|(_, result)| !matches!(result, MutationResult::Retry { .. }));
        let has_unsent = !applied.results.is_empty() && was_all_answered && self.replica.has_waiting_edits()?;
        Ok(applied.more || applied.resend || applied.live_needs_exchange || !applied.diverged.is_empty() || has_unsent)
    }

    async fn post(&mut self, body: Vec<u8>) -> Result<ExchangeResponse, DriverError> {
        match self.api.exchange(&self.event, &self.tokens.access_token, body.clone()).await {
            Err(error) if error.has_status(401) => {
                self.renew(error).await?;
                Ok(self.api.exchange(&self.event, &self.tokens.access_token, body).await?)
            }
            other => Ok(other?),
        }
    }

    /// Renews the tokens after the refusal of the access token, and stores them at once.
    async fn renew(&mut self, refusal: ApiError) -> Result<(), DriverError> {
        let Some(refresh_token) = self.tokens.refresh_token.as_deref().filter(|token| !token.is_empty()) else {
            return Err(refusal.into());
        };
        self.tokens = self.api.renew(refresh_token).await?;
        Ok(self.replica.store_mut().keep_tokens(&self.tokens)?)
    }
}
