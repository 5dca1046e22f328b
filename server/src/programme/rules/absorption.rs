//! How breaks and meals make up for a delay.

use shared::ids::RecordId;
use shared::programme::{Session, SessionKind};
use shared::time::Timestamp;

/// The fewest minutes that a break keeps.
const BREAK_FLOOR_MINUTES: i64 = 5;

/// The fewest minutes that a meal keeps.
const MEAL_FLOOR_MINUTES: i64 = 30;

/// The delay of one part of the programme as it wears off from pause to pause.
pub(super) struct Absorption {
    minutes: i64,
    pauses: Vec<Pause>,
}

/// One pause, or several at the same time: the programme goes on when the last is over.
struct Pause {
    ends: Timestamp,
    absorbs: i64,
}

type Slot = (Timestamp, Timestamp);

impl Absorption {
    /// Everything is as late as the first.
    pub fn none(minutes: i64) -> Self {
        Self { minutes, pauses: Vec::new() }
    }

    /// Every pause among `sessions`, which are in the order of time, becomes shorter by what is
    /// left of the delay, down to its floor.
    pub fn by_pauses(minutes: i64, sessions: &[(RecordId, &Session, Slot)]) -> Self {
        let mut pauses: Vec<Pause> = Vec::new();
        for (_, session, (starts, ends)) in sessions.iter().filter(|(_, session, _)| session.kind.is_pause()) {
            let absorbs = (ends.minutes_since(*starts) - floor_minutes(session.kind)).max(0);
            match pauses.last_mut() {
                Some(pause) if *starts < pause.ends => {
                    pause.absorbs = pause.absorbs.min(absorbs);
                    pause.ends = pause.ends.max(*ends);
                }
                _ => pauses.push(Pause { ends: *ends, absorbs }),
            }
        }
        let mut left = minutes;
        for pause in &mut pauses {
            pause.absorbs = pause.absorbs.min(left);
            left -= pause.absorbs;
        }
        Self { minutes, pauses }
    }

    /// What is left of the delay at a moment, in minutes: the pauses that are over then have absorbed the rest.
    pub fn delay_at(&self, at: Timestamp) -> i64 {
        let over = |pause: &&Pause| pause.ends <= at;
        self.minutes - self.pauses.iter().filter(over).map(|pause| pause.absorbs).sum::<i64>()
    }

    /// Where something of `kind` goes from its slot.
    pub fn slot_after(&self, kind: SessionKind, (starts, ends): Slot) -> Slot {
        let delay = self.delay_at(starts);
        let current = self.pauses.iter().find(|pause| kind.is_pause() && pause.ends > starts);
        let shorter_by = current.map_or(0, |pause| pause.absorbs);
        (starts.plus_minutes(delay), ends.plus_minutes(delay - shorter_by))
    }
}

fn floor_minutes(kind: SessionKind) -> i64 {
    match kind {
        SessionKind::Meal => MEAL_FLOOR_MINUTES,
        _ => BREAK_FLOOR_MINUTES,
    }
}
