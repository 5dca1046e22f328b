//! The registrations of an event.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Deserialize;
use serde_json::Value;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use shared::registration::{GivenConsent, RegistrationStatus};
use uuid::Uuid;

use super::answers::{answer_registration, in_body, item_of, require_oversight};
use crate::attendees::Attendee;
use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme};
use crate::programme::http::answers::private;
use crate::programme::http::paging::{Page, PageAnswer};
use crate::programme::http::submit::{Once, mark_replayed, once_by};
use crate::programme::operations::read;
use crate::registration::command::Command;
use crate::registration::consents::list_withdrawn;
use crate::registration::names::fold;
use crate::registration::room::find_category;
use crate::registration::store::{self, Filter, Stored};
use crate::registration::{Caller, run};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// How many registrations are read at a time while a text is looked for.
const READ_AT_ONCE: usize = 500;

/// The parameters of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    category: Option<String>,
    delegation: Option<String>,
    status: Option<RegistrationStatus>,
    /// Only of those who took back what is required.
    #[serde(default)]
    withdrawn_consents: bool,
}

/// The same with a text that is looked for. It is in a body, since addresses of requests hold no names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchRequest {
    text: String,
    limit: Option<u32>,
    cursor: Option<String>,
    category: Option<String>,
    delegation: Option<String>,
    status: Option<RegistrationStatus>,
    #[serde(default)]
    withdrawn_consents: bool,
}

/// `GET …/registrations`: one page, in the order in which the attendees were entered.
pub async fn list_registrations(member: Member, parameters: Query<ListParameters>) -> Result<HttpResponse, Problem> {
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    answer_page(&member, page, (&parameters, None)).await
}

/// `POST …/registrations/search`: those in which a text is, likewise.
pub async fn search_registrations(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let SearchRequest { text, limit, cursor, category, delegation, status, withdrawn_consents } = read(&body)?;
    if !is_line(&text) {
        let detail = "text is one line of 1 to 500 characters.";
        return Err(Problem::new(ProblemCode::InvalidValue, detail).at("/text"));
    }
    let page = Page::new(limit, cursor.as_deref()).map_err(in_body)?;
    let parameters = ListParameters { limit, cursor, category, delegation, status, withdrawn_consents };
    answer_page(&member, page, (&parameters, Some(&text))).await
}

async fn answer_page(
    member: &Member,
    page: Page,
    (parameters, text): (&ListParameters, Option<&str>),
) -> Result<HttpResponse, Problem> {
    require_oversight(&member.rights())?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let named =
        |collection, name: &Option<String>| name.as_deref().map(|name| find_named(&programme, collection, name));
    let category = named(Collection::Categories, &parameters.category);
    let delegation = named(Collection::Delegations, &parameters.delegation);
    if category == Some(None) || delegation == Some(None) {
        return Ok(private(StatusCode::OK).json(page.finish(Vec::<(String, Value)>::new())));
    }
    let filter = Filter {
        category: category.flatten(),
        delegation: delegation.flatten(),
        status: parameters.status,
        after: page.after.clone().unwrap_or_default(),
        limit: page.limit + 1,
        said_no: parameters.withdrawn_consents,
    };
    let sought = Sought { text: text.map(fold), has_withdrawn: parameters.withdrawn_consents };
    let event = member.cell.id;
    let list = move |connection: &mut Connection| {
        let found = if sought.is_nothing() {
            store::list_page(connection, event, &filter)?
        } else {
            search(connection, (event, &programme), (filter, &sought))?
        };
        let ids: Vec<AttendeeId> = found.iter().map(|(attendee, _)| attendee.id).collect();
        let consents = store::list_consents(connection, event, &ids)?;
        let item = |(attendee, stored): (Attendee, Stored)| {
            let consents = consents.get(&attendee.id).map(Vec::as_slice).unwrap_or_default();
            (attendee.id.to_string(), item_of(&programme, &attendee, (&stored, consents)))
        };
        QueryResult::Ok(found.into_iter().map(item).collect::<Vec<_>>())
    };
    let answer: PageAnswer<Value> = page.finish(member.app.readers.read(list).await?);
    Ok(private(StatusCode::OK).json(answer))
}

fn find_named(programme: &Programme, collection: Collection, name: &str) -> Option<RecordId> {
    let found = match Uuid::parse_str(name) {
        Ok(id) => programme.find(collection, RecordId(id)),
        Err(_) => programme.find_by_slug(collection, name),
    };
    found.map(|record| record.id)
}

/// What is looked for in registrations and cannot be asked of the database.
struct Sought {
    text: Option<String>,
    has_withdrawn: bool,
}

impl Sought {
    fn is_nothing(&self) -> bool {
        self.text.is_none() && !self.has_withdrawn
    }

    fn fits(&self, programme: &Programme, (attendee, stored): &(Attendee, Stored), words: &[GivenConsent]) -> bool {
        let has_withdrawn = || {
            let category = find_category(programme, stored.registration.category);
            category.is_some_and(|category| !list_withdrawn(category, words).is_empty())
        };
        self.text.as_ref().is_none_or(|text| mentions(attendee, stored, text))
            && (!self.has_withdrawn || has_withdrawn())
    }
}

/// Registrations in whose names, addresses, positions or organisations a text is, accents and
/// capitals left aside; or whose people took back what is required.
fn search(
    connection: &mut Connection,
    (event, programme): (EventId, &Programme),
    (mut filter, sought): (Filter, &Sought),
) -> QueryResult<Vec<(Attendee, Stored)>> {
    let wanted = std::mem::replace(&mut filter.limit, READ_AT_ONCE);
    let mut found = Vec::new();
    loop {
        let read = store::list_page(connection, event, &filter)?;
        let is_last = read.len() < READ_AT_ONCE;
        if let Some((last, _)) = read.last() {
            filter.after = last.id.to_string();
        }
        let ids: Vec<AttendeeId> =
            read.iter().map(|(attendee, _)| attendee.id).filter(|_| sought.has_withdrawn).collect();
        let consents = store::list_consents(connection, event, &ids)?;
        let words = |attendee| consents.get(&attendee).map(Vec::as_slice).unwrap_or_default();
        found.extend(read.into_iter().filter(|one| sought.fits(programme, one, words(one.0.id))));
        if is_last || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

fn mentions(attendee: &Attendee, stored: &Stored, text: &str) -> bool {
    let details = &stored.registration.details;
    let texts = [&details.badge_name, &details.email, &details.position, &details.organisation];
    let texts = texts.into_iter().flatten().map(String::as_str).chain([attendee.name.as_str()]);
    texts.into_iter().any(|said| fold(said).contains(text))
}

/// `POST …/registrations`: registers somebody new: oneself, whom one assists, a member of one's
/// delegation.
pub async fn create_registration(member: Member, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let command = Command::Request(Box::new(read(&body)?), true);
    let id = AttendeeId(Uuid::now_v7());
    let actor = member.actor(Some(id));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, id, &command).map(|_| id.to_string())
    };
    let Once { outcome, is_replayed, .. } = once_by(&member, &body, run).await?;
    let attendee = outcome.parse().map_err(Problem::internal)?;
    Ok(mark_replayed(answer_registration(&member, attendee, StatusCode::CREATED).await?, is_replayed))
}
