//! From a command to the edits that it means.

use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme, Progress, RecordBody, RecordEdit, RecordKey};
use shared::time::Timestamp;

use super::command::{SetProgress, StateChange, Verb};
use super::validity::invalid_body;
use crate::programme::rules::{close_room, delete, move_session, organiser_patch, progress, shift, state, swap};
use crate::refusal::Refusal;

/// What the verb does to the programme as it is. Pure: a preview uses it too.
pub fn decide(programme: &Programme, verb: &Verb, now: Timestamp) -> Result<Vec<RecordEdit>, Refusal> {
    match verb {
        Verb::Create { key, body } => create(programme, *key, body),
        Verb::Patch { key, patch } => patch_record(programme, *key, patch),
        Verb::ChangeState { key, change } => match change {
            StateChange::Publish => state::publish(programme, *key),
            StateChange::Cancel => state::cancel(programme, *key),
            StateChange::Restore => state::restore(programme, *key),
        },
        Verb::Delete { key } => delete::delete(programme, *key),
        Verb::Move(arguments) => move_session::move_session(programme, arguments),
        Verb::Progress(SetProgress { session, state, minutes_late, at }) => {
            let told = Progress { state: *state, at: at.unwrap_or(now), minutes_late: *minutes_late };
            progress::set_progress(programme, *session, told)
        }
        Verb::CloseRoom(arguments) => close_room::close_room(programme, arguments),
        Verb::Swap(arguments) => swap::swap_sessions(programme, arguments.a, arguments.b),
        Verb::Shift(arguments) => shift::shift(programme, arguments),
    }
}

fn create(
    programme: &Programme,
    (collection, id): RecordKey,
    body: &serde_json::Value,
) -> Result<Vec<RecordEdit>, Refusal> {
    if collection == Collection::Events && programme.event().is_some() {
        return Err(Refusal::new(ProblemCode::WrongState, "The event is there already."));
    }
    // Gates are named by the id alone, so that no two records of an event may share one.
    let is_taken = Collection::ALL.iter().any(|collection| programme.find(*collection, id).is_some());
    if is_taken || id.0.is_nil() || id.0.is_max() {
        return Err(Refusal::new(ProblemCode::InvalidValue, "The id is taken; make a new one.").at("/id"));
    }
    let body = RecordBody::from_json(collection, body.clone()).map_err(invalid_body)?;
    Ok(vec![RecordEdit::Put { id, body }])
}

fn patch_record(
    programme: &Programme,
    (collection, id): RecordKey,
    patch: &serde_json::Value,
) -> Result<Vec<RecordEdit>, Refusal> {
    let record = programme.find(collection, id).ok_or_else(not_found)?;
    let body = organiser_patch::merge_patch(&record.body, patch).map_err(invalid_body)?;
    Ok(vec![RecordEdit::Put { id, body }])
}

/// The refusal for what is not there.
pub(super) fn not_found() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such record in this event.")
}
