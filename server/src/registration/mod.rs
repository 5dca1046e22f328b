//! Registrations, and the delegations that they belong to.

pub mod store;
