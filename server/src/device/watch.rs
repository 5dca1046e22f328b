//! Following the programme live.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use rand::Rng;
use shared::replica::RowFilter;
use shared::sync::MAX_WAIT_S;

use super::changes::{describe, list_lines};
use super::driver::{DriverError, HttpReplica};
use super::enrolment::Enrolment;
use super::error::DeviceError;
use super::live::LiveStream;
use super::programme::Programme;
use super::store::SqliteStore;
use crate::clock::Clock;

/// After how many milliseconds a device connects again: spread, so that a hall does not at once.
const RECONNECT_MS: std::ops::RangeInclusive<u64> = 2_000..=8_000;

/// Refusals that no second attempt will change: no rights, no such event, too old a program.
const LASTING: [u16; 4] = [401, 403, 404, 426];

struct Watcher<'a> {
    device: HttpReplica<SqliteStore>,
    language: Option<&'a str>,
    lines: BTreeMap<String, String>,
    output: &'a mut dyn Write,
}

/// Prints the changes of the programme until the process ends.
///
/// Fails only on what will last: what the network does is told and tried again.
pub async fn run(mut store: SqliteStore, language: Option<&str>, output: &mut dyn Write) -> Result<(), DeviceError> {
    let device = Enrolment::load(&mut store)?.connect(store, Clock::system())?;
    let mut watcher = Watcher { device, language, lines: BTreeMap::new(), output };
    watcher.lines = watcher.look()?;
    loop {
        match watcher.follow().await {
            Ok(()) => {}
            Err(DeviceError::Driver(DriverError::Api(error))) if !LASTING.iter().any(|s| error.has_status(*s)) => {
                watcher.say(&format!("({error})"))?;
            }
            Err(error) => return Err(error),
        }
        let wait = rand::rng().random_range(RECONNECT_MS);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

impl Watcher<'_> {
    /// Fetches what is new, then listens until the stream ends; holds an exchange where there is
    /// no stream to be had.
    async fn follow(&mut self) -> Result<(), DeviceError> {
        self.exchange().await?;
        match self.device.open_live().await {
            Ok(mut stream) => self.listen(&mut stream).await,
            Err(DriverError::Api(error)) if !error.has_status(401) => {
                self.say(&format!("(no live stream: {error})"))?;
                self.device.limits.wait_s = Some(MAX_WAIT_S);
                let held = self.exchange().await;
                self.device.limits.wait_s = None;
                held
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn listen(&mut self, stream: &mut LiveStream) -> Result<(), DeviceError> {
        while let Some(event) = stream.next().await.map_err(DriverError::Api)? {
            let outcome = self.device.replica.apply_live(event)?;
            if outcome.needs_exchange {
                self.exchange().await?;
            } else if outcome.has_changed {
                self.report()?;
            }
        }
        Ok(())
    }

    async fn exchange(&mut self) -> Result<(), DeviceError> {
        self.device.exchange_until_done().await?;
        self.report()
    }

    fn look(&mut self) -> Result<BTreeMap<String, String>, DeviceError> {
        let rows = self.device.replica.read(&RowFilter::default())?;
        match Programme::read(&rows, self.language) {
            Ok(programme) => Ok(list_lines(&programme)),
            Err(DeviceError::NoProgramme) => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }

    fn report(&mut self) -> Result<(), DeviceError> {
        let lines = self.look()?;
        for change in describe(&self.lines, &lines) {
            self.say(&change)?;
        }
        self.lines = lines;
        Ok(())
    }

    fn say(&mut self, line: &str) -> Result<(), DeviceError> {
        writeln!(self.output, "{line}").and_then(|()| self.output.flush()).map_err(DeviceError::Output)
    }
}
