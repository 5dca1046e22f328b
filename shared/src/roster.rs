//! Which sessions have a roster of their own.

use crate::ids::RecordId;
use crate::invitation::{InvitedTo, restricted_by};
use crate::programme::{Collection, Programme, RecordBody, State};

/// Whether a session has a roster of its own: it lets in only some, is no draft, and an access area
/// guards it, by itself or with its room.
pub fn has_protocol_roster(programme: &Programme, session: RecordId) -> bool {
    let Some(found) = programme.session(session) else { return false };
    let is_guarded = programme.list(Collection::AccessAreas).any(|record| match &record.body {
        RecordBody::AccessAreas(area) => {
            area.session == Some(session) || (area.room.is_some() && area.room == found.room)
        }
        _ => false,
    });
    found.state != State::Draft && is_guarded && restricted_by(programme, (InvitedTo::Sessions, session)).is_some()
}
