//! What belongs to one attendee: starred sessions and notes.

mod operations;
mod store;

pub use operations::{Command, parse_mutation, run};
