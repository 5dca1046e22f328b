//! The verbs of an attendee's own things. Sets follow the server's order; a note that changed since
//! its base is a conflict, upon which the device keeps both texts.

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::localised::is_text;
use shared::problem_code::ProblemCode;
use shared::programme::Collection;
use shared::sync::Scope;
use uuid::Uuid;

use super::store;
use crate::refusal::{Failure, Refusal, StaleEdit, read};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::EventMemory;
use crate::sync::projection::is_visible;
use crate::sync::row::RowCollection;

/// What an attendee does with their own things.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Stars a session, or takes the star away.
    SetFavourite(SetFavourite),
    /// Writes a note.
    PutNote(PutNote, Option<u64>),
    /// Throws a note away.
    DeleteNote(DeleteNote, Option<u64>),
}

/// The arguments of `favourite.set`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFavourite {
    session: RecordId,
    on: bool,
}

/// The arguments of `note.put`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutNote {
    id: Uuid,
    #[serde(default)]
    session: Option<RecordId>,
    text: String,
}

/// The arguments of `note.delete`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteNote {
    id: Uuid,
}

/// Reads a mutation; none where it is not an operation of this domain. `base_seq` is the commit of
/// its base, where that is known.
pub fn parse_mutation(op: &str, args: &Value, base_seq: Option<u64>) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "favourite.set" => read(args).map(Command::SetFavourite),
        "note.put" => read(args).map(|note| Command::PutNote(note, base_seq)),
        "note.delete" => read(args).map(|note| Command::DeleteNote(note, base_seq)),
        _ => return None,
    })
}

/// Does it, for `attendee`, in a unit.
pub fn run(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (actor, attendee): (Actor, AttendeeId),
    command: &Command,
) -> Result<(), Failure> {
    match command {
        Command::SetFavourite(args) => {
            if args.on {
                require_visible(unit, memory, attendee, args.session)?;
            }
            set_favourite(unit, attendee, args)
        }
        Command::PutNote(note, base) => put_note(unit, memory, (actor, attendee), (note, *base)),
        Command::DeleteNote(note, base) => delete_note(unit, (actor, attendee), (note.id, *base)),
    }
}

/// A session that is gated from the attendee is as unknown as one that never was.
fn require_visible(
    unit: &Unit<'_>,
    memory: &EventMemory,
    attendee: AttendeeId,
    session: RecordId,
) -> Result<(), Refusal> {
    let may_hold = |scope: Scope| memory.attendee_may_hold(attendee, &scope);
    if is_visible(unit.group.programme(), (Collection::Sessions, session), &may_hold) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::UnknownReference, "there is no such session").at("/session"))
}

fn set_favourite(unit: &mut Unit<'_>, attendee: AttendeeId, args: &SetFavourite) -> Result<(), Failure> {
    store::set_favourite(unit.connection, (unit.group.event, attendee, args.session), args.on)?;
    let id = Uuid::new_v5(&attendee.0, args.session.to_string().as_bytes());
    let value = args.on.then(|| json!({ "session": args.session, "attendee": attendee }));
    unit.group.put_row(Scope::Own(attendee), (RowCollection::Favourites, id), value.as_ref());
    Ok(())
}

fn put_note(
    unit: &mut Unit<'_>,
    memory: &EventMemory,
    (actor, attendee): (Actor, AttendeeId),
    (note, base): (&PutNote, Option<u64>),
) -> Result<(), Failure> {
    if !is_text(&note.text) {
        let detail = "a note is a text of at most 20,000 characters, without control characters";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/text").into());
    }
    if let Some(session) = note.session {
        require_visible(unit, memory, attendee, session)?;
    }
    require_fresh(unit, (actor, attendee), (note.id, base))?;
    let device = actor.device.map(|device| device.to_string()).unwrap_or_default();
    store::put_note(
        unit.connection,
        &store::NoteLine {
            event_id: unit.group.event.to_string(),
            attendee_id: attendee.to_string(),
            id: note.id.to_string(),
            session_id: note.session.map(|session| session.to_string()),
            text: note.text.clone(),
            rev: unit.group.seq() as i64,
            device_id: device,
            updated_at: unit.group.now.0,
        },
    )?;
    let mut value = json!({ "text": note.text, "updated_at": unit.group.now });
    if let Some(session) = note.session {
        value["session"] = json!(session);
    }
    unit.group.put_row(Scope::Own(attendee), (RowCollection::Notes, note.id), Some(&value));
    Ok(())
}

fn delete_note(
    unit: &mut Unit<'_>,
    (actor, attendee): (Actor, AttendeeId),
    (id, base): (Uuid, Option<u64>),
) -> Result<(), Failure> {
    require_fresh(unit, (actor, attendee), (id, base))?;
    store::delete_note(unit.connection, (unit.group.event, attendee, id))?;
    unit.group.put_row(Scope::Own(attendee), (RowCollection::Notes, id), None);
    Ok(())
}

/// A note that another device changed after the base is not overwritten.
fn require_fresh(
    unit: &mut Unit<'_>,
    (actor, attendee): (Actor, AttendeeId),
    (id, base): (Uuid, Option<u64>),
) -> Result<(), Failure> {
    let Some((rev, device)) = store::find_note_version(unit.connection, (unit.group.event, attendee, id))? else {
        return Ok(());
    };
    let is_own = actor.device.is_some_and(|mine| mine.to_string() == device);
    if is_own || base.is_some_and(|base| rev <= base) {
        return Ok(());
    }
    Err(Failure::Stale(StaleEdit { collection: RowCollection::Notes.as_str(), id, fields: Vec::new(), present: None }))
}
