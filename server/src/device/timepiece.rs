//! The device's own clocks: the one on the wall, and one that never jumps.

use std::time::Instant;

use shared::sync;
use shared::time::Timestamp;

/// Names the machine's start (Linux, proc(5)).
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Seconds since the machine's start, sleep included (Linux, proc(5)).
const UPTIME: &str = "/proc/uptime";

/// Reads the device's clocks. Where the machine does not tell its start, the program's own counts.
#[derive(Clone, Debug)]
pub struct Timepiece {
    boot: String,
    since: Instant,
}

impl Default for Timepiece {
    fn default() -> Self {
        Self { boot: format!("{:032x}", rand::random::<u128>()), since: Instant::now() }
    }
}

impl Timepiece {
    /// A reading of the clocks while the wall clock shows `wall`.
    pub fn read(&self, wall: Timestamp) -> sync::Clock {
        let (boot, monotonic_ms) = read_machine().unwrap_or_else(|| {
            (self.boot.clone(), u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX))
        });
        sync::Clock { wall, monotonic_ms, boot }
    }
}

fn read_machine() -> Option<(String, u64)> {
    let boot = std::fs::read_to_string(BOOT_ID).ok()?;
    let uptime = std::fs::read_to_string(UPTIME).ok()?;
    let seconds: f64 = uptime.split_whitespace().next()?.parse().ok()?;
    Some((boot.trim().to_owned(), (seconds * 1_000.0) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_clock_runs_on_whatever_the_wall_clock_shows() {
        let timepiece = Timepiece::default();
        let (first, second) = (timepiece.read(Timestamp(1_000)), timepiece.read(Timestamp(0)));
        assert_eq!((first.wall, second.wall), (Timestamp(1_000), Timestamp(0)));
        assert_eq!(first.boot, second.boot);
        assert!(first.monotonic_ms <= second.monotonic_ms);
    }
}
