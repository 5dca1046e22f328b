//! The desk at the terminal: reads badges as lines of the standard input, as a scanner that acts as a
//! keyboard types them, and says who may enter, with or without a network.
//!
//! What it decides it decides on its replica, and writes into the outbox before it answers. A second
//! connection to the same file exchanges meanwhile, so that no network ever holds up a guest.

mod acts;
mod badges;
mod boarding;
mod connected;
mod incidents;
mod judging;
pub(super) mod key;
mod order;
mod own;
mod roster;
mod search;
mod station;
mod table;
mod things;
mod unheard;
mod walk_ins;
mod words;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::commands::open_store;
use super::enrolment::Enrolment;
use super::error::DeviceError;
use super::store::SqliteStore;
use crate::clock::Clock;
use order::Order;
use station::Station;

/// How long the desk waits after an exchange before the next one.
const EXCHANGE_EVERY: Duration = Duration::from_secs(10);

/// What `cumbre desk` is told.
#[derive(Clone, Debug, Args)]
pub struct DeskArguments {
    /// The file of the local database, which `cumbre device enrol` made.
    #[arg(long, env = "CUMBRE_DEVICE_STORE", default_value = "data/device.sqlite3")]
    pub store: PathBuf,
    /// The checkpoint, by slug or id; needed only where the device has several.
    #[arg(long)]
    pub checkpoint: Option<String>,
    /// The language of what it says: en, es, pt or fr.
    #[arg(long, default_value = "en")]
    pub language: String,
    /// Never uses the network; what was scanned waits for `cumbre device sync`.
    #[arg(long)]
    pub offline: bool,
}

/// Checks who may enter until the input ends.
///
/// # Errors
///
/// The device is not enrolled, or its roster has not arrived; the store or the terminal fails. What the
/// network does is no error.
pub fn run(arguments: &DeskArguments) -> Result<(), DeviceError> {
    if !arguments.offline {
        let store = arguments.store.clone();
        std::thread::spawn(move || exchange_for_ever(&store));
    }
    let input = std::io::stdin();
    check(arguments, &Clock::system(), input.lock().lines().map_while(Result::ok), &mut std::io::stdout())
}

/// Answers each line of the input with one of the output; `clock` is the one on the device's wall.
pub fn check(
    arguments: &DeskArguments,
    clock: &Clock,
    lines: impl Iterator<Item = String>,
    output: &mut dyn Write,
) -> Result<(), DeviceError> {
    let mut store = open_store(&arguments.store)?;
    let enrolment = Enrolment::load(&mut store)?;
    if !enrolment.is_desk {
        return Err(DeviceError::NotEnrolled);
    }
    let mut station = Station::open(enrolment.open(store)?, arguments.checkpoint.as_deref())?;
    if !arguments.offline {
        station = station.with_line(arguments.store.clone());
    }
    let mut say = |text: String| writeln!(output, "{text}").and_then(|()| output.flush()).map_err(DeviceError::Output);
    say(station.heading(&arguments.language)?)?;
    for line in lines {
        let Some(order) = Order::read(&line) else { continue };
        say(station.answer(order, clock, &arguments.language)?)?;
    }
    Ok(())
}

/// Exchanges from time to time, on a connection of its own.
fn exchange_for_ever(path: &Path) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        loop {
            // What fails is tried again: the person at the desk sees the age of what they have.
            let _ = exchange(path, Clock::system()).await;
            tokio::time::sleep(EXCHANGE_EVERY).await;
        }
    });
}

/// Hands in what waits, and fetches what is new; `clock` is the one on the device's wall.
pub async fn exchange(path: &Path, clock: Clock) -> Result<(), DeviceError> {
    let mut store = SqliteStore::open(path)?;
    let mut device = Enrolment::load(&mut store)?.connect(store, clock)?;
    device.exchange_until_done().await?;
    Ok(())
}
