//! What invitations leave in `gate_rights`.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{Answer, Invitation};

use super::CHUNK;
use crate::database::Connection;
use crate::database::schema::gate_rights;
use crate::on;
use crate::sync::grants::{INVITATION, SIGHT_ALONE};

/// Why somebody may hold a gate by an invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// It lets them in.
    Invited,
    /// They do not come, and may read of what they were invited to until it is withdrawn: they may
    /// change their mind.
    NotComing,
}

impl Reason {
    const ALL: [Self; 2] = [Self::Invited, Self::NotComing];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => INVITATION,
            Self::NotComing => SIGHT_ALONE,
        }
    }

    /// What an invitation gives; nothing once it is withdrawn.
    pub fn of(invitation: &Invitation) -> Option<Self> {
        if invitation.withdrawn_at.is_some() {
            return None;
        }
        Some(match invitation.answer {
            Answer::Pending | Answer::Accepted => Self::Invited,
            Answer::Declined | Answer::Delegated => Self::NotComing,
        })
    }
}

/// Writes what these attendees have by invitations to an object; nothing where there is no reason.
pub fn put_rights(
    c: &mut Connection,
    (event, object): (EventId, RecordId),
    rights: &BTreeMap<AttendeeId, Option<Reason>>,
) -> QueryResult<()> {
    let all: Vec<(String, Option<Reason>)> = rights.iter().map(|(id, reason)| (id.to_string(), *reason)).collect();
    let words = Reason::ALL.map(Reason::as_str);
    for chunk in all.chunks(CHUNK) {
        let former = gate_rights::table
            .filter(gate_rights::event_id.eq(event.to_string()))
            .filter(gate_rights::object_id.eq(object.to_string()))
            .filter(gate_rights::attendee_id.eq_any(chunk.iter().map(|(id, _)| id)))
            .filter(gate_rights::reason.eq_any(words));
        let line = |(id, reason): &(String, Option<Reason>)| {
            let reason = (*reason)?.as_str();
            Some((
                gate_rights::event_id.eq(event.to_string()),
                gate_rights::object_id.eq(object.to_string()),
                gate_rights::attendee_id.eq(id.clone()),
                gate_rights::reason.eq(reason),
            ))
        };
        let lines: Vec<_> = chunk.iter().filter_map(line).collect();
        on!(&mut *c, |c| {
            diesel::delete(former).execute(c)?;
            diesel::insert_into(gate_rights::table).values(lines).execute(c)
        })?;
    }
    Ok(())
}

/// What these attendees may hold a gate of by an invitation.
pub fn list_rights_of(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let words = Reason::ALL.map(Reason::as_str);
    let mut found: Vec<(String, String)> = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = gate_rights::table
            .filter(gate_rights::event_id.eq(event.to_string()))
            .filter(gate_rights::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .filter(gate_rights::reason.eq_any(words))
            .select((gate_rights::object_id, gate_rights::attendee_id));
        found.extend(on!(&mut *c, |c| query.load::<(String, String)>(c))?);
    }
    Ok(found
        .into_iter()
        .filter_map(|(object, attendee)| Some((object.parse().ok()?, attendee.parse().ok()?)))
        .collect())
}

/// Takes away every right of an attendee to a gate, whatever it comes from; to which gates.
pub fn delete_rights_of(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<RecordId>> {
    let (event, attendee) = (event.to_string(), attendee.to_string());
    let theirs =
        gate_rights::table.filter(gate_rights::event_id.eq(&event)).filter(gate_rights::attendee_id.eq(&attendee));
    let objects: Vec<String> = on!(c, |c| {
        let objects = theirs.select(gate_rights::object_id).load(c)?;
        diesel::delete(theirs).execute(c)?;
        QueryResult::Ok(objects)
    })?;
    Ok(objects.into_iter().filter_map(|id| id.parse().ok()).collect())
}
