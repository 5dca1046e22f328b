//! What devices say they hold of attendees' own scopes, in memory, until it is written down whom a notice
//! reached by that.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use shared::ids::{AttendeeId, DeviceId, EventId};
use tokio::sync::MutexGuard;

/// A device that holds an attendee's scope as a commit left it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holding {
    /// The event.
    pub event: EventId,
    /// The device.
    pub device: DeviceId,
    /// Whose scope.
    pub attendee: AttendeeId,
    /// The number of the commit.
    pub seq: u64,
}

#[derive(Default)]
struct Kept {
    newest: HashMap<(EventId, DeviceId, AttendeeId), u64>,
    unwritten: Vec<Holding>,
}

/// The newest of what each device said to this node, and how often something else was written down of whom a notice
/// reached.
#[derive(Default)]
pub struct Holdings {
    kept: Mutex<Kept>,
    wakes: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

impl Holdings {
    /// Takes note of up to which commit a device says it holds attendees' own scopes, of those that it may hold.
    pub fn note(&self, (event, device): (EventId, DeviceId), holds: impl Iterator<Item = (AttendeeId, u64)>) {
        for (attendee, seq) in holds {
            let mut kept = self.kept.lock();
            let newest = kept.newest.entry((event, device, attendee)).or_default();
            if *newest < seq {
                *newest = seq;
                kept.unwritten.push(Holding { event, device, attendee, seq });
            }
        }
    }

    /// Whether something was not written yet.
    pub fn has_unwritten(&self) -> bool {
        !self.kept.lock().unwritten.is_empty()
    }

    /// One writes at a time, so that who waited for this knows that what was noted before is written.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// What was not written yet; it counts as written.
    pub fn take(&self) -> Vec<Holding> {
        std::mem::take(&mut self.kept.lock().unwritten)
    }

    /// Says that it was written down by another way that somebody was reached.
    pub fn wake(&self) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was said.
    pub fn woken(&self) -> u64 {
        self.wakes.load(Ordering::Relaxed)
    }

    /// Says that it was not written after all.
    pub fn give_back(&self, holdings: Vec<Holding>) {
        self.kept.lock().unwritten.extend(holdings);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_a_device_holds_is_noted_once() {
        let holdings = Holdings::default();
        let (event, device) = (EventId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
        let attendee = AttendeeId(Uuid::from_u128(3));
        let say = |seq| {
            holdings.note((event, device), [(attendee, seq)].into_iter());
            holdings.take().into_iter().map(|holding| holding.seq).collect::<Vec<_>>()
        };
        assert_eq!(say(5), [5]);
        assert_eq!(say(5), [0_u64; 0]);
        assert_eq!(say(4), [0_u64; 0]);
        assert_eq!(say(6), [6]);
    }
}
