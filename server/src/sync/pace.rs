//! When devices exchange again: soon while things are calm, spread out while many are reset.
//!
//! After a restore, or when a hall full of people opens the app, many devices take whole scopes at
//! once. They would come back together as well, so each is given a time of its own, and the more
//! there are the longer the time that they are spread over.

use parking_lot::Mutex;
use shared::time::Timestamp;

/// After how many seconds a device exchanges again at the earliest.
const EARLIEST_S: u32 = 60;

/// The same at the latest, while things are calm.
const CALM_S: u32 = 72;

/// The same at the latest, however many devices there are.
const LATEST_S: u32 = 600;

/// How many resets a minute one node answers with ease.
const RESETS_AT_EASE: u32 = 600;

const MINUTE_MS: i64 = 60_000;

/// After how many seconds a device exchanges again, where there were so many `resets` in the last
/// minute. `chance` is random, from 0 to 1.
fn next_poll_s(resets: u32, chance: f64) -> u32 {
    let latest = u64::from(CALM_S) * u64::from(resets) / u64::from(RESETS_AT_EASE);
    let latest = u32::try_from(latest).unwrap_or(LATEST_S).clamp(CALM_S, LATEST_S);
    EARLIEST_S + (f64::from(latest - EARLIEST_S) * chance).round() as u32
}

/// Counts the resets that this node answered lately.
#[derive(Default, Debug)]
pub struct Pace(Mutex<Counts>);

/// The resets of one minute of the clock, and of the minute before.
#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    minute: i64,
    this: u32,
    before: u32,
}

impl Counts {
    /// The counts as they stand in a later minute.
    fn at(self, now: Timestamp) -> Self {
        let minute = now.0.div_euclid(MINUTE_MS);
        match minute - self.minute {
            0 => self,
            1 => Self { minute, this: 0, before: self.this },
            _ => Self { minute, this: 0, before: 0 },
        }
    }

    /// How many resets there were in the last minute, as if those of the minute before had been even.
    fn in_last_minute(self, now: Timestamp) -> u32 {
        let share = 1.0 - now.0.rem_euclid(MINUTE_MS) as f64 / MINUTE_MS as f64;
        self.this.saturating_add((f64::from(self.before) * share) as u32)
    }
}

impl Pace {
    /// Notes that a device is given at least one scope anew.
    pub fn note_reset(&self, now: Timestamp) {
        let mut counts = self.0.lock();
        *counts = counts.at(now);
        counts.this = counts.this.saturating_add(1);
    }

    /// When the device that is answered now exchanges again, in seconds.
    pub fn next_poll_s(&self, now: Timestamp) -> u32 {
        let counts = self.0.lock().at(now);
        next_poll_s(counts.in_last_minute(now), rand::random())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_things_are_calm_devices_come_back_after_a_minute_and_not_all_at_once() {
        for resets in [0, 1, RESETS_AT_EASE] {
            assert_eq!((next_poll_s(resets, 0.0), next_poll_s(resets, 0.5), next_poll_s(resets, 1.0)), (60, 66, 72));
        }
    }

    #[test]
    fn the_more_are_reset_the_longer_the_time_that_they_are_spread_over() {
        assert_eq!((next_poll_s(3_000, 0.0), next_poll_s(3_000, 0.5), next_poll_s(3_000, 1.0)), (60, 210, 360));
        let crowd: Vec<u32> = (0..=100).map(|n| next_poll_s(3_000, f64::from(n) / 100.0)).collect();
        assert!(crowd.windows(2).all(|pair| (2..=4).contains(&(pair[1] - pair[0]))), "evenly: {crowd:?}");
    }

    #[test]
    fn nobody_is_sent_away_for_more_than_ten_minutes() {
        assert_eq!((next_poll_s(u32::MAX, 1.0), next_poll_s(u32::MAX, 0.0)), (LATEST_S, EARLIEST_S));
    }

    #[test]
    fn resets_are_forgotten_after_a_minute() {
        let pace = Pace::default();
        let in_last_minute = |at: i64| pace.0.lock().at(Timestamp(at)).in_last_minute(Timestamp(at));
        (0..1_000).for_each(|_| pace.note_reset(Timestamp(MINUTE_MS - 1)));
        assert_eq!((in_last_minute(MINUTE_MS - 1), in_last_minute(MINUTE_MS)), (1_000, 1_000));
        assert_eq!((in_last_minute(MINUTE_MS * 3 / 2), in_last_minute(MINUTE_MS * 2)), (500, 0));
        assert_eq!(in_last_minute(-1), 0, "a clock that was put back begins anew");
    }
}
