//! The invitations of an event, and of an attendee.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::Answer;
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::answers::{Item, answer_item};
use crate::database::Connection;
use crate::invitations::command::Command;
use crate::invitations::operations::{Caller, run};
use crate::invitations::store::{self, Filter, WITHDRAWN};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::{Page, PageParameters};
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::registration::acting::reading_for;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// The parameters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    object: Option<RecordId>,
    attendee: Option<AttendeeId>,
    list: Option<Uuid>,
    answer: Option<String>,
}

/// `GET …/invitations`: one page. Staff see everybody's, withdrawn ones too; focal points and liaison
/// officers those of the members of their delegations.
pub async fn list_invitations(member: Member, parameters: Query<ListParameters>) -> Result<HttpResponse, Problem> {
    let rights = member.rights();
    let is_staff = rights.sees_everything();
    if !is_staff && rights.delegations.is_empty() {
        let detail = "Only staff, and those who look after a delegation, list invitations.";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let filter = Filter {
        object: parameters.object,
        attendee: parameters.attendee,
        list: parameters.list,
        answer: parameters.answer.as_deref().map(read_answer).transpose()?,
        delegations: (!is_staff).then(|| rights.delegations.keys().copied().collect()),
        has_withdrawn: is_staff,
        ..Filter::default()
    };
    list(&member, (page, filter), is_staff).await
}

/// `GET …/attendees/{attendee}/invitations`: those of one attendee that were not withdrawn.
pub async fn list_attendee_invitations(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    parameters: Query<PageParameters>,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let (event, attendee, rights) = (member.cell.id, path.1, member.rights());
    let is_staff = rights.sees_everything();
    let find = move |connection: &mut Connection| reading_for(connection, event, &rights, attendee);
    member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let filter = Filter { attendee: Some(attendee), ..Filter::default() };
    list(&member, (page, filter), is_staff).await
}

async fn list(member: &Member, (page, filter): (Page, Filter), is_staff: bool) -> Result<HttpResponse, Problem> {
    let event = member.cell.id;
    let filter = Filter { after: page.after.clone().unwrap_or_default(), limit: page.limit + 1, ..filter };
    let found = member.app.readers.read(move |connection| store::list_page(connection, event, &filter)).await?;
    let items = found.into_iter().map(|found| Item::of(found, is_staff));
    Ok(private(StatusCode::OK).json(page.finish(items.map(|item| (item.id().to_string(), item)).collect())))
}

/// An answer as the list is filtered by it, or that the invitation was withdrawn.
fn read_answer(word: &str) -> Result<&'static str, Problem> {
    let answers = Answer::ALL.map(Answer::as_str);
    let known = answers.into_iter().chain([WITHDRAWN]).find(|known| *known == word);
    let detail = "answer is one of pending, accepted, declined, delegated, withdrawn.";
    known.ok_or_else(|| Problem::new(ProblemCode::InvalidRequest, detail).at("answer"))
}

/// `POST …/invitations`: invites an attendee.
pub async fn create_invitation(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let command = Command::Invite(read(&body)?);
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, &command).map(|stored| stored.id.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let id = outcome.parse().map_err(Problem::internal)?;
    Ok(mark_replayed(answer_item(&member, id, StatusCode::CREATED).await?, is_replayed))
}
