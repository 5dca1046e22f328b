//! The verbs of announcements: write, change, approve, send, withdraw.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::notice::{TextsByLanguage, Urgency};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordBody};
use shared::time::Timestamp;
use uuid::Uuid;

use crate::attendees::list_known;
use crate::notify::approval::meets_rule;
use crate::notify::dispatches::{
    self, AnnouncementAudience, Dispatch, DispatchBody, DispatchKind, DispatchState, leave_out_what_is_not_so, load,
    require_state,
};
use crate::notify::http::require_texts;
use crate::refusal::{Failure, Refusal, read};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::EventMemory;

/// The most attendees that one names by themselves.
const MOST_ATTENDEES: usize = 500;

/// What an announcement is made of.
#[derive(Clone, PartialEq, Debug, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    texts: TextsByLanguage,
    audience: AnnouncementAudience,
    #[serde(default)]
    urgency: Urgency,
    #[serde(default)]
    asks_acknowledgement: bool,
    #[serde(default)]
    send_at: Option<Timestamp>,
    #[serde(default)]
    session: Option<RecordId>,
}

/// A new announcement.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    texts: TextsByLanguage,
    audience: AnnouncementAudience,
    #[serde(default)]
    urgency: Urgency,
    #[serde(default)]
    asks_acknowledgement: bool,
    #[serde(default)]
    send_at: Option<Timestamp>,
    #[serde(default)]
    session: Option<RecordId>,
    #[serde(default)]
    is_draft: bool,
    #[serde(default)]
    needs_approval: bool,
}

/// Writes an announcement; unless it is a draft it goes out, now or at its time, or waits for approval.
///
/// # Errors
///
/// Texts or an audience that are none.
pub fn create(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (actor, new): (Actor, NewAnnouncement),
) -> Result<Uuid, Failure> {
    let content = Content {
        texts: new.texts,
        audience: new.audience,
        urgency: new.urgency,
        asks_acknowledgement: new.asks_acknowledgement,
        send_at: new.send_at,
        session: new.session,
    };
    require_content(unit, &content, &[])?;
    let mut body = DispatchBody { created_by: actor.account, ..body_of(content) };
    body.needs_approval = new.needs_approval || meets_rule(unit, memory, &body)?;
    let state = if new.is_draft { DispatchState::Draft } else { ready_state(&body, unit.group.now) };
    let dispatch = Dispatch::new(Uuid::now_v7(), (DispatchKind::Announcement, state), body, unit.group.now);
    dispatches::put(unit, &dispatch)?;
    dispatches::audit(unit, (actor, "announcement.create"), &dispatch, DispatchState::Draft);
    Ok(dispatch.id)
}

/// Changes an announcement by a merge patch. What is out is corrected: inboxes are written anew, and everybody
/// is told again.
///
/// # Errors
///
/// There is none, it is withdrawn, or it would not be one.
pub fn patch(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (actor, id, patch): (Actor, Uuid, &Value),
) -> Result<(), Failure> {
    let mut dispatch = load_announcement(unit, id)?;
    let before = dispatch.state;
    let mut whole = json!(content_of(&dispatch.body));
    merge(&mut whole, patch);
    let content: Content = read(&whole)?;
    let former = dispatch.body.clone();
    let known = former.audience.as_ref().map(|audience| audience.attendees.as_slice()).unwrap_or_default();
    require_content(unit, &content, known)?;
    let mut body = DispatchBody {
        created_by: former.created_by,
        edited_by: former.edited_by.iter().copied().chain(actor.account).collect(),
        ..body_of(content)
    };
    body.needs_approval = former.needs_approval || meets_rule(unit, memory, &body)?;
    match dispatch.state {
        DispatchState::Sent if body.needs_approval => {
            let detail = "A second person is to approve what it says; withdraw it and write another.";
            return Err(Refusal::new(ProblemCode::WrongState, detail).into());
        }
        DispatchState::Sent => {
            if body.audience != former.audience {
                let detail = "It is with its audience already.";
                return Err(Refusal::new(ProblemCode::WrongState, detail).at("/audience").into());
            }
            let sent_at = dispatch.sent_at;
            dispatch.body = DispatchBody { is_correction: true, ..body };
            dispatches::correct_notices(unit, &dispatch)?;
            dispatch.sent_at = sent_at;
        }
        DispatchState::Draft | DispatchState::ToApprove | DispatchState::Scheduled => {
            dispatch.body = body;
            if dispatch.state != DispatchState::Draft {
                let state = ready_state(&dispatch.body, unit.group.now);
                set_state(&mut dispatch, state, unit.group.now);
            }
        }
        _ => require_state(&dispatch, &[DispatchState::Draft])?,
    }
    dispatches::put(unit, &dispatch)?;
    dispatches::audit(unit, (actor, "announcement.change"), &dispatch, before);
    Ok(())
}

