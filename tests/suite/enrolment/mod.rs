//! Devices that check who may enter: how they are enrolled, what they hold, and how that ends.

pub mod cast;
mod codes;
mod devices;
mod machines;
#[cfg(feature = "postgres")]
mod nodes;
mod rosters;
