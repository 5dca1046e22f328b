//! Storms: what storage promises when processes are killed, disks are full, connections break and
//! many nodes write at once. Every answered mutation is there once, each of the others whole or not
//! at all, and every device comes to hold what the database says.
//!
//! Counts are set by environment: `CUMBRE_KILLS` (100), `CUMBRE_CUTS` (60), `CUMBRE_WRITERS` (16).

mod answers;
mod backups;
#[cfg(feature = "postgres")]
mod commits;
#[cfg(feature = "postgres")]
mod connections;
mod database;
mod full_disk;
mod kills;
#[cfg(feature = "postgres")]
mod nodes;
mod outbox;
mod phone;
#[cfg(feature = "postgres")]
mod plans;
mod process;
mod pushes;
mod quiet;
mod stage;
mod starts;
mod storm;
mod upkeep;
mod verdict;

/// A count that the environment may change.
fn count(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