/// Sends a draft: now, at its time, or once it is approved, where it was to be or a rule asks for that now.
///
/// # Errors
///
/// There is none, or it is no draft.
pub fn send(unit: &mut Unit<'_>, memory: &EventMemory, (actor, id): (Actor, Uuid)) -> Result<(), Failure> {
    let mut dispatch = load_announcement(unit, id)?;
    require_state(&dispatch, &[DispatchState::Draft])?;
    dispatch.body.needs_approval = dispatch.body.needs_approval || meets_rule(unit, memory, &dispatch.body)?;
    let state = ready_state(&dispatch.body, unit.group.now);
    finish(unit, (actor, "announcement.send"), (&mut dispatch, state))
}

/// Approves it, or changes that organisers tell of in their own words; whoever wrote it, or changed what somebody
/// else wrote, cannot.
///
/// # Errors
///
/// There is none, it does not wait for that, or the same person wrote it.
pub fn approve(unit: &mut Unit<'_>, actor: Actor, id: Uuid) -> Result<(), Failure> {
    let mut dispatch = load(unit, id)?;
    require_state(&dispatch, &[DispatchState::ToApprove])?;
    let has_written = |account| dispatch.body.created_by == Some(account) || dispatch.body.edited_by.contains(&account);
    if actor.account.is_none_or(has_written) {
        return Err(Refusal::new(ProblemCode::Forbidden, "Somebody else is to approve it.").into());
    }
    dispatch.body.approved_by = actor.account;
    let is_left = leave_out_what_is_not_so(unit, &mut dispatch);
    let state = if is_left { ready_state(&dispatch.body, unit.group.now) } else { DispatchState::Discarded };
    finish(unit, (actor, "announcement.approve"), (&mut dispatch, state))
}

/// Takes it back: what is not out stays in, and what is out is marked in every inbox, and told to whoever was told of it.
///
/// # Errors
///
/// There is none, or it was taken back.
pub fn withdraw(unit: &mut Unit<'_>, actor: Actor, id: Uuid) -> Result<(), Failure> {
    let mut dispatch = load_announcement(unit, id)?;
    let is_out = dispatch.state.is_out();
    require_state(
        &dispatch,
        &[
            DispatchState::Draft,
            DispatchState::ToApprove,
            DispatchState::Scheduled,
            DispatchState::Sending,
            DispatchState::Sent,
        ],
    )?;
    let before = dispatch.state;
    if is_out {
        dispatches::withdraw(unit, &mut dispatch)?;
    }
    let state = if is_out { DispatchState::Withdrawn } else { DispatchState::Discarded };
    set_state(&mut dispatch, state, unit.group.now);
    dispatches::put(unit, &dispatch)?;
    dispatches::audit(unit, (actor, "announcement.withdraw"), &dispatch, before);
    Ok(())
}

fn finish(
    unit: &mut Unit<'_>,
    (actor, operation): (Actor, &str),
    (dispatch, state): (&mut Dispatch, DispatchState),
) -> Result<(), Failure> {
    let before = dispatch.state;
    set_state(dispatch, state, unit.group.now);
    dispatches::put(unit, dispatch)?;
    dispatches::audit(unit, (actor, operation), dispatch, before);
    Ok(())
}

fn set_state(dispatch: &mut Dispatch, state: DispatchState, now: Timestamp) {
    dispatch.state = state;
    dispatch.next_at = match state {
        DispatchState::Sending => Some(now),
        DispatchState::Scheduled => dispatch.body.send_at,
        _ => None,
    };
}

