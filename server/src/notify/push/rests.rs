//! Providers that do not answer, or ask for a pause, are left alone for a while: so that those that do answer are
//! not kept waiting, and nobody is asked thousands of times who said that they are busy.

use std::collections::HashMap;

use parking_lot::Mutex;
use shared::time::Timestamp;

use super::answers::Outcome;

/// So many attempts in a row without an answer, and it is left alone.
const FAILURES: u32 = 8;

/// For how long, in milliseconds; then one attempt shows whether it answers again.
const REST_MS: i64 = 15_000;

/// The longest pause, in milliseconds, that is kept for everybody because one push was answered with it.
const LONGEST_PAUSE_MS: i64 = 5 * 60_000;

/// Endpoints of browsers may be of any number of services, of which some are of somebody's own making.
const MOST_KNOWN: usize = 1_000;

#[derive(Default)]
struct Known {
    failures: u32,
    rests_until: Option<Timestamp>,
    asked_until: Option<Timestamp>,
}

/// Why an origin is not asked now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pause {
    /// It has not answered for a while.
    Silent,
    /// It asked for a pause.
    Asked {
        /// How much of it is left, in milliseconds.
        after_ms: i64,
    },
}

/// Who is left alone, by the origin that is asked.
#[derive(Default)]
pub struct Rests(Mutex<HashMap<String, Known>>);

impl Rests {
    /// Why an origin is not to be asked now; none where it is.
    pub fn pause(&self, origin: &str, now: Timestamp) -> Option<Pause> {
        let mut all = self.0.lock();
        let known = all.get_mut(origin)?;
        // A clock that was set back does not make anybody wait longer.
        let left =
            |until: Option<Timestamp>, most: i64| until.map(|at| at.0 - now.0).filter(|ms| (1..=most).contains(ms));
        if let Some(after_ms) = left(known.asked_until, LONGEST_PAUSE_MS) {
            return Some(Pause::Asked { after_ms });
        }
        if left(known.rests_until, REST_MS).is_some() {
            return Some(Pause::Silent);
        }
        if let Some(until) = known.rests_until.as_mut() {
            *until = Timestamp(now.0 + REST_MS);
        }
        None
    }

    /// Notes what an origin answered, if it did.
    pub fn note(&self, origin: &str, outcome: &Outcome, now: Timestamp) {
        let mut all = self.0.lock();
        let asked = match outcome {
            Outcome::Later { after_ms, .. } => after_ms.map(|ms| Timestamp(now.0 + ms.clamp(0, LONGEST_PAUSE_MS))),
            _ => None,
        };
        let is_silent = matches!(outcome, Outcome::Silent(_));
        if asked.is_none() && !is_silent {
            // The answer to what was asked before the pause does not end it.
            match all.get_mut(origin) {
                Some(known) if known.asked_until.is_some_and(|until| until > now) => {
                    (known.failures, known.rests_until) = (0, None);
                }
                _ => drop(all.remove(origin)),
            }
            return;
        }
        if all.len() >= MOST_KNOWN {
            all.clear();
        }
        let known = all.entry(origin.to_owned()).or_default();
        if is_silent {
            known.failures += 1;
            if known.failures >= FAILURES {
                known.rests_until = Some(Timestamp(now.0 + REST_MS));
            }
        } else {
            *known = Known { asked_until: known.asked_until.max(asked), ..Known::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENT: Outcome = Outcome::Silent("no answer");

    fn busy(after_ms: Option<i64>) -> Outcome {
        Outcome::Later { reason: "busy".to_owned(), after_ms }
    }

    #[test]
    fn who_does_not_answer_is_asked_once_in_a_while_until_they_do() {
        let (rests, start) = (Rests::default(), Timestamp(1_000_000));
        for _ in 0..FAILURES {
            assert_eq!(rests.pause("https://silent", start), None);
            rests.note("https://silent", &SILENT, start);
        }
        assert_eq!(rests.pause("https://silent", start), Some(Pause::Silent));
        assert_eq!(rests.pause("https://other", start), None);
        let later = Timestamp(start.0 + REST_MS);
        assert_eq!(rests.pause("https://silent", later), None, "one shows whether it answers");
        assert_eq!(rests.pause("https://silent", later), Some(Pause::Silent), "and one alone");
        rests.note("https://silent", &Outcome::Accepted, later);
        assert_eq!(rests.pause("https://silent", later), None);
    }

    #[test]
    fn some_failures_between_answers_are_none() {
        let (rests, now) = (Rests::default(), Timestamp(1_000_000));
        for _ in 0..FAILURES * 2 {
            rests.note("https://shaky", &SILENT, now);
            rests.note("https://shaky", &Outcome::Accepted, now);
        }
        assert_eq!(rests.pause("https://shaky", now), None);
    }

    #[test]
    fn who_asks_for_a_pause_has_it_whatever_else_they_answer_meanwhile() {
        let (rests, now) = (Rests::default(), Timestamp(1_000_000));
        rests.note("fcm", &busy(None), now);
        assert_eq!(rests.pause("fcm", now), None, "without a time it was about that push");
        rests.note("fcm", &busy(Some(20_000)), now);
        rests.note("fcm", &Outcome::Accepted, now);
        assert_eq!(rests.pause("fcm", Timestamp(now.0 + 5_000)), Some(Pause::Asked { after_ms: 15_000 }));
        assert_eq!(rests.pause("fcm", Timestamp(now.0 + 20_000)), None);
        rests.note("fcm", &busy(Some(i64::MAX)), now);
        assert_eq!(rests.pause("fcm", now), Some(Pause::Asked { after_ms: LONGEST_PAUSE_MS }));
        assert_eq!(rests.pause("fcm", Timestamp(now.0 - 3_600_000)), None, "the clock was set back");
    }
}
