//! People who walk in, by REST.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::registration::RegistrationStatus;
use uuid::Uuid;

use crate::badges::{self, works_at_desk};
use crate::desk_work::command::require;
use crate::desk_work::store;
use crate::desk_work::walk_ins::{Settlement, WalkIn, register, settle};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::refusal::{Failure, read};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

/// What became of somebody who walked in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Registered {
    attendee: AttendeeId,
    status: RegistrationStatus,
    may_be: Vec<AttendeeId>,
    /// The badge that is theirs: the desk's, or one that was issued now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carrier: Option<u32>,
}

/// `POST …/walk-ins`: registers somebody; whoever has no badge of the desk's gets one on paper.
pub async fn register_walk_in(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let mut said = body.clone();
    let id = said.as_object_mut().and_then(|fields| fields.shift_remove("attendee"));
    let attendee: Option<AttendeeId> = read(&json!({ "attendee": id })).map(|Named { attendee }| attendee)?;
    let attendee = attendee.unwrap_or_else(|| AttendeeId(Uuid::now_v7()));
    let (walk_in, actor) = (read::<WalkIn>(&said)?, member.actor(Some(attendee)));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        enter(unit, (actor, rights), (attendee, &walk_in)).map(|registered| json!(registered).to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let registered: Registered = serde_json::from_str(&outcome).map_err(Problem::internal)?;
    Ok(mark_replayed(private(StatusCode::CREATED).json(registered), is_replayed))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    attendee: Option<AttendeeId>,
}

fn enter(
    unit: &mut Unit<'_>,
    (actor, rights): (Actor, &Rights),
    (attendee, walk_in): (AttendeeId, &WalkIn),
) -> Result<Registered, Failure> {
    require(works_at_desk(rights))?;
    let status = register(unit, (actor, rights), (attendee, walk_in))?;
    let event = unit.group.event;
    let stored = store::list_walk_ins(unit.connection, event, &[attendee])?.remove(&attendee);
    let (may_be, carrier) = stored.map(|stored| (stored.may_be, stored.carrier)).unwrap_or_default();
    let carrier = match (carrier, status) {
        (None, RegistrationStatus::Confirmed) if walk_in.badge.is_none() => {
            let caller = badges::Caller { actor, rights };
            Some(badges::run(unit, &caller, (attendee, badges::Command::Issue))?.carrier)
        }
        (carrier, _) => carrier,
    };
    Ok(Registered { attendee, status, may_be, carrier })
}

/// `POST …/walk-ins/{attendee}/settle`: they are somebody who was registered, or nobody who was known.
pub async fn settle_walk_in(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let (attendee, actor, settlement) = (path.1, member.actor(Some(path.1)), read::<Settlement>(&body)?);
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        require(works_at_desk(rights))?;
        settle(unit, (actor, rights), (attendee, &settlement)).map(|status| status.as_str().to_owned())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let answer = json!({ "attendee": attendee, "status": outcome });
    Ok(mark_replayed(private(StatusCode::OK).json(answer), is_replayed))
}
