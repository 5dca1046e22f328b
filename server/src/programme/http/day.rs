//! What happens on the day: moves, progress, closed rooms, swaps and shifts, each with a preview.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared::ids::RecordId;
use shared::notice::TextsByLanguage;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordEdit, RecordKey};
use shared::sync::Position;

use super::access::Editor;
use super::answers::private;
use super::concerns::{Concerns, load_concerns};
use super::records::{change, load_key, run};
use super::submit::mark_replayed;
use crate::notify::held;
use crate::problem::Problem;
use crate::programme::operations::{Verb, decide, read};
use crate::programme::rules::close_room::{CloseRoom, affected_by_closure};
use crate::programme::rules::preview::{Preview, preview};
use crate::programme::rules::shift::sessions_sharing_transfers;

/// What a command would do, and whom it concerns.
#[derive(Debug, Serialize)]
pub struct PreviewAnswer {
    /// What changes, what then collides, what is then resolved.
    #[serde(flatten)]
    pub preview: Preview,
    /// Whom it concerns.
    pub concerns: Concerns,
    /// What people would be told.
    pub notice: NoticeForeseen,
    /// Sessions that share a transfer with what moves, and stay.
    pub sharing_transfers: Vec<RecordId>,
}

/// What people would be told, together with what is held already.
#[derive(Debug, Serialize)]
pub struct NoticeForeseen {
    /// Whom it concerns, by reason.
    pub concerns: held::Concerns,
    /// What it says, by language.
    pub texts: TextsByLanguage,
    /// Whether it goes out at once; else it waits for further edits.
    pub at_once: bool,
}

/// What a command on several records did.
#[derive(Debug, Serialize)]
pub struct ChangedAnswer {
    /// The event's head with the change.
    pub covers: Position,
    /// The records that changed.
    pub changed: Vec<ChangedRecord>,
}

/// One record that changed.
#[derive(Debug, Serialize)]
pub struct ChangedRecord {
    /// Its collection.
    pub collection: Collection,
    /// Its id.
    pub id: RecordId,
}

/// `POST …/sessions/{id}/move`: another place or time.
pub async fn move_session(
    editor: Editor,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    act_on(&editor, (Collection::Sessions, &path.1), (("session", Verb::Move), &body)).await
}

/// `POST …/sessions/{id}/progress`: started, running late, ended.
pub async fn set_progress(
    editor: Editor,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    act_on(&editor, (Collection::Sessions, &path.1), (("session", Verb::Progress), &body)).await
}

/// `POST …/rooms/{id}/close`: from when to when, and where its sessions go.
pub async fn close_room(
    editor: Editor,
    path: web::Path<(String, String)>,
    body: web::Json<Value>,
) -> Result<HttpResponse, Problem> {
    act_on(&editor, (Collection::Rooms, &path.1), (("room", Verb::CloseRoom), &body)).await
}

/// `POST …/sessions/swap`: two sessions exchange rooms and times.
pub async fn swap_sessions(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let (arguments, is_preview) = split_preview(&editor, &body)?;
    answer(&editor, Verb::Swap(read(&Value::Object(arguments))?), (&body, is_preview)).await
}

/// `POST …/sessions/shift`: a part or a day, from a time, by minutes.
pub async fn shift_sessions(editor: Editor, body: web::Json<Value>) -> Result<HttpResponse, Problem> {
    let (arguments, is_preview) = split_preview(&editor, &body)?;
    answer(&editor, Verb::Shift(read(&Value::Object(arguments))?), (&body, is_preview)).await
}

/// Makes a verb of its arguments.
type ToVerb<T> = fn(T) -> Verb;

/// What happens to the record in the path: the body has the verb's other arguments.
async fn act_on<T: DeserializeOwned>(
    editor: &Editor,
    (collection, named): (Collection, &str),
    ((argument, verb), body): ((&str, ToVerb<T>), &Value),
) -> Result<HttpResponse, Problem> {
    let key = load_key(editor, collection, named).await?;
    let (arguments, is_preview) = split_preview(editor, body)?;
    answer(editor, verb(read_with(arguments, (argument, key))?), (body, is_preview)).await
}

/// The body without its `preview`, and whether it or the address asks for one.
fn split_preview(editor: &Editor, body: &Value) -> Result<(Map<String, Value>, bool), Problem> {
    let Value::Object(fields) = body else {
        return Err(Problem::new(ProblemCode::InvalidRequest, "The body is to be an object."));
    };
    let mut fields = fields.clone();
    match fields.remove("preview") {
        None => Ok((fields, editor.is_preview)),
        Some(Value::Bool(asked)) => Ok((fields, asked || editor.is_preview)),
        Some(_) => Err(Problem::new(ProblemCode::InvalidRequest, "preview is true or false.").at("/preview")),
    }
}

/// Reads arguments of which the path names one.
fn read_with<T: DeserializeOwned>(
    mut fields: Map<String, Value>,
    (name, (_, id)): (&str, RecordKey),
) -> Result<T, Problem> {
    if fields.contains_key(name) {
        let detail = format!("The address names the {name} already.");
        return Err(Problem::new(ProblemCode::InvalidRequest, detail).at(format!("/{name}")));
    }
    fields.insert(name.to_owned(), id.to_string().into());
    Ok(read(&Value::Object(fields))?)
}

/// What is about one session answers with it, and what is about several with what changed.
async fn answer(editor: &Editor, verb: Verb, (body, is_preview): (&Value, bool)) -> Result<HttpResponse, Problem> {
    if is_preview {
        return answer_preview(editor, &verb).await;
    }
    if let (Verb::Move(_) | Verb::Progress(_), Some(key)) = (&verb, verb.subject()) {
        return change(editor, verb, (key, body)).await;
    }
    let submitted = run(editor, verb, body).await?;
    let changed = submitted.keys.iter().map(|(collection, id)| ChangedRecord { collection: *collection, id: *id });
    let answer = ChangedAnswer { covers: submitted.covers.clone(), changed: changed.collect() };
    Ok(mark_replayed(private(StatusCode::OK).json(answer), submitted.is_replayed))
}

/// Tells what would happen, and commits nothing.
pub(super) async fn answer_preview(editor: &Editor, verb: &Verb) -> Result<HttpResponse, Problem> {
    let organiser = &editor.organiser;
    let before = organiser.programme().await?;
    let edits = decide(&before, verb, organiser.app.clock.now())?;
    let after = before.with_edits(&edits, u64::MAX);
    let told = (before.clone(), after.clone());
    let preview = web::block(move || preview(&told.0, &told.1)).await.map_err(Problem::unavailable)?;
    let mut sessions: Vec<RecordId> = preview.changes.iter().map(|change| change.id).collect();
    if let Verb::CloseRoom(CloseRoom { room, from, to, .. }) = verb {
        // Who is in a session that stays in the closed room is concerned as well.
        let stranded = affected_by_closure(&before, *room, *from, *to).into_iter().map(|(id, _)| id);
        let stranded: Vec<RecordId> = stranded.filter(|id| !sessions.contains(id)).collect();
        sessions.extend(stranded);
    }
    let concerns = load_concerns(organiser, &after, &sessions).await?;
    let edited = edits.iter().map(RecordEdit::key);
    let foreseen = held::foresee_edit(&organiser.app, &organiser.cell, (&before, &after), edited).await?;
    let notice = NoticeForeseen { concerns: foreseen.0.concerns, texts: foreseen.0.texts, at_once: foreseen.1 };
    let sharing_transfers = sessions_sharing_transfers(&before, &edits);
    Ok(private(StatusCode::OK).json(PreviewAnswer { preview, concerns, notice, sharing_transfers }))
}
