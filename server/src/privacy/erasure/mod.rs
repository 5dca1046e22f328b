//! Erasure: personal data go, counts stay.

mod fates;
mod operations;
mod pending;
mod rows;
mod store;

pub use operations::{Erased, erase_attendee};
pub use pending::{NotErased, apply_pending, remove_idle_accounts, tidy};
