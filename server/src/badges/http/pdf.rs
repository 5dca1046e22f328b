//! One badge as PDF.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use shared::localised::is_language_tag;
use shared::problem_code::ProblemCode;

use super::badges::load_holder;
use crate::badges::faces::{face_of, frame_of, language_of};
use crate::badges::operations::knows;
use crate::badges::print::{Face, Format, Frame, Paper, Printed, print};
use crate::badges::store;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;

/// The header that names the characters of which no font has a glyph.
const MISSING_HEADER: &str = "cumbre-missing-characters";

/// How a badge is to look.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdfParameters {
    #[serde(default)]
    format: Format,
    paper: Option<Paper>,
    language: Option<String>,
}

/// `GET …/badges/{carrier}/pdf`: the badge, on a page of its own unless another paper is asked for.
pub async fn get_badge_pdf(
    member: Member,
    path: web::Path<(String, u32)>,
    parameters: Query<PdfParameters>,
) -> Result<HttpResponse, Problem> {
    require_language(parameters.language.as_deref(), "language")?;
    let (event, carrier) = (member.cell.id, path.1);
    let find = move |connection: &mut crate::database::Connection| store::find_carrier(connection, event, carrier);
    let found = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    if !knows(&member.rights(), found.attendee) {
        return Err(not_found());
    }
    let holder = load_holder(&member, found.attendee).await?;
    let carried = holder.carriers.iter().find(|one| one.shown.carrier == carrier).ok_or_else(not_found)?;
    let void = || Problem::new(ProblemCode::WrongState, "The badge is void; issue another one.");
    let token = carried.shown.token.clone().ok_or_else(void)?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let language = language_of(&programme, parameters.language.as_deref());
    let face = face_of(&programme, &language, (&holder, token)).ok_or_else(not_found)?;
    let frame = frame_of(&programme, &language, &member.app.config.folder_of_badges());
    let look = (parameters.format, parameters.paper.unwrap_or(Paper::Single));
    answer_pdf(&member, (frame, vec![face]), look, &format!("badge-{carrier}")).await
}

/// Refuses what is no language tag.
pub fn require_language(language: Option<&str>, field: &str) -> Result<(), Problem> {
    let detail = "This is not a language tag such as es or pt-BR.";
    let refused = || Problem::new(ProblemCode::InvalidRequest, detail).at(field);
    if language.is_none_or(is_language_tag) { Ok(()) } else { Err(refused()) }
}

/// Badges as PDF. One document is made at a time: it takes a core, and memory for all of its pages.
pub async fn answer_pdf(
    member: &Member,
    (frame, faces): (Frame, Vec<Face>),
    look: (Format, Paper),
    name: &str,
) -> Result<HttpResponse, Problem> {
    let press = member.app.press.clone();
    let turn = press.turn.clone().acquire_owned().await.map_err(Problem::unavailable)?;
    let printed = web::block(move || {
        let printed = print(&press.fonts, &frame, &faces, look);
        drop(turn);
        printed
    });
    let Printed { pdf, missing } = printed.await.map_err(Problem::unavailable)?.map_err(Problem::internal)?;
    let mut answer = private(StatusCode::OK);
    let file = format!("inline; filename=\"{name}.pdf\"");
    answer.content_type("application/pdf").insert_header((header::CONTENT_DISPOSITION, file));
    if !missing.is_empty() {
        let codes: Vec<String> = missing.iter().map(|missing| format!("U+{:04X}", u32::from(*missing))).collect();
        tracing::warn!(character_count = codes.len(), "no font has characters of names on badges");
        answer.insert_header((MISSING_HEADER, codes.join(" ")));
    }
    Ok(answer.body(pdf))
}
