//! A registration as it is answered.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use diesel::QueryResult;
use serde_json::{Map, Value, json};
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;
use shared::programme::Programme;
use shared::registration::GivenConsent;

use crate::attendees::{Attendee, find_attendee};
use crate::database::Connection;
use crate::problem::Problem;
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::refusal::Refusal;
use crate::registration::acting::{Acting, reading_for};
use crate::registration::rows::{member_row, whole_row};
use crate::registration::store::{self, Stored};
use crate::sync::feed::Rights;

/// A registration with whose it is, as one item.
pub fn item_of(programme: &Programme, attendee: &Attendee, (stored, consents): (&Stored, &[GivenConsent])) -> Value {
    let mut item = head_of(attendee, stored);
    if let Value::Object(row) = whole_row(programme, &stored.registration, consents) {
        item.extend(row);
    }
    Value::Object(item)
}

/// A member of a delegation as those see them who look after it, as one item.
pub fn member_item(attendee: &Attendee, stored: &Stored) -> Value {
    let mut item = head_of(attendee, stored);
    if let Value::Object(row) = member_row(attendee, &stored.registration) {
        item.extend(row);
    }
    Value::Object(item)
}

fn head_of(attendee: &Attendee, stored: &Stored) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("attendee".to_owned(), json!(attendee.id));
    head.insert("rev".to_owned(), stored.rev.into());
    head.insert("name".to_owned(), attendee.name.as_str().into());
    if let Some(language) = &attendee.language {
        head.insert("language".to_owned(), language.as_str().into());
    }
    head
}

/// One registration as the account may see it: 404 where it has nothing to do with the attendee.
pub async fn answer_registration(
    member: &Member,
    attendee: AttendeeId,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let programme = load_programme(&member.app, &member.cell).await?;
    let (event, rights) = (member.cell.id, member.rights());
    let find = move |connection: &mut Connection| {
        let Some(acting) = reading_for(connection, event, &rights, attendee)? else { return Ok(None) };
        let Some(named) = find_attendee(connection, event, attendee)? else { return Ok(None) };
        let Some(stored) = store::find_stored(connection, event, attendee)? else { return Ok(None) };
        if let Acting::Liaison(_) = acting {
            return Ok(Some((stored.rev, member_item(&named, &stored))));
        }
        let consents = store::list_consents(connection, event, &[attendee])?;
        let consents = consents.get(&attendee).map(Vec::as_slice).unwrap_or_default();
        QueryResult::Ok(Some((stored.rev, item_of(&programme, &named, (&stored, consents)))))
    };
    let (rev, item) = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    let mut answer = private(status);
    answer.insert_header((header::ETAG, format!("\"{rev}\"")));
    if status == StatusCode::CREATED {
        let location = format!("/v1/events/{event}/attendees/{attendee}/registration");
        answer.insert_header((header::LOCATION, location));
    }
    Ok(answer.json(item))
}

/// Refuses whoever neither organises the event nor is its protocol officer.
pub fn require_oversight(rights: &Rights) -> Result<(), Problem> {
    Ok(require_oversight_in(rights)?)
}

/// As [`require_oversight`], inside a unit.
pub fn require_oversight_in(rights: &Rights) -> Result<(), Refusal> {
    if rights.sees_everything() {
        return Ok(());
    }
    let detail = "Only an organiser or the protocol officer of the event may do this.";
    Err(Refusal::new(ProblemCode::Forbidden, detail))
}

/// The field at fault as a pointer into the body, where here the parameters of a page are.
pub fn in_body(problem: Problem) -> Problem {
    match problem.field.clone() {
        Some(field) => problem.at(format!("/{field}")),
        None => problem,
    }
}
