//! Events and their series.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordKey};
use uuid::Uuid;

use super::access::{Editor, Organiser, Reader, load_programme, not_found};
use super::answers::{answer_item, answer_list, created, private};
use super::items::{Item, list_items};
use super::paging::{PageAnswer, PageParameters};
use super::records::change;
use super::submit::once_for;
use crate::app::App;
use crate::identity::{MaybeSignedIn, SignedIn};
use crate::problem::Problem;
use crate::programme::operations::{
    StateChange, Verb, create_event as write_event, remove_event as erase, reserve_event,
};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::row::RowCollection;

/// `GET /v1/events`: those that the reader may see, by their first day.
pub async fn list_events(
    app: web::Data<App>,
    who: MaybeSignedIn,
    parameters: web::Query<PageParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let mut events = Vec::new();
    for reader in readers(&app, who.0) {
        events.extend(list_items(&reader, RowCollection::Events).await?);
    }
    let key = |item: &Item| format!("{}~{}", item.text("starts_on").unwrap_or(""), item.id);
    let PageAnswer { items, next } = page.cut(events, key);
    let answer = PageAnswer { items: items.iter().map(Item::to_json).collect(), next };
    Ok(answer_list(&request, who.0, &answer))
}

/// `POST /v1/events`: makes an event, for whoever is an organiser of one; its maker is its organiser.
pub async fn create_event(app: web::Data<App>, who: SignedIn, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let is_organiser = app.events.list().iter().any(|cell| cell.read().rights(who.account).is_organiser());
    if !is_organiser {
        return Err(Problem::new(ProblemCode::Forbidden, "Only an organiser of another event makes events."));
    }
    let (reserved, proposed, now) = (body.0.clone(), EventId(Uuid::now_v7()), app.clock.now());
    let reserve = move |connection: &mut _| reserve_event(connection, &reserved, (proposed, now));
    let event = app.writer.system(reserve).await??;
    let actor = Actor { account: Some(who.account), device: Some(who.device), attendee: None };
    app.writer.unit(event, move |unit| write_event(unit, actor, &body.0)).await?;
    let cell = app.events.find(event).ok_or_else(not_found)?;
    let programme = load_programme(&app, &cell).await?;
    let record = programme.find(Collection::Events, RecordId(event.0)).ok_or_else(not_found)?;
    Ok(created(&Item::of_record(record), &format!("/v1/events/{event}")))
}

/// `GET /v1/events/{event}`.
pub async fn get_event(reader: Reader, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let item = list_items(&reader, RowCollection::Events).await?.pop().ok_or_else(not_found)?;
    Ok(answer_item(&request, reader.who, &item))
}

/// `PATCH /v1/events/{event}`: changes the event's own record.
pub async fn patch_event(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let key = key_of(&editor);
    change(&editor, Verb::Patch { key, patch: body.0.clone() }, (key, &body)).await
}

/// The parameters of a removal.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalParameters {
    /// The event's slug, as a sign that it is meant.
    #[serde(default)]
    confirm: String,
}

/// `DELETE /v1/events/{event}`: takes a draft or cancelled event away for good, with everything that
/// is its.
pub async fn remove_event(
    organiser: Organiser,
    parameters: web::Query<RemovalParameters>,
) -> Result<HttpResponse, Problem> {
    let run = move |unit: &mut Unit<'_>| erase(unit, &parameters.confirm);
    let slug = once_for(&organiser, None, run).await?.outcome;
    let (event, who) = (organiser.cell.id, organiser.who);
    // The audit log is gone with the event: this line is all that tells.
    tracing::info!(%event, slug, account = %who.account, device = %who.device, "an event was removed for good");
    Ok(private(StatusCode::NO_CONTENT).finish())
}

/// `POST /v1/events/{event}/publish`: everybody may see it from now on.
pub async fn publish_event(editor: Editor) -> Result<HttpResponse, Problem> {
    change_state(&editor, StateChange::Publish).await
}

/// `POST /v1/events/{event}/cancel`.
pub async fn cancel_event(editor: Editor) -> Result<HttpResponse, Problem> {
    change_state(&editor, StateChange::Cancel).await
}

