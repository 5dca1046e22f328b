//! Invitations of delegations and audiences.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Serialize;
use serde_json::{Map, Value, json};
use shared::invitation::InvitationList;
use uuid::Uuid;

use crate::database::Connection;
use crate::invitations::command::Withdraw;
use crate::invitations::due::settle;
use crate::invitations::lists::{NewList, create, withdraw};
use crate::invitations::operations::{Caller, require_staff};
use crate::invitations::store::{self, StoredList};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// A list as one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct ListItem {
    id: Uuid,
    #[serde(flatten)]
    list: InvitationList,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Whether some are still to be invited or uninvited.
    is_pending: bool,
}

impl From<StoredList> for ListItem {
    fn from(stored: StoredList) -> Self {
        Self { id: stored.id, list: stored.body.list, message: stored.body.message, is_pending: stored.body.is_pending }
    }
}

/// `GET …/invitation-lists`: every list, the oldest first.
pub async fn list_invitation_lists(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    require_staff(&member.rights())?;
    let page = parameters.read()?;
    let event = member.cell.id;
    let lists = member.app.readers.read(move |connection| store::list_lists(connection, event)).await?;
    let items = lists.into_iter().map(ListItem::from).collect();
    Ok(private(StatusCode::OK).json(page.cut(items, |item: &ListItem| item.id.to_string())))
}

/// `GET …/invitation-lists/{id}`: with how many invitations by it were answered how.
pub async fn get_invitation_list(member: Member, path: web::Path<(String, Uuid)>) -> Result<HttpResponse, Problem> {
    require_staff(&member.rights())?;
    answer(&member, path.1, StatusCode::OK).await
}

/// `POST …/invitation-lists`: invites a delegation or audience.
pub async fn create_invitation_list(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let new: NewList = read(&body)?;
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        create(unit, &Caller { actor, rights }, &new).map(|stored| stored.id.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let id = outcome.parse().map_err(Problem::internal)?;
    settle(&member.app, member.cell.id).await?;
    Ok(mark_replayed(answer(&member, id, StatusCode::CREATED).await?, is_replayed))
}

/// `POST …/invitation-lists/{id}/withdraw`: and with it every invitation that came by it.
pub async fn withdraw_invitation_list(
    member: Member,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, args) = (path.1, member.actor(None), read::<Withdraw>(&body)?);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        withdraw(unit, &Caller { actor, rights }, (id, &args)).map(|stored| stored.id.to_string())
    };
    let Once { is_replayed, .. } = once_by(&member, &body, run).await?;
    settle(&member.app, member.cell.id).await?;
    Ok(mark_replayed(answer(&member, id, StatusCode::OK).await?, is_replayed))
}

async fn answer(member: &Member, id: Uuid, status: StatusCode) -> Result<HttpResponse, Problem> {
    let event = member.cell.id;
    let find = move |connection: &mut Connection| {
        let Some(stored) = store::find_list(connection, event, id)? else { return Ok(None) };
        QueryResult::Ok(Some((stored, store::count_by_answer(connection, event, id)?)))
    };
    let (stored, counts) = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let counts: Map<String, Value> = counts.into_iter().map(|(answer, count)| (answer, count.into())).collect();
    let mut item = json!(ListItem::from(stored));
    item["counts"] = counts.into();
    let mut answer = private(status);
    if status == StatusCode::CREATED {
        answer.insert_header((header::LOCATION, format!("/v1/events/{event}/invitation-lists/{id}")));
    }
    Ok(answer.json(item))
}
