//! Codes that enrol a device, and devices that show one.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AccountId, DeviceId, EventId};
use shared::object::Object;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;

use super::answers::Item;
use crate::app::App;
use crate::enrolment::operations::{OfferRequest, judge_offer, require_lead};
use crate::enrolment::redemption::{redeem, refused};
use crate::enrolment::store::{self, Shown, StoredCode};
use crate::identity::http::count_attempt;
use crate::identity::{ClientAddress, TokenPair, fingerprint};
use crate::problem::Problem;
use crate::programme::http::access::Member;
use crate::programme::http::answers::private;
use crate::refusal::read;
use crate::sync::change_log::Unit;

/// How long a code is good where nobody says, and at most, in minutes.
const VALID_MINUTES: u32 = 10;
const MOST_VALID_MINUTES: u32 = 60;

/// A device that shows exactly one of `code` and `link`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedemptionRequest {
    code: Option<String>,
    link: Option<String>,
    device: DeviceDescription,
}

/// A device as it describes itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceDescription {
    name: String,
}

#[derive(Serialize)]
struct Named<T> {
    id: T,
}

#[derive(Serialize)]
struct EventName {
    id: EventId,
    slug: String,
}

/// What an enrolled device gets: tokens of its own, and what it is for.
#[derive(Serialize)]
struct RedemptionAnswer {
    #[serde(flatten)]
    tokens: TokenPair,
    account: Named<AccountId>,
    device: Named<DeviceId>,
    event: EventName,
    enrolment: Item,
}

/// `POST …/enrolments`: a code that enrols one device. It is told once, so that a repetition of the
/// request makes another one.
pub async fn create_enrolment_code(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    require_lead(&member.rights())?;
    let asked: OfferRequest = read(&body)?;
    let minutes = asked.valid_minutes.unwrap_or(VALID_MINUTES);
    if !(1..=MOST_VALID_MINUTES).contains(&minutes) {
        let detail = format!("/valid_minutes is out of the range 1 to {MOST_VALID_MINUTES}.");
        return Err(Problem::new(ProblemCode::InvalidValue, detail).at("/valid_minutes"));
    }
    let secrets = member.app.identity.new_enrolment();
    let expires_at = member.app.clock.now().plus_minutes(i64::from(minutes));
    let code = StoredCode { code_hash: secrets.code_hash, link_hash: secrets.link_hash, expires_at };
    let (actor, who, memory) = (member.actor(None), member.who, Arc::clone(&member.cell));
    let run = move |unit: &mut Unit<'_>| {
        let mut rights = memory.read().rights(who.account);
        unit.group.adjust_rights(who.account, &mut rights);
        require_lead(&rights)?;
        let offer = judge_offer(unit.group.programme(), &asked, actor)?;
        Ok(store::save_code(unit.connection, unit.group.event, (&code, &offer), unit.group.now)?)
    };
    member.app.writer.unit(member.cell.id, run).await?;
    let answer = json!({ "code": secrets.code, "link": secrets.link, "expires_at": expires_at });
    Ok(private(StatusCode::CREATED).json(answer))
}

/// `POST /v1/enrolments/redeem`: a device shows its code.
pub async fn redeem_enrolment(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Object<RedemptionRequest>>,
) -> Result<HttpResponse, Problem> {
    count_attempt(&app, address)?;
    let RedemptionRequest { code, link, device } = body.into_inner().0;
    let machine = app.identity.prepare_machine(&device.name)?;
    let shown = match (code, link) {
        (Some(code), None) => Shown::Code(app.identity.seal_enrolment_code(&code).ok_or_else(refused)?),
        (None, Some(link)) => Shown::Link(fingerprint(link.rsplit('#').next().unwrap_or_default())),
        _ => return Err(Problem::new(ProblemCode::InvalidRequest, "Send exactly one of code and link.")),
    };
    let now: Timestamp = app.clock.now();
    let asked = shown.clone();
    let event = app.readers.read(move |connection| store::find_event(connection, &asked, now)).await?;
    let event = event.ok_or_else(refused)?;
    if app.events.find(event).is_none() {
        app.events.learn(&event.to_string()).await?;
    }
    let cell = app.events.find(event).ok_or_else(refused)?;
    let stored = machine.clone();
    let run = move |unit: &mut Unit<'_>| redeem(unit, &shown, &stored);
    let enrolment = app.writer.unit(cell.id, run).await?.value;
    tracing::info!(event = %cell.id, device = %machine.device, "a device was enrolled");
    let (account, device) = (enrolment.account, machine.device);
    let answer = RedemptionAnswer {
        tokens: app.identity.tokens_of(account, machine)?,
        account: Named { id: account },
        device: Named { id: device },
        event: EventName { id: cell.id, slug: cell.read().slug.clone() },
        enrolment: Item::of(&app, &cell, enrolment, &mut HashMap::new()),
    };
    Ok(private(StatusCode::CREATED).json(answer))
}
