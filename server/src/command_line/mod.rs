//! The command line: what each subcommand reads and which module does its work.

mod administer;
mod backup;
mod crowd;
mod demo;
mod epoch;
mod erasures;
mod people;
mod serve;
mod user;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::administration::AdministrationCommand;
use crate::config::{Config, ConfigError, SettingArguments};
use crate::device::desk::DeskArguments;
use crate::device::{self, DeviceArguments, DeviceError};
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
    /// Makes a database with a real week and people, prints how to sign in, and serves.
    Demo(Box<SettingArguments>),
    /// Serves until it is told to stop (SIGINT or SIGTERM).
    Serve(Box<SettingArguments>),
    /// Accounts, passwords, roles and codes.
    User {
        #[command(subcommand)]
        command: user::UserCommand,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Makes a new key for access tokens; the one before it verifies until its tokens are out.
    RotateKeys(Box<SettingArguments>),
    /// Creates or updates an event from a native file, as one change; prints what changed.
    Import {
        /// The file.
        file: PathBuf,
        /// Allow that more than a fifth of the published sessions go.
        #[arg(long)]
        allow_removals: bool,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Prints an event as a native file.
    Export {
        /// The event's slug or id.
        event: String,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// People by file.
    People {
        #[command(subcommand)]
        command: people::PeopleCommand,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Gathers a synthetic crowd at an event: people of 26 countries, invitations, seats.
    Crowd {
        #[command(flatten)]
        order: crowd::CrowdArguments,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Reports what is wrong with a programme.
    Check {
        /// The event's slug or id.
        event: String,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// A device at the terminal: signs in, keeps a local database, works without a network.
    Device(Box<DeviceArguments>),
    /// A desk or door at the terminal: reads badges from the standard input and says who may enter.
    Desk(DeskArguments),
    /// Copies a running SQLite database to a new file and checks the copy.
    Backup {
        /// The file to write; there must be none of this name.
        to: PathBuf,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Puts a copy in the place of the SQLite database, with a new epoch. No server may run.
    Restore {
        /// The copy.
        from: PathBuf,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Who was erased: the list, and applying it to a database that was restored.
    Erasures {
        #[command(subcommand)]
        command: erasures::ErasuresCommand,
        #[command(flatten)]
        settings: Box<SettingArguments>,
    },
    /// Gives the database a new epoch, so that every device takes its scopes anew.
    Epoch(Box<SettingArguments>),
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
    Machine(&'static str, io::Error),
    /// The terminal does not take what is written.
    #[error("nothing can be written to the terminal: {0}")]
    Output(io::Error),
    /// Another process has the database.
    #[error(transparent)]
    Lock(#[from] crate::app::LockError),
    /// The database was not copied or put back.
    #[error(transparent)]
    Backup(#[from] crate::database::BackupError),
    /// The device at the terminal could not do it.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Anything else, said in words.
    #[error("{0}")]
    Refused(String),
}

impl CommandError {
    /// Whether whoever reads what is said went away before its end, as `head` does.
    fn is_unread(&self) -> bool {
        let (Self::Output(error) | Self::Device(DeviceError::Output(error))) = self else { return false };
        error.kind() == ErrorKind::BrokenPipe
    }
}

/// Runs the command that the process was started with; the answer is the process's exit code.
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    match execute(line.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_unread() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cumbre: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(settings) => serve::run(configure(&settings)?),
        Command::User { command, settings } => administer::run(configure(&settings)?, user::read(command)?),
        Command::RotateKeys(settings) => administer::run(configure(&settings)?, AdministrationCommand::RotateKeys),
        Command::Import { file, allow_removals, settings } => {
            let text = std::fs::read_to_string(&file)
                .map_err(|error| CommandError::Refused(format!("{} cannot be read: {error}", file.display())))?;
            administer::run(configure(&settings)?, AdministrationCommand::Import { text, allow_removals })
        }
        Command::Export { event, settings } => {
            administer::run(configure(&settings)?, AdministrationCommand::Export { event })
        }
        Command::People { command, settings } => administer::run(configure(&settings)?, people::read(command)?),
        Command::Crowd { order, settings } => administer::run(configure(&settings)?, order.into()),
        Command::Check { event, settings } => {
            administer::run(configure(&settings)?, AdministrationCommand::Check { event })
        }
        Command::Device(arguments) => Ok(device::run(*arguments)?),
        Command::Desk(arguments) => Ok(device::desk::run(&arguments)?),
        Command::Backup { to, settings } => backup::back_up(&configure(&settings)?, &to),
        Command::Restore { from, settings } => backup::restore(&configure(&settings)?, &from),
        Command::Demo(settings) => demo::run(configure(&settings)?),
        Command::Erasures { command, settings } => erasures::run(&configure(&settings)?, &command),
        Command::Epoch(settings) => epoch::run(configure(&settings)?),
    }
}

/// Reads the settings and starts the log, the first thing of every command that touches data.
fn configure(settings: &SettingArguments) -> Result<Config, CommandError> {
    let config = Config::load(settings)?;
    telemetry::start_logs(config.log_format, &config.log_level.0);
    Ok(config)
}

/// Says something on the standard output.
fn say(words: impl Display) -> Result<(), CommandError> {
    writeln!(io::stdout(), "{words}").map_err(CommandError::Output)
}

/// Runs a future on threads of its own.
fn run_to_end<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| CommandError::Machine("no threads", error))?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn settings_stand_before_and_behind_what_is_done() {
        let url = ["--database-url", "sqlite:elsewhere"];
        let create = ["create", "a@example.org", "--name", "Ana"];
        for words in [[&url[..], &create[..]].concat(), [&create[..], &url[..]].concat()] {
            let line = CommandLine::try_parse_from([&["cumbre", "user"], &words[..]].concat()).unwrap();
            let Command::User { settings, .. } = line.command else { panic!("another command") };
            let config = Config::load(&settings).unwrap();
            assert_eq!(config.database_url.0, crate::database::DatabaseUrl::Sqlite("elsewhere".into()));
        }
    }
}
