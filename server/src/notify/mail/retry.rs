//! When a mail that was not taken is tried again, and when it is given up.

use shared::time::Timestamp;
use uuid::Uuid;

use crate::notify::backoff::Backoff;

/// How long after it was written a mail is tried for: a mail server may be down over a weekend.
pub const GIVE_UP_AFTER_MS: i64 = 48 * 3_600_000;

const BACKOFF: Backoff = Backoff { first_ms: 30_000, longest_ms: 30 * 60_000 };

/// When to try again after `attempts` attempts, the last of which failed `now`; none where it would
/// be too late. The pause doubles from half a minute to half an hour; a quarter more or less, by
/// the mail's id, keeps mails that failed together apart.
pub fn next_attempt(id: Uuid, attempts: u32, written_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let at = now.0 + BACKOFF.pause_ms(id, attempts);
    (at <= written_at.0 + GIVE_UP_AFTER_MS).then_some(Timestamp(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: Timestamp = Timestamp(1_543_230_000_000);

    fn pause(id: u128, attempts: u32) -> i64 {
        next_attempt(Uuid::from_u128(id), attempts, WRITTEN, WRITTEN).unwrap().0 - WRITTEN.0
    }

    #[test]
    fn the_pause_doubles_up_to_half_an_hour_give_or_take_a_quarter() {
        for (attempts, usual) in
            [(1, 30_000), (2, 60_000), (3, 120_000), (7, 1_800_000), (40, 1_800_000), (90, 1_800_000)]
        {
            let pauses: Vec<i64> = (0..200).map(|id| pause(id, attempts)).collect();
            let (least, most) = (*pauses.iter().min().unwrap(), *pauses.iter().max().unwrap());
            assert!(least >= usual * 3 / 4 && most < usual * 5 / 4, "{attempts}: {least} to {most}");
            assert!(most - least > usual / 3, "{attempts}: mails that failed together stay together");
        }
    }

    #[test]
    fn a_mail_is_given_up_two_days_after_it_was_written() {
        let last = Timestamp(WRITTEN.0 + GIVE_UP_AFTER_MS);
        assert_eq!(next_attempt(Uuid::nil(), 60, WRITTEN, last), None);
        let before = Timestamp(last.0 - BACKOFF.longest_ms * 5 / 4);
        assert!(next_attempt(Uuid::nil(), 60, WRITTEN, before).is_some());
    }
}
