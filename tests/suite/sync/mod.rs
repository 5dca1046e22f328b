//! Sync: devices, schedules, invariants.

mod gates;
mod model;
mod personal;
mod programme;
mod public;
