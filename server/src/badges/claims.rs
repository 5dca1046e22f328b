//! What rosters say of guests, as the programme and the database have it.

use std::collections::{BTreeMap, BTreeSet};

use shared::admission::{Claim, RosterGuest, SitsInFor, StoodInBy};
use shared::badge::{BadgeSecret, VoidReason};
use shared::ids::{AttendeeId, GuestIndex, RecordId};
use shared::invitation::{EntryTerms, Guest, InvitedAs, InvitedTo, StandIn, restricted_by};
use shared::programme::{Collection, Programme, RecordBody};
use shared::registration::{Registration, RegistrationStatus};

use super::ground::Ground;
use super::store::Stored;

/// A part or session into which not everybody is let whose registration is confirmed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selective {
    /// What is invited to there: the session itself, and its part where that decides.
    invited_to: Vec<RecordId>,
    /// The audiences of the admission that decides.
    audiences: Vec<RecordId>,
    /// Whether it is a session.
    is_session: bool,
}

impl Selective {
    /// Everything that decides whom it lets in.
    pub fn decided_by(&self) -> impl Iterator<Item = RecordId> {
        self.invited_to.iter().chain(&self.audiences).copied()
    }
}

/// Those of a programme, by id.
pub fn list_selective(programme: &Programme) -> BTreeMap<RecordId, Selective> {
    let parts = programme.list(Collection::Parts).map(|part| (InvitedTo::Parts, part.id));
    let sessions = programme.sessions().map(|(id, _)| (InvitedTo::Sessions, id));
    let selective = |object: (InvitedTo, RecordId)| {
        let deciding = restricted_by(programme, object);
        let is_for_few = EntryTerms::of(programme, object).is_some_and(|terms| terms.is_for_few());
        if deciding.is_none() && !is_for_few {
            return None;
        }
        let admission = deciding.and_then(|key| programme.find(key.0, key.1)?.body.admission().cloned());
        let by_part = deciding.filter(|key| key.0 == Collection::Parts && key.1 != object.1);
        let invited_to = [Some(object.1), by_part.map(|key| key.1)].into_iter().flatten().collect();
        let audiences = admission.map(|admission| admission.audiences).unwrap_or_default();
        Some((object.1, Selective { invited_to, audiences, is_session: object.0 == InvitedTo::Sessions }))
    };
    parts.chain(sessions).filter_map(selective).collect()
}

/// The audiences that access areas name: doors ask for them.
pub fn list_asked_audiences(programme: &Programme) -> BTreeSet<RecordId> {
    let areas = programme.list(Collection::AccessAreas).filter_map(|record| match &record.body {
        RecordBody::AccessAreas(area) => Some(area.audiences.iter().copied()),
        _ => None,
    });
    areas.flatten().collect()
}

/// What is known of everybody whom one of these guests' rows concerns.
pub struct Known<'a> {
    /// The selective parts and sessions.
    pub selective: &'a BTreeMap<RecordId, Selective>,
    /// The audiences that access areas name.
    pub asked_audiences: &'a BTreeSet<RecordId>,
    /// What people have, those among them who sit in for somebody.
    pub grounds: &'a BTreeMap<AttendeeId, Ground>,
    /// Where their registrations stand.
    pub statuses: &'a BTreeMap<AttendeeId, RegistrationStatus>,
    /// The secrets of their badges.
    pub secrets: &'a BTreeMap<AttendeeId, BadgeSecret>,
}

impl Known<'_> {
    /// What rosters say of a guest.
    pub fn guest(
        &self,
        (attendee, note): (AttendeeId, Option<String>),
        registration: &Registration,
        carriers: &[Stored],
    ) -> RosterGuest {
        let none = Ground::default();
        let ground = self.grounds.get(&attendee).unwrap_or(&none);
        let is_stolen = |one: &Stored| matches!(one.voided, Some((_, VoidReason::Stolen)));
        RosterGuest {
            status: registration.status,
            category: registration.category,
            part_categories: registration.part_categories.clone(),
            delegation: registration.delegation,
            audiences: ground.audiences.intersection(self.asked_audiences).copied().collect(),
            claims: self.claims(attendee, ground),
            note,
            is_reported_stolen: carriers.iter().any(is_stolen),
        }
    }

    fn claims(&self, attendee: AttendeeId, ground: &Ground) -> Vec<Claim> {
        let on_duty = ground.on_duty.iter().filter(|object| !self.selective.contains_key(object));
        let objects: BTreeSet<RecordId> = self.selective.keys().chain(on_duty).copied().collect();
        let claims = objects.into_iter().map(|object| self.claim(attendee, ground, object));
        claims.filter(|claim| *claim != Claim::new(claim.object)).collect()
    }

    fn claim(&self, attendee: AttendeeId, ground: &Ground, object: RecordId) -> Claim {
        let has = self.has(ground, object);
        let standing = ground.stand_ins.iter().filter(|one| self.is_of(one, object));
        let (theirs, for_them): (Vec<&StandIn>, Vec<&StandIn>) = standing.partition(|one| one.stand_in == attendee);
        let sits_in_for = theirs.into_iter().filter_map(|one| {
            let has = Some(self.has(self.grounds.get(&one.attendee)?, object)).filter(has_something)?;
            let registration = self.statuses.get(&one.attendee).copied();
            Some(SitsInFor { guest: self.index(one.attendee)?, day: one.day, has: Guest { registration, ..has } })
        });
        let for_them = if has_something(&has) { for_them } else { Vec::new() };
        let stood_in_by =
            for_them.into_iter().filter_map(|one| Some(StoodInBy { guest: self.index(one.stand_in)?, day: one.day }));
        Claim {
            object,
            is_on_duty: has.is_on_duty,
            is_in_audience: has.is_in_audience,
            invitations: has.invitations,
            seat: has.seat,
            sits_in_for: sits_in_for.collect(),
            stood_in_by: stood_in_by.collect(),
        }
    }

    /// What somebody has in an object that may let them in, their registration left aside.
    fn has(&self, ground: &Ground, object: RecordId) -> Guest {
        let selective = self.selective.get(&object);
        let invited_to = selective.map_or(&[][..], |selective| &selective.invited_to);
        let audiences = selective.map_or(&[][..], |selective| &selective.audiences);
        let invited = invited_to.iter().flat_map(|to| ground.invitations.iter().filter(move |one| one.object == *to));
        Guest {
            registration: None,
            is_on_duty: ground.on_duty.contains(&object),
            is_in_audience: audiences.iter().any(|audience| ground.audiences.contains(audience)),
            invitations: invited.map(InvitedAs::from).collect(),
            seat: ground.seats.iter().find(|seat| seat.session == object).map(|seat| seat.state),
        }
    }

    /// Whether somebody who sits in for another may do so in an object: in a session, or on a day in
    /// everything that does not let everybody in.
    fn is_of(&self, stand_in: &StandIn, object: RecordId) -> bool {
        let is_selective = self.selective.get(&object);
        is_selective.is_some_and(|selective| match stand_in.session {
            Some(session) => selective.is_session && session == object,
            None => stand_in.day.is_some(),
        })
    }

    fn index(&self, attendee: AttendeeId) -> Option<GuestIndex> {
        self.secrets.get(&attendee).map(BadgeSecret::index)
    }
}

/// Whether there is anything that may let somebody in.
fn has_something(guest: &Guest) -> bool {
    *guest != Guest::default()
}
