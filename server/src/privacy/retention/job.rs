//! The job that erases what has been kept long enough. Every node runs it; what is due is decided in
//! the event's commit group, so that a second node finds nothing left.

use std::time::Duration;

use shared::time::Timestamp;

use super::lists::{Kind, sweep_list};
use super::registrations::{sweep_audit, sweep_registrations};
use super::rules::{Age, KeptDays, is_over};
use crate::app::{App, repeat};
use crate::database::find_made_at;
use crate::privacy::erasure::{self, NotErased};

/// How often the job looks for what is due: it is due by days.
const EVERY: Duration = Duration::from_secs(3_600);

/// What a run of the job erased.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Swept {
    /// Lines that went.
    pub line_count: usize,
    /// Registrations that lost details or answers.
    pub registration_count: usize,
}

/// Runs the job from time to time, for as long as the server lives.
pub async fn run(app: App) {
    let failed = "what has been kept long enough could not be erased; it is tried again";
    repeat(app, (EVERY, failed), |app| async move { run_due(&app, app.clock.now()).await.map(drop) }).await;
}

/// Erases what is due now in every event, in commits of a bounded size, and what earlier erasures
/// left to do.
pub async fn run_due(app: &App, now: Timestamp) -> Result<Swept, NotErased> {
    erasure::apply_pending(app).await?;
    erasure::tidy(app, now).await?;
    let kept = KeptDays::of_config(&app.config);
    let mut swept = Swept::default();
    for cell in app.events.list() {
        let programme = app.events.programme(&cell).await?;
        let Some((_, event)) = programme.event() else { continue };
        if !is_over(event, now) {
            continue;
        }
        let id = cell.id;
        let Some(made_at) = app.readers.read(move |connection| find_made_at(connection, id)).await? else { continue };
        let age = Age::of(event, made_at, now);
        if !age.is_past() {
            continue;
        }
        for kind in Kind::ALL {
            if age.exceeds(kind.kept_days(&kept)) {
                swept.line_count += sweep_list(app, cell.id, kind).await?;
            }
        }
        swept.registration_count += sweep_registrations(app, cell.id, (age, kept)).await?;
        sweep_audit(app, cell.id, (age, kept)).await?;
    }
    if swept != Swept::default() {
        let Swept { line_count, registration_count } = swept;
        tracing::info!(line_count, registration_count, "erased what had been kept long enough");
    }
    Ok(swept)
}
