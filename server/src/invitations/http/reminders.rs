//! Reminding everybody who has not answered.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::invitations::operations::{Caller, OfObject, remind_some};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// `POST …/invitations/remind`: of one part or session, in as many commits as need be, between which
/// others write. The same request again goes on where one broke off: nobody is reminded twice an hour.
pub async fn remind_of_object(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let args: OfObject = read(&body)?;
    let (mut count, mut after) = (0, Some(Uuid::nil()));
    while let Some(behind) = after {
        let (args, actor, account) = (args.clone(), member.actor(None), member.who.account);
        let cell = member.cell.clone();
        let run = move |unit: &mut Unit<'_>| {
            let mut rights = cell.read().rights(account);
            unit.group.adjust_rights(account, &mut rights);
            remind_some(unit, &Caller { actor, rights: &rights }, (&args, behind))
        };
        let (reminded, next) = member.app.writer.unit(member.cell.id, run).await?.value;
        count += reminded;
        after = next;
    }
    Ok(private(StatusCode::OK).json(json!({ "reminded_count": count })))
}
