//! Messages of a desk to one person.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use shared::ids::AttendeeId;

use crate::badges::works_at_desk;
use crate::desk_work::command::require;
use crate::desk_work::messages::{DeskMessage, send};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `POST …/attendees/{attendee}/messages`: "please come to desk 3".
pub async fn send_desk_message(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (attendee, actor, message) = (path.1, member.actor(Some(path.1)), read::<DeskMessage>(&body)?);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require(works_at_desk(rights))?;
        send(unit, actor, (attendee, &message)).map(|id| id.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    Ok(mark_replayed(private(StatusCode::CREATED).json(json!({ "notice": outcome })), is_replayed))
}
