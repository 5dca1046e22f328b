//! What would be told of what is held, and of what an organiser is about to do: to whom, why, and in which words.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::QueryResult;
use serde::Serialize;
use shared::ids::RecordId;
use shared::notice::{SessionChange, TextsByLanguage};
use shared::programme::{Programme, RecordKey};
use shared::sync::Scope;
use shared::time::Timestamp;

use super::note::{Changed, list_changes_between};
use super::release::{HeldNow, show, with_gone};
use super::store::{self, HeldLine};
use crate::app::App;
use crate::database::{Connection, ReadError};
use crate::notify::dispatches::{Concerned, DispatchBody, Known, Share, count_by_reason, gather, share_of};
use crate::notify::words::tell_in_all_languages;
use crate::sync::feed::{EventCell, find_head};

/// Whom it concerns, each counted once, and for which reasons.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Concerns {
    /// How many people.
    pub people: usize,
    /// How many for which reason; somebody may have several.
    pub by_reason: BTreeMap<&'static str, usize>,
}

/// What would be told.
#[derive(Clone, PartialEq, Debug)]
pub struct Foreseen {
    /// When it goes out.
    pub due_at: Option<Timestamp>,
    /// The sessions, as they are told of to those who see all of them.
    pub changes: Vec<SessionChange>,
    /// Whom it concerns.
    pub concerns: Concerns,
    /// What it says, by language; without changes nothing.
    pub texts: TextsByLanguage,
}

/// What would be told of what is held now, with the programme that it is told against: no older than what is held,
/// on whichever node that was written.
pub async fn foresee_held(app: &App, cell: &Arc<EventCell>) -> Result<(Foreseen, Programme), ReadError> {
    let event = cell.id;
    let read = move |c: &mut Connection| c.at_one_moment(|c| Ok((store::list_held(c, event)?, find_head(c, event)?)));
    let (lines, head) = app.readers.read(read).await?;
    let head = head.map(|(_, head)| head).unwrap_or_default();
    while cell.read().head.seq < head.seq {
        app.events.refresh(cell).await?;
    }
    let programme = app.events.programme(cell).await?;
    Ok((foresee(app, cell, &programme, &lines).await?, programme))
}

/// What would be told once an edit of the records `edited` takes `before` to `after`: with what is held already, as it would go out with
/// that; and whether at once.
pub async fn foresee_edit(
    app: &App,
    cell: &Arc<EventCell>,
    (before, after): (&Programme, &Programme),
    edited: impl Iterator<Item = RecordKey>,
) -> Result<(Foreseen, bool), ReadError> {
    let (event, now) = (cell.id, app.clock.now());
    let keys: Vec<RecordKey> = edited.collect();
    let changed = list_changes_between((before, after), keys.iter());
    let mut lines = app.readers.read(move |connection| store::list(connection, event)).await?;
    let is_soon = changed.iter().any(|change| change.is_soon(now));
    let mut ids: Vec<RecordId> = Vec::with_capacity(changed.len());
    for Changed { id, known, vehicles, .. } in changed {
        ids.push(id);
        let new = || HeldLine {
            known,
            opened_at: now,
            due_at: now,
            is_import: false,
            vehicles,
            is_untold: false,
            untold: None,
        };
        lines.entry(id).or_insert_with(new);
    }
    // What begins soon does not wait for the others.
    lines.retain(|id, line| ids.contains(id) || !(line.is_untold || is_soon || ids.is_empty()));
    Ok((foresee(app, cell, after, &lines).await?, is_soon))
}

async fn foresee(
    app: &App,
    cell: &Arc<EventCell>,
    programme: &Programme,
    lines: &BTreeMap<RecordId, HeldLine>,
) -> Result<Foreseen, ReadError> {
    let HeldNow { due_at, changes, gone } = show(lines, programme);
    if changes.is_empty() {
        return Ok(Foreseen { due_at, changes, concerns: Concerns::default(), texts: TextsByLanguage::new() });
    }
    let whole = with_gone(programme, &gone);
    let body = DispatchBody { changes: changes.clone(), ..DispatchBody::default() };
    let known = Known::of(&cell.read(), &whole, &body);
    let texts = tell_in_all_languages(&whole, &changes, false);
    let event = cell.id;
    let find = move |c: &mut Connection| {
        let people = gather(c, event, (&whole, &known), &body)?;
        QueryResult::Ok((people, whole, body))
    };
    let (people, whole, body) = app.readers.read(find).await?;
    let memory = cell.read();
    let share = |person: &Concerned| {
        let may_hold = |scope: Scope| memory.attendee_may_hold(person.attendee, &scope);
        share_of(person, &body, (&whole, &may_hold))
    };
    let shares: Vec<Share> = people.iter().filter_map(share).collect();
    let concerns = Concerns { people: shares.len(), by_reason: count_by_reason(&shares) };
    Ok(Foreseen { due_at, changes, concerns, texts })
}
