//! From a request to a unit of work: the one place where commands of this domain are handed in.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::Value;
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordKey};
use shared::sync::Position;

use super::access::{Editor, Member, Organiser};
use super::idempotency::KeyedRequest;
use crate::app::App;
use crate::identity::SignedIn;
use crate::problem::Problem;
use crate::programme::operations::{self, Command};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::Unit;
use crate::sync::feed::{EventCell, Rights};

/// What became of a command.
#[derive(Debug)]
pub struct Submitted {
    /// The records that changed, came or went.
    pub keys: Vec<RecordKey>,
    /// Whether it had been done before, under the same Idempotency-Key.
    pub is_replayed: bool,
    /// The event's head afterwards.
    pub covers: Position,
}

/// What became of a unit that an Idempotency-Key lets run once.
#[derive(Debug)]
pub struct Once {
    /// What the unit said when it ran.
    pub outcome: String,
    /// Whether it had run before, under the same Idempotency-Key.
    pub is_replayed: bool,
    /// The event's head afterwards.
    pub covers: Position,
}

/// Runs a command in the event's next commit group. `content` is the request's body.
pub async fn submit(editor: &Editor, command: Command, content: &Value) -> Result<Submitted, Problem> {
    let actor = editor.organiser.actor();
    // Who asks may have lost a role since the request was looked at.
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        if !operations::may_run(rights, &command.verb) {
            return Err(organisers_only());
        }
        Ok(write_keys(&operations::run(unit, actor, &command)?.keys))
    };
    require_no_preview(editor)?;
    let Organiser { app, who, cell } = &editor.organiser;
    let Once { outcome, is_replayed, covers } =
        run_once((app, cell, *who), editor.key.request(*who, content), run).await?;
    Ok(Submitted { keys: read_keys(&outcome), is_replayed, covers })
}

/// Runs an editor's unit in the event's next commit group; with an Idempotency-Key, it runs once:
/// what was done before under the same key is not done again, and answers what it answered then.
pub async fn once<F>(editor: &Editor, content: &Value, run: F) -> Result<Once, Problem>
where
    F: FnMut(&mut Unit<'_>) -> Result<String, Failure> + Send + 'static,
{
    require_no_preview(editor)?;
    once_for(&editor.organiser, editor.key.request(editor.organiser.who, content), run).await
}

fn require_no_preview(editor: &Editor) -> Result<(), Problem> {
    if !editor.is_preview {
        return Ok(());
    }
    let detail = "There is no preview of this; nothing was changed.";
    Err(Problem::new(ProblemCode::InvalidRequest, detail).at("preview"))
}

fn organisers_only() -> Failure {
    Refusal::new(ProblemCode::Forbidden, "Only an organiser of the event may do this.").into()
}

/// Runs an organiser's unit, likewise once.
pub async fn once_for<F>(organiser: &Organiser, request: Option<KeyedRequest>, mut run: F) -> Result<Once, Problem>
where
    F: FnMut(&mut Unit<'_>) -> Result<String, Failure> + Send + 'static,
{
    let Organiser { app, who, cell } = organiser;
    let run = move |unit: &mut Unit<'_>, rights: &Rights| {
        if !rights.is_organiser() {
            return Err(organisers_only());
        }
        run(unit)
    };
    run_once((app, cell, *who), request, run).await
}

/// Runs the unit of anybody who signed in, likewise once. The unit is told what the account may do
/// when it runs, and decides by that.
pub async fn once_by<F>(member: &Member, content: &Value, run: F) -> Result<Once, Problem>
where
    F: FnMut(&mut Unit<'_>, &Rights) -> Result<String, Failure> + Send + 'static,
{
    run_once((&member.app, &member.cell, member.who), member.key.request(member.who, content), run).await
}

/// Says that a request with this Idempotency-Key was done before.
pub fn mark_replayed(mut answer: HttpResponse, is_replayed: bool) -> HttpResponse {
    if is_replayed {
        let name = header::HeaderName::from_static("idempotency-replayed");
        answer.headers_mut().insert(name, header::HeaderValue::from_static("true"));
    }
    answer
}

async fn run_once<F>(
    (app, cell, who): (&App, &Arc<EventCell>, SignedIn),
    request: Option<KeyedRequest>,
    mut run: F,
) -> Result<Once, Problem>
where
    F: FnMut(&mut Unit<'_>, &Rights) -> Result<String, Failure> + Send + 'static,
{
    let memory = Arc::clone(cell);
    let run = move |unit: &mut Unit<'_>| {
        let mut rights = memory.read().rights(who.account);
        unit.group.adjust_rights(who.account, &mut rights);
        let Some(request) = &request else { return run(unit, &rights).map(|outcome| (outcome, false)) };
        if let Some(outcome) = request.find_outcome(unit)? {
            return Ok((outcome, true));
        }
        let outcome = run(unit, &rights)?;
        request.store(unit, &outcome);
        Ok((outcome, false))
    };
    let committed = app.writer.unit(cell.id, run).await?;
    let (outcome, is_replayed) = committed.value;
    Ok(Once { outcome, is_replayed, covers: committed.covers })
}

fn write_keys(keys: &[RecordKey]) -> String {
    keys.iter().map(|(collection, id)| format!("{collection}/{id}")).collect::<Vec<_>>().join(" ")
}

fn read_keys(text: &str) -> Vec<RecordKey> {
    let read = |key: &str| {
        let (collection, id) = key.split_once('/')?;
        Some((Collection::from_str(collection).ok()?, RecordId::from_str(id).ok()?))
    };
    text.split(' ').filter_map(read).collect()
}
