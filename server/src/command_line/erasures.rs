//! `cumbre erasures …`: the list of who was erased, to be kept beside backups of PostgreSQL.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::epoch::take_lock;
use super::{CommandError, say};
use crate::app::StartError;
use crate::config::Config;
use crate::database::{self, Connection, Erasure, add_pending_erasures, list_erasures};

/// What is done with the list.
#[derive(Debug, Subcommand)]
pub(super) enum ErasuresCommand {
    /// Prints it: a line of event, attendee and time for each. It holds nothing else of anybody.
    List,
    /// Has those of a list that a restored database lacks erased again, by the next server that starts.
    Apply {
        /// The list, as `list` printed it.
        file: PathBuf,
    },
}

pub(super) fn run(config: &Config, command: &ErasuresCommand) -> Result<(), CommandError> {
    match command {
        ErasuresCommand::List => print(config),
        ErasuresCommand::Apply { file } => apply(config, file),
    }
}

fn print(config: &Config) -> Result<(), CommandError> {
    let mut connection = Connection::open(&config.database_url.0).map_err(StartError::from)?;
    for erasure in list_erasures(&mut connection, false).map_err(StartError::from)? {
        say(erasure)?;
    }
    Ok(())
}

/// On SQLite no server may run; on PostgreSQL every node is to be started after it.
fn apply(config: &Config, file: &Path) -> Result<(), CommandError> {
    let erasures = read(file)?;
    let url = &config.database_url.0;
    let _lock = take_lock(url)?;
    let mut connection = Connection::open(url).map_err(StartError::from)?;
    database::migrate(&mut connection).map_err(StartError::from)?;
    let count = add_pending_erasures(&mut connection, &erasures).map_err(StartError::from)?;
    say(format_args!("{count} of {} erasures are new here; the next server that starts applies them.", erasures.len()))
}

fn read(file: &Path) -> Result<Vec<Erasure>, CommandError> {
    let refused = |problem: String| CommandError::Refused(format!("{}: {problem}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))?;
    let read = |(at, line): (usize, &str)| {
        line.parse().map_err(|()| refused(format!("line {} is no erasure; nothing was changed", at + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
