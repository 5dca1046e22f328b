//! What the invitation check looks at, as the database and the programme have it.

use std::str::FromStr;

use chrono_tz::Tz;
use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{Delegator, EntryTerms, Facts, Guest, InvitedAs, InvitedTo, StandIn, restricted_by};
use shared::programme::{Collection, Programme, RecordKey};
use shared::time::{Day, Timestamp};

use super::stand_ins::day_of_session;
use super::{stand_ins, store};
use crate::database::Connection;
use crate::duties::list_works;
use crate::registration::store::find_registration;
use crate::signups::store::list_of_attendees as list_sign_ups;
use crate::sync::projection::linked_attendees;

/// The part or session that somebody wants to enter, and when.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    /// The event.
    pub event: EventId,
    /// Its programme.
    pub programme: &'a Programme,
    /// The part or session.
    pub object: (InvitedTo, RecordId),
    /// When.
    pub at: Timestamp,
}

/// What is known of somebody at a door; none where there is no such part or session.
pub fn read_facts(c: &mut Connection, door: &Door<'_>, attendee: AttendeeId) -> QueryResult<Option<Facts>> {
    let Some(terms) = EntryTerms::of(door.programme, door.object) else { return Ok(None) };
    let arranged = stand_ins::store::list_of_attendees(c, door.event, &[attendee])?;
    let day = door.day();
    let in_force = |one: &&StandIn| one.covers(door.object, day);
    let arranged: Vec<StandIn> = arranged.into_iter().map(|(_, one)| one).collect();
    let stood_in_by = arranged.iter().filter(in_force).find(|one| one.attendee == attendee).map(|one| one.stand_in);
    let sits_in_for = arranged.iter().filter(in_force).find(|one| one.stand_in == attendee).map(|one| one.attendee);
    let guest = read_guest(c, door, attendee)?;
    let sits_in_for = match sits_in_for {
        Some(delegate) => Some(Delegator { attendee: delegate, guest: read_guest(c, door, delegate)? }),
        None => None,
    };
    Ok(Some(Facts { terms, opens_minutes_before: None, guest, sits_in_for, stood_in_by }))
}

impl Door<'_> {
    /// The day of the session; of a part, the day on which somebody comes.
    fn day(&self) -> Option<Day> {
        match self.object {
            (InvitedTo::Sessions, session) => day_of_session(self.programme, session),
            (InvitedTo::Parts, _) => {
                let zone = Tz::from_str(&self.programme.event()?.1.time_zone).ok()?;
                Some(Day(self.at.day_in(zone)))
            }
        }
    }

    /// What is invited to there: the session itself, and its part where that decides.
    fn invited_to(&self, restricting: Option<RecordKey>) -> Vec<RecordId> {
        let by_part = restricting.filter(|key| key.0 == Collection::Parts && key.1 != self.object.1);
        [Some(self.object.1), by_part.map(|key| key.1)].into_iter().flatten().collect()
    }

    fn takes_part(&self, attendee: AttendeeId) -> bool {
        let is_in = |session| linked_attendees(self.programme, (Collection::Sessions, session)).contains(&attendee);
        match self.object {
            (InvitedTo::Sessions, session) => is_in(session),
            (InvitedTo::Parts, part) => {
                let mut of_part = self.programme.sessions().filter(|(_, session)| session.part == Some(part));
                of_part.any(|(session, _)| is_in(session))
            }
        }
    }
}

fn read_guest(c: &mut Connection, door: &Door<'_>, attendee: AttendeeId) -> QueryResult<Guest> {
    let event = door.event;
    let restricting = restricted_by(door.programme, door.object);
    let admission = restricting.and_then(|key| door.programme.find(key.0, key.1)?.body.admission().cloned());
    let audiences = admission.map(|admission| admission.audiences).unwrap_or_default();
    let mut invitations = Vec::new();
    for object in door.invited_to(restricting) {
        let found = store::find_for(c, event, (object, attendee))?;
        invitations.extend(found.map(|stored| InvitedAs::from(&stored.invitation)));
    }
    let works = list_works(c, event, &[attendee].into())?.contains(&(attendee, door.object.1));
    let seats = list_sign_ups(c, event, &[attendee])?;
    Ok(Guest {
        registration: find_registration(c, event, attendee)?.map(|registration| registration.status),
        is_on_duty: door.takes_part(attendee) || works,
        is_in_audience: !store::list_members_among(c, event, (&audiences, &[attendee]))?.is_empty(),
        invitations,
        seat: seats.into_iter().find(|one| one.session == door.object.1).map(|one| one.state),
    })
}
