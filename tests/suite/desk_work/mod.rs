//! What desks do beside checks.

mod boarding;
pub mod cast;
mod guests;
mod handovers;
mod keys;
mod late;
mod photos;
mod trust;
mod walk_ins;
