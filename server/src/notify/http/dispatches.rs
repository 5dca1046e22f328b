//! What went out, whom it reached, and who is still to be told.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::EventId;
use uuid::Uuid;

use crate::app::App;
use crate::database::Connection;
use crate::notify::dispatches::{
    self, Dispatch, DispatchKind, DispatchState, Person, ToldByHand, count_reach, list_people, row_of,
};
use crate::notify::push::list_of_dispatch;
use crate::notify::write_holdings;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Member, Organiser, not_found, organisers_only};
use crate::programme::http::answers::private;
use crate::programme::http::paging::{Page, PageAnswer};
use crate::programme::http::submit::{Once, mark_replayed, once};
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// Which dispatches are asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    state: Option<DispatchState>,
    kind: Option<DispatchKind>,
}

/// Which people are asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    told: Option<bool>,
}

/// A dispatch with its id, as it is answered.
pub fn item_of(dispatch: &Dispatch, reach: Option<&dispatches::Reach>) -> Value {
    let mut item = json!({ "id": dispatch.id });
    if let (Some(item), Value::Object(row)) = (item.as_object_mut(), row_of(dispatch, reach)) {
        item.extend(row);
    }
    item
}

/// Who sees everything of the event may see whom something reached.
fn require_staff(member: &Member) -> Result<(), Problem> {
    if member.rights().sees_everything() { Ok(()) } else { Err(organisers_only()) }
}

/// What devices have just said counts, as far as it can be written down.
async fn write_heard(app: &App) {
    if let Err(error) = write_holdings(app).await {
        tracing::warn!(%error, "what devices hold could not be written down");
    }
}

/// `GET …/dispatches`: the newest first, without whom they reached.
pub async fn list_dispatches(member: Member, parameters: Query<DispatchParameters>) -> Result<HttpResponse, Problem> {
    require_staff(&member)?;
    let DispatchParameters { limit, cursor, state, kind } = parameters.into_inner();
    let page = Page::new(limit, cursor.as_deref())?;
    // Ids are in the order of time; a cursor is the last one seen.
    let before = page.after.clone().unwrap_or_else(|| "g".to_owned());
    let (event, count) = (member.cell.id, page.limit as i64 + 1);
    let read = move |c: &mut Connection| dispatches::list(c, event, (state, kind), (&before, count));
    let found = member.app.readers.read(read).await?;
    let keyed = found.iter().map(|dispatch| (dispatch.id.to_string(), item_of(dispatch, None))).collect();
    let answer: PageAnswer<Value> = page.finish(keyed);
    Ok(private(StatusCode::OK).json(answer))
}

/// `GET …/dispatches/{id}`: with whom it reached, exactly.
pub async fn get_dispatch(member: Member, path: web::Path<(String, Uuid)>) -> Result<HttpResponse, Problem> {
    require_staff(&member)?;
    let (event, id) = (member.cell.id, path.1);
    write_heard(&member.app).await;
    let find = move |c: &mut Connection| {
        let Some(dispatch) = dispatches::find(c, event, id)? else { return Ok(None) };
        let reach = count_reach(c, event, id)?;
        let mut failures: BTreeMap<String, usize> = BTreeMap::new();
        for failure in list_of_dispatch(c, (event, id), &[])?.into_iter().filter_map(|end| end.failure) {
            *failures.entry(failure).or_default() += 1;
        }
        QueryResult::Ok(Some((dispatch, reach, failures)))
    };
    let (dispatch, reach, failures) = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let mut item = item_of(&dispatch, Some(&reach));
    item["failures"] = json!(failures);
    Ok(private(StatusCode::OK).json(item))
}

