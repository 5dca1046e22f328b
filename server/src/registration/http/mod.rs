//! Registrations and delegations over HTTP.

mod access_needs;
mod answers;
mod consents;
mod directory;
mod duplicates;
mod duties;
mod registration;
mod registrations;
mod replacement;

pub use access_needs::{delete_access_needs, get_access_needs, list_access_needs, put_access_needs};
pub use consents::{get_consents, put_consents};
pub use directory::search_directory;
pub use duplicates::list_duplicates;
pub use duties::{end_duty, give_duty, give_duty_by_email, list_delegation_members, list_duties};
pub use registration::{get_registration, move_registration, patch_registration, put_registration};
pub use registrations::{create_registration, list_registrations, search_registrations};
pub use replacement::replace_attendee;
