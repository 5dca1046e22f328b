//! Duties over HTTP.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use shared::duty::Duty;
use uuid::Uuid;

use super::{operations, store};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Editor, Organiser};
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, mark_replayed, once};
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// A duty with its id.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct DutyItem {
    id: Uuid,
    #[serde(flatten)]
    duty: Duty,
}

/// `GET …/duties`: one page of who works where.
pub async fn list_duties(organiser: Organiser, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let (event, after, limit) = (organiser.cell.id, page.after.clone().unwrap_or_default(), page.limit as i64 + 1);
    let list = move |connection: &mut _| store::list_page(connection, event, (&after, limit));
    let duties = organiser.app.readers.read(list).await?;
    let keyed = duties.into_iter().map(|(id, duty)| (id.to_string(), DutyItem { id, duty })).collect();
    Ok(private(StatusCode::OK).json(page.finish(keyed)))
}

/// `POST …/duties`: gives somebody a duty.
pub async fn create_duty(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let (duty, actor) = (read::<Duty>(&body)?, editor.organiser.actor());
    let given = duty.clone();
    let run = move |unit: &mut Unit<'_>| operations::give(unit, actor, &given).map(|id| id.to_string());
    let Once { outcome, is_replayed, .. } = once(&editor, &body, run).await?;
    let id: Uuid = outcome.parse().map_err(Problem::internal)?;
    let location = format!("/v1/events/{}/duties/{id}", editor.organiser.cell.id);
    let answer = private(StatusCode::CREATED).insert_header((header::LOCATION, location)).json(DutyItem { id, duty });
    Ok(mark_replayed(answer, is_replayed))
}

/// `DELETE …/duties/{id}`: ends it.
pub async fn delete_duty(editor: Editor, path: web::Path<(String, Uuid)>) -> Result<HttpResponse, Problem> {
    let (id, actor) = (path.1, editor.organiser.actor());
    let run = move |unit: &mut Unit<'_>| operations::end(unit, actor, id).map(|()| String::new());
    let Once { is_replayed, .. } = once(&editor, &Value::Null, run).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}
