//! What time brings, in all domains: nobody asks for it, the clock does. Every node has this loop; what
//! is due is decided in the database, so that it is done once.

use std::time::Duration;

use thiserror::Error;

use crate::app::{App, repeat};
use crate::database::ReadError;
use crate::notify::reminders;
use crate::sync::WriteError;
use crate::{invitations, signups};

/// How often it is looked whether something is due.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Why what is due was not done.
#[derive(Debug, Error)]
pub enum DueError {
    /// The database could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database could not be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Does what is due until the server stops.
pub async fn run(app: App) {
    let failed = "what is due could not be done";
    repeat(app, (LOOK_EVERY, failed), |app| async move { run_due(&app).await }).await;
}

/// Does what is due now.
///
/// # Errors
///
/// The database does not answer; what is due stays so.
pub async fn run_due(app: &App) -> Result<(), DueError> {
    invitations::run_due(app).await?;
    signups::run_due(app).await?;
    reminders::run_due(app).await
}
