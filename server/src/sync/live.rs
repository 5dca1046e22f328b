//! The live stream: server-sent events of what commits, encoded once for all who hold a scope, and not at all where
//! none of them listens.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use rand::Rng;
use serde_json::json;
use shared::sync::{Position, Scope};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::exchange::Exchanges;
use super::feed::{Broadcast, EventCell, LiveEntry};
use super::mutations::Sender;
use super::page;
use crate::database::ReadError;

/// What ends or interrupts a listener from outside.
pub trait Ending: Send + 'static {
    /// Resolves when the listener's device is signed out, or the server stops.
    fn ended(&mut self) -> impl Future<Output = ()> + Send;
}

/// One device that listens.
struct Listener<E> {
    cell: Arc<EventCell>,
    sender: Sender,
    held: BTreeSet<Scope>,
    receiver: broadcast::Receiver<Arc<Broadcast>>,
    queue: VecDeque<Bytes>,
    keep_alive: Interval,
    end: Instant,
    ending: E,
    _place: LivePlace,
}

/// How many streams are open on this node.
#[derive(Clone, Default, Debug)]
pub struct LiveCount(Arc<AtomicUsize>);

/// A place among the open streams, freed when it is dropped.
pub struct LivePlace(LiveCount);

impl LiveCount {
    /// A place, unless `most` are taken.
    pub fn take_place(&self, most: usize) -> Option<LivePlace> {
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < most).then_some(n + 1));
        taken.is_ok().then(|| {
            crate::telemetry::record_live_start();
            LivePlace(self.clone())
        })
    }
}

impl Drop for LivePlace {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
        crate::telemetry::record_live_end();
    }
}

/// The stream of one device: first what is missing, then each change as it commits.
pub async fn listen<E: Ending>(
    exchanges: Exchanges,
    cell: Arc<EventCell>,
    sender: Sender,
    (holds, ending, place): (BTreeMap<String, Option<Position>>, E, LivePlace),
) -> Result<impl Stream<Item = Result<Bytes, std::convert::Infallible>>, ReadError> {
    let (held, queue, receiver) = begin(&exchanges, &cell, sender, &holds).await?;
    let mut keep_alive =
        tokio::time::interval_at(Instant::now() + exchanges.settings.keep_alive, exchanges.settings.keep_alive);
    keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let end = Instant::now() + Duration::from_secs(rand::rng().random_range(exchanges.settings.life_s.clone()));
    let listener = Listener { cell, sender, held, receiver, queue, keep_alive, end, ending, _place: place };
    Ok(futures_util::stream::unfold(listener, |mut listener| async move {
        let next = listener.next().await?;
        Some((Ok(next), listener))
    }))
}

type Beginning = (BTreeSet<Scope>, VecDeque<Bytes>, broadcast::Receiver<Arc<Broadcast>>);

/// What is missing, and a subscription that continues exactly where it ends.
async fn begin(
    exchanges: &Exchanges,
    cell: &Arc<EventCell>,
    sender: Sender,
    holds: &BTreeMap<String, Option<Position>>,
) -> Result<Beginning, ReadError> {
    loop {
        {
            let (memory, receiver) = cell.subscribe();
            if let Some(reading) = exchanges.read_under_lock(&memory, sender, holds) {
                exchanges.note(&reading);
                let mut queue = VecDeque::new();
                if reading.more {
                    queue.push_back(exchange_event());
                } else {
                    queue.extend(reading.entries.iter().map(|entry| changes_event(&entry.bytes)));
                }
                queue.push_back(page::covers_event(&reading.covers));
                return Ok((reading.held, queue, receiver));
            }
        }
        exchanges.read(cell, sender, holds, None).await?;
    }
}

impl<E: Ending> Listener<E> {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(next) = self.queue.pop_front() {
                return Some(next);
            }
            tokio::select! {
                received = self.receiver.recv() => match received {
                    Ok(broadcast) => self.take(&broadcast),
                    Err(RecvError::Lagged(_)) => self.queue.push_back(exchange_event()),
                    Err(RecvError::Closed) => return None,
                },
                _ = self.keep_alive.tick() => self.queue.push_back(Bytes::from_static(b": still here\n\n")),
                () = tokio::time::sleep_until(self.end) => return None,
                () = self.ending.ended() => return None,
            }
        }
    }

    fn take(&mut self, broadcast: &Broadcast) {
        if broadcast.changes_rights {
            let held = self.cell.read().scopes_of(self.sender.account);
            if held != self.held {
                self.held = held;
                self.queue.push_back(scopes_event(&self.held));
            }
        }
        if broadcast.must_exchange {
            self.queue.push_back(exchange_event());
        }
        let before = self.queue.len();
        let mine = broadcast.entries.iter().filter(|entry| self.held.contains(&entry.scope));
        self.queue.extend(mine.map(LiveEntry::event));
        if self.queue.len() > before || broadcast.changes_rights {
            self.queue.push_back(broadcast.covers.clone());
        }
        if broadcast.is_last {
            self.end = Instant::now();
        }
    }
}

fn changes_event(entry: &Bytes) -> Bytes {
    let mut event = Vec::with_capacity(entry.len() + 24);
    event.extend_from_slice(b"event: changes\ndata: ");
    event.extend_from_slice(entry);
    event.extend_from_slice(b"\n\n");
    event.into()
}

fn scopes_event(held: &BTreeSet<Scope>) -> Bytes {
    Bytes::from(format!("event: scopes\ndata: {}\n\n", json!({ "held": held })))
}

fn exchange_event() -> Bytes {
    Bytes::from_static(b"event: exchange\ndata: {}\n\n")
}
