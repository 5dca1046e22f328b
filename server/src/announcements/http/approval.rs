//! The rules by which messages are approved, over HTTP.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::Value;

use crate::notify::approval::{ApprovalRules, find_rules, set_rules};
use crate::problem::Problem;
use crate::programme::http::access::{Editor, Organiser};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once};
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// `GET …/approval-rules`.
pub async fn get_approval_rules(organiser: Organiser) -> Result<HttpResponse, Problem> {
    let event = organiser.cell.id;
    let rules = organiser.app.readers.read(move |connection| find_rules(connection, event)).await?;
    Ok(private(StatusCode::OK).json(rules))
}

/// `PUT …/approval-rules`: these, in place of those that there are.
pub async fn put_approval_rules(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let (rules, actor) = (read::<ApprovalRules>(&body)?, editor.organiser.actor());
    let written = rules.clone();
    let run = move |unit: &mut Unit<'_>| set_rules(unit, actor, &written).map(|()| String::new());
    let Once { is_replayed, .. } = once(&editor, &body, run).await?;
    Ok(mark_replayed(private(StatusCode::OK).json(rules), is_replayed))
}
