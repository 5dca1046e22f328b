//! Announcements over HTTP.

mod approval;

pub use approval::{get_approval_rules, put_approval_rules};

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde_json::Value;
use uuid::Uuid;

use super::operations::{self, NewAnnouncement};
use crate::notify::http::{answer_dispatch, find_item};
use crate::problem::Problem;
use crate::programme::http::access::{Editor, Member};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once, once_by};
use crate::refusal::{Failure, Refusal, read};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

/// `POST …/announcements`.
pub async fn create_announcement(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let new: NewAnnouncement = read(&body)?;
    let (actor, cell) = (editor.organiser.actor(), Arc::clone(&editor.organiser.cell));
    let run = move |unit: &mut Unit<'_>| {
        operations::create(unit, &cell.read(), (actor, new.clone())).map(|id| id.to_string())
    };
    let Once { outcome, is_replayed, .. } = once(&editor, &body, run).await?;
    let id: Uuid = outcome.parse().map_err(Problem::internal)?;
    let item = find_item(&editor.organiser.app, editor.organiser.cell.id, id).await?;
    let location = format!("/v1/events/{}/dispatches/{id}", editor.organiser.cell.id);
    let answer = private(StatusCode::CREATED).insert_header((header::LOCATION, location)).json(item);
    Ok(mark_replayed(answer, is_replayed))
}

/// `PATCH …/announcements/{id}`: a merge patch; what is out is corrected.
pub async fn patch_announcement(
    editor: Editor,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (patch, cell) = (body.clone(), Arc::clone(&editor.organiser.cell));
    let work =
        move |unit: &mut Unit<'_>, actor: Actor, id: Uuid| operations::patch(unit, &cell.read(), (actor, id, &patch));
    run(editor, path.1, &body, work).await
}

/// `POST …/announcements/{id}/send`.
pub async fn send_announcement(
    editor: Editor,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let cell = Arc::clone(&editor.organiser.cell);
    let work = move |unit: &mut Unit<'_>, actor: Actor, id: Uuid| operations::send(unit, &cell.read(), (actor, id));
    run(editor, path.1, &body, work).await
}

/// `POST …/announcements/{id}/withdraw`.
pub async fn withdraw_announcement(
    editor: Editor,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    run(editor, path.1, &body, operations::withdraw).await
}

/// `POST …/announcements/{id}/approve`: by a second person, an organiser or protocol officer.
pub async fn approve_announcement(
    member: Member,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, actor) = (path.1, member.actor(None));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        if !rights.sees_everything() {
            let detail = "Only an organiser or protocol officer may do this.";
            return Err(Refusal::new(shared::problem_code::ProblemCode::Forbidden, detail).into());
        }
        operations::approve(unit, actor, id).map(|()| String::new())
    };
    let Once { is_replayed, .. } = once_by(&member, &body, run).await?;
    answer_dispatch(&member.app, member.cell.id, (id, is_replayed)).await
}

async fn run<F>(editor: Editor, id: Uuid, body: &Value, work: F) -> Result<HttpResponse, Problem>
where
    F: Fn(&mut Unit<'_>, Actor, Uuid) -> Result<(), Failure> + Send + 'static,
{
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| work(unit, actor, id).map(|()| String::new());
    let Once { is_replayed, .. } = once(&editor, body, run).await?;
    answer_dispatch(&editor.organiser.app, editor.organiser.cell.id, (id, is_replayed)).await
}
