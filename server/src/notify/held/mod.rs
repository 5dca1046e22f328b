//! Changes that are held back for a moment: further edits merge into them, and what is taken back is
//! told to nobody.

mod foresee;
mod note;
mod release;
mod store;

pub use foresee::{Concerns, Foreseen, foresee_edit, foresee_held};
pub use note::note;
pub use release::{Wording, discard, hold, keep_known, release_due, release_now, with_gone};
pub use store::{delete_all, list_events_due, next_due};

use shared::notice::SessionChange;
use shared::time::Timestamp;

/// How long a change waits for the next edit.
pub const PAUSE_MS: i64 = 10_000;

/// How long it waits at most, however often it is edited.
pub const LONGEST_MS: i64 = 60_000;

/// What begins within this time is told at once.
const SOON_MS: i64 = 60 * 60_000;

/// From how many sessions on an import asks before it tells anybody.
const BIG_IMPORT: usize = 20;

/// When a change that was first held at `opened_at` and edited `now` goes out.
fn due_at(opened_at: Timestamp, now: Timestamp) -> Timestamp {
    Timestamp((now.0 + PAUSE_MS).min(opened_at.0 + LONGEST_MS))
}

/// Whether a session begins within the hour, as it was or as it is, or is under way.
fn is_soon(change: &SessionChange, now: Timestamp) -> bool {
    [&change.before, &change.after].into_iter().flatten().any(|slot| {
        let begins_soon = slot.starts_at.is_some_and(|at| at.0 - now.0 <= SOON_MS);
        begins_soon && slot.ends_at.or(slot.starts_at).is_some_and(|at| at >= now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_waits_ten_seconds_for_the_next_and_a_minute_at_most() {
        let opened = Timestamp(100_000);
        assert_eq!(due_at(opened, opened), Timestamp(110_000));
        assert_eq!(due_at(opened, Timestamp(145_000)), Timestamp(155_000));
        assert_eq!(due_at(opened, Timestamp(155_000)), Timestamp(160_000));
    }
}
