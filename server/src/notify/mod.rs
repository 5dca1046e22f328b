//! What people are told: their inbox, and the mail that follows it.

pub mod inbox;
pub mod mail;
mod operations;
mod store;

pub use operations::{Command, parse_mutation, run};
