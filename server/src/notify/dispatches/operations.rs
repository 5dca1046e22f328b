//! What organisers do with what goes out: confirm it, say that somebody was told, send it again.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde::Deserialize;
use serde_json::json;
use shared::ids::AttendeeId;
use shared::localised::is_line;
use shared::notice::SessionChange;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;
use uuid::Uuid;

use super::officers::{count_untold_officers, note_told_by_hand, tell_officers_again};
use super::reach::Channel;
use super::{Dispatch, DispatchKind, DispatchState, rows, store};
use crate::database::Connection;
use crate::database::schema::dispatch_people;
use crate::notify::held::{keep_known, with_gone};
use crate::notify::words::tell_in_all_languages;
use crate::notify::{list_notices_by_id, mail, push};
use crate::on;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};

/// People who are told again in one commit.
const AGAIN_AT_ONCE: i64 = 500;

/// The longest note of who told somebody, in characters.
const NOTE_MAX_CHARS: usize = 500;

/// The arguments of "told by hand".
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldByHand {
    #[serde(default)]
    note: Option<String>,
}

/// The dispatch.
///
/// # Errors
///
/// There is none.
pub fn load(unit: &mut Unit<'_>, id: Uuid) -> Result<Dispatch, Failure> {
    let found = store::find(unit.connection, unit.group.event, id)?;
    found.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into())
}

/// Refuses what is not in one of these states.
///
/// # Errors
///
/// It is in another one.
pub fn require_state(dispatch: &Dispatch, states: &[DispatchState]) -> Result<(), Refusal> {
    if states.contains(&dispatch.state) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::WrongState, format!("It is {}.", dispatch.state.as_str().replace('_', " "))))
}

/// Lets what asked for it go out, or not. Where a second person is to approve it, they are asked first; changes that
/// wait for that can be given up.
///
/// # Errors
///
/// There is no such dispatch, or it does not ask.
pub fn decide(unit: &mut Unit<'_>, actor: Actor, id: Uuid, goes_out: bool) -> Result<(), Failure> {
    let mut dispatch = load(unit, id)?;
    let asks: &[DispatchState] = match (goes_out, dispatch.kind) {
        (false, DispatchKind::Changes) => &[DispatchState::ToConfirm, DispatchState::ToApprove],
        _ => &[DispatchState::ToConfirm],
    };
    require_state(&dispatch, asks)?;
    let before = dispatch.state;
    let goes_out = goes_out && leave_out_what_is_not_so(unit, &mut dispatch);
    dispatch.state = match goes_out {
        false => DispatchState::Discarded,
        true if dispatch.body.needs_approval => DispatchState::ToApprove,
        true => DispatchState::Sending,
    };
    dispatch.next_at = (dispatch.state == DispatchState::Sending).then_some(unit.group.now);
    if dispatch.state == DispatchState::Discarded {
        keep_known(unit, &dispatch.body)?;
    }
    super::put(unit, &dispatch)?;
    audit(unit, (actor, if goes_out { "dispatch.confirm" } else { "dispatch.discard" }), &dispatch, before);
    Ok(())
}

/// Leaves out of changes that waited what has changed again meanwhile: that is told by itself, against what people
/// know. False where nothing is left to tell.
pub fn leave_out_what_is_not_so(unit: &Unit<'_>, dispatch: &mut Dispatch) -> bool {
    if dispatch.kind != DispatchKind::Changes {
        return true;
    }
    let programme = unit.group.programme();
    let body = &mut dispatch.body;
    let count = body.changes.len();
    let (changes, gone) = (std::mem::take(&mut body.changes), &body.gone);
    let is_so = |change: &SessionChange| match programme.session_as_held(change.session) {
        Some(session) => change.is_still_so(&session),
        None => gone.contains_key(&change.session),
    };
    body.changes = changes.into_iter().filter(is_so).collect();
    if body.changes.len() < count {
        let whole = with_gone(programme, &body.gone);
        // Words of the organisers' tell of all of it.
        body.texts.clear();
        body.shown = tell_in_all_languages(&whole, &body.changes, body.is_correction);
    }
    !body.changes.is_empty()
}

/// Writes a line of the audit log on what became of a dispatch.
pub fn audit(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), dispatch: &Dispatch, before: DispatchState) {
    unit.group.audit(AuditLine {
        actor,
        operation: operation.to_owned(),
        collection: "dispatches",
        record: dispatch.id,
        before: Some(json!({ "state": before })),
        after: Some(json!({ "state": dispatch.state })),
    });
}

