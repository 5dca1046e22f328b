//! Devices that check who may enter: enrolled by a code for a roster and checkpoints, listed with what
//! they say of themselves, suspended and revoked.

pub mod http;
mod operations;
mod redemption;
mod reports;
mod rows;
mod store;
mod terms;

pub use reports::{run, write_due};
pub use store::find_name;
pub use terms::{Term, list_terms};
