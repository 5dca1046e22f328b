//! Registrations, and the delegations that they belong to.

pub mod acting;
pub mod store;
