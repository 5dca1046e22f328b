//! Importing, exporting and checking programmes.

use std::sync::Arc;

use shared::ids::{EventId, RecordId};
use shared::programme::{Collection, Programme, RecordBody};
use uuid::Uuid;

use super::{AdministrationError, accounts};
use crate::app::App;
use crate::formats::native::{self, FileContents, ImportPlan};
use crate::programme::check::{Severity, check};
use crate::programme::operations;
use crate::sync::change_log::Actor;

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

/// An event as a native file.
pub async fn export(app: &App, event: &str) -> Result<String, AdministrationError> {
    Ok(native::write(&load_programme(app, event).await?))
}

/// Creates or updates the event that a native file describes, as one change; tells what changed.
pub async fn import(app: &App, text: &str, allow_removals: bool) -> Result<String, AdministrationError> {
    // The file says which event it is; only then can it be read against what that event has.
    let fresh = read(text, &Programme::default(), RecordId(Uuid::now_v7()))?;
    let slug = slug_of(&fresh).ok_or(AdministrationError::Value("the file describes no event"))?;
    let (event, contents) = match app.events.find_by_slug(&slug) {
        Some(cell) => {
            let programme = app.events.programme(&cell).await?;
            (cell.id, read(text, &programme, RecordId(cell.id.0))?)
        }
        None => {
            let event = reserve(app, &slug).await?;
            (event, read(text, &Programme::default(), RecordId(event.0))?)
        }
    };
    let import = move |unit: &mut crate::sync::change_log::Unit<'_>| {
        operations::import(unit, Actor::default(), contents.clone(), allow_removals)
    };
    let committed = app.writer.unit(event, import).await?;
    Ok(describe(&slug, &committed.value))
}

async fn reserve(app: &App, slug: &str) -> Result<EventId, AdministrationError> {
    let (name, now, id) = (slug.to_owned(), app.clock.now(), EventId(Uuid::now_v7()));
    let reserved = app.writer.system(move |c| operations::reserve_slug(c, &name, (id, now))).await?;
    reserved.ok_or(AdministrationError::Value("another event has this slug; try again in a moment"))
}

fn read(text: &str, existing: &Programme, event: RecordId) -> Result<FileContents, AdministrationError> {
    native::read(text, existing, &mut Uuid::now_v7, event).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        AdministrationError::Faults(lines.join("\n"))
    })
}

fn slug_of(contents: &FileContents) -> Option<String> {
    contents.records.iter().find_map(|(_, body)| match body {
        RecordBody::Events(event) => Some(event.slug.clone()),
        _ => None,
    })
}

/// What was added, changed, cancelled and removed, and what the file lacks and was kept, a line each,
/// and the counts.
fn describe(event: &str, plan: &ImportPlan) -> String {
    let kinds: [(&str, &[(Collection, String)]); 5] = [
        ("added", &plan.added),
        ("changed", &plan.changed),
        ("cancelled", &plan.cancelled),
        ("removed", &plan.removed),
        ("kept", &plan.kept),
    ];
    let named =
        |word: &str, (collection, slug): &(Collection, String)| format!("{word:<9} {} {slug}", collection.as_str());
    let mut lines: Vec<String> =
        kinds.iter().flat_map(|(word, names)| names.iter().map(move |name| named(word, name))).collect();
    let is_told = |word: &str, names: &[(Collection, String)]| word != "kept" || !names.is_empty();
    let told = kinds.iter().filter(|(word, names)| is_told(word, names));
    let counts: Vec<String> = told.map(|(word, names)| format!("{} {word}", names.len())).collect();
    lines.push(format!("{event}: {}, {} as before.", counts.join(", "), plan.unchanged_count));
    lines.join("\n")
}
