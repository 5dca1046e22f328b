//! One implementation for the resources of every collection.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use shared::ids::RecordId;
use shared::programme::{Collection, RecordKey};
use uuid::Uuid;

use super::access::{Editor, Reader, Staff, load_programme, not_found, organisers_only};
use super::answers::{answer_item, answer_list, created, private, private_item};
use super::day::answer_preview;
use super::filter::{ListParameters, filter, order_key};
use super::items::{Item, list_items, load_item, load_record};
use super::paging::{Page, PageAnswer};
use super::segment::{OfRecords, OfRows};
use super::submit::{Submitted, mark_replayed, submit};
use crate::problem::{Problem, Query};
use crate::programme::operations::{Command, StateChange, Verb, may_run};

/// `GET …/{collection}`: one page of what the reader may see.
pub async fn list_records(
    reader: Reader,
    of: OfRows,
    parameters: Query<ListParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let items = list_items(&reader, of.0).await?;
    let items = filter(&reader, of.0, &parameters, items).await?;
    let PageAnswer { items, next } = page.cut(items, order_key);
    let answer = PageAnswer { items: items.iter().map(Item::to_json).collect(), next };
    Ok(answer_list(&request, reader.who, &answer))
}

/// `GET …/{collection}/{id}`: one record, or row, by id or slug.
pub async fn get_record(
    reader: Reader,
    of: OfRows,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let item = load_item(&reader, of.0, &path.1).await?;
    Ok(answer_item(&request, reader.who, &item))
}

/// `POST …/{collection}`: makes a record; the body is the record's.
pub async fn create_record(editor: Editor, of: OfRecords, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let key = (of.0, RecordId(Uuid::now_v7()));
    let submitted = run(&editor, Verb::Create { key, body: body.0.clone() }, &body).await?;
    let key = submitted.keys.first().copied().unwrap_or(key);
    let item = read_item(&editor, key).await?;
    let event = editor.organiser.cell.id;
    let location = format!("/v1/events/{event}/{}/{}", of.0.path_segment(), item.id);
    Ok(mark_replayed(created(&item, &location), submitted.is_replayed))
}

/// `PATCH …/{collection}/{id}`: changes a record by a JSON merge patch.
pub async fn patch_record(
    Staff(editor): Staff,
    of: OfRecords,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let key = load_key(&editor, of.0, &path.1).await?;
    let verb = Verb::Patch { key, patch: body.0.clone() };
    let rights = editor.organiser.cell.read().rights(editor.organiser.who.account);
    if !may_run(&rights, &verb) {
        return Err(organisers_only());
    }
    if wants_preview(&editor, key) {
        return answer_preview(&editor, &verb).await;
    }
    change(&editor, verb, (key, &body)).await
}

/// `DELETE …/{collection}/{id}`: takes a record away for good.
pub async fn delete_record(
    editor: Editor,
    of: OfRecords,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let key = load_key(&editor, of.0, &path.1).await?;
    run(&editor, Verb::Delete { key }, &Value::Null).await?;
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `POST …/{collection}/{id}/publish`.
pub async fn publish_record(
    editor: Editor,
    of: OfRecords,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    change_state(&editor, of.0, (&path.1, StateChange::Publish)).await
}

/// `POST …/{collection}/{id}/cancel`.
pub async fn cancel_record(
    editor: Editor,
    of: OfRecords,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    change_state(&editor, of.0, (&path.1, StateChange::Cancel)).await
}

/// `POST …/{collection}/{id}/restore`.
pub async fn restore_record(
    editor: Editor,
    of: OfRecords,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    change_state(&editor, of.0, (&path.1, StateChange::Restore)).await
}

async fn change_state(
    editor: &Editor,
    collection: Collection,
    (name, change_to): (&str, StateChange),
) -> Result<HttpResponse, Problem> {
    let key = load_key(editor, collection, name).await?;
    let verb = Verb::ChangeState { key, change: change_to };
    if wants_preview(editor, key) {
        return answer_preview(editor, &verb).await;
    }
    change(editor, verb, (key, &Value::Null)).await
}

/// Whether only what would follow is asked for, of what a preview tells: sessions, and the parts and rooms that they are
/// in.
fn wants_preview(editor: &Editor, (collection, _): RecordKey) -> bool {
    editor.is_preview && matches!(collection, Collection::Sessions | Collection::Parts | Collection::Rooms)
}

/// The key of the record that a path segment names.
pub(super) async fn load_key(editor: &Editor, collection: Collection, name: &str) -> Result<RecordKey, Problem> {
    let organiser = &editor.organiser;
    let record = load_record((&organiser.app, &organiser.cell), collection, name).await?;
    Ok((collection, record.id))
}

/// Runs a verb under the request's conditions.
pub(super) async fn run(editor: &Editor, verb: Verb, content: &Value) -> Result<Submitted, Problem> {
    submit(editor, Command { verb, guard: editor.guard.clone() }, content).await
}

/// Runs a verb that is about one record, and answers the record as it then is.
pub(super) async fn change(
    editor: &Editor,
    verb: Verb,
    (key, content): (RecordKey, &Value),
) -> Result<HttpResponse, Problem> {
    let submitted = run(editor, verb, content).await?;
    let item = read_item(editor, key).await?;
    Ok(mark_replayed(private_item(StatusCode::OK, &item), submitted.is_replayed))
}

async fn read_item(editor: &Editor, (collection, id): RecordKey) -> Result<Item, Problem> {
    let organiser = &editor.organiser;
    let programme = load_programme(&organiser.app, &organiser.cell).await?;
    programme.find(collection, id).map(|record| Item::of_record(record)).ok_or_else(not_found)
}
