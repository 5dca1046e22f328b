//! Files of people over HTTP.

mod download;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use shared::localised::is_language_tag;
use shared::problem_code::ProblemCode;
use shared::programme::Programme;

pub use download::{FileFormat, download};

use super::chunk::no_reach;
use super::export::RegistrationSheet;
use super::{Authority, ImportError, Importer, Mode, Reach};
use crate::problem::{Problem, Query, require_media_type};
use crate::programme::http::access::{Member, load_programme};
use crate::programme::http::answers::private;

/// The types of files that are read.
const MEDIA_TYPES: [&str; 3] =
    ["text/csv", "text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];

/// The parameters of an import.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportParameters {
    #[serde(default)]
    preview: bool,
    #[serde(default)]
    skip_errors: bool,
    language: Option<String>,
}

/// The parameters of an export.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportParameters {
    /// What kind of file.
    pub format: FileFormat,
    /// The language of headings and words.
    pub language: Option<String>,
}

/// `POST …/registrations/import`: brings a file of people in, or tells what would become of each row.
pub async fn import_registrations(
    member: Member,
    parameters: Query<ImportParameters>,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    Reach::of(&member.rights()).ok_or_else(no_reach)?;
    require_media_type(&request, &MEDIA_TYPES)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let language = choose_language(parameters.language.as_deref(), &programme)?;
    let mode = match (parameters.preview, parameters.skip_errors) {
        (true, _) => Mode::Preview,
        (false, true) => Mode::SkipFaulty,
        (false, false) => Mode::AllOrNothing,
    };
    let authority = Authority::Account(member.cell.clone(), member.who.account, member.who.device);
    let importer = Importer { app: member.app.as_ref().clone(), cell: member.cell.clone(), authority, language };
    let report = importer.run(programme, body, mode).await?;
    Ok(private(StatusCode::OK).json(report))
}

/// `GET …/registrations/export`: the registrations that the account reaches, as an import reads them.
pub async fn export_registrations(
    member: Member,
    parameters: Query<ExportParameters>,
) -> Result<HttpResponse, Problem> {
    let reach = Reach::of(&member.rights()).ok_or_else(no_reach)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let language = choose_language(parameters.language.as_deref(), &programme)?;
    let sheet = RegistrationSheet::new(member.cell.id, &programme, (&reach, language));
    download(&member, parameters.format, ("registrations", sheet)).await
}

/// The language that is asked for, else the event's own.
///
/// # Errors
///
/// What is asked for is no language tag.
pub fn choose_language(asked: Option<&str>, programme: &Programme) -> Result<String, Problem> {
    match asked {
        Some(tag) if is_language_tag(tag) => Ok(tag.to_owned()),
        Some(_) => {
            let detail = "language is a tag such as es or pt-BR.";
            Err(Problem::new(ProblemCode::InvalidRequest, detail).at("language"))
        }
        None => Ok(programme.event().map_or_else(|| "en".to_owned(), |(_, event)| event.fallback_language.clone())),
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::File(fault) => {
                Self::new(ProblemCode::FaultyFile, sentence(&fault.to_string())).with("fault", json!(fault))
            }
            ImportError::Faulty(report) => {
                let detail = format!("{} rows have faults; nothing was changed.", report.faulty_count);
                Self::new(ProblemCode::FaultyFile, detail).with("report", json!(report))
            }
            ImportError::Refused(refusal) => refusal.into(),
            ImportError::Write(error) => error.into(),
            ImportError::Read(error) => error.into(),
        }
    }
}

/// The words with a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
