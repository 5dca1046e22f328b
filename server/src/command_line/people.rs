//! `cumbre people …`: people by file.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;

use super::CommandError;
use crate::administration::AdministrationCommand;
use crate::registration::files::Mode;

/// What is done with people.
#[derive(Debug, Subcommand)]
pub(super) enum PeopleCommand {
    /// Registers and changes the people of a CSV or XLSX file; a file with faulty rows changes nothing.
    Import {
        /// The file.
        file: PathBuf,
        /// The event's slug or id.
        #[arg(long)]
        event: String,
        /// Tell what would become of each row, and write nothing.
        #[arg(long)]
        preview: bool,
        /// Write the rows that have no faults.
        #[arg(long, conflicts_with = "preview")]
        skip_errors: bool,
    },
}

/// What the server is to do.
pub(super) fn read(command: PeopleCommand) -> Result<AdministrationCommand, CommandError> {
    let PeopleCommand::Import { file, event, preview, skip_errors } = command;
    let bytes = std::fs::read(&file)
        .map_err(|error| CommandError::Refused(format!("{} cannot be read: {error}", file.display())))?;
    let mode = match (preview, skip_errors) {
        (true, _) => Mode::Preview,
        (false, true) => Mode::SkipFaulty,
        (false, false) => Mode::AllOrNothing,
    };
    Ok(AdministrationCommand::ImportPeople { event, file: STANDARD.encode(bytes), mode })
}
