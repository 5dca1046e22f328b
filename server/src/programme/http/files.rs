//! The programme as a file.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::ids::{EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use uuid::Uuid;

use super::access::Organiser;
use super::answers::private;
use super::idempotency::IdempotencyKey;
use super::submit::{Once, mark_replayed, once_for};
use crate::database::Connection;
use crate::formats::native::{self, FileContents, ImportPlan};
use crate::problem::{Fault, Problem, Query, require_media_type};
use crate::programme::operations::{self, Ends, EndsOf};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::Unit;

/// The types of files that are read: YAML with the names that RFC 9512 lists as deprecated, and JSON,
/// which is YAML as well.
const MEDIA_TYPES: [&str; 5] =
    ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json"];

/// The parameters of an import.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportParameters {
    #[serde(default)]
    allow_removals: bool,
    #[serde(default)]
    preview: bool,
}

/// What an import changes.
#[derive(Debug, Serialize)]
pub struct ImportAnswer {
    /// Records that are new.
    pub added: Vec<NamedRecord>,
    /// Records that differ.
    pub changed: Vec<NamedRecord>,
    /// Records that are now cancelled.
    pub cancelled: Vec<NamedRecord>,
    /// Records that the file does not have.
    pub removed: Vec<NamedRecord>,
    /// Records that the file does not have and that stay, since people are registered under them.
    pub kept: Vec<NamedRecord>,
    /// How many stay as they are.
    pub unchanged_count: usize,
    /// Whether it takes away more than a fifth of the published sessions.
    pub removes_too_much: bool,
    /// What people lose by it, where it is only told what it would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<EndsAnswer>,
}

/// What people lose by what an import removes or cancels.
#[derive(Debug, Serialize)]
pub struct EndsAnswer {
    /// How many people lose something, each counted once.
    pub people: usize,
    /// How much, by record.
    pub records: Vec<EndsOfRecord>,
}

/// What ends in one record.
#[derive(Debug, Serialize)]
pub struct EndsOfRecord {
    /// Which.
    #[serde(flatten)]
    pub record: NamedRecord,
    /// How many sign-ups.
    pub sign_ups: usize,
    /// How many invitations.
    pub invitations: usize,
    /// How many stars.
    pub favourites: usize,
    /// How many people take part, or are invited to.
    pub speakers: usize,
    /// How many duties.
    pub duties: usize,
}

/// A record by its name.
#[derive(Debug, Serialize)]
pub struct NamedRecord {
    /// Its collection.
    pub collection: Collection,
    /// Its slug.
    pub slug: String,
}

/// `POST …/import`: makes the programme what a native file says, as one change.
pub async fn import_file(
    organiser: Organiser,
    key: IdempotencyKey,
    parameters: Query<ImportParameters>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    require_media_type(&request, &MEDIA_TYPES)?;
    let text = native::decode(&body).map_err(|fault| faulty_file(vec![fault]))?.to_owned();
    let (programme, event) = (organiser.programme().await?, organiser.cell.id);
    let told = web::block(move || read(&programme, event, &text).map(|contents| (programme, contents, text)));
    let (programme, contents, text) = told.await.map_err(Problem::unavailable)?.map_err(faulty_file)?;
    if parameters.preview {
        let preview = move |c: &mut Connection| match operations::preview_import(c, event, &programme, contents) {
            Ok((plan, ends)) => Ok(Ok(ImportAnswer { ends: Some(tell_ends(&programme, &ends)), ..summarise(&plan) })),
            Err(Failure::Refused(refusal)) => Ok(Err(Problem::from(refusal))),
            Err(Failure::Stale(stale)) => Ok(Err(stale.into())),
            Err(Failure::Database(error)) => Err(error),
        };
        let answer = organiser.app.readers.read(preview).await??;
        return Ok(private(StatusCode::OK).json(answer));
    }
    let (actor, allow_removals) = (organiser.actor(), parameters.allow_removals);
    let once = key.request(organiser.who, &json!({ "file": text, "allow_removals": allow_removals }));
    // Read again inside the unit: ids and differences are those of the programme as it then is.
    let import = move |unit: &mut Unit<'_>| {
        let contents = read(unit.group.programme(), event, &text).map_err(refuse_file)?;
        let plan = operations::import(unit, actor, contents, allow_removals)?;
        Ok(json!(summarise(&plan)).to_string())
    };
    let Once { outcome, is_replayed, .. } = once_for(&organiser, once, import).await?;
    Ok(mark_replayed(private(StatusCode::OK).content_type("application/json").body(outcome), is_replayed))
}

fn read(programme: &Programme, event: EventId, text: &str) -> Result<FileContents, Vec<native::Fault>> {
    native::read(text, programme, &mut Uuid::now_v7, RecordId(event.0))
}

fn refuse_file(faults: Vec<native::Fault>) -> Refusal {
    let told = faults.first().map_or_else(|| "The file has faults.".to_owned(), ToString::to_string);
    Refusal::new(ProblemCode::FaultyFile, told)
}

fn summarise(plan: &ImportPlan) -> ImportAnswer {
    let named = |list: &[(Collection, String)]| -> Vec<NamedRecord> {
        list.iter().map(|(collection, slug)| NamedRecord { collection: *collection, slug: slug.clone() }).collect()
    };
    ImportAnswer {
        added: named(&plan.added),
        changed: named(&plan.changed),
        cancelled: named(&plan.cancelled),
        removed: named(&plan.removed),
        kept: named(&plan.kept),
        unchanged_count: plan.unchanged_count,
        removes_too_much: plan.removes_too_much(),
        ends: None,
    }
}

fn tell_ends(programme: &Programme, ends: &Ends) -> EndsAnswer {
    let records = ends.by_record.iter().filter_map(|(key, of)| {
        let record = programme.find(key.0, key.1)?;
        let record = NamedRecord { collection: key.0, slug: record.body.slug().to_owned() };
        let EndsOf { sign_ups, invitations, favourites, speakers, duties } = *of;
        Some(EndsOfRecord { record, sign_ups, invitations, favourites, speakers, duties })
    });
    EndsAnswer { people: ends.people.len() + ends.others.len(), records: records.collect() }
}

/// `GET …/export`: the programme as a native file.
pub async fn export_file(organiser: Organiser) -> Result<HttpResponse, Problem> {
    let programme = organiser.programme().await?;
    let name = programme.event().map_or_else(|| organiser.cell.id.to_string(), |(_, event)| event.slug.clone());
    let text = web::block(move || native::write(&programme)).await.map_err(Problem::unavailable)?;
    Ok(private(StatusCode::OK)
        .content_type("application/yaml")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.yaml\"")))
        .body(text))
}

fn faulty_file(faults: Vec<native::Fault>) -> Problem {
    let told = faults.into_iter().map(|fault| Fault {
        line: Some(fault.line),
        column: Some(fault.column),
        field: fault.field,
        problem: fault.problem.to_string(),
        kind: Fault::kind_of(&fault.problem),
    });
    Problem::new(ProblemCode::FaultyFile, "The file has faults; nothing was changed.").with_faults(told)
}
