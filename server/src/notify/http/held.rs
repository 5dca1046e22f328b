//! What is held back.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
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

/// The longest that what is held can be told to wait.
const MOST_MINUTES: i64 = 60;

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

/// How long what is held is to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hold {
    minutes: i64,
}

/// `GET …/notices/held`: what will go out, when, to whom, and in which words.
pub async fn get_held(organiser: Organiser) -> Result<HttpResponse, Problem> {
    Ok(private(StatusCode::OK).json(view_held(&organiser).await?))
}

async fn view_held(organiser: &Organiser) -> Result<Value, Problem> {
    let (foreseen, programme) = held::foresee_held(&organiser.app, &organiser.cell).await?;
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
    Ok(answer)
}

/// `POST …/notices/held/hold`: it waits, while words are found for it.
pub async fn hold_held(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let Hold { minutes } = read(&body)?;
    if !(1..=MOST_MINUTES).contains(&minutes) {
        let detail = format!("What is held waits for 1 to {MOST_MINUTES} minutes.");
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/minutes").into());
    }
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| {
        let until = unit.group.now.plus_minutes(minutes);
        if !held::hold(unit, actor, until)? {
            return Err(Refusal::new(ProblemCode::WrongState, "Nothing is held back.").into());
        }
        Ok(String::new())
    };
    let Once { is_replayed, .. } = once(&editor, &body, run).await?;
    Ok(mark_replayed(private(StatusCode::OK).json(view_held(&editor.organiser).await?), is_replayed))
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
    let cell = Arc::clone(&editor.organiser.cell);
    let run = move |unit: &mut Unit<'_>| {
        let dispatch = release_now(unit, &cell.read(), &wording)?;
        Ok(dispatch.map(|id| id.to_string()).unwrap_or_default())
    };
    let Once { outcome, is_replayed, .. } = once(&editor, &body, run).await?;
    let answer = if outcome.is_empty() { json!({}) } else { json!({ "dispatch": outcome }) };
    Ok(mark_replayed(private(StatusCode::ACCEPTED).json(answer), is_replayed))
}

/// `POST …/notices/held/discard`: nobody is told.
pub async fn discard_held(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let actor = editor.organiser.actor();
    let run = move |unit: &mut Unit<'_>| {
        held::discard(unit, actor)?;
        Ok(String::new())
    };
    let Once { is_replayed, .. } = once(&editor, &body, run).await?;
    Ok(mark_replayed(private(StatusCode::NO_CONTENT).finish(), is_replayed))
}