/// `GET …/dispatches/{id}/people`: whom it concerns; with `told=false` those whom somebody is still to tell.
pub async fn list_dispatch_people(
    member: Member,
    path: web::Path<(String, Uuid)>,
    parameters: Query<PeopleParameters>,
) -> Result<HttpResponse, Problem> {
    require_staff(&member)?;
    let PeopleParameters { limit, cursor, told } = parameters.into_inner();
    let page = Page::new(limit, cursor.as_deref())?;
    let mut people = load_people(&member, path.1).await?;
    people.sort_by_cached_key(Person::order);
    // A cursor is part of an address, which names nobody: it holds an id.
    if let Some(after) = &page.after {
        let last = people.iter().position(|person| person.key() == after).ok_or_else(Page::unknown_cursor)?;
        people.drain(..=last);
    }
    let is_wanted = |person: &Person| told.is_none_or(|told| told != person.must_still_be_told());
    let listed = people.into_iter().filter(is_wanted).map(|person| (person.key().to_owned(), person)).collect();
    Ok(private(StatusCode::OK).json(page.finish(listed)))
}

/// Everybody whom a dispatch concerns.
pub async fn load_people(member: &Member, id: Uuid) -> Result<Vec<Person>, Problem> {
    require_staff(member)?;
    write_heard(&member.app).await;
    let event = member.cell.id;
    let find = move |c: &mut Connection| {
        let is_there = dispatches::find(c, event, id)?.is_some();
        QueryResult::Ok(if is_there { Some(list_people(c, (event, id), None)?) } else { None })
    };
    member.app.readers.read(find).await?.ok_or_else(not_found)
}

/// `POST …/dispatches/{id}/people/{person}/told`: a human told somebody.
pub async fn tell_by_hand(
    editor: Editor,
    path: web::Path<(String, Uuid, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, person, actor) = (path.1, path.2, editor.organiser.actor());
    let args: ToldByHand = read(&body)?;
    let run =
        move |unit: &mut Unit<'_>| dispatches::tell_by_hand(unit, actor, (id, person), &args).map(|()| String::new());
    let Once { is_replayed, .. } = once(&editor, &body, run).await?;
    let Organiser { app, cell, .. } = &editor.organiser;
    let event = cell.id;
    let people = app.readers.read(move |c| list_people(c, (event, id), Some(person))).await?;
    let person = people.into_iter().next().ok_or_else(not_found)?;
    Ok(mark_replayed(private(StatusCode::OK).json(person), is_replayed))
}

/// `POST …/dispatches/{id}/confirm`: what asked for it goes out.
pub async fn confirm_dispatch(
    editor: Editor,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    decide(editor, path.1, (&body, true)).await
}

/// `POST …/dispatches/{id}/discard`: it does not.
pub async fn discard_dispatch(
    editor: Editor,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    decide(editor, path.1, (&body, false)).await
}

async fn decide(editor: Editor, id: Uuid, (body, goes_out): (&Value, bool)) -> Result<HttpResponse, Problem> {
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| dispatches::decide(unit, actor, id, goes_out).map(|()| String::new());
    let Once { is_replayed, .. } = once(&editor, body, run).await?;
    answer_dispatch(&editor.organiser.app, editor.organiser.cell.id, (id, is_replayed)).await
}

/// A dispatch as it now is.
pub async fn find_item(app: &App, event: EventId, id: Uuid) -> Result<Value, Problem> {
    let dispatch = app.readers.read(move |c| dispatches::find(c, event, id)).await?;
    Ok(item_of(&dispatch.ok_or_else(not_found)?, None))
}

/// Answers with it.
pub async fn answer_dispatch(
    app: &App,
    event: EventId,
    (id, is_replayed): (Uuid, bool),
) -> Result<HttpResponse, Problem> {
    let item = find_item(app, event, id).await?;
    Ok(mark_replayed(private(StatusCode::OK).json(item), is_replayed))
}

/// `POST …/dispatches/{id}/resend`: once more to those who were not told.
pub async fn resend_dispatch(editor: Editor, path: web::Path<(String, Uuid)>) -> Result<HttpResponse, Problem> {
    let (id, actor) = (path.1, editor.organiser.actor());
    let run = move |unit: &mut Unit<'_>| dispatches::send_again(unit, actor, id).map(|count| count.to_string());
    let Once { outcome, is_replayed, .. } = once(&editor, &Value::Null, run).await?;
    let count: i64 = outcome.parse().map_err(Problem::internal)?;
    Ok(mark_replayed(private(StatusCode::ACCEPTED).json(json!({ "count": count })), is_replayed))
}