/// `POST /v1/events/{event}/restore`.
pub async fn restore_event(editor: Editor) -> Result<HttpResponse, Problem> {
    change_state(&editor, StateChange::Restore).await
}

async fn change_state(editor: &Editor, change_to: StateChange) -> Result<HttpResponse, Problem> {
    let key = key_of(editor);
    change(editor, Verb::ChangeState { key, change: change_to }, (key, &Value::Null)).await
}

fn key_of(editor: &Editor) -> RecordKey {
    (Collection::Events, RecordId(editor.organiser.cell.id.0))
}

/// The reader of each event that they may know of.
fn readers(app: &web::Data<App>, who: Option<SignedIn>) -> Vec<Reader> {
    let cells = app.events.list().into_iter();
    let known = cells.filter(|cell| app.find_event(&cell.id.to_string(), who).is_ok());
    known.map(|cell| Reader { app: app.clone(), who, cell }).collect()
}

/// One series with its editions over all events.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesAnswer {
    /// The same in every event.
    pub slug: String,
    /// Its fields, as the newest edition has them.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, Value>,
    /// Its editions, the oldest first.
    pub editions: Vec<Value>,
}

/// `GET /v1/series`: every series that the reader may see.
pub async fn list_series(
    app: web::Data<App>,
    who: MaybeSignedIn,
    parameters: web::Query<PageParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let series = gather_series(&app, who.0).await?;
    Ok(answer_list(&request, who.0, &page.cut(series, |series| series.slug.clone())))
}

/// `GET /v1/series/{slug}`: one series with its editions.
pub async fn get_series(
    app: web::Data<App>,
    who: MaybeSignedIn,
    slug: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let series = gather_series(&app, who.0).await?;
    let found = series.into_iter().find(|series| series.slug == *slug).ok_or_else(not_found)?;
    Ok(answer_list(&request, who.0, &found))
}

async fn gather_series(app: &web::Data<App>, who: Option<SignedIn>) -> Result<Vec<SeriesAnswer>, Problem> {
    let mut gathered: Vec<SeriesAnswer> = Vec::new();
    let mut by_event = Vec::new();
    for reader in readers(app, who) {
        let Some(event) = list_items(&reader, RowCollection::Events).await?.pop() else { continue };
        let (series, parts) =
            (list_items(&reader, RowCollection::Series).await?, list_items(&reader, RowCollection::Parts).await?);
        by_event.push((event, series, parts));
    }
    by_event.sort_by_key(|(event, ..)| event.text("starts_on").map(str::to_owned));
    for (event, series, parts) in &by_event {
        for one in series {
            let Some(slug) = one.text("slug") else { continue };
            let editions = editions_of(one, event, parts);
            match gathered.iter_mut().find(|known| known.slug == slug) {
                Some(known) => {
                    known.fields.clone_from(&one.fields);
                    known.editions.extend(editions);
                }
                None => gathered.push(SeriesAnswer { slug: slug.to_owned(), fields: one.fields.clone(), editions }),
            }
        }
    }
    gathered.iter_mut().for_each(|series| drop(series.fields.shift_remove("slug")));
    Ok(gathered)
}

/// The event and those of its parts that are editions of a series.
fn editions_of(series: &Item, event: &Item, parts: &[Item]) -> Vec<Value> {
    let id = series.id.to_string();
    let is_edition = |item: &&Item| item.text("series") == Some(&id);
    let told = |item: &Item| {
        let kept = ["slug", "title", "ordinal", "starts_on", "ends_on", "state"];
        let fields = kept.iter().filter_map(|field| Some(((*field).to_owned(), item.fields.get(*field)?.clone())));
        let mut told: serde_json::Map<String, Value> = fields.collect();
        told.insert("id".to_owned(), item.id.to_string().into());
        Value::Object(told)
    };
    let whole = Some(event).filter(is_edition).map(|event| json!({ "event": told(event) }));
    let parts = parts.iter().filter(is_edition).map(|part| json!({ "event": told(event), "part": told(part) }));
    whole.into_iter().chain(parts).collect()
}
