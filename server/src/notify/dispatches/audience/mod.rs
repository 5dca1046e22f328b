//! Whom something concerns, computed from the data, with every reason.

mod invited;
mod known;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::notice::{ChangeKind, Reason, SessionChange, Slot};
use shared::programme::{Collection, Programme, RecordBody, SessionKind};
use shared::registration::RegistrationStatus;

pub use known::Known;

use super::{AnnouncementAudience, DispatchBody, Share};
use crate::database::Connection;
use crate::database::schema::{admissions, badges, favourites, registrations, sign_ups};
use crate::duties;
use crate::on;
use crate::sync::projection;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Somebody whom it concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concerned {
    /// Who.
    pub attendee: AttendeeId,
    /// Why, by session; what is about no session lies under the nil id.
    pub sessions: BTreeMap<RecordId, BTreeSet<Reason>>,
}

impl Concerned {
    /// Every reason, the strongest first.
    pub fn reasons(&self) -> BTreeSet<Reason> {
        self.sessions.values().flatten().copied().collect()
    }
}

/// How many people it is for, for which reasons (somebody may have several).
pub fn count_by_reason(shares: &[Share]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for reason in shares.iter().flat_map(|share| &share.reasons) {
        *counts.entry(reason.as_str()).or_default() += 1;
    }
    counts
}

/// Of what it is not about a session, the reasons lie under this.
const NO_SESSION: RecordId = RecordId(uuid::Uuid::nil());

/// Everybody whom a dispatch concerns: first those whose duty it is.
pub fn gather(
    c: &mut Connection,
    event: EventId,
    (programme, known): (&Programme, &Known),
    body: &DispatchBody,
) -> QueryResult<Vec<Concerned>> {
    let mut found = Found::default();
    let mut search =
        Search { c, event_id: event, event: event.to_string(), programme, known, found: &mut found, confirmed: None };
    for change in &body.changes {
        let slots: Vec<&Slot> = [&change.before, &change.after].into_iter().flatten().collect();
        search.add_duties(change.session, &slots)?;
        search.add_session(change.session, is_news(change))?;
    }
    if let Some(audience) = &body.audience {
        search.add_audience(audience)?;
    }
    search.add_liaison_officers()?;
    let mut people: Vec<Concerned> =
        found.people.into_iter().map(|(attendee, sessions)| Concerned { attendee, sessions }).collect();
    people.sort_by_cached_key(|person| (person.reasons().first().copied(), person.attendee));
    Ok(people)
}

/// The liaison officers who are no attendees, of the delegations of these people. They are told by mail.
pub fn list_outside_officers(
    c: &mut Connection,
    event: EventId,
    (known, people): (&Known, &[Concerned]),
) -> QueryResult<Vec<(AccountId, BTreeSet<RecordId>)>> {
    if known.outside_officers.is_empty() {
        return Ok(Vec::new());
    }
    let attendees: Vec<AttendeeId> = people.iter().map(|person| person.attendee).collect();
    let of_members = list_delegations(c, &event.to_string(), &attendees)?;
    let by_attendee: BTreeMap<AttendeeId, &Concerned> = people.iter().map(|person| (person.attendee, person)).collect();
    let sessions_of = |delegations: &BTreeSet<RecordId>| -> BTreeSet<RecordId> {
        let theirs = of_members.iter().filter(|(_, delegation)| delegations.contains(delegation));
        let people = theirs.filter_map(|(attendee, _)| by_attendee.get(attendee));
        people.flat_map(|person| person.sessions.keys().copied()).collect()
    };
    let officers = known.outside_officers.iter().map(|(account, delegations)| (*account, sessions_of(delegations)));
    Ok(officers.filter(|(_, sessions)| !sessions.is_empty()).collect())
}

/// Whether it is told to those who belong there, since nobody can have chosen it yet.
fn is_news(change: &SessionChange) -> bool {
    change.kinds == [ChangeKind::New]
}

#[derive(Default)]
struct Found {
    people: BTreeMap<AttendeeId, BTreeMap<RecordId, BTreeSet<Reason>>>,
}

