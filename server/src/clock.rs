//! The only place that asks the machine for the time.
//!
//! There are two times. What happens at an event goes by [`Clock::now`], which in a demonstration stands in the week
//! of the event. What others are to believe goes by [`Clock::wall`], the time that their clocks show too: whatever is
//! signed for them (tokens for push services, webhooks), and how long to leave them alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use shared::time::Timestamp;

/// Tells the time: the machine's, one that is as far from it as it was told, or one that a test sets.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    /// The machine's clock, and how many milliseconds later it is here.
    Machine(i64),
    Fixed(Arc<AtomicI64>),
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::Machine(0))
    }

    /// The machine's clock, so many milliseconds later (earlier where negative).
    pub fn shifted_by(milliseconds: i64) -> Self {
        Self(Source::Machine(milliseconds))
    }

    /// A clock that stands at `at` until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.0))))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Fixed(at) => Timestamp(at.load(Ordering::SeqCst)),
            Source::Machine(shift) => Timestamp(Timestamp::from(chrono::Utc::now()).0.saturating_add(*shift)),
        }
    }

    /// What the clocks of others show now, whatever week it is here. Where the clock stands, theirs stand with it.
    pub fn wall(&self) -> Timestamp {
        match &self.0 {
            Source::Fixed(_) => self.now(),
            Source::Machine(_) => Self::system().now(),
        }
    }

    /// Moves a fixed clock forward; the machine's does not move.
    pub fn advance_ms(&self, milliseconds: i64) {
        if let Source::Fixed(at) = &self.0 {
            at.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }
}
