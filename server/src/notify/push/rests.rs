//! Providers that do not answer are left alone for a while, so that those that do are not kept waiting.

use std::collections::HashMap;

use parking_lot::Mutex;
use shared::time::Timestamp;

/// So many attempts in a row without an answer, and it is left alone.
const FAILURES: u32 = 8;

/// For how long, in milliseconds; then one attempt shows whether it answers again.
const REST_MS: i64 = 15_000;

/// Endpoints of browsers may be of any number of services, of which some are of somebody's own making.
const MOST_KNOWN: usize = 1_000;

#[derive(Default)]
struct Silence {
    failures: u32,
    rests_until: Option<Timestamp>,
}

/// Who does not answer, by the origin that is asked.
#[derive(Default)]
pub struct Rests(Mutex<HashMap<String, Silence>>);

impl Rests {
    /// Whether an origin is to be asked now.
    pub fn may_ask(&self, origin: &str, now: Timestamp) -> bool {
        let mut known = self.0.lock();
        let Some(until) = known.get_mut(origin).and_then(|silence| silence.rests_until.as_mut()) else { return true };
        // A clock that was set back does not make anybody wait longer.
        let is_over = now >= *until || until.0 - now.0 > REST_MS;
        if is_over {
            *until = Timestamp(now.0 + REST_MS);
        }
        is_over
    }

    /// Notes whether it answered.
    pub fn note(&self, origin: &str, has_answered: bool, now: Timestamp) {
        let mut known = self.0.lock();
        if has_answered {
            known.remove(origin);
            return;
        }
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        let silence = known.entry(origin.to_owned()).or_default();
        silence.failures += 1;
        if silence.failures >= FAILURES {
            silence.rests_until = Some(Timestamp(now.0 + REST_MS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_answer_is_asked_once_in_a_while_until_they_do() {
        let (rests, start) = (Rests::default(), Timestamp(1_000_000));
        for _ in 0..FAILURES {
            assert!(rests.may_ask("https://silent", start));
            rests.note("https://silent", false, start);
        }
        assert!(!rests.may_ask("https://silent", start) && rests.may_ask("https://other", start));
        let later = Timestamp(start.0 + REST_MS);
        assert!(rests.may_ask("https://silent", later), "one shows whether it answers");
        assert!(!rests.may_ask("https://silent", later), "and one alone");
        rests.note("https://silent", true, later);
        assert!(rests.may_ask("https://silent", later));
    }

    #[test]
    fn some_failures_between_answers_are_none() {
        let (rests, now) = (Rests::default(), Timestamp(1_000_000));
        for _ in 0..FAILURES * 2 {
            rests.note("https://shaky", false, now);
            rests.note("https://shaky", true, now);
        }
        assert!(rests.may_ask("https://shaky", now));
    }
}
