//! The keys that sign badges.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};
use shared::badge::BadgeKey;
use shared::problem_code::ProblemCode;

use crate::badges::command::Nothing;
use crate::badges::desk_keys::revoke;
use crate::badges::keys::rotate;
use crate::badges::operations::{not_a_desk, works_at_desk};
use crate::badges::store;
use crate::problem::{Problem, Query};
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::paging::PageParameters;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::{Refusal, read};
use crate::sync::change_log::{Role, Unit};
use crate::sync::feed::Rights;

/// `GET …/badge-keys`: one page of what verifies the event's badges, by number, for others' scanners.
pub async fn list_badge_keys(member: Member, parameters: Query<PageParameters>) -> Result<HttpResponse, Problem> {
    if !works_at_desk(&member.rights()) {
        return Err(not_a_desk().into());
    }
    let page = parameters.read()?;
    // As wide as the largest number, so that their order is that of the numbers.
    let key = |key: &BadgeKey| format!("{:03}", key.number);
    Ok(private(StatusCode::OK).json(page.cut(load_keys(&member).await?, key)))
}

/// `POST …/badge-keys/rotate`: another key signs from now on; what the others signed stays valid.
pub async fn rotate_badge_keys(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let Nothing {} = read(&body)?;
    let actor = member.actor(None);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        if !rights.is_organiser() {
            let detail = "Only an organiser of the event may do this.";
            return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
        }
        rotate(unit, actor).map(|()| String::new())
    };
    let Once { is_replayed, .. } = once_by(&member, &body, run).await?;
    Ok(mark_replayed(answer(&member).await?, is_replayed))
}

/// `POST …/badge-keys/{number}/revoke`: what a desk's key signed is void.
pub async fn revoke_badge_key(
    member: Member,
    path: web::Path<(String, u8)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = read(&body)?;
    let (actor, number) = (member.actor(None), path.1);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        if !rights.is_organiser() && !rights.roles.contains(&Role::DeskLead) {
            let detail = "Only organisers and desk leads of the event may do this.";
            return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
        }
        revoke(unit, actor, number).map(|()| String::new())
    };
    let Once { is_replayed, .. } = once_by(&member, &body, run).await?;
    Ok(mark_replayed(answer(&member).await?, is_replayed))
}

async fn answer(member: &Member) -> Result<HttpResponse, Problem> {
    Ok(private(StatusCode::OK).json(json!({ "items": load_keys(member).await? })))
}

async fn load_keys(member: &Member) -> Result<Vec<BadgeKey>, Problem> {
    let event = member.cell.id;
    let keys = member.app.readers.read(move |connection| store::list_keys(connection, event)).await?;
    Ok(keys.into_iter().map(|stored| stored.key).collect())
}
