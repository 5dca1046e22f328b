//! What is kept for a time only.

mod job;
mod lists;
mod registrations;
mod rules;

pub use job::{Swept, run, run_due};
pub use rules::{KeptDays, answer_kept_until, is_over};
