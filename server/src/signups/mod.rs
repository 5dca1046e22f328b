//! Seats: sign-ups for sessions that have few, the lines of those who wait, and what everybody may
//! know of how full a session is. What decides is in `shared::signup`.

mod admission;
mod book;
mod changes;
mod consequences;
mod due;
mod export;
mod facts;
mod fills;
pub mod http;
mod operations;
mod rows;
pub mod store;

pub use consequences::{draw, list_ending};
pub use due::run_due;
pub use operations::{Command, Exceptional, forget, parse_mutation, run};
pub use rows::write_rows;
