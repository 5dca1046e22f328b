//! Checkpoints: checks through the server, scans from devices, who was let in, and what is odd.

pub mod cast;
mod checks;
pub mod crowds;
mod doors;
mod incidents;
mod reports;
mod rights;
mod scans;
mod statements;
mod voids;
