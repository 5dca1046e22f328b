//! The enrolled devices of an event, for organisers and desk leads.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::Value;
use shared::ids::DeviceId;

use super::answers::Item;
use crate::database::Connection;
use crate::enrolment::operations::{Patch, change, require_lead, set_state};
use crate::enrolment::reports;
use crate::enrolment::store::{self, Enrolment};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::{EnrolmentState, Unit};
use crate::sync::feed::Rights;

/// `GET …/enrolments`: one page, in every state.
pub async fn list_enrolments(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    require_lead(&member.rights())?;
    let page = parameters.read()?;
    let (event, after, limit) = (member.cell.id, page.after.clone().unwrap_or_default(), page.limit + 1);
    let list = move |connection: &mut Connection| store::list_page(connection, event, (&after, limit));
    let found = member.app.readers.read(list).await?;
    let items = tell(&member, found).await?;
    let answer = page.finish(items.into_iter().map(|item| (item.key(), item)).collect());
    Ok(private(StatusCode::OK).json(answer))
}

/// `GET …/enrolments/{device}`.
pub async fn get_enrolment(member: Member, path: web::Path<(String, DeviceId)>) -> Result<HttpResponse, Problem> {
    require_lead(&member.rights())?;
    answer(&member, path.1, false).await
}

/// `PATCH …/enrolments/{device}`: another name, other checkpoints.
pub async fn patch_enrolment(
    member: Member,
    path: web::Path<(String, DeviceId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    require_lead(&member.rights())?;
    let (patch, actor, device): (Patch, _, _) = (read(&body)?, member.actor(None), path.1);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require_lead(rights)?;
        change(unit, actor, device, &patch).map(|()| String::new())
    };
    let done = once_by(&member, &body, run).await?;
    answer(&member, device, done.is_replayed).await
}

/// `POST …/enrolments/{device}/suspend`.
pub async fn suspend_enrolment(member: Member, path: web::Path<(String, DeviceId)>) -> Result<HttpResponse, Problem> {
    move_to(&member, path.1, EnrolmentState::Suspended).await
}

/// `POST …/enrolments/{device}/resume`.
pub async fn resume_enrolment(member: Member, path: web::Path<(String, DeviceId)>) -> Result<HttpResponse, Problem> {
    move_to(&member, path.1, EnrolmentState::Active).await
}

/// `POST …/enrolments/{device}/revoke`.
pub async fn revoke_enrolment(member: Member, path: web::Path<(String, DeviceId)>) -> Result<HttpResponse, Problem> {
    move_to(&member, path.1, EnrolmentState::Revoked).await
}

async fn move_to(member: &Member, device: DeviceId, state: EnrolmentState) -> Result<HttpResponse, Problem> {
    require_lead(&member.rights())?;
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require_lead(rights)?;
        set_state(unit, actor, device, state).map(|()| String::new())
    };
    let done = once_by(member, &Value::Null, run).await?;
    answer(member, device, done.is_replayed).await
}

async fn answer(member: &Member, device: DeviceId, is_replayed: bool) -> Result<HttpResponse, Problem> {
    let event = member.cell.id;
    let find = move |connection: &mut Connection| store::find(connection, event, device);
    let found = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let item = tell(member, vec![found]).await?.pop();
    Ok(mark_replayed(private(StatusCode::OK).json(item), is_replayed))
}

/// The devices with what they last said of themselves.
async fn tell(member: &Member, found: Vec<Enrolment>) -> Result<Vec<Item>, Problem> {
    let event = member.cell.id;
    let devices: Vec<DeviceId> = found.iter().map(|enrolment| enrolment.device).collect();
    let list = move |connection: &mut Connection| reports::list(connection, event, &devices);
    let mut written = member.app.readers.read(list).await?;
    let item = |enrolment| Item::of(&member.app, &member.cell, enrolment, &mut written);
    Ok(found.into_iter().map(item).collect())
}
