//! What devices say they hold of attendees' own scopes, in memory, until it is written down whom a notice
//! reached by that.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use shared::ids::{AttendeeId, DeviceId, EventId};
use shared::sync::{Position, Scope};

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
pub struct Holdings(Mutex<Kept>, AtomicU64);

impl Holdings {
    /// Takes note of what a device says it holds. A position inside a page is not yet held.
    pub fn note<'a>(
        &self,
        (event, device): (EventId, DeviceId),
        holds: impl Iterator<Item = (&'a String, &'a Option<Position>)>,
    ) {
        for (scope, position) in holds {
            let Ok(Scope::Own(attendee)) = scope.parse() else { continue };
            let Some(position) = position.as_ref().filter(|position| position.place.is_none()) else { continue };
            let seq = position.head.seq;
            let mut kept = self.0.lock();
            let newest = kept.newest.entry((event, device, attendee)).or_default();
            if *newest < seq {
                *newest = seq;
                kept.unwritten.push(Holding { event, device, attendee, seq });
            }
        }
    }

    /// What was not written yet; it counts as written.
    pub fn take(&self) -> Vec<Holding> {
        std::mem::take(&mut self.0.lock().unwritten)
    }

    /// Says that it was written down by another way that somebody was reached.
    pub fn wake(&self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was said.
    pub fn woken(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }

    /// Says that it was not written after all.
    pub fn give_back(&self, holdings: Vec<Holding>) {
        self.0.lock().unwritten.extend(holdings);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::sync::{Epoch, Head, Nonce, Place};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_a_device_holds_is_noted_once_and_only_whole() {
        let holdings = Holdings::default();
        let (event, device) = (EventId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
        let attendee = AttendeeId(Uuid::from_u128(3));
        let own = Scope::Own(attendee).to_string();
        let at = |seq| Position::at(Epoch(7), Head { seq, nonce: Nonce(1) });
        let say = |scope: &str, position: Option<Position>| {
            let holds = BTreeMap::from([(scope.to_owned(), position)]);
            holdings.note((event, device), holds.iter());
            holdings.take().into_iter().map(|holding| holding.seq).collect::<Vec<_>>()
        };
        assert_eq!(say(&own, Some(at(5))), [5]);
        assert_eq!(say(&own, Some(at(5))), [0_u64; 0]);
        assert_eq!(say("public", Some(at(9))), [0_u64; 0]);
        assert_eq!(say(&own, None), [0_u64; 0]);
        let place = Some(Place { rev: 6, collection: "notices".to_owned(), id: "x".to_owned() });
        assert_eq!(say(&own, Some(Position { place, ..at(6) })), [0_u64; 0]);
        assert_eq!(say(&own, Some(at(6))), [6]);
    }
}
