//! Bringing people in by file from the terminal.

use std::sync::Arc;

use super::{AdministrationError, accounts};
use crate::app::App;
use crate::registration::files::{Authority, ImportError, Importer, Mode, Report};

/// Brings a file of people into an event; tells what became of its rows.
pub async fn import(app: &App, event: &str, (bytes, mode): (Vec<u8>, Mode)) -> Result<String, AdministrationError> {
    let cell = accounts::load_event(app, event)?;
    let programme = Arc::clone(&app.events).programme(&cell).await?;
    let language = programme.event().map_or_else(|| "en".to_owned(), |(_, event)| event.fallback_language.clone());
    let importer = Importer { app: app.clone(), cell, authority: Authority::CommandLine, language };
    match importer.run(programme, bytes.into(), mode).await {
        Ok(report) => Ok(describe(&report)),
        Err(ImportError::Faulty(report)) => Err(AdministrationError::Faults(describe(&report))),
        Err(ImportError::File(fault)) => Err(AdministrationError::Faults(fault.to_string())),
        Err(ImportError::Refused(refusal)) => Err(crate::sync::WriteError::Refused(refusal).into()),
        Err(ImportError::Write(error)) => Err(error.into()),
        Err(ImportError::Read(error)) => Err(error.into()),
    }
}

/// Unknown columns and faults, a line each, and the counts.
fn describe(report: &Report) -> String {
    let unknown =
        report.unknown_columns.iter().map(|column| format!("{}: {:?} is not read", column.cell, column.heading));
    let mut lines: Vec<String> = unknown.collect();
    for fault in &report.faults {
        let place = fault.cell.clone().unwrap_or_else(|| format!("row {}", fault.row));
        let heading = fault.heading.as_deref().map(|heading| format!(" ({heading})")).unwrap_or_default();
        lines.push(format!("{place}{heading}: {}", fault.problem));
    }
    let would = if report.is_preview { "would be " } else { "" };
    lines.push(format!(
        "{} rows: {} {would}new, {} {would}changed, {} as before, {} with faults.",
        report.row_count, report.new_count, report.changed_count, report.same_count, report.faulty_count
    ));
    lines.join("\n")
}