/// Where an announcement stands that is to go out.
fn ready_state(body: &DispatchBody, now: Timestamp) -> DispatchState {
    match body.send_at {
        _ if body.needs_approval && body.approved_by.is_none() => DispatchState::ToApprove,
        Some(at) if at > now => DispatchState::Scheduled,
        _ => DispatchState::Sending,
    }
}

fn load_announcement(unit: &mut Unit<'_>, id: Uuid) -> Result<Dispatch, Failure> {
    let dispatch = load(unit, id)?;
    if dispatch.kind == DispatchKind::Announcement {
        return Ok(dispatch);
    }
    Err(Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into())
}

fn body_of(content: Content) -> DispatchBody {
    DispatchBody {
        urgency: content.urgency,
        asks_acknowledgement: content.asks_acknowledgement,
        texts: content.texts,
        audience: Some(content.audience),
        send_at: content.send_at,
        session: content.session,
        ..DispatchBody::default()
    }
}

fn content_of(body: &DispatchBody) -> Content {
    Content {
        texts: body.texts.clone(),
        audience: body.audience.clone().unwrap_or_default(),
        urgency: body.urgency,
        asks_acknowledgement: body.asks_acknowledgement,
        send_at: body.send_at,
        session: body.session,
    }
}

/// A JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Some(fields) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in fields {
        match (value.is_null(), target.as_object_mut()) {
            (true, Some(target)) => drop(target.shift_remove(name)),
            (false, Some(target)) => merge(target.entry(name.clone()).or_insert(Value::Null), value),
            (_, None) => {}
        }
    }
}

/// `known` are attendees who were named before, and may be gone since.
fn require_content(unit: &mut Unit<'_>, content: &Content, known: &[AttendeeId]) -> Result<(), Failure> {
    require_texts(&content.texts)?;
    if content.texts.is_empty() {
        return Err(Refusal::new(ProblemCode::InvalidValue, "An announcement says something.").at("/texts").into());
    }
    let audience = &content.audience;
    let is_empty = !audience.everybody
        && audience.audiences.is_empty()
        && audience.delegations.is_empty()
        && audience.sessions.is_empty()
        && audience.attendees.is_empty();
    if is_empty {
        return Err(Refusal::new(ProblemCode::InvalidValue, "An announcement is for somebody.").at("/audience").into());
    }
    require_attendees(unit, &audience.attendees, known)?;
    let programme = unit.group.programme();
    let named = [
        (Collection::Audiences, &audience.audiences, "/audience/audiences"),
        (Collection::Delegations, &audience.delegations, "/audience/delegations"),
        (Collection::Sessions, &audience.sessions, "/audience/sessions"),
    ];
    for (collection, ids, field) in named {
        if ids.iter().any(|id| programme.find(collection, *id).is_none()) {
            return Err(Refusal::new(ProblemCode::UnknownReference, "There is no such record.").at(field).into());
        }
    }
    let is_session = |id: RecordId| {
        programme.find(Collection::Sessions, id).is_some_and(|record| matches!(record.body, RecordBody::Sessions(_)))
    };
    match content.session {
        Some(id) if !is_session(id) => {
            Err(Refusal::new(ProblemCode::UnknownReference, "There is no such session.").at("/session").into())
        }
        _ => Ok(()),
    }
}

fn require_attendees(unit: &mut Unit<'_>, named: &[AttendeeId], known: &[AttendeeId]) -> Result<(), Failure> {
    const FIELD: &str = "/audience/attendees";
    if named.len() > MOST_ATTENDEES {
        let detail = format!("An announcement names at most {MOST_ATTENDEES} attendees; more are an audience.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at(FIELD).into());
    }
    let new: BTreeSet<AttendeeId> = named.iter().filter(|attendee| !known.contains(attendee)).copied().collect();
    let new: Vec<AttendeeId> = new.into_iter().collect();
    if list_known(unit.connection, unit.group.event, &new)?.len() < new.len() {
        return Err(Refusal::new(ProblemCode::UnknownReference, "There is no such attendee.").at(FIELD).into());
    }
    Ok(())
}