/// Writes down that a human told somebody: an attendee, or an officer by their account.
///
/// # Errors
///
/// It does not concern that person; a note that is no line.
pub fn tell_by_hand(
    unit: &mut Unit<'_>,
    actor: Actor,
    (id, person): (Uuid, Uuid),
    args: &ToldByHand,
) -> Result<(), Failure> {
    if args.note.as_ref().is_some_and(|note| !is_line(note) || note.chars().count() > NOTE_MAX_CHARS) {
        let detail = format!("note is one line of at most {NOTE_MAX_CHARS} characters.");
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/note").into());
    }
    let dispatch = load(unit, id)?;
    let (event, now) = (unit.group.event, unit.group.now);
    let key = (event.to_string(), id.to_string(), person.to_string());
    let by = actor.account.map(|account| account.to_string());
    let is_attendee = note_told(unit.connection, key.clone(), (now, by.clone(), args.note.clone()))?;
    if !is_attendee && !note_told_by_hand(unit.connection, key, (now, by, args.note.clone()))? {
        return Err(Refusal::new(ProblemCode::NotFound, "It does not concern that person.").into());
    }
    let field = if is_attendee { "attendee" } else { "account" };
    unit.group.audit(AuditLine {
        actor: Actor { attendee: is_attendee.then_some(AttendeeId(person)), ..actor },
        operation: "dispatch.told_by_hand".to_owned(),
        collection: "dispatches",
        record: id,
        before: None,
        after: Some(json!({ field: person })),
    });
    Ok(rows::write(unit, &dispatch)?)
}

/// Writes down that a human told an attendee; false where it does not concern them.
fn note_told(
    c: &mut Connection,
    key: (String, String, String),
    (now, by, note): (Timestamp, Option<String>, Option<String>),
) -> QueryResult<bool> {
    let by_hand = (
        dispatch_people::by_hand_at.eq(Some(now.0)),
        dispatch_people::by_hand_by.eq(by),
        dispatch_people::by_hand_note.eq(note),
    );
    let told = (dispatch_people::told_at.eq(now.0), dispatch_people::channel.eq(Channel::ByHand.as_str()));
    let own_told = dispatch_people::own_told_at.eq(now.0);
    let person = dispatch_people::table.find(key);
    let changed = on!(c, |c| {
        diesel::update(person.clone().filter(dispatch_people::told_at.is_null())).set(told).execute(&mut *c)?;
        diesel::update(person).set((by_hand, own_told)).execute(c)?
    });
    Ok(changed > 0)
}

/// Pushes and mails once more to those who were not told, in as many commits as need be; how many they are.
///
/// # Errors
///
/// There is no such dispatch, or it is not sent.
pub fn send_again(unit: &mut Unit<'_>, actor: Actor, id: Uuid) -> Result<i64, Failure> {
    let mut dispatch = load(unit, id)?;
    require_state(&dispatch, &[DispatchState::Sent])?;
    let event = unit.group.event;
    let count = store::count_untold(unit.connection, event, id)? + count_untold_officers(unit.connection, event, id)?;
    dispatch.body.again_behind = Some(String::new());
    dispatch.next_at = Some(unit.group.now);
    store::put_line(unit.connection, event, &dispatch)?;
    audit(unit, (actor, "dispatch.resend"), &dispatch, dispatch.state);
    Ok(count)
}

/// Does so for the next of them.
pub fn go_on_sending(unit: &mut Unit<'_>, mut dispatch: Dispatch) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    dispatch.next_at = None;
    if let Some(behind) = dispatch.body.again_behind.take() {
        if behind.is_empty() {
            tell_officers_again(unit, dispatch.id, |officer| officer.told_at.is_none(), &|_| {})?;
        }
        let untold = list_untold(unit.connection, &event.to_string(), dispatch.id, &behind)?;
        let ids: BTreeSet<Uuid> = untold.iter().filter_map(|(_, notice)| notice.parse().ok()).collect();
        let notices = list_notices_by_id(unit.connection, event, &ids)?;
        push::follow(unit, &notices, push::spread_for(notices.len()))?;
        mail::take_back_of_notices(unit.connection, event, &notices)?;
        mail::follow_notices(unit, &notices, &|_, _| 0)?;
        if untold.len() as i64 == AGAIN_AT_ONCE {
            dispatch.body.again_behind = untold.into_iter().next_back().map(|(who, _)| who);
            dispatch.next_at = Some(now);
        }
    }
    super::put(unit, &dispatch)
}

fn list_untold(c: &mut Connection, event: &str, id: Uuid, after: &str) -> QueryResult<Vec<(String, String)>> {
    let query = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event))
        .filter(dispatch_people::dispatch_id.eq(id.to_string()))
        .filter(dispatch_people::told_at.is_null())
        .filter(dispatch_people::attendee_id.gt(after))
        .order(dispatch_people::attendee_id)
        .limit(AGAIN_AT_ONCE)
        .select((dispatch_people::attendee_id, dispatch_people::notice_id));
    on!(c, |c| query.load(c))
}
