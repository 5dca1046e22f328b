//! What an attendee agrees to.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Serialize;
use serde_json::Value;
use shared::ids::AttendeeId;
use shared::localised::Localised;
use shared::problem_code::ProblemCode;
use shared::programme::{Category, Programme};

use crate::database::Connection;
use crate::problem::Problem;
use crate::programme::http::access::{Member, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{mark_replayed, once_by};
use crate::programme::operations::read;
use crate::registration::acting::{Acting, reading_for};
use crate::registration::command::ConsentArguments;
use crate::registration::consents::list_withdrawn;
use crate::registration::room::find_category;
use crate::registration::store::{self, SaidConsent};
use crate::registration::{Caller, Command, run};
use crate::sync::change_log::Unit;
use crate::sync::feed::Rights;

/// The most words of a history that are told; what is held about a person has all of them.
const MOST_TOLD: usize = 500;

/// Where somebody stands to a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// They agree to it as it is.
    Given,
    /// They agreed to an earlier version.
    Outdated,
    /// They said no, or took their yes back.
    Refused,
    /// They said nothing.
    Unanswered,
}

/// A text with everything that somebody said to it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ConsentItem {
    consent: String,
    state: ConsentState,
    /// Absent where it is not asked any more.
    #[serde(flatten)]
    asked: Option<AskedConsent>,
    /// The newest first.
    history: Vec<SaidConsent>,
}

/// A text as it is asked now.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AskedConsent {
    version: u32,
    text: Localised,
    is_required: bool,
}

/// Everything that somebody is asked to agree to, or said.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ConsentsAnswer {
    attendee: AttendeeId,
    consents: Vec<ConsentItem>,
    withdrawn_consents: Vec<String>,
}

impl ConsentsAnswer {
    fn of(attendee: AttendeeId, category: Option<&Category>, said: Vec<SaidConsent>) -> Self {
        let asked = category.map(|category| category.consents.as_slice()).unwrap_or_default();
        let mut consents: Vec<ConsentItem> = asked
            .iter()
            .map(|asked| ConsentItem {
                consent: asked.key.clone(),
                state: ConsentState::Unanswered,
                asked: Some(AskedConsent {
                    version: asked.version,
                    text: asked.text.clone(),
                    is_required: asked.is_required,
                }),
                history: Vec::new(),
            })
            .collect();
        let words: Vec<_> = said.iter().map(|said| said.word.clone()).collect();
        for said in said {
            match consents.iter_mut().find(|item| item.consent == said.word.consent) {
                Some(item) => item.history.push(said),
                None => {
                    let consent = said.word.consent.clone();
                    let state = ConsentState::Unanswered;
                    consents.push(ConsentItem { consent, state, asked: None, history: vec![said] });
                }
            }
        }
        for item in &mut consents {
            item.state = state_of(item);
        }
        let newest = |key: &str| words.iter().find(|word| word.consent == key);
        let newest: Vec<_> = consents.iter().filter_map(|item| newest(&item.consent)).cloned().collect();
        let withdrawn = category.map(|category| list_withdrawn(category, &newest)).unwrap_or_default();
        Self { attendee, consents, withdrawn_consents: withdrawn }
    }
}

fn state_of(item: &ConsentItem) -> ConsentState {
    let is_newest = |version: u32| item.asked.as_ref().is_none_or(|asked| asked.version == version);
    match item.history.first().map(|said| &said.word) {
        None => ConsentState::Unanswered,
        Some(word) if !word.is_given => ConsentState::Refused,
        Some(word) if is_newest(word.version) => ConsentState::Given,
        Some(_) => ConsentState::Outdated,
    }
}

/// `GET …/attendees/{attendee}/consents`.
pub async fn get_consents(member: Member, path: web::Path<(String, AttendeeId)>) -> Result<HttpResponse, Problem> {
    answer(&member, path.1).await
}

/// `PUT …/attendees/{attendee}/consents`: what they agree to or take back now; the rest stays.
pub async fn put_consents(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    let ConsentArguments { consents } = read(&body)?;
    let (attendee, actor, command) = (path.1, member.actor(Some(path.1)), Command::Consents(consents));
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        run(unit, &Caller { actor, rights }, attendee, &command).map(|_| String::new())
    };
    let done = once_by(&member, &body, run).await?;
    Ok(mark_replayed(answer(&member, attendee).await?, done.is_replayed))
}

async fn answer(member: &Member, attendee: AttendeeId) -> Result<HttpResponse, Problem> {
    let programme: Programme = load_programme(&member.app, &member.cell).await?;
    let (event, rights) = (member.cell.id, member.rights());
    let find = move |connection: &mut Connection| {
        let Some(acting) = reading_for(connection, event, &rights, attendee)? else { return Ok(None) };
        let registration = store::find_registration(connection, event, attendee)?;
        let said = store::list_said_consents(connection, (event, attendee), MOST_TOLD)?;
        let category = registration.and_then(|registration| find_category(&programme, registration.category));
        QueryResult::Ok(Some((acting, ConsentsAnswer::of(attendee, category, said))))
    };
    let (acting, answer) = member.app.readers.read(find).await?.ok_or_else(not_found)?;
    if let Acting::Liaison(_) = acting {
        let detail = "A liaison officer does not see what people agree to.";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    Ok(private(StatusCode::OK).json(answer))
}
