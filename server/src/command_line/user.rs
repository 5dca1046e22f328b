//! `cumbre user …`: accounts, passwords, roles, codes. The first organiser is made here.

use std::io::BufRead;

use clap::Subcommand;

use super::CommandError;
use crate::administration::AdministrationCommand;
use crate::sync::change_log::Role;

/// What is done to an account.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Makes an account, if there is none with this address.
    Create {
        /// The address for mail.
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The language they read, such as en or pt-BR.
        #[arg(long)]
        language: Option<String>,
    },
    /// Sets a password, which is read from standard input.
    Password {
        /// Whose.
        email: String,
    },
    /// Prints a code to sign in with, valid for a day.
    Code {
        /// Whose.
        email: String,
    },
    /// Gives a role at an event.
    Grant(RoleArguments),
    /// Takes a role at an event away.
    Revoke(RoleArguments),
}

/// A role of an account at an event.
#[derive(Debug, clap::Args)]
pub(super) struct RoleArguments {
    /// Whose.
    email: String,
    /// organiser, protocol, desk_lead or desk.
    #[arg(value_parser = parse_role)]
    role: Role,
    /// The event's slug or id.
    event: String,
}

impl RoleArguments {
    fn into_command(self, is_held: bool) -> AdministrationCommand {
        AdministrationCommand::SetRole { email: self.email, event: self.event, role: self.role, is_held }
    }
}

/// What the server is to do.
pub(super) fn read(command: UserCommand) -> Result<AdministrationCommand, CommandError> {
    Ok(match command {
        UserCommand::Create { email, name, language } => AdministrationCommand::CreateAccount { email, name, language },
        UserCommand::Password { email } => AdministrationCommand::SetPassword { email, password: read_password()? },
        UserCommand::Code { email } => AdministrationCommand::MintCode { email },
        UserCommand::Grant(arguments) => arguments.into_command(true),
        UserCommand::Revoke(arguments) => arguments.into_command(false),
    })
}

fn read_password() -> Result<String, CommandError> {
    eprintln!("Password, one line on standard input:");
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| CommandError::Machine("the password cannot be read", error))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|()| "write organiser, protocol, desk_lead or desk".to_owned())
}
