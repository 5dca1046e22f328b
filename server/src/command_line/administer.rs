//! Handing a command to the running server, or doing it here where none runs.

use super::{CommandError, run_to_end, say};
use crate::administration::{AdministrationCommand, execute, send};
use crate::app::{App, LockError, StartError};
use crate::clock::Clock;
use crate::config::Config;

/// Does it and prints the answer.
pub(super) fn run(config: Config, command: AdministrationCommand) -> Result<(), CommandError> {
    let answer = run_to_end(answer(config, command))?;
    say(answer.trim_end())
}

async fn answer(config: Config, command: AdministrationCommand) -> Result<String, CommandError> {
    match App::open(config, Clock::system()).await {
        Ok(app) => execute(&app, command).await.map_err(|error| CommandError::Refused(error.to_string())),
        Err(StartError::Lock(LockError::Held(database))) => {
            send(&database, command).await.map_err(|error| CommandError::Refused(error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}
