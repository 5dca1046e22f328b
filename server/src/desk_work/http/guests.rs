//! What a desk does for a guest.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId};

use crate::badges::works_at_desk;
use crate::desk_work::command::{Command, NoteText, require, run};
use crate::desk_work::guests::{Corrected, Correction, account_for_code, correct};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::read;
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// `POST …/attendees/{attendee}/corrections`: a name, an address.
pub async fn correct_attendee(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (attendee, actor, correction) = (path.1, member.actor(Some(path.1)), read::<Correction>(&body)?);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require(works_at_desk(rights))?;
        correct(unit, actor, (attendee, &correction)).map(|corrected| json!(corrected).to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let corrected: Corrected = serde_json::from_str(&outcome).map_err(Problem::internal)?;
    Ok(mark_replayed(private(StatusCode::OK).json(corrected), is_replayed))
}

/// `POST …/attendees/{attendee}/sign-in-code`: a code that signs the guest in. It is told once, so that a
/// repetition of the request makes another one. A device hands out so many in a time and no more: a stolen desk
/// is not to sign in as everybody before it is missed.
pub async fn hand_out_guest_code(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
) -> Result<HttpResponse, Problem> {
    let (attendee, actor) = (path.1, member.actor(Some(path.1)));
    member.app.identity.count_code_of(member.who.device)?;
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require(works_at_desk(rights))?;
        account_for_code(unit, actor, attendee).map(|account| account.to_string())
    };
    let Once { outcome, .. } = once_by(&member, &Value::Null, run).await?;
    let account: AccountId = outcome.parse().map_err(Problem::internal)?;
    let (code, expires_at) = member.app.identity.mint_code(account).await?;
    tracing::info!(%account, by = %member.who.account, "a desk handed out a sign-in code");
    Ok(private(StatusCode::CREATED).json(json!({ "code": code, "expires_at": expires_at })))
}

/// `PUT …/attendees/{attendee}/door-note`: what whoever sees the guest first is to read.
pub async fn put_door_note(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let command = read::<NoteText>(&body)?.command()?;
    submit(&member, (path.1, command), &body).await
}

/// `DELETE …/attendees/{attendee}/door-note`: there is nothing to read any more.
pub async fn delete_door_note(member: Member, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    submit(&member, (path.1, Command::Note(None)), &Value::Null).await
}

async fn submit(
    member: &Member,
    (attendee, command): (AttendeeId, Command),
    body: &Value,
) -> Result<HttpResponse, Problem> {
    let actor = member.actor(Some(attendee));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, (actor, rights), (Some(attendee), &command)).map(Option::unwrap_or_default)
    };
    let Once { is_replayed, .. } = once_by(member, body, run).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}
