//! Registrations that may be one person's.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use diesel::QueryResult;

use super::answers::require_oversight;
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::registration::duplicates::{Duplicates, find_duplicates};
use crate::registration::store;

/// `GET …/registrations/duplicates`: one page of groups, the earliest entered first.
pub async fn list_duplicates(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    require_oversight(&member.rights())?;
    let (page, event) = (parameters.read()?, member.cell.id);
    let find = move |connection: &mut Connection| {
        let people = store::list_identities(connection, event)?;
        QueryResult::Ok(find_duplicates(&people))
    };
    let groups = member.app.readers.read(find).await?;
    let first = |group: &Duplicates| group.attendees.first().map(|one| one.attendee.to_string()).unwrap_or_default();
    Ok(private(StatusCode::OK).json(page.cut(groups, first)))
}
