//! One invitation.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::answers::answer_item;
use crate::invitations::command::Command;
use crate::invitations::operations::{Caller, run};
use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// The event and the invitation.
type Path = web::Path<(String, Uuid)>;

/// Whether an organiser makes an exception from quotas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionParameters {
    #[serde(default, rename = "override")]
    is_override: bool,
}

/// `GET …/invitations/{id}`.
pub async fn get_invitation(member: Member, path: Path) -> Result<HttpResponse, Problem> {
    answer_item(&member, path.1, StatusCode::OK).await
}

/// `POST …/invitations/{id}/answer`: by whoever acts for the invited, or by staff who note it.
pub async fn answer_invitation(
    member: Member,
    path: Path,
    parameters: Query<ExceptionParameters>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Answer(path.1, read(&body)?, parameters.is_override);
    submit(&member, path.1, (command, &body)).await
}

/// `POST …/invitations/{id}/withdraw`: without a word, or with one.
pub async fn withdraw_invitation(member: Member, path: Path, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let command = Command::Withdraw(path.1, read(&body)?);
    submit(&member, path.1, (command, &body)).await
}

/// `POST …/invitations/{id}/remind`.
pub async fn remind_invitation(member: Member, path: Path, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let command = Command::Remind(path.1, read(&body)?);
    submit(&member, path.1, (command, &body)).await
}

async fn submit(member: &Member, id: Uuid, (command, body): (Command, &Value)) -> Result<HttpResponse, Problem> {
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, &command).map(|stored| stored.id.to_string())
    };
    let Once { is_replayed, .. } = once_by(member, body, run).await?;
    Ok(mark_replayed(answer_item(member, id, StatusCode::OK).await?, is_replayed))
}
