//! Letting go of what was held: the difference between what people knew and what is so becomes a dispatch.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::{AccountId, RecordId};
use shared::notice::{SessionChange, TextsByLanguage, Urgency};
use shared::programme::{Programme, RecordBody, RecordEdit, Session, State};
use shared::time::Timestamp;
use uuid::Uuid;

use super::note::list_vehicles;
use super::store::{self, HeldLine};
use super::{BIG_IMPORT, LONGEST_MS, is_soon};
use crate::notify::approval::meets_rule;
use crate::notify::dispatches::{self, Dispatch, DispatchBody, DispatchKind, DispatchState};
use crate::notify::words;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::feed::EventMemory;

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

impl Wording {
    /// Whether it says more than what has changed.
    fn is_own(&self) -> bool {
        !self.texts.is_empty() || self.urgency != Urgency::default()
    }
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
pub fn release_due(unit: &mut Unit<'_>) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let mut held = store::list_held(unit.connection, event)?;
    held.retain(|_, line| line.due_at <= now);
    if held.is_empty() {
        return Ok(());
    }
    store::delete_due(unit.connection, event, now)?;
    keep_untold(unit, &held)?;
    let Some(body) = body_of(unit, &held, &Wording::default())? else { return Ok(()) };
    if !body.is_digest {
        return put(unit, body).map(drop);
    }
    // What begins within the hour does not wait until somebody has looked at the whole file, unless that is much as well.
    let soon: BTreeSet<RecordId> =
        body.changes.iter().filter(|change| is_soon(change, now)).map(|change| change.session).collect();
    let (soon, rest): (BTreeMap<_, _>, BTreeMap<_, _>) = held.into_iter().partition(|(id, _)| soon.contains(id));
    if let Some(body) = body_of(unit, &soon, &Wording::default())? {
        put(unit, body)?;
    }
    if let Some(body) = body_of(unit, &rest, &Wording::default())? {
        put(unit, DispatchBody { is_digest: true, ..body })?;
    }
    Ok(())
}

/// Lets go of everything, whether or not it is due; the dispatch, if there is anything to tell. Where organisers put
/// it in their own words and a rule asks for it, a second person approves it first.
pub fn release_now(unit: &mut Unit<'_>, memory: &EventMemory, wording: &Wording) -> QueryResult<Option<Uuid>> {
    let held = store::list_held(unit.connection, unit.group.event)?;
    store::delete_all(unit.connection, unit.group.event)?;
    keep_untold(unit, &held)?;
    let Some(mut body) = body_of(unit, &held, wording)? else { return Ok(None) };
    body.needs_approval = wording.is_own() && meets_rule(unit, memory, &body)?;
    put(unit, body).map(Some)
}

/// Lets everything that is held wait until a time, at least as long as it would; false where nothing is held.
pub fn hold(unit: &mut Unit<'_>, actor: Actor, until: Timestamp) -> QueryResult<bool> {
    let event = unit.group.event;
    let mut held = store::list_held(unit.connection, event)?;
    for line in held.values_mut() {
        line.due_at = until.max(Timestamp(line.opened_at.0 + LONGEST_MS + 1));
    }
    store::put(unit.connection, event, &held)?;
    let is_held = !held.is_empty();
    if is_held {
        audit(unit, (actor, "notices.hold"), &json!({ "until": until }));
    }
    Ok(is_held)
}

/// Lets go of everything that is held, and tells nobody. What people know stays written: when it changes again, they are
/// told against that.
pub fn discard(unit: &mut Unit<'_>, actor: Actor) -> QueryResult<()> {
    let event = unit.group.event;
    let held = store::list_held(unit.connection, event)?;
    if held.is_empty() {
        return Ok(());
    }
    let sessions: Vec<RecordId> = held.keys().copied().collect();
    let changed = show(&held, unit.group.programme()).changes;
    store::delete_all(unit.connection, event)?;
    keep_untold(unit, &held)?;
    let programme = unit.group.programme();
    let is_kept = |id: &RecordId, line: &HeldLine| line.known.is_some() && changed.iter().any(|c| c.session == *id);
    let kept = held.into_iter().filter(|(id, line)| is_kept(id, line));
    let untold = |id: RecordId| programme.session_as_held(id);
    let kept = kept.map(|(id, line)| (id, HeldLine { is_untold: true, untold: untold(id), ..line })).collect();
    store::put(unit.connection, event, &kept)?;
    audit(unit, (actor, "notices.discard"), &json!({ "sessions": sessions }));
    Ok(())
}

/// Whether a session is again as it was when organisers chose to tell nobody.
fn is_untold_again(id: RecordId, line: &HeldLine, programme: &Programme) -> bool {
    let is_same =
        |untold: &Session| SessionChange::between(id, Some(untold), programme.session_as_held(id).as_ref()).is_none();
    line.untold.as_ref().is_some_and(is_same) && list_vehicles(programme, id) == line.vehicles
}

/// Keeps of what is let go what is as nobody was to be told.
fn keep_untold(unit: &mut Unit<'_>, held: &BTreeMap<RecordId, HeldLine>) -> QueryResult<()> {
    let programme = unit.group.programme();
    let again = held.iter().filter(|(id, line)| is_untold_again(**id, line, programme));
    let kept = again.map(|(id, line)| (*id, HeldLine { is_untold: true, ..line.clone() })).collect();
    store::put(unit.connection, unit.group.event, &kept)
}

/// Keeps what people know of what a dispatch was to tell them and never will, as far as it is still so. What is held of a
/// session again meanwhile knows that already.
pub fn keep_known(unit: &mut Unit<'_>, body: &DispatchBody) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let held = store::list(unit.connection, event)?;
    let programme = unit.group.programme();
    let known = |change: &SessionChange| match programme.session_as_held(change.session) {
        Some(session) if change.is_still_so(&session) => change.known_before(&session),
        Some(_) => None,
        None => body.gone.get(&change.session).cloned(),
    };
    let line = |change: &SessionChange| {
        let (known, vehicles) = (Some(known(change)?), list_vehicles(programme, change.session));
        let untold = programme.session_as_held(change.session);
        let line = HeldLine { known, opened_at: now, due_at: now, is_import: false, vehicles, is_untold: true, untold };
        Some((change.session, line))
    };
    let new = body.changes.iter().filter(|change| !held.contains_key(&change.session));
    let kept = new.filter_map(line).collect();
    store::put(unit.connection, event, &kept)
}

fn audit(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), after: &Value) {
    let event = unit.group.event.0;
    unit.group.audit(AuditLine {
        actor,
        operation: operation.to_owned(),
        collection: "events",
        record: event,
        before: None,
        after: Some(after.clone()),
    });
}

