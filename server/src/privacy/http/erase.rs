//! Erasing an attendee.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;

use crate::privacy::access::require_reader;
use crate::privacy::erasure::{Erased, erase_attendee, remove_idle_accounts};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, once_by};
use crate::programme::operations::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// Says that an attendee is to be erased for good.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EraseRequest {
    confirm: AttendeeId,
}

/// What became of an erasure.
#[derive(Debug, Serialize)]
struct ErasureAnswer {
    attendee: AttendeeId,
    erased_at: Timestamp,
}

/// `POST …/attendees/{attendee}/erase`: by the person or an organiser, who names the attendee once
/// more.
pub async fn erase_attendee_data(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (EraseRequest { confirm }, attendee) = (read(&body)?, path.1);
    if confirm != attendee {
        let detail = "To erase the attendee for good, write their id once more.";
        return Err(Problem::new(ProblemCode::InvalidValue, detail).at("/confirm"));
    }
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require_reader(unit.connection, unit.group.event, rights, attendee)?;
        let erased = erase_attendee(unit, actor, attendee)?;
        Ok(serde_json::json!(erased).to_string())
    };
    let Once { outcome, .. } = once_by(&member, &body, run).await?;
    let erased: Erased = serde_json::from_str(&outcome).map_err(Problem::internal)?;
    remove_idle_accounts(&member.app, &erased.own_accounts).await?;
    Ok(private(StatusCode::OK).json(ErasureAnswer { attendee, erased_at: erased.at }))
}
