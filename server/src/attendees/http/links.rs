//! Which attendees the people of the programme are.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::programme::Collection;

use crate::attendees::links::{Link, list_known, list_links, set_link};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Organiser};
use crate::programme::http::answers::private;
use crate::programme::http::load_record;
use crate::programme::http::paging::Page;
use crate::programme::http::submit::{mark_replayed, once};
use crate::programme::operations::read;
use crate::sync::change_log::Unit;

/// The parameters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    /// Only who is linked, or who is not.
    linked: Option<bool>,
    /// Only who takes part in a session.
    #[serde(default)]
    speakers: bool,
}

/// The attendee that a person is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    attendee: AttendeeId,
}

/// `GET …/people/links`: one page of the people of the programme, with who they are or may be.
pub async fn list_people_links(
    organiser: Organiser,
    parameters: Query<LinkParameters>,
) -> Result<HttpResponse, Problem> {
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let (programme, event) = (organiser.programme().await?, organiser.cell.id);
    let list = move |connection: &mut _| Ok(list_links(&programme, &list_known(connection, event)?));
    let mut links = organiser.app.readers.read(list).await?;
    links.retain(|link| parameters.linked.is_none_or(|linked| link.attendee.is_some() == linked));
    links.retain(|link| !parameters.speakers || link.session_count > 0);
    Ok(private(StatusCode::OK).json(page.cut(links, |link: &Link| link.slug.clone())))
}

/// `PUT …/people/{id}/link`: this person is that attendee.
pub async fn link_person(
    editor: Editor,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let person = load_person(&editor, &path.1).await?;
    let LinkRequest { attendee } = read(&body)?;
    let is_replayed = change(&editor, (person, Some(attendee)), &body).await?;
    let answer = private(StatusCode::OK).json(json!({ "person": person, "attendee": attendee }));
    Ok(mark_replayed(answer, is_replayed))
}

/// `DELETE …/people/{id}/link`.
pub async fn unlink_person(editor: Editor, path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let person = load_person(&editor, &path.1).await?;
    let is_replayed = change(&editor, (person, None), &Value::Null).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}

async fn change(
    editor: &Editor,
    (person, attendee): (RecordId, Option<AttendeeId>),
    body: &Value,
) -> Result<bool, Problem> {
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| set_link(unit, actor, person, attendee).map(|()| String::new());
    Ok(once(editor, body, run).await?.is_replayed)
}

async fn load_person(editor: &Editor, name: &str) -> Result<RecordId, Problem> {
    let Editor { organiser, .. } = editor;
    Ok(load_record((&organiser.app, &organiser.cell), Collection::People, name).await?.id)
}
