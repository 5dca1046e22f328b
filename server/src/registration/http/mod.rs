//! Registrations and delegations over HTTP.

mod answers;
mod registration;
mod registrations;

pub use registration::{get_registration, move_registration, patch_registration, put_registration};
pub use registrations::{create_registration, list_registrations};