/// What is held, against the programme as it is.
pub fn show(held: &BTreeMap<RecordId, HeldLine>, programme: &Programme) -> HeldNow {
    let change = |(id, line): (&RecordId, &HeldLine)| {
        let run = list_vehicles(programme, *id);
        if is_untold_again(*id, line, programme) {
            return None;
        }
        let (known, is) = (line.known.as_ref(), programme.session_as_held(*id));
        SessionChange::between_with_vehicles(*id, (known, &line.vehicles), (is.as_ref(), &run))
    };
    let gone = |(id, line): (&RecordId, &HeldLine)| {
        programme.session(*id).is_none().then(|| Some((*id, line.known.clone()?))).flatten()
    };
    let mut changes: Vec<SessionChange> = held.iter().filter_map(change).collect();
    changes.sort_by_key(|change| (change.first_start(), change.session));
    let due_at = held.values().map(|line| line.due_at).min();
    HeldNow { due_at, changes, gone: held.iter().filter_map(gone).collect() }
}

/// What is told of what is held; none where there is nothing to tell.
fn body_of(
    unit: &mut Unit<'_>,
    held: &BTreeMap<RecordId, HeldLine>,
    wording: &Wording,
) -> QueryResult<Option<DispatchBody>> {
    let now = show(held, unit.group.programme());
    let is_published = unit.group.programme().event().is_some_and(|(_, event)| event.state != State::Draft);
    if now.changes.is_empty() || !is_published {
        return Ok(None);
    }
    let programme = with_gone(unit.group.programme(), &now.gone);
    let is_correction = dispatches::takes_back(unit, &now.changes)?;
    Ok(Some(DispatchBody {
        urgency: wording.urgency,
        asks_acknowledgement: wording.asks_acknowledgement,
        is_correction,
        is_digest: held.values().any(|line| line.is_import) && now.changes.len() >= BIG_IMPORT,
        shown: words::tell_in_all_languages(&programme, &now.changes, is_correction),
        changes: now.changes,
        gone: now.gone,
        texts: wording.texts.clone(),
        created_by: wording.by,
        ..DispatchBody::default()
    }))
}

/// Writes the dispatch. One that sums up a file asks first.
fn put(unit: &mut Unit<'_>, body: DispatchBody) -> QueryResult<Uuid> {
    let state = match &body {
        body if body.is_digest => DispatchState::ToConfirm,
        body if body.needs_approval => DispatchState::ToApprove,
        _ => DispatchState::Sending,
    };
    let (id, at) = (Uuid::now_v7(), unit.group.now);
    dispatches::put(unit, &Dispatch::new(id, (DispatchKind::Changes, state), body, at))?;
    Ok(id)
}

/// The programme with sessions that are gone, as they were.
pub fn with_gone(programme: &Programme, gone: &BTreeMap<RecordId, Session>) -> Programme {
    let back: Vec<RecordEdit> = gone
        .iter()
        .map(|(id, session)| RecordEdit::Put { id: *id, body: RecordBody::Sessions(session.clone()) })
        .collect();
    programme.with_edits(&back, 0)
}
