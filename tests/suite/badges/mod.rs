//! Badges: who has one, what carries it, how it is printed, and what desks and doors know by it.

mod carriers;
pub mod cast;
mod printing;
mod privacy;
mod rosters;
