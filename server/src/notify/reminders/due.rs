//! Pushing reminders when their time has come. Every node looks; that a reminder is pushed once is decided in the
//! database, by its id.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::notice::{Leads, Notice, NoticeKind, SessionChange, Slot, reminder_id};
use shared::programme::{Collection, Programme, State};
use shared::sync::Scope;
use shared::time::Timestamp;
use uuid::Uuid;

use super::rules::{Due, Stretch, Upcoming, list_candidates, list_due, list_hot, list_upcoming};
use super::store::{self, CHUNK};
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::notify::push;
use crate::sync::change_log::Unit;
use crate::sync::feed::{EventCell, EventMemory};
use crate::sync::projection;
use crate::sync::row::RowCollection;

/// How far back reminders are made up for, after a time in which no node ran.
const CATCH_UP_MS: i64 = 60 * 60_000;

/// How often it is written down that there was nothing to remind of.
const NOTE_EVERY_MS: i64 = 60_000;

/// Pushes the reminders of all events that are due.
///
/// # Errors
///
/// The database does not answer; what is due stays so.
pub async fn run_due(app: &App) -> Result<(), DueError> {
    for cell in app.events.list() {
        remind(app, &cell).await?;
    }
    Ok(())
}

async fn remind(app: &App, cell: &Arc<EventCell>) -> Result<(), DueError> {
    let (event, now) = (cell.id, app.clock.now());
    let programme = app.events.programme(cell).await?;
    let upcoming = list_upcoming(&programme, now);
    if upcoming.is_empty() {
        return Ok(());
    }
    let usual = programme.event().map(|(_, event)| event.reminders).unwrap_or_default();
    let known = move |c: &mut Connection| Ok((store::find_progress(c, event)?, store::list_chosen(c, event)?));
    let (reached, chosen) = app.readers.read(known).await?;
    let since = reached.map_or(now, |reached| reached.max(Timestamp(now.0 - CATCH_UP_MS)));
    let stretch = Stretch(since, now);
    let hot = list_hot(upcoming, (&chosen, &usual), stretch);
    if hot.is_empty() && reached.is_some() && now.0 - since.0 < NOTE_EVERY_MS {
        return Ok(());
    }
    for chunk in gather(app, cell, (&programme, hot, usual), stretch).await?.chunks(CHUNK) {
        let (cell, chunk) = (Arc::clone(cell), chunk.to_vec());
        app.writer.unit(event, move |unit| Ok(write(unit, &cell.read(), &chunk)?)).await?;
    }
    Ok(app.writer.system(move |c| store::put_progress(c, event, now)).await?)
}

/// Whose reminders are due.
async fn gather(
    app: &App,
    cell: &Arc<EventCell>,
    (programme, hot, usual): (&Programme, Vec<Upcoming>, Leads),
    stretch: Stretch,
) -> Result<Vec<Due>, DueError> {
    if hot.is_empty() {
        return Ok(Vec::new());
    }
    let sessions: BTreeSet<RecordId> =
        hot.iter().flat_map(|one| one.served.iter().flatten().copied().chain([one.session])).collect();
    let is_gate = |session: &RecordId| projection::gate_of(programme, (Collection::Sessions, *session)).is_some();
    let mut holders = cell.read().holders_of_each(&sessions.iter().copied().filter(is_gate).collect());
    for session in sessions {
        holders.entry(session).or_default();
    }
    let event = cell.id;
    let find = move |c: &mut Connection| {
        let theirs = store::list_theirs(c, event, &holders)?;
        let who: BTreeSet<AttendeeId> = hot.iter().flat_map(|one| list_candidates(one, &theirs).into_keys()).collect();
        let choices = store::list_choices(c, event, &who)?;
        Ok(list_due(&hot, &theirs, (&choices, &usual), stretch))
    };
    Ok(app.readers.read(find).await?)
}

/// Pushes these, as far as they still stand and were not pushed.
fn write(unit: &mut Unit<'_>, memory: &EventMemory, due: &[Due]) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let attendees: BTreeSet<AttendeeId> = due.iter().map(|one| one.attendee).collect();
    let devices = push::list_devices(unit.connection, event, &attendees)?;
    let reached: BTreeSet<AttendeeId> = devices.into_iter().map(|(attendee, _)| attendee).collect();
    let notices = due.iter().filter(|one| reached.contains(&one.attendee)).filter_map(|one| {
        let notice = notice_for(unit.group.programme(), memory, (one, now))?;
        Some((reminder_id(one.attendee, one.session, one.starts_at), notice))
    });
    let mut notices: Vec<(Uuid, Notice)> = notices.collect();
    let ids: BTreeSet<Uuid> = notices.iter().map(|(id, _)| *id).collect();
    let known = crate::notify::list_notices_by_id(unit.connection, event, &ids)?;
    notices.retain(|(id, _)| !known.iter().any(|(known, _)| known == id));
    let Some((first, notice)) = notices.first() else { return Ok(()) };
    // The push names the commit that it comes with, so that there is to be one; a reminder is no row of the inbox.
    unit.group.put_row(Scope::Own(notice.attendee), (RowCollection::Notices, *first), None);
    crate::notify::put_notices(unit.connection, event, &notices)?;
    push::follow(unit, &notices, push::spread_for(notices.len()))?;
    Ok(())
}

fn notice_for(programme: &Programme, memory: &EventMemory, (one, now): (&Due, Timestamp)) -> Option<Notice> {
    let session = programme.session(one.session)?;
    let stands = programme.state_of(session) == State::Published && session.starts_at == Some(one.starts_at);
    let may_hold = |scope: Scope| memory.attendee_may_hold(one.attendee, &scope);
    if !stands || !projection::is_visible(programme, (Collection::Sessions, one.session), &may_hold) {
        return None;
    }
    // It is of use until the session begins, which is all that is said of its time here.
    let after = Some(Slot { starts_at: Some(one.starts_at), ..Slot::default() });
    let change = SessionChange {
        session: one.session,
        kinds: Vec::new(),
        title: None,
        before: None,
        after,
        vehicles: Vec::new(),
    };
    Some(Notice {
        collection: Some(RowCollection::Sessions.as_str().to_owned()),
        id: Some(one.session.0),
        changes: vec![change],
        ..Notice::new(one.attendee, NoticeKind::Reminder, now)
    })
}
