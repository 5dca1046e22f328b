//! What is held back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::localised::{is_line, is_text};
use shared::notice::{TextsByLanguage, Urgency};
use shared::problem_code::ProblemCode;

use crate::notify::held::{self, Wording, release_now};
use crate::problem::Problem;
use crate::programme::http::access::{Editor, Organiser};
use crate::programme::http::answers::private;
use crate::programme::http::submit::{Once, mark_replayed, once};
use crate::refusal::{Refusal, read};
use crate::sync::change_log::Unit;

/// The most languages of one message.
const MOST_LANGUAGES: usize = 20;

/// How what is held is to be told.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SendHeld {
    #[serde(default)]
    texts: TextsByLanguage,
    #[serde(default)]
    urgency: Urgency,
    #[serde(default)]
    asks_acknowledgement: bool,
}

/// Refuses texts that are none.
pub fn require_texts(texts: &TextsByLanguage) -> Result<(), Refusal> {
    if texts.len() > MOST_LANGUAGES {
        let detail = format!("A message has at most {MOST_LANGUAGES} languages.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at("/texts"));
    }
    for (language, told) in texts {
        let at = |field: &str| format!("/texts/{language}{field}");
        if !shared::localised::is_language_tag(language) {
            return Err(Refusal::new(ProblemCode::InvalidValue, "It is no language tag.").at(at("")));
        }
        if !is_line(&told.title) {
            return Err(Refusal::new(ProblemCode::InvalidValue, "A title is one line of text.").at(at("/title")));
        }
        if !is_text(&told.text) {
            return Err(Refusal::new(ProblemCode::InvalidValue, "It is no text.").at(at("/text")));
        }
    }
    Ok(())
}

/// `GET …/notices/held`: what will go out, when, to whom, and in which words.
pub async fn get_held(organiser: Organiser) -> Result<HttpResponse, Problem> {
    let programme = organiser.programme().await?;
    let foreseen = held::foresee_held(&organiser.app, &organiser.cell, &programme).await?;
    let changes: Vec<Value> = foreseen
        .changes
        .iter()
        .map(|change| {
            let mut value = json!(change);
            if let Some(session) = programme.session(change.session) {
                value["slug"] = json!(session.slug);
            }
            value
        })
        .collect();
    let mut answer = json!({ "changes": changes, "concerns": foreseen.concerns, "texts": foreseen.texts });
    if let Some(at) = foreseen.due_at {
        answer["due_at"] = json!(at);
    }
    Ok(private(StatusCode::OK).json(answer))
}

/// `POST …/notices/held/send`: sends it now, in the organisers' own words where they have some.
pub async fn send_held(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let args: SendHeld = read(&body)?;
    require_texts(&args.texts)?;
    let wording = Wording {
        texts: args.texts,
        urgency: args.urgency,
        asks_acknowledgement: args.asks_acknowledgement,
        by: Some(editor.organiser.who.account),
    };
    let run = move |unit: &mut Unit<'_>| {
        let dispatch = release_now(unit, &wording)?;
        Ok(dispatch.map(|id| id.to_string()).unwrap_or_default())
    };
    let Once { outcome, is_replayed, .. } = once(&editor, &body, run).await?;
    let answer = if outcome.is_empty() { json!({}) } else { json!({ "dispatch": outcome }) };
    Ok(mark_replayed(private(StatusCode::ACCEPTED).json(answer), is_replayed))
}

/// `POST …/notices/held/discard`: nobody is told.
pub async fn discard_held(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let run = |unit: &mut Unit<'_>| {
        let event = unit.group.event;
        QueryResult::Ok(held::delete_all(unit.connection, event)?)?;
        Ok(String::new())
    };
    let Once { is_replayed, .. } = once(&editor, &body, run).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}
