//! What is left of invitations of many, in stretches between which others write.

use shared::ids::EventId;

use super::lists::settle_some;
use super::store;
use crate::app::App;
use crate::due::DueError;
use crate::sync::WriteError;

/// Invites and uninvites whoever is left, of every event: a node may have stopped half-way.
///
/// # Errors
///
/// The database does not answer; what is left is done later.
pub async fn run_due(app: &App) -> Result<(), DueError> {
    for event in app.readers.read(store::list_events_with_pending).await? {
        settle(app, event).await?;
    }
    Ok(())
}

/// The same of one event.
///
/// # Errors
///
/// The database cannot be written to; what is left is done later.
pub async fn settle(app: &App, event: EventId) -> Result<(), WriteError> {
    while app.writer.unit(event, |unit| Ok(settle_some(unit)?)).await?.value {}
    Ok(())
}
