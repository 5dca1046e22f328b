//! One attendee's seat in one session.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;

use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, once_by};
use crate::refusal::{Failure, Refusal};
use crate::signups::operations::{self, Command, Exceptional, Plain, find_session};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// The event, the attendee and the session, by id or slug.
type Path = web::Path<(String, AttendeeId, String)>;

/// Whether an organiser makes an exception.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionParameters {
    #[serde(default, rename = "override")]
    is_override: bool,
}

/// `PUT …/attendees/{attendee}/sign-ups/{session}`: asks for a seat.
pub async fn request_seat(
    member: Member,
    path: Path,
    parameters: Query<ExceptionParameters>,
) -> Result<HttpResponse, Problem> {
    let is_override = parameters.is_override;
    let of = move |session| Command::Request(Exceptional { session, is_override });
    Ok(answer(run(&member, &path, (of, is_override)).await?))
}

/// `DELETE …/attendees/{attendee}/sign-ups/{session}`: gives the seat back, declines the offer or leaves
/// the line.
pub async fn cancel_sign_up(
    member: Member,
    path: Path,
    parameters: Query<ExceptionParameters>,
) -> Result<HttpResponse, Problem> {
    let is_override = parameters.is_override;
    let of = move |session| Command::Cancel(Exceptional { session, is_override });
    run(&member, &path, (of, is_override)).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `POST …/attendees/{attendee}/sign-ups/{session}/accept`: accepts an offered seat.
pub async fn accept_seat(member: Member, path: Path) -> Result<HttpResponse, Problem> {
    let of = |session| Command::Accept(Plain { session });
    Ok(answer(run(&member, &path, (of, false)).await?))
}

async fn run(
    member: &Member,
    path: &Path,
    (of, is_override): (impl Fn(RecordId) -> Command + Send + 'static, bool),
) -> Result<Once, Problem> {
    let (attendee, name) = (path.1, path.2.clone());
    let (actor, cell) = (member.actor(Some(attendee)), member.cell.clone());
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        let session = find_session(unit.group.programme(), &name).ok_or_else(absent)?;
        let memory = cell.read();
        let sign_up = operations::run(unit, &memory, (actor, rights), (attendee, &of(session)));
        sign_up.map(|sign_up| json!(sign_up).to_string()).map_err(hide_session)
    };
    once_by(member, &json!({ "override": is_override }), run).await
}

fn absent() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.")
}

/// The session is part of the address here: one that is not there, or not for the attendee, is no
/// fault of the request's.
fn hide_session(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.code == ProblemCode::UnknownReference => absent().into(),
        other => other,
    }
}

fn answer(once: Once) -> HttpResponse {
    let mut answer = private(StatusCode::OK);
    if once.is_replayed {
        answer.insert_header(("Idempotency-Replayed", "true"));
    }
    answer.content_type("application/json").body(once.outcome)
}
