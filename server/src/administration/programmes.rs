//! Reading programmes for the terminal.

use std::sync::Arc;

use shared::programme::Programme;

use super::{AdministrationError, accounts};
use crate::app::App;
use crate::programme::check::{Severity, check};

/// The programme of an event named by slug or id.
async fn load_programme(app: &App, event: &str) -> Result<Programme, AdministrationError> {
    let cell = accounts::load_event(app, event)?;
    Ok(Arc::clone(&app.events).programme(&cell).await?)
}

/// What is wrong with a programme, a line each.
pub async fn report_findings(app: &App, event: &str) -> Result<String, AdministrationError> {
    let findings = check(&load_programme(app, event).await?);
    let mut lines: Vec<String> = Vec::with_capacity(findings.len() + 1);
    for finding in &findings {
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        let code = serde_json::to_value(finding.code).unwrap_or_default();
        lines.push(format!("{word:<8} {:<32} {}", code.as_str().unwrap_or_default(), finding.message));
    }
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, hints) = (of(Severity::Error), of(Severity::Warning), of(Severity::Hint));
    lines.push(format!("{event}: {errors} errors, {warnings} warnings, {hints} hints."));
    Ok(lines.join("\n"))
}
