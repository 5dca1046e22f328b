//! The invitation behind a mailed link: read and answered by whoever holds its secret, without a
//! sign-in. The secret is in the body, never in an address, which logs and histories keep.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Deserialize;
use serde_json::Value;
use shared::object::Object;

use super::super::mailed::{MailedInvitation, Scene};
use crate::app::App;
use crate::attendees::{find_attendee, list_named};
use crate::database::Connection;
use crate::identity::ClientAddress;
use crate::identity::http::count_attempt;
use crate::invitations::operations::answer_by_link;
use crate::invitations::secret::fingerprint_of;
use crate::invitations::store;
use crate::problem::Problem;
use crate::programme::http::access::{load_programme, not_found};
use crate::programme::http::answers::private;
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::EventCell;

/// The secret of the link, or the code beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRequest {
    secret: String,
}

/// `POST /v1/invitations/read`: changes nothing.
pub async fn read_mailed_invitation(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Object<SecretRequest>>,
) -> Result<HttpResponse, Problem> {
    count_attempt(&app, address)?;
    let secret_hash = fingerprint_of(&body.0.0.secret).ok_or_else(not_found)?;
    answer(&app, secret_hash).await
}

/// `POST /v1/invitations/answer`.
pub async fn answer_mailed_invitation(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    count_attempt(&app, address)?;
    let (SecretRequest { secret }, reply) = split(body.0)?;
    let secret_hash = fingerprint_of(&secret).ok_or_else(not_found)?;
    let reply = read(&reply)?;
    let cell = find_cell(&app, &secret_hash).await?;
    let hash = secret_hash.clone();
    let run = move |unit: &mut Unit<'_>| answer_by_link(unit, &hash, &reply).map(drop);
    app.writer.unit(cell.id, run).await?;
    answer(&app, secret_hash).await
}

/// The secret, and what is said with it.
fn split(body: Value) -> Result<(SecretRequest, Value), Problem> {
    let mut body = body;
    let secret = body.as_object_mut().and_then(|fields| fields.shift_remove("secret"));
    let secret = match secret {
        Some(secret) => serde_json::json!({ "secret": secret }),
        None => serde_json::json!({}),
    };
    Ok((read(&secret)?, body))
}

/// The event of the invitation that a secret opens, if people may know of the event.
async fn find_cell(app: &App, secret_hash: &str) -> Result<Arc<EventCell>, Problem> {
    let hash = secret_hash.to_owned();
    let found = app.readers.read(move |connection| store::find_by_secret(connection, &hash)).await?;
    let (event, _) = found.ok_or_else(not_found)?;
    app.events.find(event).ok_or_else(not_found)
}

async fn answer(app: &App, secret_hash: String) -> Result<HttpResponse, Problem> {
    let cell = find_cell(app, &secret_hash).await?;
    let programme = load_programme(app, &cell).await?;
    let event = cell.id;
    let find = move |connection: &mut Connection| {
        let Some((_, stored)) = store::find_by_secret(connection, &secret_hash)? else { return Ok(None) };
        let invited = find_attendee(connection, event, stored.invitation.attendee)?;
        let delegate = stored.invitation.delegated_to.as_ref().and_then(|delegate| delegate.attendee);
        let delegate: Vec<_> = delegate.into_iter().collect();
        let delegate = list_named(connection, event, &delegate)?.pop().map(|attendee| attendee.name);
        QueryResult::Ok(invited.map(|invited| (stored.invitation, invited.name, delegate)))
    };
    let (invitation, name, delegate) = app.readers.read(find).await?.ok_or_else(not_found)?;
    let mailed = {
        let memory = cell.read();
        let may_hold = |scope| memory.attendee_may_hold(invitation.attendee, &scope);
        let scene = Scene { programme: &programme, may_hold: &may_hold, now: app.clock.now() };
        MailedInvitation::of(&scene, &invitation, (name, delegate))
    };
    Ok(private(StatusCode::OK).json(mailed.ok_or_else(not_found)?))
}
