//! Registrations and delegations over HTTP.

mod access_needs;
mod answers;
mod duties;
mod registration;
mod registrations;

pub use access_needs::{delete_access_needs, get_access_needs, list_access_needs, put_access_needs};
pub use duties::{end_duty, give_duty, give_duty_by_email, list_delegation_members, list_duties};
pub use registration::{get_registration, move_registration, patch_registration, put_registration};
pub use registrations::{create_registration, list_registrations};
