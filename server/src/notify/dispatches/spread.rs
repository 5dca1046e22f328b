//! Writing a dispatch into inboxes, in chunks between which others write: first those whose duty it is.
//! A node claims a dispatch for a while; what one that died has written is not written again.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::QueryResult;
use serde_json::json;
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::notice::{ChangeKind, Notice, NoticeKind, Reason, SessionChange, Slot, Urgency};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Timestamp;
use uuid::Uuid;

use super::audience::{Concerned, Known, gather, list_outside_officers};
use super::officers::tell_officers;
use super::operations::go_on_sending;
use super::store::{self, NewPerson};
use super::{Dispatch, DispatchBody, DispatchKind, DispatchState, rows};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::notify::approval::meets_rule;
use crate::notify::held::with_gone;
use crate::notify::mail::{self, Addressee};
use crate::notify::push;
use crate::sync::change_log::Unit;
use crate::sync::feed::{EventCell, EventMemory};
use crate::sync::projection;
use crate::sync::row::RowCollection;

/// People in one commit.
const CHUNK: usize = 500;

/// How long a claim holds.
const LEASE_MS: i64 = 60_000;

/// How long somebody with a device that is reached by push has before a mail follows.
const MAIL_AFTER_MS: i64 = 10 * 60_000;

/// The part of the time until something begins that they have at most: of an hour the whole ten minutes.
const PART_TO_LEARN: i64 = 6;

/// Writes the dispatches that are due.
///
/// # Errors
///
/// The database does not answer; what is due stays so.
pub async fn spread_due(app: &App) -> Result<(), DueError> {
    let now = app.clock.now();
    let due = app.readers.read(move |connection| store::list_due(connection, now)).await?;
    for (event, id) in due {
        let Some(cell) = app.events.find(event) else { continue };
        let known = Arc::clone(&cell);
        let claimed = app.writer.unit(event, move |unit| Ok(claim(unit, &known.read(), id)?)).await?.value;
        if let Some(dispatch) = claimed {
            spread(app, &cell, dispatch).await?;
        }
    }
    Ok(())
}

/// The dispatch, if it is to be worked on and nobody does. Of what was to go out now it is seen once more whether a
/// second person is to approve it: since it was written rules may have come, or people to its audience.
fn claim(unit: &mut Unit<'_>, memory: &EventMemory, id: Uuid) -> QueryResult<Option<Dispatch>> {
    let (event, now) = (unit.group.event, unit.group.now);
    let Some(mut dispatch) = store::find(unit.connection, event, id)? else { return Ok(None) };
    if dispatch.next_at.is_none_or(|at| at > now) {
        return Ok(None);
    }
    if dispatch.state == DispatchState::Sent {
        go_on_sending(unit, dispatch)?;
        return Ok(None);
    }
    if dispatch.state == DispatchState::Scheduled {
        let is_approved = dispatch.body.approved_by.is_some();
        dispatch.body.needs_approval |= !is_approved && meets_rule(unit, memory, &dispatch.body)?;
        let waits = dispatch.body.needs_approval && !is_approved;
        dispatch.state = if waits { DispatchState::ToApprove } else { DispatchState::Sending };
    }
    let is_work = dispatch.state == DispatchState::Sending;
    dispatch.next_at = is_work.then_some(Timestamp(now.0 + LEASE_MS));
    super::put(unit, &dispatch)?;
    Ok(is_work.then_some(dispatch))
}

async fn spread(app: &App, cell: &Arc<EventCell>, dispatch: Dispatch) -> Result<(), DueError> {
    let programme = app.events.programme(cell).await?;
    let programme = with_gone(&programme, &dispatch.body.gone);
    let known = Known::of(&cell.read(), &programme, &dispatch.body);
    let (event, body, whole) = (cell.id, dispatch.body.clone(), programme.clone());
    let find = move |connection: &mut Connection| {
        let people = gather(connection, event, (&whole, &known), &body)?;
        let officers = list_outside_officers(connection, event, (&known, &people))?;
        Ok((people, officers))
    };
    let (people, officers) = app.readers.read(find).await?;
    let shared = Arc::new((dispatch, programme, push::spread_for(people.len())));
    let id = shared.0.id;
    for chunk in people.chunks(CHUNK) {
        let chunk: Arc<[Concerned]> = chunk.into();
        while !write_chunk(app, cell, &shared, &chunk).await? {}
    }
    let finish = move |unit: &mut Unit<'_>| Ok(finish(unit, (id, &shared.1), &officers)?);
    app.writer.unit(event, finish).await?;
    Ok(())
}

