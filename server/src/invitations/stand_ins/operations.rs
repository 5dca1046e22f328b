//! The verbs of stand-ins: have somebody sit in, and end it.

use std::str::FromStr;

use chrono_tz::Tz;
use diesel::QueryResult;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{EntryTerms, InvitedTo, Rejection, StandIn, arrange};
use shared::notice::NoticeKind;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Day;
use uuid::Uuid;

use super::store::{self, Stored};
use crate::invitations::operations::Caller;
use crate::notify::inbox;
use crate::refusal::{Failure, Refusal, read};
use crate::registration::acting::{Acting, acting_for, require_acting};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::feed::EventMemory;
use crate::sync::projection::is_visible;
use crate::sync::row::RowCollection;

/// What is done about stand-ins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Somebody is to sit in for the attendee.
    Create(New),
    /// It ends.
    End(Uuid),
}

/// Who is to sit in, and when.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    /// Made by the device that asks; a request by REST gets one.
    pub id: Option<Uuid>,
    /// Who sits in.
    pub stand_in: AttendeeId,
    /// In which session; either this or `day`.
    pub session: Option<RecordId>,
    /// On which day.
    pub day: Option<Day>,
    /// What staff note with it.
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndArguments {
    id: Uuid,
}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "stand_in.create" => read::<New>(args).and_then(|new| match new.id {
            Some(_) => Ok(Command::Create(new)),
            None => Err(Refusal::new(ProblemCode::InvalidRequest, "/id: is missing.").at("/id")),
        }),
        "stand_in.end" => read(args).map(|EndArguments { id }| Command::End(id)),
        _ => return None,
    })
}

/// Does it, for the delegate `attendee`; the stand-in as it then is.
///
/// # Errors
///
/// `not_found` where the account has nothing to do with the delegate, or there is no such stand-in of
/// theirs; `unknown_reference` where it does not act for who is to sit in; what the rules say.
pub fn run(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    caller: &Caller<'_>,
    (attendee, command): (AttendeeId, &Command),
) -> Result<Stored, Failure> {
    let acting = require_acting(unit, caller.rights, attendee)?;
    if !acting.may_decide() {
        return Err(Refusal::new(ProblemCode::Forbidden, "A liaison officer reads, and changes nothing.").into());
    }
    match command {
        Command::Create(new) => create(unit, memory, (caller, acting), (attendee, new)),
        Command::End(id) => end(unit, caller, (attendee, *id)),
    }
}

