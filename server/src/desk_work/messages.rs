//! What a desk has to say to one person: "please come to desk 3".

use serde::Deserialize;
use serde_json::json;
use shared::ids::AttendeeId;
use shared::localised::is_text;
use shared::notice::{Notice, NoticeKind, Urgency};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::notes::no_such_attendee;
use crate::attendees::find_live_attendee;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Telling, Unit};

/// The longest message, in characters.
const MESSAGE_MAX_CHARS: usize = 500;

/// A message to one person.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskMessage {
    message: String,
}

/// Tells the person, at once: in their inbox, by push and by mail. What it says is between them and the desk, and in no
/// line of the audit log.
///
/// # Errors
///
/// There is no such person; what is no message.
pub fn send(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, DeskMessage { message }): (AttendeeId, &DeskMessage),
) -> Result<Uuid, Failure> {
    let is_message = is_text(message) && !message.trim().is_empty() && message.chars().count() <= MESSAGE_MAX_CHARS;
    if !is_message {
        let detail = format!("A message is a text of 1 to {MESSAGE_MAX_CHARS} characters.");
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/message").into());
    }
    if find_live_attendee(unit.connection, unit.group.event, attendee)?.is_none() {
        return Err(no_such_attendee().into());
    }
    let id = Uuid::now_v7();
    let notice = Notice {
        details: json!({ "message": message.trim() }),
        urgency: Urgency::Urgent,
        ..Notice::new(attendee, NoticeKind::DeskMessage, unit.group.now)
    };
    unit.group.tell(Telling { id, notice, link: None });
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "desk_message.send".to_owned(),
        collection: "notices",
        record: id,
        before: None,
        after: None,
    });
    Ok(id)
}
