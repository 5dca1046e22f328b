//! The server's time as a device knows it without asking.

use serde::{Deserialize, Serialize};

use super::{Replica, ReplicaError, ReplicaStore};
use crate::sync::Clock;
use crate::time::Timestamp;

/// How much two clocks may drift apart, in milliseconds a second: more than the worst quartz.
const DRIFT_PER_S: f64 = 0.1;

/// What the server's clock showed at a reading of the device's own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ServerTime {
    /// The device's clock.
    pub reading: Clock,
    /// The server's time at that reading.
    pub at: Timestamp,
    /// How far from it the truth may lie either way, in milliseconds: half the round trip.
    pub uncertainty_ms: u64,
}

impl ServerTime {
    /// From a request's journey: the server looked at its clock somewhere between `sent` and
    /// `received`. None where the device was started anew in between, or its clock is of no use.
    pub fn measure(sent: &Clock, received: &Clock, server_time: Timestamp) -> Option<Self> {
        if sent.boot != received.boot {
            return None;
        }
        let half = received.monotonic_ms.checked_sub(sent.monotonic_ms)?.div_ceil(2);
        let at = Timestamp(server_time.0.saturating_add_unsigned(half));
        Some(Self { reading: received.clone(), at, uncertainty_ms: half })
    }

    /// The server's time at another reading, mostly a later one (an answer may arrive while somebody has looked at
    /// the clock already), with its uncertainty in milliseconds. Within one boot the clock that never jumps counts,
    /// whatever was done to the wall clock; after it the wall clock is all there is, and nobody can say how far it was
    /// moved meanwhile.
    pub fn at(&self, reading: &Clock) -> (Timestamp, Option<u64>) {
        if reading.boot != self.reading.boot {
            return (Timestamp(reading.wall.0.saturating_add(self.at.0.saturating_sub(self.reading.wall.0))), None);
        }
        let passed = i64::try_from(i128::from(reading.monotonic_ms) - i128::from(self.reading.monotonic_ms));
        let passed = passed.unwrap_or(i64::MAX);
        (Timestamp(self.at.0.saturating_add(passed)), Some(self.uncertainty_after(passed.unsigned_abs())))
    }

    /// Whether `newer` says more: it is of another boot, or no less certain than this one is by then.
    fn is_outdone_by(&self, newer: &Self) -> bool {
        match self.at(&newer.reading) {
            (_, Some(uncertainty_ms)) => newer.uncertainty_ms <= uncertainty_ms,
            (_, None) => true,
        }
    }

    fn uncertainty_after(&self, passed_ms: u64) -> u64 {
        self.uncertainty_ms + (passed_ms as f64 / 1_000.0 * DRIFT_PER_S).ceil() as u64
    }
}

/// By how much a clock is put right without anybody having moved it, in milliseconds.
const PUT_RIGHT_MS: u64 = 2_000;

/// How old something is that was the server's at `fresh_at` by its clock, in milliseconds, at what is held to be the
/// server's time now, with its uncertainty. None where it would be of the future: the wall clock was put back, and
/// nobody knows how long ago that time was.
pub fn age_of(fresh_at: Timestamp, (now, uncertainty_ms): (Timestamp, Option<u64>)) -> Option<u64> {
    let age = now.0.saturating_sub(fresh_at.0);
    let slack = uncertainty_ms.unwrap_or(0).saturating_add(PUT_RIGHT_MS);
    u64::try_from(age).ok().or_else(|| (age.unsigned_abs() <= slack).then_some(0))
}

impl<S: ReplicaStore> Replica<S> {
    /// Keeps what an answer says of the server's clock, if it says more than what is known.
    pub fn keep_server_time(&mut self, measured: ServerTime) -> Result<(), ReplicaError> {
        self.store.transact(|tx| {
            let mut device = tx.load_device()?;
            if device.server_time.as_ref().is_none_or(|known| known.is_outdone_by(&measured)) {
                device.server_time = Some(measured);
                tx.put_device(&device)?;
            }
            Ok(())
        })
    }

    /// What the device knows of the server's clock.
    pub fn server_time(&mut self) -> Result<Option<ServerTime>, ReplicaError> {
        self.store.transact(|tx| Ok(tx.load_device()?.server_time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases that every other port is held to as well.
    const VECTORS: &str = include_str!("../../vectors/age.json");

    #[test]
    fn what_is_held_is_as_old_as_the_vectors_say_whatever_was_done_to_the_wall_clock() {
        let file: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        for case in file["ages"].as_array().unwrap() {
            let known: ServerTime = serde_json::from_value(case["known"].clone()).unwrap();
            let now: Clock = serde_json::from_value(case["now"].clone()).unwrap();
            let fresh_at: Timestamp = serde_json::from_value(case["fresh_at"].clone()).unwrap();
            assert_eq!(serde_json::json!(age_of(fresh_at, known.at(&now))), case["age_ms"], "{}", case["note"]);
        }
    }
}
