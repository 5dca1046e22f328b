//! Checkpoints over HTTP.

mod boarding;
mod checks;
mod export;
mod incidents;
mod reports;
mod upload;

pub use boarding::get_boarding;
pub use checks::{check_at_checkpoint, verify_at_checkpoint};
pub use export::export_scans;
pub use incidents::{get_incident, list_incidents, resolve_incident};
pub use reports::{get_arrivals, get_missing, get_occupancy};
pub use upload::{receipt, upload_scans};