fn create(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (caller, acting): (&Caller<'_>, Acting),
    (attendee, new): (AttendeeId, &New),
) -> Result<Stored, Failure> {
    let stand_in = StandIn {
        attendee,
        stand_in: new.stand_in,
        session: new.session,
        day: new.day,
        ended_at: None,
        note: new.note.clone(),
    };
    if let Some(fault) = stand_in.faults().into_iter().next() {
        let refusal = Refusal::new(ProblemCode::InvalidValue, format!("{} {}.", fault.field, fault.problem));
        return Err(refusal.at(fault.field).into());
    }
    if stand_in.note.is_some() && !matches!(acting, Acting::Organiser | Acting::Protocol) {
        return Err(Refusal::new(ProblemCode::Forbidden, "Only staff note something.").at("/note").into());
    }
    let sits_in = acting_for(unit.connection, unit.group.event, caller.rights, new.stand_in)?;
    if !sits_in.is_some_and(Acting::may_decide) {
        let detail = "There is no such attendee, or not for you: staff or a focal point of both arranges it.";
        return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/stand_in").into());
    }
    require_session(unit, memory, (acting, attendee), new.session)?;
    require_time(unit, &stand_in)?;
    let others = store::list_of_attendees(unit.connection, unit.group.event, &[attendee, new.stand_in])?;
    if let Some(known) = new.id.and_then(|id| others.iter().find(|(known, _)| *known == id)) {
        return Ok(known.clone());
    }
    let others: Vec<StandIn> = others.into_iter().map(|(_, other)| other).collect();
    let programme = unit.group.programme().clone();
    arrange(&stand_in, &others, |session| day_of_session(&programme, session)).map_err(refuse)?;
    let stored = (new.id.unwrap_or_else(Uuid::now_v7), stand_in);
    if store::find(unit.connection, unit.group.event, stored.0)?.is_some() {
        return Err(Refusal::new(ProblemCode::IdReused, "There is another one with this id.").at("/id").into());
    }
    write(unit, (caller.actor, "stand_in.create"), (None, &stored))?;
    let details = stored.1.session.map_or_else(|| json!({}), |session| json!({ "session": session }));
    let about = (RowCollection::StandIns, stored.0);
    inbox::tell(unit, stored.1.stand_in, NoticeKind::StandIn, (Some(about), details));
    Ok(stored)
}

fn end(unit: &mut Unit<'_>, caller: &Caller<'_>, (attendee, id): (AttendeeId, Uuid)) -> Result<Stored, Failure> {
    let found = store::find(unit.connection, unit.group.event, id)?;
    let missing = || Refusal::new(ProblemCode::UnknownReference, "There is no such stand-in.").at("/id");
    let before = found.filter(|(_, one)| one.attendee == attendee).ok_or_else(missing)?;
    if before.1.ended_at.is_some() {
        return Ok(before);
    }
    let after = (id, StandIn { ended_at: Some(unit.group.now), ..before.1.clone() });
    inbox::take_back(unit, after.1.stand_in, (RowCollection::StandIns, id))?;
    write(unit, (caller.actor, "stand_in.end"), (Some(&before), &after))?;
    Ok(after)
}

/// A session that the delegate may not know of is as unknown as one that never was.
fn require_session(
    unit: &Unit<'_>,
    memory: &EventMemory,
    (acting, attendee): (Acting, AttendeeId),
    session: Option<RecordId>,
) -> Result<(), Refusal> {
    let Some(session) = session else { return Ok(()) };
    let programme = unit.group.programme();
    let may_hold = |scope: Scope| memory.attendee_may_hold(attendee, &scope);
    let is_known = match acting {
        Acting::Organiser | Acting::Protocol => programme.session(session).is_some(),
        _ => is_visible(programme, (Collection::Sessions, session), &may_hold),
    };
    let unknown = || Refusal::new(ProblemCode::UnknownReference, "There is no such session.").at("/session");
    if is_known { Ok(()) } else { Err(unknown()) }
}

/// What is over, or is no day of the event's, needs nobody any more.
fn require_time(unit: &Unit<'_>, stand_in: &StandIn) -> Result<(), Refusal> {
    let programme = unit.group.programme();
    let over = || Refusal::new(ProblemCode::WindowOver, "It is over.");
    if let Some(session) = stand_in.session {
        let terms = EntryTerms::of(programme, (InvitedTo::Sessions, session));
        return if terms.is_some_and(|terms| terms.is_over(unit.group.now)) {
            Err(over().at("/session"))
        } else {
            Ok(())
        };
    }
    let Some((day, (_, event))) = stand_in.day.zip(programme.event()) else { return Ok(()) };
    if day < event.starts_on || day > event.ends_on {
        return Err(Refusal::new(ProblemCode::InvalidValue, "It is no day of the event.").at("/day"));
    }
    let today = zone(programme).map(|zone| Day(unit.group.now.day_in(zone)));
    if today.is_some_and(|today| day < today) { Err(over().at("/day")) } else { Ok(()) }
}

/// The day of a session in the event's time zone.
pub fn day_of_session(programme: &Programme, session: RecordId) -> Option<Day> {
    let session = programme.session(session)?;
    session.day.or_else(|| Some(Day(session.starts_at?.day_in(zone(programme)?))))
}

fn zone(programme: &Programme) -> Option<Tz> {
    Tz::from_str(&programme.event()?.1.time_zone).ok()
}

fn write(
    unit: &mut Unit<'_>,
    (actor, operation): (Actor, &str),
    (before, after): (Option<&Stored>, &Stored),
) -> QueryResult<()> {
    store::put(unit.connection, unit.group.event, after, unit.group.now)?;
    unit.group.attendee_changed(after.1.attendee);
    unit.group.attendee_changed(after.1.stand_in);
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(after.1.attendee), ..actor },
        operation: operation.to_owned(),
        collection: RowCollection::StandIns.as_str(),
        record: after.0,
        before: before.map(|(_, before)| json!(before)),
        after: Some(json!(after.1)),
    });
    Ok(())
}

fn refuse(rejection: Rejection) -> Failure {
    Refusal::new(rejection.code(), rejection.detail()).into()
}
