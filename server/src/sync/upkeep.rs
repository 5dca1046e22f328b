//! The job that forgets what no device can need any more. Every node runs it; a second one finds
//! nothing left.

use std::time::Duration;

use shared::time::Timestamp;

use super::{WriteError, compaction, history};
use crate::app::{App, repeat};

/// How often the job looks for what is due: it is due by days.
const EVERY: Duration = Duration::from_secs(86_400);

const DAY_MS: i64 = 86_400_000;

/// Runs the job from time to time, for as long as the server lives.
pub async fn run(app: App) {
    let failed = "old history could not be forgotten; it is tried again";
    repeat(app, (EVERY, failed), |app| async move { run_due(&app, app.clock.now()).await }).await;
}

/// Purges tombstones, and forgets commits and answers, that are due now.
pub async fn run_due(app: &App, now: Timestamp) -> Result<(), WriteError> {
    compaction::purge_due(&app.events, (&app.readers, &app.writer), now).await?;
    let before = Timestamp(now.0 - i64::from(app.config.history_days) * DAY_MS);
    let line_count = history::forget(&app.events, &app.writer, before).await?;
    if line_count > 0 {
        tracing::info!(line_count, "forgot old commits and answers");
    }
    Ok(())
}
