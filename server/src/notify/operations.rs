//! What a person does about what they are told: say that it was seen, whether mail is to follow, and how long
//! before sessions they are reminded of them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::notice::Leads;
use shared::problem_code::ProblemCode;
use shared::sync::Scope;
use uuid::Uuid;

use super::{dispatches, mail, reminders, store};
use crate::programme::operations::read;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// The most notices that one mutation names.
const MOST_IDS: usize = 200;

/// What is done about notices.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Notices were seen.
    Seen(Seen),
    /// The person knows, and says so.
    Acknowledge(Seen),
    /// The account wants mail about the attendee, or not.
    SetMail(SetMail),
    /// How long before sessions the attendee is reminded of them.
    SetReminders(Leads),
}

/// The arguments of `notice.seen` and `notice.acknowledge`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    ids: Vec<Uuid>,
}

/// The arguments of `notice.mail`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetMail {
    on: bool,
}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "notice.seen" => read(args).map(Command::Seen),
        "notice.acknowledge" => read(args).map(Command::Acknowledge),
        "notice.mail" => read(args).map(Command::SetMail),
        "reminders.set" => read(args).map(Command::SetReminders),
        _ => return None,
    })
}

/// Does it, for `attendee`, in a unit. That the account is or acts for the attendee has been decided.
///
/// # Errors
///
/// Too many notices at once.
pub fn run(unit: &mut Unit<'_>, (actor, attendee): (Actor, AttendeeId), command: &Command) -> Result<(), Failure> {
    match command {
        Command::Seen(Seen { ids }) => note_seen(unit, (actor, attendee), (ids, false)),
        Command::Acknowledge(Seen { ids }) => note_seen(unit, (actor, attendee), (ids, true)),
        Command::SetMail(SetMail { on }) => set_mail(unit, (actor, attendee), *on),
        Command::SetReminders(leads) => Ok(reminders::set(unit, attendee, leads)?),
    }
}

/// Who saw or acknowledged a notice first stays. What is no notice of the attendee's (any more) is passed
/// over: the device could do nothing about it.
fn note_seen(
    unit: &mut Unit<'_>,
    (actor, attendee): (Actor, AttendeeId),
    (ids, is_acknowledged): (&[Uuid], bool),
) -> Result<(), Failure> {
    if ids.len() > MOST_IDS {
        let detail = format!("One mutation names at most {MOST_IDS} notices.");
        return Err(Refusal::new(ProblemCode::TooLarge, detail).at("/ids").into());
    }
    let ids: BTreeSet<Uuid> = ids.iter().copied().collect();
    let (event, now) = (unit.group.event, unit.group.now);
    let mut notices = store::list_notices(unit.connection, (event, attendee), &ids)?;
    notices.retain(|(_, notice)| notice.seen_at.is_none() || (is_acknowledged && notice.acknowledged_at.is_none()));
    if notices.is_empty() {
        return Ok(());
    }
    for (id, notice) in &mut notices {
        if notice.seen_at.is_none() {
            (notice.seen_at, notice.seen_by) = (Some(now), actor.account);
        }
        if is_acknowledged {
            (notice.acknowledged_at, notice.acknowledged_by) = (Some(now), actor.account);
        }
        unit.group.put_row(Scope::Own(attendee), (RowCollection::Notices, *id), Some(&json!(notice)));
    }
    store::put_notices(unit.connection, event, &notices)?;
    let of_dispatches: Vec<Uuid> =
        notices.iter().filter(|(_, notice)| notice.dispatch.is_some()).map(|(id, _)| *id).collect();
    if !of_dispatches.is_empty() {
        let whose = (event, attendee, actor.account);
        dispatches::note_seen(unit.connection, whose, &of_dispatches, (now, is_acknowledged))?;
    }
    Ok(())
}

fn set_mail(unit: &mut Unit<'_>, (actor, attendee): (Actor, AttendeeId), is_on: bool) -> Result<(), Failure> {
    let Some(account) = actor.account else { return Ok(()) };
    if mail::set_refusal(unit.connection, (unit.group.event, attendee, account), !is_on)? {
        unit.group.audit(AuditLine {
            actor: Actor { attendee: Some(attendee), ..actor },
            operation: "notice.mail".to_owned(),
            collection: "attendees",
            record: attendee.0,
            before: Some(json!({ "account": account, "on": !is_on })),
            after: Some(json!({ "account": account, "on": is_on })),
        });
    }
    Ok(())
}
