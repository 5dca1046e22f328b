//! Stand-ins over HTTP.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::StandIn;
use uuid::Uuid;

use crate::database::Connection;
use crate::invitations::operations::{Caller, require_staff};
use crate::invitations::stand_ins::store::{self, Stored};
use crate::invitations::stand_ins::{Command, New, run};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::registration::acting::reading_for;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// A stand-in as one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Item {
    id: Uuid,
    #[serde(flatten)]
    stand_in: StandIn,
}

impl Item {
    fn of((id, stand_in): Stored, is_for_staff: bool) -> Self {
        Self { id, stand_in: if is_for_staff { stand_in } else { stand_in.for_people() } }
    }
}

/// What is asked for by REST, where the id is the server's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    stand_in: AttendeeId,
    session: Option<RecordId>,
    day: Option<shared::time::Day>,
    note: Option<String>,
}

/// `GET …/stand-ins`: all of the event that have not ended, for staff.
pub async fn list_stand_ins(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    require_staff(&member.rights())?;
    let (page, event) = (parameters.read()?, member.cell.id);
    let found = member.app.readers.read(move |connection| store::list_all(connection, event, false)).await?;
    let items = found.into_iter().map(|stored| Item::of(stored, true)).collect();
    Ok(private(StatusCode::OK).json(page.cut(items, |item: &Item| item.id.to_string())))
}

/// `GET …/attendees/{attendee}/stand-ins`: who sits in for somebody and for whom they sit in, ended ones
/// too.
pub async fn list_attendee_stand_ins(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    parameters: Query<PageParameters>,
) -> Result<HttpResponse, Problem> {
    let (page, event, attendee, rights) = (parameters.read()?, member.cell.id, path.1, member.rights());
    let is_staff = rights.sees_everything();
    let find = move |connection: &mut Connection| match reading_for(connection, event, &rights, attendee)? {
        Some(_) => store::list_of_attendees(connection, event, &[attendee]).map(Some),
        None => QueryResult::Ok(None),
    };
    let found = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let items = found.into_iter().map(|stored| Item::of(stored, is_staff)).collect();
    Ok(private(StatusCode::OK).json(page.cut(items, |item: &Item| item.id.to_string())))
}

/// `POST …/attendees/{attendee}/stand-ins`: somebody is to sit in for the attendee.
pub async fn create_stand_in(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let Request { stand_in, session, day, note } = read(&body)?;
    let command = Command::Create(New { id: None, stand_in, session, day, note });
    submit(&member, (path.1, command), (&body, StatusCode::CREATED)).await
}

/// `POST …/attendees/{attendee}/stand-ins/{id}/end`.
pub async fn end_stand_in(
    member: Member,
    path: web::Path<(String, AttendeeId, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = read(&body)?;
    submit(&member, (path.1, Command::End(path.2)), (&body, StatusCode::OK)).await
}

/// A body without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn submit(
    member: &Member,
    (attendee, command): (AttendeeId, Command),
    (body, status): (&Value, StatusCode),
) -> Result<HttpResponse, Problem> {
    let (actor, cell) = (member.actor(Some(attendee)), member.cell.clone());
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        let memory = cell.read();
        let stored = run(unit, &memory, &Caller { actor, rights }, (attendee, &command));
        stored.map(|(id, _)| id.to_string()).map_err(|failure| hide_id(failure, status))
    };
    let Once { outcome, is_replayed, .. } = once_by(member, body, run).await?;
    let (event, id): (_, Uuid) = (member.cell.id, outcome.parse().map_err(Problem::internal)?);
    let found = member.app.readers.read(move |connection| store::find(connection, event, id)).await?;
    let item = Item::of(found.ok_or_else(not_found)?, member.rights().sees_everything());
    let mut answer = private(status);
    if status == StatusCode::CREATED {
        answer.insert_header((header::LOCATION, format!("/v1/events/{event}/attendees/{attendee}/stand-ins")));
    }
    Ok(mark_replayed(answer.json(item), is_replayed))
}

/// What is ended is part of the address here: one that is not there is no fault of the request's.
fn hide_id(failure: crate::refusal::Failure, status: StatusCode) -> crate::refusal::Failure {
    use crate::refusal::{Failure, Refusal};
    use shared::problem_code::ProblemCode;
    match failure {
        Failure::Refused(refusal) if status == StatusCode::OK && refusal.code == ProblemCode::UnknownReference => {
            Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
        }
        other => other,
    }
}