type Shared = Arc<(Dispatch, Programme, u32)>;

/// False where it is to be tried again, in a commit of its own.
async fn write_chunk(
    app: &App,
    cell: &Arc<EventCell>,
    shared: &Shared,
    chunk: &Arc<[Concerned]>,
) -> Result<bool, DueError> {
    let (cell, shared, chunk) = (Arc::clone(cell), Arc::clone(shared), Arc::clone(chunk));
    let event = cell.id;
    let write = move |unit: &mut Unit<'_>| {
        // What this group itself takes from somebody is not in memory yet.
        let moves_gates = !unit.group.changed_gates().is_empty() || !unit.group.changed_audiences().is_empty();
        if moves_gates || !unit.group.changed_records().is_empty() {
            return Ok(false);
        }
        let (dispatch, programme, spread_s) = &*shared;
        write_people(unit, &cell.read(), (dispatch, programme), (&chunk, *spread_s))?;
        Ok(true)
    };
    Ok(app.writer.unit(event, write).await?.value)
}

fn write_people(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (dispatch, programme): (&Dispatch, &Programme),
    (chunk, spread_s): (&[Concerned], u32),
) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let is_out = store::find(unit.connection, event, dispatch.id)?.is_some_and(|d| d.state == DispatchState::Sending);
    if !is_out {
        return Ok(());
    }
    let ids: Vec<AttendeeId> = chunk.iter().map(|person| person.attendee).collect();
    let told = store::list_told(unit.connection, (event, dispatch.id), &ids)?;
    let (mut notices, mut people) = (Vec::new(), Vec::new());
    for person in chunk.iter().filter(|person| !told.contains(&person.attendee)) {
        let may_hold = |scope: Scope| memory.attendee_may_hold(person.attendee, &scope);
        let Some(notice) = notice_for(person, dispatch, (programme, &may_hold), now) else { continue };
        let id = Uuid::now_v7();
        people.push(NewPerson {
            attendee: person.attendee,
            notice: id,
            reasons: notice.reasons.iter().copied().collect(),
            must_acknowledge: dispatch.body.asks_acknowledgement
                || notice.reasons.iter().any(|reason| reason.is_duty()),
        });
        notices.push((id, notice));
    }
    store::add_people(unit.connection, (event, dispatch.id), unit.group.seq(), &people)?;
    crate::notify::put_notices(unit.connection, event, &notices)?;
    for (id, notice) in &notices {
        let key = (RowCollection::Notices, *id);
        unit.group.put_row(Scope::Own(notice.attendee), key, Some(&json!(notice)));
    }
    push_and_mail(unit, dispatch.body.urgency, (&notices, spread_s))
}

/// Writes the pushes and mails that follow notices: mails leave at once to whom no device of theirs reaches; what is quiet
/// is not mailed.
pub(super) fn push_and_mail(
    unit: &mut Unit<'_>,
    urgency: Urgency,
    (notices, spread_s): (&[(Uuid, Notice)], u32),
) -> QueryResult<()> {
    let reached = push::follow(unit, notices, spread_s)?;
    if urgency == Urgency::Quiet {
        return Ok(());
    }
    let (programme, now) = (unit.group.programme().clone(), unit.group.now);
    let wait_ms = |notice: &Notice, reader: &Addressee| {
        let is_reached = reader.accounts.iter().any(|account| reached.contains(&(notice.attendee, *account)));
        if is_reached { time_to_learn_ms(notice, &programme, now) } else { 0 }
    };
    mail::follow_notices(unit, notices, &wait_ms)
}

/// How long somebody with a device that is reached has before a mail follows: the less, the sooner what it is about
/// begins, and nothing where it is under way or the notice is urgent.
fn time_to_learn_ms(notice: &Notice, programme: &Programme, now: Timestamp) -> i64 {
    if notice.urgency >= Urgency::Urgent {
        return 0;
    }
    let is_session = notice.collection.as_deref() == Some(RowCollection::Sessions.as_str());
    let about = notice.id.filter(|_| is_session).and_then(|id| programme.session(RecordId(id))).map(Slot::of);
    let told = notice.changes.iter().flat_map(|change| [&change.before, &change.after]).flatten().cloned();
    let to_come = told.chain(about).filter(|slot| slot.ends_at.or(slot.starts_at).is_some_and(|end| end > now));
    let left_ms = to_come.filter_map(|slot| slot.starts_at).map(|at| (at.0 - now.0).max(0)).min();
    left_ms.map_or(MAIL_AFTER_MS, |left| (left / PART_TO_LEARN).min(MAIL_AFTER_MS))
}

