//! What is held about somebody, as JSON and as a page to read.

use actix_web::http::header::{self, Header};
use actix_web::http::{StatusCode, header::Accept};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;

use crate::app::App;
use crate::database::Connection;
use crate::identity::SignedIn;
use crate::privacy::access::{Reader, require_reader};
use crate::privacy::held::{Extent, Holdings, Places, Sight, add_titles, read_account, read_person};
use crate::privacy::page::{self, Language, write_page};
use crate::privacy::retention::KeptDays;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::Page;
use crate::sync::change_log::{AuditLine, Unit};

/// The parameters of a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    language: Option<String>,
}

/// In which form a document is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Json,
    Page,
}

/// `GET …/attendees/{attendee}/data`: as JSON, or as a page for who would rather read that.
pub async fn get_attendee_data(
    request: HttpRequest,
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    parameters: Query<DataParameters>,
) -> Result<HttpResponse, Problem> {
    answer_attendee(&request, &member, path.1, (preferred_form(&request), &parameters)).await
}

/// `GET …/attendees/{attendee}/data.html`.
pub async fn get_attendee_page(
    request: HttpRequest,
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    parameters: Query<DataParameters>,
) -> Result<HttpResponse, Problem> {
    answer_attendee(&request, &member, path.1, (Form::Page, &parameters)).await
}

/// `GET /v1/account/data`.
pub async fn get_account_data(
    request: HttpRequest,
    app: web::Data<App>,
    who: SignedIn,
    parameters: Query<DataParameters>,
) -> Result<HttpResponse, Problem> {
    answer_account(&request, &app, who, (preferred_form(&request), &parameters)).await
}

/// `GET /v1/account/data.html`.
pub async fn get_account_page(
    request: HttpRequest,
    app: web::Data<App>,
    who: SignedIn,
    parameters: Query<DataParameters>,
) -> Result<HttpResponse, Problem> {
    answer_account(&request, &app, who, (Form::Page, &parameters)).await
}

async fn answer_attendee(
    request: &HttpRequest,
    member: &Member,
    attendee: AttendeeId,
    (form, parameters): (Form, &DataParameters),
) -> Result<HttpResponse, Problem> {
    let extent = parameters.extent()?;
    admit(member, attendee).await?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let (event, kept) = (member.cell.id, KeptDays::of_config(&member.app.config));
    let read = {
        let programme = programme.clone();
        move |connection: &mut Connection| {
            connection.at_one_moment(|c| read_person(c, (event, attendee), (&programme, &kept), &extent))
        }
    };
    let mut holdings = member.app.readers.read(read).await?.ok_or_else(not_found)?;
    {
        let memory = member.cell.read();
        let may_hold = |scope| memory.attendee_may_hold(attendee, &scope);
        add_titles(&mut holdings.sections, &Sight { programme: &programme, may_hold: &may_hold });
    }
    Ok(answer(request, holdings, (form, parameters)))
}

/// Lets the person and organisers in; that an organiser read is written into the audit log first.
async fn admit(member: &Member, attendee: AttendeeId) -> Result<(), Problem> {
    let (actor, cell, account) = (member.actor(None), member.cell.clone(), member.who.account);
    let note = move |unit: &mut Unit<'_>| {
        let rights = cell.read().rights(account);
        if require_reader(unit.connection, unit.group.event, &rights, attendee)? == Reader::Organiser {
            unit.group.audit(AuditLine {
                actor,
                operation: "attendee.read".to_owned(),
                collection: "attendees",
                record: attendee.0,
                before: None,
                after: None,
            });
        }
        Ok(())
    };
    member.app.writer.unit(member.cell.id, note).await?;
    Ok(())
}

async fn answer_account(
    request: &HttpRequest,
    app: &App,
    who: SignedIn,
    (form, parameters): (Form, &DataParameters),
) -> Result<HttpResponse, Problem> {
    let extent = parameters.extent()?;
    app.identity.require_person(who.account).await?;
    let read = move |connection: &mut Connection| {
        connection.at_one_moment(|connection| read_account(connection, who.account, &extent))
    };
    let holdings = app.readers.read(read).await?.ok_or_else(not_found)?;
    Ok(answer(request, holdings, (form, parameters)))
}

impl DataParameters {
    fn extent(&self) -> Result<Extent, Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref())?;
        let unreadable =
            |_| Problem::new(ProblemCode::InvalidRequest, "cursor is not one that a page named as next.").at("cursor");
        let places =
            page.after.map(|places| serde_json::from_str::<Places>(&places).map_err(unreadable)).transpose()?;
        Ok(Extent { places, limit: page.limit })
    }
}

fn answer(
    request: &HttpRequest,
    Holdings { mut sections, next }: Holdings,
    (form, parameters): (Form, &DataParameters),
) -> HttpResponse {
    let next = next.map(|places| URL_SAFE_NO_PAD.encode(json!(places).to_string()));
    let mut answer = private(StatusCode::OK);
    answer.insert_header((header::VARY, "Accept, Accept-Language, Authorization"));
    if form == Form::Json {
        sections.extend(next.map(|next| ("next".to_owned(), Value::String(next))));
        return answer.json(sections);
    }
    let language = language_of(request, (parameters, &sections));
    let next = next.map(|next| match parameters.limit {
        None => format!("language={}&cursor={next}", language.tag()),
        Some(limit) => format!("language={}&limit={limit}&cursor={next}", language.tag()),
    });
    answer
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, page::POLICY.as_str()))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .body(write_page(language, &sections, next.as_deref()))
}

/// The language asked for, else the browser's, else the one that the person reads.
fn language_of(request: &HttpRequest, (parameters, sections): (&DataParameters, &Map<String, Value>)) -> Language {
    let accepted = header::AcceptLanguage::parse(request).map(|accepted| accepted.ranked()).unwrap_or_default();
    let accepted: Vec<String> = accepted.iter().map(ToString::to_string).collect();
    let known = ["attendee", "account"].iter().find_map(|section| sections.get(*section)?["language"].as_str());
    let asked = parameters.language.as_deref();
    Language::of_preference(asked.into_iter().chain(accepted.iter().map(String::as_str)).chain(known))
}

/// A page for who would rather have HTML than JSON.
fn preferred_form(request: &HttpRequest) -> Form {
    let ranked = Accept::parse(request).map(|accept| accept.ranked()).unwrap_or_default();
    let first = ranked.iter().find(|kind| {
        let kind = kind.essence_str();
        kind == "text/html" || kind == "application/json" || kind == "*/*"
    });
    if first.is_some_and(|kind| kind.essence_str() == "text/html") { Form::Page } else { Form::Json }
}
