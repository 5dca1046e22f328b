//! The registration of one attendee.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::Value;
use shared::ids::AttendeeId;

use super::answers::answer_registration;
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::programme::operations::read;
use crate::registration::command::{Change, Command};
use crate::registration::{Caller, run};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `GET …/attendees/{attendee}/registration`.
pub async fn get_registration(member: Member, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    answer_registration(&member, path.1, StatusCode::OK).await
}

/// `PUT …/attendees/{attendee}/registration`: registers an attendee who is there.
pub async fn put_registration(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Request(Box::new(read(&body)?), false);
    submit(&member, path.1, (command, &body)).await
}

/// `PATCH …/attendees/{attendee}/registration`: by a JSON merge patch.
pub async fn patch_registration(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Change(Change::read(&body, member.revs.clone())?);
    submit(&member, path.1, (command, &body)).await
}

/// `POST …/attendees/{attendee}/registration/status`: moves it to another status.
pub async fn move_registration(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = Command::Move(read(&body)?);
    submit(&member, path.1, (command, &body)).await
}

async fn submit(
    member: &Member,
    attendee: AttendeeId,
    (command, body): (Command, &Value),
) -> Result<HttpResponse, Problem> {
    let actor = member.actor(Some(attendee));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, attendee, &command).map(|_| String::new())
    };
    let Once { is_replayed, .. } = once_by(member, body, run).await?;
    Ok(mark_replayed(answer_registration(member, attendee, StatusCode::OK).await?, is_replayed))
}
