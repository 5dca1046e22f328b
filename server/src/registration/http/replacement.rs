//! Somebody takes a registration's place for good.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::Value;
use shared::ids::AttendeeId;
use uuid::Uuid;

use super::answers::answer_registration;
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::programme::operations::read;
use crate::registration::{Caller, Replacement, replace};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `POST …/attendees/{attendee}/replace`: the new person's registration.
pub async fn replace_attendee(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let with: Replacement = read(&body)?;
    let (attendee, new) = (path.1, AttendeeId(Uuid::now_v7()));
    let actor = member.actor(Some(attendee));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        replace(unit, &Caller { actor, rights }, (attendee, new), &with).map(|_| new.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let new = outcome.parse().map_err(Problem::internal)?;
    Ok(mark_replayed(answer_registration(&member, new, StatusCode::CREATED).await?, is_replayed))
}
