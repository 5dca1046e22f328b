//! Letting go of what was held: the difference between what people knew and what is so becomes a dispatch.

use std::collections::BTreeMap;

use diesel::QueryResult;
use shared::ids::{AccountId, RecordId};
use shared::notice::{SessionChange, TextsByLanguage, Urgency};
use shared::programme::{Programme, RecordBody, RecordEdit, Session, State};
use shared::time::Timestamp;
use uuid::Uuid;

use super::BIG_IMPORT;
use super::note::list_vehicles;
use super::store::{self, HeldLine};
use crate::notify::dispatches::{self, Dispatch, DispatchBody, DispatchKind, DispatchState};
use crate::notify::words;
use crate::sync::change_log::Unit;

/// How the organisers want what is held to be told.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Wording {
    /// Their own words.
    pub texts: TextsByLanguage,
    /// How soon it must be known.
    pub urgency: Urgency,
    /// Whether people are asked to say that they know.
    pub asks_acknowledgement: bool,
    /// Who says so.
    pub by: Option<AccountId>,
}

/// What is held of an event now.
#[derive(Clone, PartialEq, Debug)]
pub struct HeldNow {
    /// When it goes out.
    pub due_at: Option<Timestamp>,
    /// The sessions, as they are told of to those who see all of them.
    pub changes: Vec<SessionChange>,
    /// Those of them that are gone, as people knew them.
    pub gone: BTreeMap<RecordId, Session>,
}

/// Lets go of what is due.
pub fn release_due(unit: &mut Unit<'_>) -> QueryResult<Option<Uuid>> {
    let (event, now) = (unit.group.event, unit.group.now);
    let mut held = store::list(unit.connection, event)?;
    held.retain(|_, line| line.due_at <= now);
    if held.is_empty() {
        return Ok(None);
    }
    store::delete_due(unit.connection, event, now)?;
    dispatch(unit, &held, &Wording::default())
}

/// Lets go of everything, whether or not it is due; the dispatch, if there is anything to tell.
pub fn release_now(unit: &mut Unit<'_>, wording: &Wording) -> QueryResult<Option<Uuid>> {
    let held = store::list(unit.connection, unit.group.event)?;
    store::delete_all(unit.connection, unit.group.event)?;
    dispatch(unit, &held, wording)
}

/// What is held, against the programme as it is.
pub fn show(held: &BTreeMap<RecordId, HeldLine>, programme: &Programme) -> HeldNow {
    let change = |(id, line): (&RecordId, &HeldLine)| {
        let run = list_vehicles(programme, *id);
        let (known, is) = (line.known.as_ref(), programme.session(*id));
        SessionChange::between_with_vehicles(*id, (known, &line.vehicles), (is, &run))
    };
    let gone = |(id, line): (&RecordId, &HeldLine)| {
        programme.session(*id).is_none().then(|| Some((*id, line.known.clone()?))).flatten()
    };
    let mut changes: Vec<SessionChange> = held.iter().filter_map(change).collect();
    changes.sort_by_key(|change| (change.first_start(), change.session));
    let due_at = held.values().map(|line| line.due_at).min();
    HeldNow { due_at, changes, gone: held.iter().filter_map(gone).collect() }
}

fn dispatch(unit: &mut Unit<'_>, held: &BTreeMap<RecordId, HeldLine>, wording: &Wording) -> QueryResult<Option<Uuid>> {
    let now = show(held, unit.group.programme());
    let is_published = unit.group.programme().event().is_some_and(|(_, event)| event.state != State::Draft);
    if now.changes.is_empty() || !is_published {
        return Ok(None);
    }
    let asks_first = held.values().any(|line| line.is_import) && now.changes.len() >= BIG_IMPORT;
    let programme = with_gone(unit.group.programme(), &now.gone);
    let is_correction = dispatches::takes_back(unit, &now.changes)?;
    let body = DispatchBody {
        urgency: wording.urgency,
        asks_acknowledgement: wording.asks_acknowledgement,
        is_correction,
        is_digest: asks_first,
        shown: words::tell_in_all_languages(&programme, &now.changes, is_correction),
        changes: now.changes,
        gone: now.gone,
        texts: wording.texts.clone(),
        created_by: wording.by,
        ..DispatchBody::default()
    };
    let state = if asks_first { DispatchState::ToConfirm } else { DispatchState::Sending };
    let id = Uuid::now_v7();
    let at = unit.group.now;
    dispatches::put(unit, &Dispatch::new(id, (DispatchKind::Changes, state), body, at))?;
    Ok(Some(id))
}

/// The programme with sessions that are gone, as they were.
pub fn with_gone(programme: &Programme, gone: &BTreeMap<RecordId, Session>) -> Programme {
    let back: Vec<RecordEdit> = gone
        .iter()
        .map(|(id, session)| RecordEdit::Put { id: *id, body: RecordBody::Sessions(session.clone()) })
        .collect();
    programme.with_edits(&back, 0)
}
