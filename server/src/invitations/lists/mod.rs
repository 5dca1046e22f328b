//! Invitations of everybody in a delegation or audience, who are invited as they join.

mod follow;
mod operations;

pub use follow::{draw, settle_some};
pub use operations::{NewList, create, withdraw};
