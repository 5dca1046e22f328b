//! The members of audiences.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::Collection;

use crate::attendees::members::{MOST_MEMBERS, MemberChange, change_members};
use crate::attendees::store::{self, Member};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Organiser};
use crate::programme::http::answers::private;
use crate::programme::http::load_record;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::once;
use crate::programme::operations::read;
use crate::sync::change_log::Unit;

/// A member of an audience.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MemberAnswer {
    id: AttendeeId,
    name: String,
    by: Vec<MemberBy>,
}

/// Why somebody is in an audience.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberBy {
    /// They were put there by hand.
    List,
    /// They meet its rules.
    Rule,
}

impl MemberAnswer {
    fn of(member: Member) -> Self {
        let reasons = [(MemberBy::List, member.is_listed), (MemberBy::Rule, member.is_matching)];
        let by = reasons.into_iter().filter(|(_, holds)| *holds).map(|(by, _)| by).collect();
        Self { id: member.id, name: member.name, by }
    }
}

/// Everybody who is to be in an audience.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MembersRequest {
    members: Vec<AttendeeId>,
}

/// `GET …/audiences/{id}/members`.
pub async fn list_members(
    organiser: Organiser,
    path: web::Path<(String, String)>,
    parameters: Query<PageParameters>,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let at = (organiser.cell.id, load_audience(&organiser, &path.1).await?);
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit + 1);
    let list = move |connection: &mut _| store::list_members(connection, at, &after, limit);
    let members = organiser.app.readers.read(list).await?;
    let keyed = members.into_iter().map(|member| (member.id.to_string(), MemberAnswer::of(member))).collect();
    Ok(private(StatusCode::OK).json(page.finish(keyed)))
}

/// `PUT …/audiences/{id}/members`: these and nobody else.
pub async fn replace_members(
    editor: Editor,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let MembersRequest { members } = read(&body)?;
    if members.len() > MOST_MEMBERS {
        let detail = format!("A request names at most {MOST_MEMBERS} members.");
        return Err(Problem::new(ProblemCode::TooLarge, detail).at("/members"));
    }
    let change = MemberChange::Replace(members.into_iter().collect::<BTreeSet<_>>());
    let counts = run(&editor, &path.1, (change, &body)).await?;
    Ok(private(StatusCode::OK).content_type("application/json").body(counts))
}

/// `POST …/audiences/{id}/members/{attendee}`: this one too.
pub async fn add_member(
    editor: Editor,
    path: web::Path<(String, String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    run(&editor, &path.1, (MemberChange::Add(path.2), &Value::Null)).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `DELETE …/audiences/{id}/members/{attendee}`: not this one.
pub async fn remove_member(
    editor: Editor,
    path: web::Path<(String, String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    run(&editor, &path.1, (MemberChange::Remove(path.2), &Value::Null)).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// Changes the members; tells the counts as JSON.
async fn run(editor: &Editor, name: &str, (change, content): (MemberChange, &Value)) -> Result<String, Problem> {
    let (actor, audience) = (editor.organiser.actor(), load_audience(&editor.organiser, name).await?);
    let run = move |unit: &mut Unit<'_>| {
        let counts = change_members(unit, actor, audience, &change)?;
        Ok(serde_json::json!(counts).to_string())
    };
    Ok(once(editor, content, run).await?.outcome)
}

async fn load_audience(organiser: &Organiser, name: &str) -> Result<RecordId, Problem> {
    let record = load_record((&organiser.app, &organiser.cell), Collection::Audiences, name).await?;
    Ok(record.id)
}
