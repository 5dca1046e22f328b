//! Who sits in for whom, in one session or on one day, and what they hold for it.

mod follow;
mod operations;
mod rows;
pub mod store;

pub use follow::draw;
pub use operations::{Command, New, day_of_session, parse_mutation, run};
pub use rows::{take_away, write_rows};
