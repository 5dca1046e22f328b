//! The badges of an attendee.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};
use shared::badge::Carrier;
use shared::ids::{AttendeeId, EventId};

use crate::badges::command::Issue;
use crate::badges::operations::{Caller, knows, run};
use crate::badges::standing::{Holder, list_holders};
use crate::database::Connection;
use crate::problem::Problem;
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// A carrier as one item.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    attendee: AttendeeId,
    #[serde(flatten)]
    carrier: Carrier,
    /// Where it is as PDF; absent where it is void, and where a desk has issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf: Option<String>,
}

impl Item {
    fn of(event: EventId, attendee: AttendeeId, carrier: Carrier) -> Self {
        let pdf = format!("/v1/events/{event}/badges/{}/pdf", carrier.carrier);
        Self { attendee, pdf: carrier.token.is_some().then_some(pdf), carrier }
    }
}

/// `GET …/attendees/{attendee}/badges`: what carries the attendee's badge, void ones too.
pub async fn list_attendee_badges(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    let (event, attendee) = (member.cell.id, path.1);
    if !knows(&member.rights(), attendee) {
        return Err(not_found());
    }
    let holder = load_holder(&member, attendee).await?;
    let items: Vec<Item> = holder.carriers.iter().map(|one| Item::of(event, attendee, one.shown.clone())).collect();
    Ok(private(StatusCode::OK).json(json!({ "items": items })))
}

/// `POST …/attendees/{attendee}/badges`: issues a printed badge. The phone's stays good.
pub async fn issue_badge(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let attendee = path.1;
    let command = read::<Issue>(&body)?.command()?;
    let actor = member.actor(Some(attendee));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, (attendee, command)).map(|issued| issued.carrier.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let carrier = outcome.parse().map_err(Problem::internal)?;
    let answer = answer_carrier(&member, (attendee, carrier), StatusCode::CREATED).await?;
    Ok(mark_replayed(answer, is_replayed))
}

/// One carrier of an attendee's.
pub async fn answer_carrier(
    member: &Member,
    (attendee, carrier): (AttendeeId, u32),
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let holder = load_holder(member, attendee).await?;
    let found = holder.carriers.into_iter().find(|one| one.shown.carrier == carrier).ok_or_else(not_found)?;
    Ok(private(status).json(Item::of(member.cell.id, attendee, found.shown)))
}

/// An attendee with what carries their badge.
pub async fn load_holder(member: &Member, attendee: AttendeeId) -> Result<Holder, Problem> {
    let programme = load_programme(&member.app, &member.cell).await?;
    let event = member.cell.id;
    let load = move |connection: &mut Connection| list_holders(connection, (event, &programme), &[attendee]);
    member.app.readers.read(load).await?.pop().ok_or_else(not_found)
}
