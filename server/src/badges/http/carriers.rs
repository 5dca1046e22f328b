//! What becomes of one carrier.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::Value;
use shared::badge::VoidReason;
use shared::ids::AttendeeId;

use super::badges::answer_carrier;
use crate::badges::command::{Command, Nothing, Void};
use crate::badges::operations::{Caller, run_for_carrier};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `POST …/badges/{carrier}/void`: it does not count any more; the others stay good.
pub async fn void_badge(
    member: Member,
    path: web::Path<(String, u32)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = read::<Void>(&body)?.command(path.1)?;
    submit(&member, (path.1, command), &body).await
}

/// `POST …/badges/{carrier}/report`: it was stolen. Whoever shows it is watched, without a word.
pub async fn report_badge(
    member: Member,
    path: web::Path<(String, u32)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = read(&body)?;
    submit(&member, (path.1, Command::Void(path.1, VoidReason::Stolen)), &body).await
}

/// `POST …/badges/{carrier}/hand-out`: the person has it.
pub async fn hand_out_badge(
    member: Member,
    path: web::Path<(String, u32)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = read(&body)?;
    submit(&member, (path.1, Command::HandOut(path.1)), &body).await
}

async fn submit(member: &Member, (carrier, command): (u32, Command), body: &Value) -> Result<HttpResponse, Problem> {
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        let caller = Caller { actor, rights };
        run_for_carrier(unit, &caller, (carrier, command)).map(|changed| changed.attendee.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(member, body, run).await?;
    let attendee: AttendeeId = outcome.parse().map_err(Problem::internal)?;
    Ok(mark_replayed(answer_carrier(member, (attendee, carrier), StatusCode::OK).await?, is_replayed))
}