/// What somebody is told; none where they may see nothing of it.
fn notice_for(
    person: &Concerned,
    dispatch: &Dispatch,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
    now: Timestamp,
) -> Option<Notice> {
    let body = &dispatch.body;
    let Share { changes, reasons } = share_of(person, body, (programme, may_hold))?;
    let kind = match dispatch.kind {
        DispatchKind::Announcement => NoticeKind::Announcement,
        DispatchKind::Changes => NoticeKind::of_changes(&changes),
    };
    let about = match changes.as_slice() {
        [only] => Some(only.session),
        _ => body.session,
    };
    // Words of the organisers' may say more than somebody sees who sees that it is listed.
    let sees_all = changes.iter().all(|change| body.changes.contains(change));
    Some(Notice {
        collection: about.map(|_| RowCollection::Sessions.as_str().to_owned()),
        id: about.map(|session| session.0),
        dispatch: Some(dispatch.id),
        urgency: body.urgency,
        reasons: reasons.into_iter().collect(),
        texts: if sees_all && changes.len() == body.changes.len() { body.texts.clone() } else { Default::default() },
        changes,
        is_correction: body.is_correction,
        is_digest: body.is_digest,
        asks_acknowledgement: body.asks_acknowledgement,
        ..Notice::new(person.attendee, kind, now)
    })
}

/// What of a dispatch is for somebody.
#[derive(Clone, PartialEq, Debug)]
pub struct Share {
    /// The changes, as far as they see.
    pub changes: Vec<SessionChange>,
    /// Why.
    pub reasons: BTreeSet<Reason>,
}

/// What of it is for somebody whom it concerns; none where they may see nothing of it. A message that is about a session
/// is for those who see that.
pub fn share_of(
    person: &Concerned,
    body: &DispatchBody,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
) -> Option<Share> {
    let seen = |change: &SessionChange| {
        person.sessions.contains_key(&change.session).then(|| seen_by(programme, change, may_hold)).flatten()
    };
    let changes: Vec<SessionChange> = body.changes.iter().filter_map(seen).collect();
    let is_seen = |session: RecordId| projection::is_visible(programme, (Collection::Sessions, session), may_hold);
    let is_for_others = body.session.is_some_and(|session| !is_seen(session));
    if is_for_others || (changes.is_empty() && !body.changes.is_empty()) {
        return None;
    }
    let sessions = person.sessions.iter().filter(|(session, _)| session.0.is_nil() || is_seen(**session));
    let reasons: BTreeSet<Reason> = sessions.flat_map(|(_, reasons)| reasons).copied().collect();
    (!reasons.is_empty()).then_some(Share { changes, reasons })
}

/// What of a change somebody may see who may hold the scopes that `may_hold` names.
pub fn seen_by(
    programme: &Programme,
    change: &SessionChange,
    may_hold: &dyn Fn(Scope) -> bool,
) -> Option<SessionChange> {
    let (full, stub) = projection::scopes_of_row(programme, (Collection::Sessions, change.session));
    if full.is_some_and(may_hold) {
        return Some(change.clone());
    }
    // Of what is new behind a gate a stub tells nobody anything.
    let listed = change.as_listed().filter(|change| change.kinds != [ChangeKind::New]);
    stub.filter(|stub| may_hold(*stub)).and(listed)
}

fn finish(
    unit: &mut Unit<'_>,
    (id, programme): (Uuid, &Programme),
    officers: &[(AccountId, BTreeSet<RecordId>)],
) -> QueryResult<()> {
    let event: EventId = unit.group.event;
    let Some(mut dispatch) = store::find(unit.connection, event, id)? else { return Ok(()) };
    if dispatch.state != DispatchState::Sending {
        return Ok(());
    }
    tell_officers(unit, (&dispatch, programme), officers)?;
    dispatch.state = DispatchState::Sent;
    dispatch.next_at = None;
    dispatch.sent_at = Some(unit.group.now);
    store::put_line(unit.connection, event, &dispatch)?;
    rows::write(unit, &dispatch)
}
