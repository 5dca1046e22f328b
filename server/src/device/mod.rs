//! The terminal device: a real device whose screen is the terminal, with the replica on SQLite.

pub mod api;
mod changes;
mod commands;
pub mod driver;
mod enrolment;
mod error;
pub mod live;
mod programme;
pub mod store;
#[cfg(test)]
mod tests;
mod timepiece;
mod watch;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

pub use driver::{DeviceStore, DriverError, HttpReplica, Loss, Round, Sent};
pub use enrolment::Enrolment;
pub use error::DeviceError;

/// What `cumbre device` is told.
#[derive(Clone, Debug, Args)]
pub struct DeviceArguments {
    /// The file of the local database; each holds one event.
    #[arg(long, env = "CUMBRE_DEVICE_STORE", default_value = "data/device.sqlite3", global = true)]
    pub store: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: DeviceCommand,
}

/// What a device can do.
#[derive(Clone, Debug, Subcommand)]
pub enum DeviceCommand {
    /// Signs in with a code and fetches the programme; with --email alone, asks for a code by mail.
    SignIn(SignInArguments),
    /// Enrols this device, which is nobody's, by the code that an organiser shows: for desks and doors.
    Enrol(EnrolArguments),
    /// Shows a day's programme from the local database, without any network.
    Today(TodayArguments),
    /// Sends what waits and fetches what is new.
    Sync,
    /// Follows the programme and prints each change as it comes.
    Watch {
        /// The language of titles, such as `es`; the event's own if left out.
        #[arg(long)]
        language: Option<String>,
    },
    /// Stars a session, at once and without the network; the next sync sends it.
    Star {
        /// The session's slug or id.
        session: String,
        /// Takes the star away.
        #[arg(long)]
        off: bool,
    },
    /// Writes notes, at once and without the network; the next sync sends them.
    Note {
        /// What to do with notes.
        #[command(subcommand)]
        command: NoteCommand,
    },
    /// Lists edits that wait to be sent, and those that the server refused.
    Outbox {
        /// Forgets a refused edit, by its id.
        #[arg(long, value_name = "ID")]
        dismiss: Option<shared::ids::MutationId>,
    },
}

/// How to sign in.
#[derive(Clone, Debug, Args)]
pub struct SignInArguments {
    /// The server's URL, such as https://cumbre.example.org.
    #[arg(long)]
    pub server: String,
    /// The code that staff handed out, or that came by mail.
    #[arg(long, required_unless_present = "email")]
    pub code: Option<String>,
    /// The address that a code came to, or is to be sent to.
    #[arg(long)]
    pub email: Option<String>,
    /// The event's slug; needed only where the account has to do with several.
    #[arg(long)]
    pub event: Option<String>,
    /// What the device is called in the list of one's devices.
    #[arg(long, default_value = "Terminal")]
    pub name: String,
}

/// How to enrol a device.
#[derive(Clone, Debug, Args)]
pub struct EnrolArguments {
    /// The server's URL, such as https://cumbre.example.org.
    #[arg(long)]
    pub server: String,
    /// The code, or the address that its QR code stands for.
    #[arg(long)]
    pub code: String,
    /// What the device calls itself.
    #[arg(long, default_value = "Terminal")]
    pub name: String,
}

/// Which day to show.
#[derive(Clone, Debug, Args)]
pub struct TodayArguments {
    /// The day (2018-11-27) or time (2018-11-27T09:00:00-03:00) to take for now.
    #[arg(long)]
    pub now: Option<String>,
    /// The language of titles, such as `es`; the event's own if left out.
    #[arg(long)]
    pub language: Option<String>,
}

/// What to do with notes.
#[derive(Clone, Debug, Subcommand)]
pub enum NoteCommand {
    /// Lists the notes.
    List,
    /// Writes a note.
    Add {
        /// What it says.
        text: String,
        /// The session that it is about, by slug or id.
        #[arg(long)]
        session: Option<String>,
    },
    /// Writes a note anew.
    Edit {
        /// The note's id.
        id: String,
        /// What it is to say.
        text: String,
    },
    /// Throws a note away.
    Delete {
        /// The note's id.
        id: String,
    },
}

/// Does what the command line says and writes to the standard output.
pub fn run(arguments: DeviceArguments) -> Result<(), DeviceError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(DeviceError::Network)?;
    runtime.block_on(execute(arguments, &mut std::io::stdout()))
}

/// Does what the command line says and writes to `output`.
pub async fn execute(arguments: DeviceArguments, output: &mut dyn Write) -> Result<(), DeviceError> {
    let store = commands::open_store(&arguments.store)?;
    let text = match arguments.command {
        DeviceCommand::SignIn(how) => commands::sign_in(store, how).await?,
        DeviceCommand::Enrol(how) => commands::enrol(store, how).await?,
        DeviceCommand::Today(day) => commands::show_day(store, &day)?,
        DeviceCommand::Sync => commands::sync(store).await?,
        DeviceCommand::Watch { language } => return watch::run(store, language.as_deref(), output).await,
        DeviceCommand::Star { session, off } => commands::star(store, &session, !off)?,
        DeviceCommand::Note { command } => commands::note(store, command)?,
        DeviceCommand::Outbox { dismiss } => commands::show_outbox(store, dismiss)?,
    };
    writeln!(output, "{text}").map_err(DeviceError::Output)
}
