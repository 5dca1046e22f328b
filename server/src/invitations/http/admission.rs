//! The invitation check over HTTP: whether somebody may enter now, and why.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{InvitedTo, Verdict, check};
use shared::programme::Programme;
use shared::sync::Scope;

use crate::attendees::find_live_attendee;
use crate::database::Connection;
use crate::invitations::admission::{Door, read_facts};
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, is_known_to_staff, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::registration::acting::acting_for;
use crate::sync::change_log::Role;
use crate::sync::feed::Rights;
use crate::sync::projection::is_visible;

/// In which language people are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    language: Option<String>,
}

/// A verdict in words.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Told {
    #[serde(flatten)]
    verdict: Verdict,
    sentence: &'static str,
}

/// `GET …/{parts|sessions}/{id}/admission/{attendee}`: for staff, and for whoever acts for the attendee.
pub async fn check_admission(
    member: Member,
    request: HttpRequest,
    path: web::Path<(String, String, AttendeeId)>,
    parameters: Query<Parameters>,
) -> Result<HttpResponse, Problem> {
    let (_, name, attendee) = path.into_inner();
    let (rights, event, at) = (member.rights(), member.cell.id, member.app.clock.now());
    let is_staff = works_at_doors(&rights);
    let programme = load_programme(&member.app, &member.cell).await?;
    let object = find_object(&request, &programme, &name).ok_or_else(not_found)?;
    if is_staff && !is_known_to_staff(&rights, &programme, object) {
        return Err(not_found());
    }
    let is_known = is_staff || is_seen(&member, &programme, (object, attendee));
    let judge = move |connection: &mut Connection| {
        let is_reached = match is_staff {
            true => find_live_attendee(connection, event, attendee)?.is_some(),
            false => acting_for(connection, event, &rights, attendee)?.is_some(),
        };
        let door = Door { event, programme: &programme, object, at };
        let facts = if is_reached { read_facts(connection, &door, attendee)? } else { None };
        // Who sits in for somebody knows of the session by that alone.
        let facts = facts.filter(|facts| is_known || facts.sits_in_for.is_some());
        QueryResult::Ok(facts.map(|facts| check(&facts, at)))
    };
    let verdict = member.app.readers.read(judge).await?.ok_or_else(not_found)?;
    let verdict = if is_staff { verdict } else { verdict.for_guest() };
    let sentence = verdict.reason.sentence(parameters.language.as_deref().unwrap_or_default());
    Ok(private(StatusCode::OK).json(Told { verdict, sentence }))
}

fn works_at_doors(rights: &Rights) -> bool {
    [Role::Organiser, Role::Protocol, Role::DeskLead, Role::Desk].iter().any(|role| rights.roles.contains(role))
}

/// The part or session of the address, by id or slug.
fn find_object(request: &HttpRequest, programme: &Programme, name: &str) -> Option<(InvitedTo, RecordId)> {
    let segment = request.path().split('/').nth(4)?;
    let to = InvitedTo::ALL.into_iter().find(|to| to.collection().path_segment() == segment)?;
    let id = match name.parse::<RecordId>() {
        Ok(id) => id,
        Err(_) => programme.find_by_slug(to.collection(), name)?.id,
    };
    programme.find(to.collection(), id).map(|_| (to, id))
}

/// Whether the attendee may know of it.
fn is_seen(member: &Member, programme: &Programme, ((to, id), attendee): ((InvitedTo, RecordId), AttendeeId)) -> bool {
    let memory = member.cell.read();
    let may_hold = |scope: Scope| memory.attendee_may_hold(attendee, &scope);
    is_visible(programme, (to.collection(), id), &may_hold)
}
