//! The command line: what each subcommand reads and which module does its work.

mod epoch;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::config::{Config, ConfigError, SettingArguments};
use crate::telemetry;

/// Offline-first sync server and mobile backend for the programme of a summit.
#[derive(Debug, Parser)]
#[command(name = "cumbre", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until it is told to stop (SIGINT or SIGTERM).
    Serve(SettingArguments),
    /// Gives the database a new epoch, so that every device takes its scopes anew.
    Epoch(SettingArguments),
}

/// Why a command failed, for the terminal.
#[derive(Debug, Error)]
pub enum CommandError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server does not start.
    #[error(transparent)]
    Start(#[from] crate::app::StartError),
    /// The machine refuses.
    #[error("{0}: {1}")]
    Machine(&'static str, std::io::Error),
    /// Another process has the database.
    #[error(transparent)]
    Lock(#[from] crate::app::LockError),
    /// Anything else, said in words.
    #[error("{0}")]
    Refused(String),
}

/// Runs the command that the process was started with; the answer is the process's exit code.
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    match execute(line.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cumbre: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(settings) => serve::run(configure(&settings)?),
        Command::Epoch(settings) => epoch::run(configure(&settings)?),
    }
}

/// Reads the settings and starts the log, the first thing of every command that touches data.
fn configure(settings: &SettingArguments) -> Result<Config, CommandError> {
    let config = Config::load(settings)?;
    telemetry::start_logs(config.log_format, &config.log_level.0);
    Ok(config)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
