//! What people are told: their inbox, and the mail that follows it.

pub mod inbox;
mod store;
