//! What the command line changes: through the running server where one runs, never behind its back.

mod accounts;
mod attendees;
pub mod crowd;
pub mod demonstration;
mod door;
mod people;
mod programmes;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use door::{Door, DoorError, open_door, send};

use crate::app::App;
use crate::identity::IdentityError;
use crate::registration::files::Mode;
use crate::sync::WriteError;
use crate::sync::change_log::Role;

/// A command, as it is handed to the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdministrationCommand {
    /// Makes an account, if there is none with this address.
    CreateAccount {
        /// The address for mail.
        email: String,
        /// The person's name.
        name: String,
        /// The language they read.
        language: Option<String>,
    },
    /// Sets an account's password.
    SetPassword {
        /// Whose.
        email: String,
        /// The new one.
        password: String,
    },
    /// Makes a code to sign in with, valid for a day.
    MintCode {
        /// Whose.
        email: String,
    },
    /// Gives an account a role at an event, or takes it away.
    SetRole {
        /// Whose.
        email: String,
        /// The event's slug or id.
        event: String,
        /// The role.
        role: Role,
        /// Whether it is to be held.
        is_held: bool,
    },
    /// Creates or updates an event from a native file, as one change.
    Import {
        /// The file's text.
        text: String,
        /// Whether more than a fifth of the published sessions may go.
        allow_removals: bool,
    },
    /// Gives an event as a native file.
    Export {
        /// The event's slug or id.
        event: String,
    },
    /// Registers and changes the people of a file.
    ImportPeople {
        /// The event's slug or id.
        event: String,
        /// The file in base64.
        file: String,
        /// What is to be done with it.
        mode: Mode,
    },
    /// Gathers a synthetic crowd at an event.
    GatherCrowd {
        /// The event's slug or id.
        event: String,
        /// Which crowd.
        order: crowd::Order,
    },
    /// Reports what is wrong with a programme.
    Check {
        /// The event's slug or id.
        event: String,
    },
    /// Makes a new key for access tokens.
    RotateKeys,
}

/// Why a command was not done.
#[derive(Debug, Error)]
pub enum AdministrationError {
    /// No account has the address.
    #[error("no account has this e-mail address")]
    NoAccount,
    /// No event has the slug or id.
    #[error("there is no event `{0}`")]
    NoEvent(String),
    /// A value cannot be.
    #[error("{0}")]
    Value(&'static str),
    /// A file has faults; each on a line.
    #[error("the file has faults; nothing was changed\n{0}")]
    Faults(String),
    /// Identity says no.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// It was not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The database does not answer.
    #[error(transparent)]
    Read(#[from] crate::database::ReadError),
}

/// Does it; the answer is for the terminal.
pub async fn execute(app: &App, command: AdministrationCommand) -> Result<String, AdministrationError> {
    match command {
        AdministrationCommand::CreateAccount { email, name, language } => {
            match accounts::load_account(app, &email).await {
                Ok(account) => Ok(format!("{email} has an account already (account {account}); nothing was changed.")),
                Err(AdministrationError::NoAccount) => {
                    let account = accounts::ensure_account(app, &email, &name, language).await?;
                    Ok(format!("{name} signs in as {email} (account {account})."))
                }
                Err(error) => Err(error),
            }
        }
        AdministrationCommand::SetPassword { email, password } => {
            let account = accounts::load_account(app, &email).await?;
            app.identity.set_password(account, password).await?;
            Ok(format!("The password of {email} is set."))
        }
        AdministrationCommand::MintCode { email } => {
            let account = accounts::load_account(app, &email).await?;
            let (code, expires_at) = app.identity.mint_code(account).await?;
            Ok(format!("{code}\nIt signs {email} in once, until {}.", expires_at.to_utc().format("%F %R UTC")))
        }
        AdministrationCommand::SetRole { email, event, role, is_held } => {
            let account = accounts::load_account(app, &email).await?;
            let word = match (accounts::set_role(app, account, &event, (role, is_held)).await?, is_held) {
                (true, true) => "has",
                (true, false) => "no longer has",
                (false, true) => "already has",
                (false, false) => "does not have",
            };
            Ok(format!("{email} {word} the role {} at {event}.", role.as_str()))
        }
        AdministrationCommand::Import { text, allow_removals } => programmes::import(app, &text, allow_removals).await,
        AdministrationCommand::Export { event } => programmes::export(app, &event).await,
        AdministrationCommand::ImportPeople { event, file, mode } => {
            let bytes = STANDARD.decode(file).map_err(|_| AdministrationError::Value("the file is not in base64"))?;
            people::import(app, &event, (bytes, mode)).await
        }
        AdministrationCommand::GatherCrowd { event, order } => Ok(crowd::gather(app, &event, order).await?.describe()),
        AdministrationCommand::RotateKeys => {
            app.identity.rotate_keys().await?;
            let count = app.identity.public_keys().keys.len();
            Ok(format!("A new key signs in a moment; {count} keys verify."))
        }
        AdministrationCommand::Check { event } => programmes::report_findings(app, &event).await,
    }
}

#[cfg(test)]
mod tests;
