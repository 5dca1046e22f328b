//! What is odd about scans, for those who settle it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::badges::works_at_desk;
use crate::check_in::incidents::resolve;
use crate::check_in::store::{self, StoredIncident};
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::Page;
use crate::programme::http::submit::{Once, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// Which incidents a list is of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    state: ListedState,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Whether somebody has settled it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ListedState {
    /// Nobody has.
    #[default]
    Open,
    /// Somebody has.
    Resolved,
}

/// What is noted with a settlement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settlement {
    note: Option<String>,
}

/// `GET …/incidents`: one page, by id.
pub async fn list_incidents(member: Member, parameters: Query<ListParameters>) -> Result<HttpResponse, Problem> {
    if !works_at_desk(&member.rights()) {
        return Err(not_found());
    }
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let (event, is_open) = (member.cell.id, parameters.state == ListedState::Open);
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit + 1);
    let find = move |connection: &mut Connection| store::list_incidents(connection, event, is_open, (&after, limit));
    let found = member.app.readers.read(find).await?;
    let keyed = found.into_iter().map(|one| (one.incident.id.to_string(), one)).collect();
    Ok(private(StatusCode::OK).json(page.finish::<StoredIncident>(keyed)))
}

/// `GET …/incidents/{id}`: one of them, with all that is kept of what cannot be read.
pub async fn get_incident(member: Member, path: web::Path<(String, Uuid)>) -> Result<HttpResponse, Problem> {
    if !works_at_desk(&member.rights()) {
        return Err(not_found());
    }
    let (event, id) = (member.cell.id, path.1);
    let find = move |connection: &mut Connection| {
        let Some(mut stored) = store::find_incident(connection, event, id)? else { return Ok(None) };
        if let Some(came) = &mut stored.incident.came
            && let Some(whole) = store::find_oddity(connection, event, (id, came.received_at))?
        {
            came.text = whole;
        }
        Ok(Some(stored))
    };
    let stored = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    Ok(private(StatusCode::OK).json(stored))
}

/// `POST …/incidents/{id}/resolve`: it is settled.
pub async fn resolve_incident(
    member: Member,
    path: web::Path<(String, Uuid)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, actor, Settlement { note }) = (path.1, member.actor(None), read(&body)?);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        resolve(unit, (actor, rights), (id, note.clone())).map(|stored| json!(stored).to_string())
    };
    let Once { outcome, .. } = once_by(&member, &body, run).await?;
    Ok(private(StatusCode::OK).content_type("application/json").body(outcome))
}
