//! Badges of many as one PDF, for their envelopes.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use shared::badge::CarrierKind;
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::registration::RegistrationStatus;

use super::pdf::{answer_pdf, require_language};
use crate::badges::faces::{face_of, frame_of, language_of};
use crate::badges::operations::{Caller, ensure_paper, not_a_desk, works_at_desk};
use crate::badges::print::{Face, Format, Paper};
use crate::badges::standing::{Holder, list_holders};
use crate::badges::store;
use crate::database::Connection;
use crate::problem::Problem;
use crate::programme::http::access::{Member, load_programme};
use crate::refusal::read;
use crate::registration::store::{Filter, list_page};
use crate::sync::change_log::Unit;

/// The most badges in one document.
const MOST: usize = 2_000;

/// Badges issued in one commit.
const CHUNK: usize = 200;

/// Whose badges, and how they are to look: of everybody, unless something narrows it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    delegation: Option<RecordId>,
    category: Option<RecordId>,
    attendees: Option<Vec<AttendeeId>>,
    desk_key: Option<u8>,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    paper: Paper,
    language: Option<String>,
}

/// `POST …/badges/print`: the paper badges of those with a confirmed registration, by delegation and
/// name. Who has one that counts gets the same again, the others a new one.
pub async fn print_badges(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let order: Order = read(&body)?;
    require_language(order.language.as_deref(), "/language")?;
    if !works_at_desk(&member.rights()) {
        return Err(not_a_desk().into());
    }
    let chosen = choose(&member, &order).await?;
    for chunk in chosen.chunks(CHUNK) {
        issue_missing(&member, chunk.to_vec()).await?;
    }
    let programme = load_programme(&member.app, &member.cell).await?;
    let (event, known) = (member.cell.id, programme.clone());
    let load = move |connection: &mut Connection| list_holders(connection, (event, &known), &chosen);
    let holders = member.app.readers.read(load).await?;
    let language = language_of(&programme, order.language.as_deref());
    let mut faces: Vec<Face> =
        holders.iter().filter_map(|holder| face_of(&programme, &language, (holder, paper_of(holder)?))).collect();
    faces.sort_by_cached_key(|face| (face.affiliation.clone(), face.name.to_lowercase(), face.token.clone()));
    let frame = frame_of(&programme, &language, &member.app.config.folder_of_badges());
    answer_pdf(&member, (frame, faces), (order.format, order.paper), "badges").await
}

/// What the newest paper of somebody that counts says.
fn paper_of(holder: &Holder) -> Option<String> {
    let paper = holder.carriers.iter().rev().filter(|one| one.shown.kind == CarrierKind::Paper);
    paper.filter_map(|one| one.shown.token.clone()).next()
}

/// The attendees whose badges are asked for.
async fn choose(member: &Member, order: &Order) -> Result<Vec<AttendeeId>, Problem> {
    let (event, filter) = (member.cell.id, filter_of(order));
    let (named, desk_key) = (order.attendees.clone(), order.desk_key);
    let list = move |connection: &mut Connection| match (&named, desk_key) {
        // Whom a desk registered, with a badge that is void once its key is revoked.
        (None, Some(key)) => {
            let signed = store::list_of_key(connection, event, key)?;
            let found = crate::registration::store::list_registrations(connection, event, &signed)?;
            Ok(found.into_iter().filter(|(_, own)| fits(&filter, own)).map(|(id, _)| (id, true)).collect())
        }
        (None, None) => {
            let found = list_page(connection, event, &filter)?;
            Ok(found.into_iter().map(|(attendee, _)| (attendee.id, true)).collect())
        }
        (Some(named), key) => {
            let signed = key.map(|key| store::list_of_key(connection, event, key)).transpose()?;
            let is_signed = |id: &AttendeeId| signed.as_ref().is_none_or(|signed| signed.contains(id));
            let found: BTreeMap<_, _> =
                crate::registration::store::list_registrations(connection, event, named)?.into_iter().collect();
            let is_chosen = |id: &AttendeeId| is_signed(id) && found.get(id).is_some_and(|own| fits(&filter, own));
            diesel::QueryResult::Ok(named.iter().map(|id| (*id, is_chosen(id))).collect())
        }
    };
    if order.attendees.as_ref().is_some_and(|named| named.len() > MOST) {
        return Err(too_many());
    }
    let chosen: Vec<(AttendeeId, bool)> = member.app.readers.read(list).await?;
    if let Some(place) = chosen.iter().position(|(_, is_chosen)| !is_chosen) {
        let detail = "There is no such attendee here with a confirmed registration.";
        return Err(Problem::new(ProblemCode::UnknownReference, detail).at(format!("/attendees/{place}")));
    }
    match chosen.len() {
        0 => {
            let problem = Problem::new(ProblemCode::InvalidValue, "Nobody of those has a confirmed registration.");
            Err(if order.attendees.is_some() { problem.at("/attendees") } else { problem })
        }
        count if count > MOST => Err(too_many()),
        _ => Ok(chosen.into_iter().map(|(id, _)| id).collect()),
    }
}

fn filter_of(order: &Order) -> Filter {
    Filter {
        category: order.category,
        delegation: order.delegation,
        status: Some(RegistrationStatus::Confirmed),
        limit: MOST + 1,
        ..Filter::default()
    }
}

fn fits(filter: &Filter, own: &shared::registration::Registration) -> bool {
    filter.status == Some(own.status)
        && filter.category.is_none_or(|category| own.category == category)
        && filter.delegation.is_none_or(|delegation| own.delegation == Some(delegation))
}

fn too_many() -> Problem {
    let detail = format!("One document has at most {MOST} badges; choose a delegation or category.");
    Problem::new(ProblemCode::TooLarge, detail)
}

/// Issues paper to those of these who have none that counts.
async fn issue_missing(member: &Member, attendees: Vec<AttendeeId>) -> Result<(), Problem> {
    let (actor, account, cell) = (member.actor(None), member.who.account, member.cell.clone());
    let work = move |unit: &mut Unit<'_>| {
        let mut rights = cell.read().rights(account);
        unit.group.adjust_rights(account, &mut rights);
        ensure_paper(unit, &Caller { actor, rights: &rights }, &attendees)
    };
    member.app.writer.unit(member.cell.id, work).await?;
    Ok(())
}
