//! Events as a whole.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use shared::ids::{EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordKey};
use uuid::Uuid;

use super::access::{Editor, Organiser, Reader, load_programme, not_found};
use super::answers::{answer_item, answer_list, created, private};
use super::day::answer_preview;
use super::idempotency::{IdempotencyKey, KeyedRequest};
use super::items::{Item, list_items};
use super::paging::{PageAnswer, PageParameters};
use super::records::change;
use super::submit::{mark_replayed, once_for};
use crate::app::App;
use crate::identity::{MaybeSignedIn, SignedIn};
use crate::problem::{Problem, Query};
use crate::programme::operations::{self, StateChange, Verb};
use crate::refusal::Failure;
use crate::sync::SYSTEM;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::row::RowCollection;

/// `GET /v1/events`: those that the reader may see, by their first day.
pub async fn list_events(
    app: web::Data<App>,
    who: MaybeSignedIn,
    parameters: Query<PageParameters>,
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
pub async fn create_event(
    app: web::Data<App>,
    who: SignedIn,
    key: IdempotencyKey,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let is_organiser = app.events.list().iter().any(|cell| cell.read().rights(who.account).is_organiser());
    if !is_organiser {
        return Err(Problem::new(ProblemCode::Forbidden, "Only an organiser of another event makes events."));
    }
    let (event, is_replayed) = write_event(&app, who, (key.request(who, &body), body.0)).await?;
    let cell = app.find_event(&event.to_string(), Some(who))?;
    let programme = load_programme(&app, &cell).await?;
    let record = programme.find(Collection::Events, RecordId(event.0)).ok_or_else(not_found)?;
    let answer = created(&Item::of_record(record), &format!("/v1/events/{event}"));
    Ok(mark_replayed(answer, is_replayed))
}

/// Reserves the slug, then writes the event in a unit of its own; whether that had been done before,
/// under the same Idempotency-Key.
async fn write_event(
    app: &App,
    who: SignedIn,
    (request, body): (Option<KeyedRequest>, Value),
) -> Result<(EventId, bool), Problem> {
    let (asked, reserved, proposed) = (request.clone(), body.clone(), EventId(Uuid::now_v7()));
    let reserve = move |unit: &mut Unit<'_>| {
        if let Some(made) = find_made(unit, asked.as_ref())? {
            return Ok((made, true));
        }
        let event = operations::reserve_event(unit.connection, &reserved, (proposed, unit.group.now))??;
        Ok((event, false))
    };
    let (event, is_made) = app.writer.unit(SYSTEM, reserve).await?.value;
    if is_made {
        return Ok((event, true));
    }
    let actor = Actor { account: Some(who.account), device: Some(who.device), attendee: None };
    let make = move |unit: &mut Unit<'_>| {
        // Another request under the same key may have been quicker.
        if find_made(unit, request.as_ref())?.is_some() {
            return Ok(true);
        }
        operations::create_event(unit, actor, &body)?;
        if let Some(request) = &request {
            request.store(unit, &event.to_string());
        }
        Ok(false)
    };
    Ok((event, app.writer.unit(event, make).await?.value))
}

/// The event that a request under the same key made before.
fn find_made(unit: &mut Unit<'_>, request: Option<&KeyedRequest>) -> Result<Option<EventId>, Failure> {
    let outcome = request.map(|request| request.find_outcome(unit)).transpose()?.flatten();
    Ok(outcome.and_then(|event| event.parse().ok()))
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
pub async fn remove_event(organiser: Organiser, parameters: Query<RemovalParameters>) -> Result<HttpResponse, Problem> {
    let run = move |unit: &mut Unit<'_>| operations::remove_event(unit, &parameters.confirm);
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
    let verb = Verb::ChangeState { key, change: change_to };
    if editor.is_preview {
        return answer_preview(editor, &verb).await;
    }
    change(editor, verb, (key, &Value::Null)).await
}

fn key_of(editor: &Editor) -> RecordKey {
    (Collection::Events, RecordId(editor.organiser.cell.id.0))
}

/// The reader of each event that they may know of.
pub(super) fn readers(app: &web::Data<App>, who: Option<SignedIn>) -> Vec<Reader> {
    let cells = app.events.list().into_iter();
    let known = cells.filter(|cell| app.find_event(&cell.id.to_string(), who).is_ok());
    known.map(|cell| Reader { app: app.clone(), who, cell }).collect()
}