impl Found {
    fn add(&mut self, attendee: AttendeeId, session: RecordId, reason: Reason) {
        self.people.entry(attendee).or_default().entry(session).or_default().insert(reason);
    }
}

struct Search<'a> {
    c: &'a mut Connection,
    event_id: EventId,
    event: String,
    programme: &'a Programme,
    known: &'a Known,
    found: &'a mut Found,
    confirmed: Option<Arc<[AttendeeId]>>,
}

/// The registrations that are confirmed.
#[diesel::dsl::auto_type]
fn confirmed(event: EventId) -> _ {
    let event: String = event.to_string();
    let status: &'static str = RegistrationStatus::Confirmed.as_str();
    registrations::table.filter(registrations::event_id.eq(event)).filter(registrations::status.eq(status))
}

impl Search<'_> {
    fn add(&mut self, people: impl IntoIterator<Item = AttendeeId>, session: RecordId, reason: Reason) {
        people.into_iter().for_each(|attendee| self.found.add(attendee, session, reason));
    }

    /// Who works at it, in its part, in a room that it is or was in, or on a vehicle that runs for it, at the time when
    /// it is or was there.
    fn add_duties(&mut self, session: RecordId, slots: &[&Slot]) -> QueryResult<()> {
        let body = self.programme.session(session);
        let vehicles = self.programme.list(Collection::Vehicles).filter(|record| match &record.body {
            RecordBody::Vehicles(vehicle) => vehicle.session == session,
            _ => false,
        });
        let mut objects: BTreeSet<RecordId> = vehicles.map(|record| record.id).collect();
        objects.extend(slots.iter().filter_map(|slot| slot.room));
        objects.extend(body.and_then(|body| body.part));
        objects.insert(session);
        let event = self.event_id;
        for (_, duty) in duties::list_at(self.c, event, &objects)? {
            if slots.iter().any(|slot| duty.covers(slot.starts_at, slot.ends_at)) {
                self.found.add(duty.attendee, session, Reason::Duty);
            }
        }
        Ok(())
    }

    fn add_session(&mut self, session: RecordId, is_news: bool) -> QueryResult<()> {
        let key = (Collection::Sessions, session);
        self.add(projection::linked_attendees(self.programme, key), session, Reason::Speaks);
        self.add_invited(key, session, Reason::Invited)?;
        let body = self.programme.session(session);
        if let Some(part) = body.and_then(|body| body.part) {
            self.add_invited((Collection::Parts, part), session, Reason::Part)?;
        }
        if let Some(part) = body.filter(|body| body.admission.is_none()).and_then(|body| body.part) {
            self.add_registered(part, session)?;
        }
        if is_news {
            return Ok(());
        }
        self.add_those_who_chose(session, session)?;
        let inside = self.list_inside(session)?;
        self.add(inside, session, Reason::Inside);
        // A transfer concerns those whom it takes away from something, or to something.
        let transfer = body.filter(|body| body.kind == SessionKind::Transfer).and_then(|body| body.transfer.as_ref());
        for served in transfer.into_iter().flat_map(|transfer| [transfer.after, transfer.before]).flatten() {
            self.add_those_who_chose(served, session)?;
            self.add(
                projection::linked_attendees(self.programme, (Collection::Sessions, served)),
                session,
                Reason::Speaks,
            );
        }
        Ok(())
    }

    fn add_those_who_chose(&mut self, chosen: RecordId, session: RecordId) -> QueryResult<()> {
        let starred = favourites::table
            .filter(favourites::event_id.eq(&self.event))
            .filter(favourites::session_id.eq(chosen.to_string()))
            .select(favourites::attendee_id);
        let seated = sign_ups::table
            .filter(sign_ups::event_id.eq(&self.event))
            .filter(sign_ups::session_id.eq(chosen.to_string()))
            .filter(sign_ups::state.eq_any(["confirmed", "offered", "waitlisted"]))
            .select(sign_ups::attendee_id);
        let (starred, seated): (Vec<String>, Vec<String>) =
            on!(&mut *self.c, |c| QueryResult::Ok((starred.load(&mut *c)?, seated.load(c)?)))?;
        self.add(read_ids(&seated), session, Reason::Seat);
        self.add(read_ids(&starred), session, Reason::Starred);
        Ok(())
    }

    fn list_inside(&mut self, session: RecordId) -> QueryResult<Vec<AttendeeId>> {
        let guards = |record: &Arc<shared::programme::Record>| match &record.body {
            RecordBody::AccessAreas(area) if area.session == Some(session) => Some(record.id.to_string()),
            _ => None,
        };
        let areas: Vec<String> = self.programme.list(Collection::AccessAreas).filter_map(guards).collect();
        let is_there = admissions::session_id.eq(session.to_string()).or(admissions::area_id.eq_any(areas));
        let is_theirs = badges::event_id.eq(admissions::event_id).and(badges::guest.eq(admissions::guest));
        let query = admissions::table
            .inner_join(badges::table.on(is_theirs))
            .filter(admissions::event_id.eq(&self.event))
            .filter(admissions::is_inside.eq(true))
            .filter(is_there.assume_not_null())
            .select(badges::attendee_id);
        let ids: Vec<String> = on!(&mut *self.c, |c| query.load(c))?;
        Ok(read_ids(&ids).collect())
    }

    fn add_audience(&mut self, audience: &AnnouncementAudience) -> QueryResult<()> {
        let members = self.list_members(&audience.audiences)?;
        self.add(members, NO_SESSION, Reason::Audience);
        self.add(audience.attendees.iter().copied(), NO_SESSION, Reason::Audience);
        if audience.everybody {
            let everybody = self.list_confirmed()?;
            self.add(everybody.iter().copied(), NO_SESSION, Reason::Audience);
        }
        if !audience.delegations.is_empty() {
            let delegations = audience.delegations.iter().map(ToString::to_string);
            let query = confirmed(self.event_id).filter(registrations::delegation_id.eq_any(delegations));
            let ids: Vec<String> = on!(&mut *self.c, |c| query.select(registrations::attendee_id).load(c))?;
            self.add(read_ids(&ids), NO_SESSION, Reason::Delegation);
        }
        for session in &audience.sessions {
            let slot = self.programme.session(*session).map(Slot::of);
            self.add_duties(*session, &slot.iter().collect::<Vec<_>>())?;
            self.add_session(*session, false)?;
        }
        Ok(())
    }

    /// The liaison officers of delegations whose members it concerns, where they are attendees themselves.
    fn add_liaison_officers(&mut self) -> QueryResult<()> {
        if self.known.officers.is_empty() {
            return Ok(());
        }
        let attendees: Vec<AttendeeId> = self.found.people.keys().copied().collect();
        let of_members = list_delegations(self.c, &self.event, &attendees)?;
        let sessions_of: Vec<(RecordId, RecordId)> = of_members
            .iter()
            .flat_map(|(attendee, delegation)| {
                let sessions = self.found.people.get(attendee).into_iter().flat_map(BTreeMap::keys);
                sessions.map(|session| (*delegation, *session)).collect::<Vec<_>>()
            })
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        for (officer, delegations) in &self.known.officers {
            for (_, session) in sessions_of.iter().filter(|(delegation, _)| delegations.contains(delegation)) {
                self.found.add(*officer, *session, Reason::Liaison);
            }
        }
        Ok(())
    }
}

/// The delegations of these attendees.
fn list_delegations(
    c: &mut Connection,
    event: &str,
    attendees: &[AttendeeId],
) -> QueryResult<Vec<(AttendeeId, RecordId)>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = registrations::table
            .filter(registrations::event_id.eq(event))
            .filter(registrations::attendee_id.eq_any(chunk))
            .filter(registrations::delegation_id.is_not_null())
            .select((registrations::attendee_id, registrations::delegation_id.assume_not_null()));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(a, d)| Some((a.parse().ok()?, d.parse().ok()?))));
    }
    Ok(found)
}

fn read_ids(ids: &[String]) -> impl Iterator<Item = AttendeeId> {
    ids.iter().filter_map(|id| id.parse().ok())
}
