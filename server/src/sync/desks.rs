//! What enrolled devices say of themselves when they exchange, in memory.

use std::collections::HashMap;

use parking_lot::Mutex;
use shared::ids::{DeviceId, EventId};
use shared::time::Timestamp;

/// How long what a device says is kept before it is written again, in milliseconds.
const WRITTEN_EVERY_MS: i64 = 60_000;

/// How long a device counts as connected after its last exchange, in milliseconds.
const CONNECTED_MS: i64 = 5 * 60_000;

/// What a device last said of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskReport {
    /// When it last exchanged, by the server's clock.
    pub seen_at: Timestamp,
    /// The version of its app.
    pub app_version: Option<String>,
    /// How many scans it has not handed in.
    pub unsent_scans: Option<u32>,
    /// How far its clock is ahead of the server's, as it estimates, in milliseconds.
    pub clock_skew_ms: Option<i64>,
    /// The position up to which it held its roster.
    pub roster_position: Option<String>,
}

struct Kept {
    report: DeskReport,
    is_unwritten: bool,
    written_at: Option<Timestamp>,
}

/// How the enrolled devices that exchange with this node stand, for its metrics.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DeskCounts {
    /// Devices that exchanged in the last five minutes.
    pub connected: usize,
    /// Scans that those have not handed in.
    pub unsent_scans: u64,
}

/// The newest report of each device that exchanges with this node.
#[derive(Default)]
pub struct Desks(Mutex<HashMap<(EventId, DeviceId), Kept>>);

impl Desks {
    /// Takes note of what a device says. What it leaves out stays as it was.
    pub fn note(&self, event: EventId, device: DeviceId, report: DeskReport) {
        let mut kept = self.0.lock();
        let written_at = kept.get(&(event, device)).and_then(|kept| kept.written_at);
        let former = kept.remove(&(event, device)).map(|kept| kept.report);
        let report = DeskReport {
            app_version: report.app_version.or_else(|| former.as_ref()?.app_version.clone()),
            unsent_scans: report.unsent_scans.or_else(|| former.as_ref()?.unsent_scans),
            clock_skew_ms: report.clock_skew_ms.or_else(|| former.as_ref()?.clock_skew_ms),
            ..report
        };
        kept.insert((event, device), Kept { report, is_unwritten: true, written_at });
    }

    /// What this node knows of a device.
    pub fn find(&self, event: EventId, device: DeviceId) -> Option<DeskReport> {
        self.0.lock().get(&(event, device)).map(|kept| kept.report.clone())
    }

    /// The reports that are to be written now; they count as written.
    pub fn take_due(&self, now: Timestamp) -> Vec<(EventId, DeviceId, DeskReport)> {
        let mut due = Vec::new();
        for ((event, device), kept) in self.0.lock().iter_mut().filter(|(_, kept)| kept.is_unwritten) {
            if kept.written_at.is_none_or(|at| now.0 - at.0 >= WRITTEN_EVERY_MS) {
                kept.is_unwritten = false;
                kept.written_at = Some(now);
                due.push((*event, *device, kept.report.clone()));
            }
        }
        due
    }

    /// Says that reports were not written after all.
    pub fn give_back(&self, due: &[(EventId, DeviceId, DeskReport)]) {
        let mut kept = self.0.lock();
        for (event, device, _) in due {
            if let Some(kept) = kept.get_mut(&(*event, *device)) {
                kept.is_unwritten = true;
                kept.written_at = None;
            }
        }
    }

    /// How the devices stand.
    pub fn count(&self, now: Timestamp) -> DeskCounts {
        let kept = self.0.lock();
        let connected = kept.values().filter(|kept| now.0 - kept.report.seen_at.0 <= CONNECTED_MS);
        connected.fold(DeskCounts::default(), |counts, kept| DeskCounts {
            connected: counts.connected + 1,
            unsent_scans: counts.unsent_scans + u64::from(kept.report.unsent_scans.unwrap_or(0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn report(at: i64, unsent_scans: Option<u32>) -> DeskReport {
        DeskReport {
            seen_at: Timestamp(at),
            app_version: None,
            unsent_scans,
            clock_skew_ms: None,
            roster_position: None,
        }
    }

    const EVENT: EventId = EventId(Uuid::from_u128(1));
    const DOOR: DeviceId = DeviceId(Uuid::from_u128(2));

    #[test]
    fn each_device_is_written_once_a_minute_with_what_it_said_last() {
        let desks = Desks::default();
        desks.note(EVENT, DOOR, report(0, Some(3)));
        assert_eq!(desks.take_due(Timestamp(0)), [(EVENT, DOOR, report(0, Some(3)))]);
        desks.note(EVENT, DOOR, report(1_000, None));
        assert_eq!(desks.take_due(Timestamp(59_999)), []);
        assert_eq!(desks.take_due(Timestamp(60_000)), [(EVENT, DOOR, report(1_000, Some(3)))]);
        assert_eq!(desks.take_due(Timestamp(200_000)), [], "nothing new was said");
    }

    #[test]
    fn what_could_not_be_written_is_due_again() {
        let desks = Desks::default();
        desks.note(EVENT, DOOR, report(0, None));
        let due = desks.take_due(Timestamp(0));
        desks.give_back(&due);
        assert_eq!(desks.take_due(Timestamp(1)), due);
    }

    #[test]
    fn a_device_that_was_not_heard_of_for_five_minutes_is_not_connected() {
        let desks = Desks::default();
        desks.note(EVENT, DOOR, report(0, Some(7)));
        assert_eq!(desks.count(Timestamp(300_000)), DeskCounts { connected: 1, unsent_scans: 7 });
        assert_eq!(desks.count(Timestamp(300_001)), DeskCounts::default());
    }
}
