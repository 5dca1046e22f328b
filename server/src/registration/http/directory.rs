//! The directory of attendees. What is looked for is in the body: addresses of requests hold no names.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use shared::ids::AttendeeId;
use shared::localised::is_line;
use shared::problem_code::ProblemCode;

use super::answers::in_body;
use crate::database::Connection;
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::paging::Page;
use crate::programme::operations::read;
use crate::refusal::Refusal;
use crate::registration::directory::{read_place, search};
use crate::registration::store;

/// Whom somebody looks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchRequest {
    text: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// `POST …/directory/search`: one page of those who allowed to be in it.
pub async fn search_directory(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let SearchRequest { text, limit, cursor } = read(&body)?;
    let page = Page::new(limit, cursor.as_deref()).map_err(in_body)?;
    let unreadable = || Problem::new(ProblemCode::InvalidRequest, "cursor is not one that a page named as next.");
    let after = page.after.as_deref().map(|place| read_place(place).ok_or_else(|| unreadable().at("/cursor")));
    let after = after.transpose()?;
    if text.as_deref().is_some_and(|text| !is_line(text)) {
        let detail = "text is one line of 1 to 500 characters.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/text").into());
    }
    let (event, rights, wanted) = (member.cell.id, member.rights(), page.limit + 1);
    let find = move |connection: &mut Connection| {
        let own: Vec<AttendeeId> = rights.attendees.keys().copied().collect();
        if !rights.sees_everything() && !store::has_confirmed(connection, event, &own)? {
            return Ok(None);
        }
        search(connection, event, (text.as_deref(), after.clone(), wanted)).map(Some)
    };
    let found = member.app.readers.read(find).await?;
    let detail = "Only attendees whose registration is confirmed read the directory.";
    let found = found.ok_or_else(|| Problem::new(ProblemCode::Forbidden, detail))?;
    Ok(private(StatusCode::OK).json(page.finish(found)))
}
