//! When a push that was not taken is tried again.

use shared::time::Timestamp;
use uuid::Uuid;

use crate::notify::backoff::{Backoff, chance};

const BACKOFF: Backoff = Backoff { first_ms: 2_000, longest_ms: 10 * 60_000 };

/// When to try again after `attempts` attempts, the last of which failed `now`; none where the push would be of
/// no more use. The pause doubles from two seconds to ten minutes, a quarter more or less by the push's id, and
/// is at least what the provider asks for.
pub fn next_attempt(
    id: Uuid,
    (attempts, after_ms): (u32, Option<i64>),
    expires_at: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let asked = after_ms.unwrap_or_default();
    let pause = BACKOFF.pause_ms(id, attempts).max(asked + asked / 4 * chance(id, attempts) / 1_000);
    let at = Timestamp(now.0 + pause);
    (at < expires_at).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_543_230_000_000);

    #[test]
    fn the_pause_doubles_and_is_never_shorter_than_what_the_provider_asks() {
        let pause = |attempts, after_ms| {
            let at = next_attempt(Uuid::from_u128(7), (attempts, after_ms), Timestamp(i64::MAX), NOW).unwrap();
            at.0 - NOW.0
        };
        for (attempts, usual) in [(1, 2_000), (2, 4_000), (5, 32_000), (40, 600_000)] {
            let taken = pause(attempts, None);
            assert!((usual * 3 / 4..usual * 5 / 4).contains(&taken), "{attempts}: {taken}");
        }
        let taken = pause(1, Some(120_000));
        assert!((120_000..=150_000).contains(&taken), "{taken}");
    }

    #[test]
    fn what_would_come_too_late_is_not_tried_again() {
        assert_eq!(next_attempt(Uuid::nil(), (1, Some(60_000)), Timestamp(NOW.0 + 60_000), NOW), None);
        assert!(next_attempt(Uuid::nil(), (1, None), Timestamp(NOW.0 + 60_000), NOW).is_some());
    }
}
