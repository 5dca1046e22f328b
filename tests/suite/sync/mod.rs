//! Sync: devices, schedules, invariants.

mod forgetting;
mod gates;
mod invariants;
mod model;
#[cfg(feature = "postgres")]
mod nodes;
mod personal;
mod programme;
mod public;
mod reprojection;
