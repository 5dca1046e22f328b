//! What attendees need to take part.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::registration::{AccessNeed, AccessNeeds, RegistrationStatus};

use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::programme::operations::read;
use crate::refusal::Failure;
use crate::registration::needs::{list_needs, read_needs};
use crate::registration::store::ListedNeeds;
use crate::registration::{Caller, Command, run};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// What somebody needs, as it is answered: empty where they need nothing.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NeedsAnswer {
    attendee: AttendeeId,
    needs: Vec<AccessNeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Somebody in the list of those who need something.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NeedsItem {
    #[serde(flatten)]
    needs: NeedsAnswer,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<RegistrationStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegation: Option<RecordId>,
}

impl NeedsAnswer {
    fn of(attendee: AttendeeId, AccessNeeds { needs, note }: AccessNeeds) -> Self {
        Self { attendee, needs, note }
    }
}

impl NeedsItem {
    fn of(listed: ListedNeeds) -> Self {
        let ListedNeeds { attendee, name, status, delegation, needs } = listed;
        Self { needs: NeedsAnswer::of(attendee, needs), name, status, delegation }
    }
}

/// `GET …/attendees/{attendee}/access-needs`.
pub async fn get_access_needs(member: Member, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    answer(&member, path.1).await
}

/// `PUT …/attendees/{attendee}/access-needs`.
pub async fn put_access_needs(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let needs: AccessNeeds = read(&body)?;
    let Once { is_replayed, .. } = submit(&member, path.1, (Some(needs.clone()), &body)).await?;
    let answer = private(StatusCode::OK).json(NeedsAnswer::of(path.1, needs));
    Ok(mark_replayed(answer, is_replayed))
}

/// `DELETE …/attendees/{attendee}/access-needs`.
pub async fn delete_access_needs(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    let Once { is_replayed, .. } = submit(&member, path.1, (None, &Value::Null)).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}

/// `GET …/access-needs`: one page of those who need something, by attendee.
pub async fn list_access_needs(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit);
    let listed = read_in_unit(&member, move |unit, caller| list_needs(unit, caller, (&after, limit))).await?;
    let keyed = listed.into_iter().map(|one| (one.attendee.to_string(), NeedsItem::of(one))).collect();
    Ok(private(StatusCode::OK).json(page.finish(keyed)))
}

/// Reads inside a unit, since reading leaves a line in the audit log.
async fn read_in_unit<T, F>(member: &Member, mut read: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnMut(&mut Unit<'_>, &Caller<'_>) -> Result<T, Failure> + Send + 'static,
{
    let (actor, account, cell) = (member.actor(None), member.who.account, member.cell.clone());
    let work = move |unit: &mut Unit<'_>| {
        let mut rights = cell.read().rights(account);
        unit.group.adjust_rights(account, &mut rights);
        read(unit, &Caller { actor, rights: &rights })
    };
    Ok(member.app.writer.unit(member.cell.id, work).await?.value)
}

async fn submit(
    member: &Member,
    attendee: AttendeeId,
    (needs, body): (Option<AccessNeeds>, &Value),
) -> Result<Once, Problem> {
    let (actor, command) = (member.actor(Some(attendee)), Command::Needs(needs));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, attendee, &command).map(|_| String::new())
    };
    once_by(member, body, run).await
}

async fn answer(member: &Member, attendee: AttendeeId) -> Result<HttpResponse, Problem> {
    let needs = read_in_unit(member, move |unit, caller| read_needs(unit, caller, attendee)).await?;
    Ok(private(StatusCode::OK).json(NeedsAnswer::of(attendee, needs)))
}
