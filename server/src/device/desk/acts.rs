//! What a desk does for the guest who stands there: seats, answers, a note for whoever sees them first.

use serde_json::json;
use shared::ids::RecordId;
use shared::localised::is_text;

use super::super::error::DeviceError;
use super::order::Reply;
use super::station::{Asking, Station};
use super::words;

impl Station {
    /// Asks for a seat in a session, or gives it back.
    pub(super) fn seat(
        &mut self,
        number: usize,
        (session, wants): (&str, bool),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let session = self.find_object(session).filter(|id| self.roster.places().sessions.contains_key(id));
        let (Some((attendee, _)), Some(session)) = (self.person(number).cloned(), session) else {
            return Ok(words::not_so(if wants { ":seat" } else { ":free" }, asking.language));
        };
        let op = if wants { "signup.request" } else { "signup.cancel" };
        self.hand_in_for(op, attendee, (json!({ "session": session }), asking))
    }

    /// Answers an invitation to a part or session.
    pub(super) fn reply(
        &mut self,
        number: usize,
        (object, reply): (&str, &Reply),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let (Some((attendee, _)), Some(object)) = (self.person(number).cloned(), self.find_object(object)) else {
            return Ok(words::not_so(":answer", asking.language));
        };
        let args = match reply {
            Reply::Accepts => json!({ "object": object, "answer": "accepted" }),
            Reply::Declines(word) if word.is_empty() => json!({ "object": object, "answer": "declined" }),
            Reply::Declines(word) => json!({ "object": object, "answer": "declined", "word": word }),
        };
        self.hand_in_for("invitation.answer", attendee, (args, asking))
    }

    /// Leaves a note for whoever sees the guest first, or takes it away.
    pub(super) fn note(&mut self, number: usize, text: &str, asking: Asking<'_>) -> Result<String, DeviceError> {
        let Some((attendee, _)) = self.person(number).cloned().filter(|_| text.is_empty() || is_text(text)) else {
            return Ok(words::not_so(":note", asking.language));
        };
        match text {
            "" => self.hand_in_for("door_note.delete", attendee, (json!({}), asking)),
            text => self.hand_in_for("door_note.put", attendee, (json!({ "text": text }), asking)),
        }
    }

    /// A session or part of the roster by its slug or id.
    fn find_object(&self, said: &str) -> Option<RecordId> {
        let places = self.roster.places();
        let sessions = places.sessions.iter().map(|(id, session)| (*id, &session.slug));
        let mut all = sessions.chain(places.parts.iter().map(|(id, part)| (*id, &part.slug)));
        all.find(|(id, slug)| *slug == said || id.to_string() == said).map(|(id, _)| id)
    }
}
