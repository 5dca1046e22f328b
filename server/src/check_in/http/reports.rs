//! How it goes at the checkpoints, for who works there.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{Collection, Programme};

use crate::check_in::command::works_at_desk;
use crate::check_in::reports::{About, Missing, absence, arrivals, occupancy};
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::Page;

/// What a report is about, by ids or slugs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportParameters {
    area: Option<String>,
    session: Option<String>,
    delegation: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// `GET …/check-in/arrivals`: how many were let in, hour by hour.
pub async fn get_arrivals(member: Member, parameters: Query<ReportParameters>) -> Result<HttpResponse, Problem> {
    require_desk(&member)?;
    let (programme, about) = read_about(&member, &parameters).await?;
    let event = member.cell.id;
    let find = move |connection: &mut Connection| arrivals(connection, (event, &programme), about);
    let hours = member.app.readers.read(find).await?;
    Ok(private(StatusCode::OK).json(json!({ "hours": hours })))
}

/// `GET …/check-in/occupancy`: how many are inside.
pub async fn get_occupancy(member: Member) -> Result<HttpResponse, Problem> {
    require_desk(&member)?;
    let event = member.cell.id;
    let uses = member.app.readers.read(move |connection| occupancy(connection, event)).await?;
    Ok(private(StatusCode::OK).json(json!({ "uses": uses })))
}

/// `GET …/check-in/missing`: who is expected and has not come, by name. Who looks after a delegation is told of its members.
pub async fn get_missing(member: Member, parameters: Query<ReportParameters>) -> Result<HttpResponse, Problem> {
    let rights = member.rights();
    let (programme, mut about) = read_about(&member, &parameters).await?;
    let is_theirs = about.delegation.is_some_and(|delegation| rights.delegations.contains_key(&delegation));
    if !is_theirs {
        require_desk(&member)?;
    }
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    // Addresses are logged on the way: a cursor names nobody.
    let read = |after: &String| after.parse::<AttendeeId>().map_err(|_| Page::unknown_cursor());
    about.behind = page.after.as_ref().map(read).transpose()?;
    let event = member.cell.id;
    let find = move |connection: &mut Connection| absence(connection, (event, &programme), about);
    let absence = member.app.readers.read(find).await?;
    let (expected, admitted) = (absence.expected, absence.admitted);
    let behind = match (about.behind, absence.behind) {
        (Some(_), None) => return Err(Page::unknown_cursor()),
        (_, behind) => behind,
    };
    let is_behind = |one: &Missing| behind.as_ref().is_none_or(|last| (&one.name, one.attendee) > (&last.0, last.1));
    let rest = absence.missing.into_iter().filter(is_behind);
    let listed = page.finish(rest.map(|one| (one.attendee.to_string(), one)).collect());
    let mut answer = json!(listed);
    (answer["expected"], answer["admitted"]) = (json!(expected), json!(admitted));
    Ok(private(StatusCode::OK).json(answer))
}

/// Who works at no desk is not told that there is such a thing.
pub fn require_desk(member: &Member) -> Result<(), Problem> {
    if works_at_desk(&member.rights()) { Ok(()) } else { Err(not_found()) }
}

async fn read_about(member: &Member, parameters: &ReportParameters) -> Result<(Programme, About), Problem> {
    let programme = load_programme(&member.app, &member.cell).await?;
    let find = |name: &Option<String>, collection: Collection| {
        name.as_deref().map(|name| find_record(&programme, collection, name).ok_or_else(not_found)).transpose()
    };
    let about = About {
        area: find(&parameters.area, Collection::AccessAreas)?,
        session: find(&parameters.session, Collection::Sessions)?,
        delegation: find(&parameters.delegation, Collection::Delegations)?,
        behind: None,
    };
    Ok((programme, about))
}

/// A record by id or slug.
pub fn find_record(programme: &Programme, collection: Collection, name: &str) -> Option<RecordId> {
    match name.parse::<RecordId>() {
        Ok(id) => programme.find(collection, id).map(|record| record.id),
        Err(_) => programme.find_by_slug(collection, name).map(|record| record.id),
    }
}
