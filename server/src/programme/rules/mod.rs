//! What an organiser may do to a programme. A rule looks at the programme and the arguments and
//! returns the records to write, or a refusal; it writes nothing itself.

mod absorption;
pub mod close_room;
pub mod delete;
pub mod move_session;
pub mod organiser_patch;
pub mod place;
pub mod preview;
pub mod progress;
pub mod shift;
pub mod state;
pub mod swap;

use chrono_tz::Tz;
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Programme, RecordBody, RecordEdit, Session, State};

use crate::refusal::Refusal;

/// A refusal for the argument at `field`, a JSON pointer into the arguments; empty for the whole.
fn refusal(code: ProblemCode, field: impl Into<String>, detail: impl Into<String>) -> Refusal {
    Refusal::new(code, detail).at(field)
}

fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Refusal {
    refusal(ProblemCode::InvalidValue, field, detail)
}

/// The session that the argument at `field` names.
fn load_session<'a>(programme: &'a Programme, id: RecordId, field: &str) -> Result<&'a Session, Refusal> {
    programme
        .session(id)
        .ok_or_else(|| refusal(ProblemCode::UnknownReference, field, "There is no such session in this event."))
}

/// As [`load_session`], for what a cancelled session cannot undergo.
fn load_standing_session<'a>(programme: &'a Programme, id: RecordId, field: &str) -> Result<&'a Session, Refusal> {
    let session = load_session(programme, id, field)?;
    if programme.state_of(session) != State::Cancelled {
        return Ok(session);
    }
    let detail = if session.state == State::Cancelled {
        "The session is cancelled; restore it first."
    } else {
        "Its part or the event is cancelled; restore that first."
    };
    Err(refusal(ProblemCode::WrongState, field, detail))
}

/// Refuses a room that the programme does not have.
fn demand_room(programme: &Programme, id: RecordId, field: &str) -> Result<(), Refusal> {
    match place::find_room(programme, id) {
        Some(_) => Ok(()),
        None => Err(refusal(ProblemCode::UnknownReference, field, "There is no such room in this event.")),
    }
}

fn put_session(id: RecordId, session: Session) -> RecordEdit {
    RecordEdit::Put { id, body: RecordBody::Sessions(session) }
}

/// The event's time zone; UTC where the programme has none that is known.
pub fn event_zone(programme: &Programme) -> Tz {
    programme.event().and_then(|(_, event)| event.time_zone.parse().ok()).unwrap_or(Tz::UTC)
}
