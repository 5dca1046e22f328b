//! The desk at the terminal: reads badges as lines of the standard input, as a scanner that acts as a
//! keyboard types them, and says who may enter, with or without a network.
//!
//! What it decides it decides on its replica, and writes into the outbox before it answers. A second
//! connection to the same file exchanges meanwhile, so that no network ever holds up a guest.

mod acts;
mod badges;
mod boarding;
mod connected;
mod handing_in;
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
    check(arguments, &Clock::system(), lines_of(input.lock()), &mut std::io::stdout())
}

/// The lines of the input. A scanner reads whatever code is held before it: bytes that are no text are no badge, and
/// no end of the day.
fn lines_of(input: impl BufRead) -> impl Iterator<Item = String> {
    input.split(b'\n').map_while(Result::ok).map(|line| String::from_utf8_lossy(&line).into_owned())
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
        match station.answer(order, clock, &arguments.language) {
            // A full disk ends no desk: what is held is still there, and so are the guests.
            Err(DeviceError::Replica(error)) => say(words::not_kept(&error.to_string(), &arguments.language))?,
            // Who suspends a device takes its roster, and gives it back.
            Err(DeviceError::NoRoster) => say(words::no_roster(&arguments.language).to_owned())?,
            answer => say(answer?)?,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_a_line_like_any_other() {
        let lines: Vec<String> = lines_of(&b"UP8\r\n\xff\xfe\x00\n:find ana"[..]).collect();
        assert_eq!(lines, ["UP8\r", "\u{fffd}\u{fffd}\0", ":find ana"]);
    }
}
