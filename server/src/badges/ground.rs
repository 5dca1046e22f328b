//! What people have that may let them in, gathered for many at once.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::badge::Access;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{Invitation, InvitedTo, StandIn, restricted_by};
use shared::programme::{
    AdmissionPolicy, Collection, DelegationRole, ParticipationState, Programme, RecordBody, RecordKey,
};
use shared::registration::{Registration, RegistrationStatus};
use shared::roster::marks_of_parts;
use shared::signup::SignUp;

use crate::database::Connection;
use crate::database::schema::{audience_matches, audience_members};
use crate::duties::list_works;
use crate::invitations::{stand_ins, store as invitations};
use crate::on;
use crate::signups::store::list_of_attendees as list_sign_ups;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Who takes part in which sessions, and by that in which parts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Duties(BTreeMap<AttendeeId, BTreeSet<RecordId>>);

impl Duties {
    /// Of a programme.
    pub fn of(programme: &Programme) -> Self {
        let person = |record: RecordId| match &programme.find(Collection::People, record)?.body {
            RecordBody::People(person) => person.attendee,
            _ => None,
        };
        let mut duties: BTreeMap<AttendeeId, BTreeSet<RecordId>> = BTreeMap::new();
        for (id, session) in programme.sessions() {
            let comes = session.participations().filter(|part| part.state != ParticipationState::Declined);
            for attendee in comes.filter_map(|part| person(part.person)) {
                duties.entry(attendee).or_default().extend([Some(id), session.part].into_iter().flatten());
            }
        }
        Self(duties)
    }

    /// The sessions and parts in which an attendee takes part.
    pub fn objects(&self, attendee: AttendeeId) -> impl Iterator<Item = RecordId> {
        self.0.get(&attendee).into_iter().flatten().copied()
    }

    /// The attendees who take part in other sessions or parts than before.
    pub fn changed_since(&self, before: &Self) -> BTreeSet<AttendeeId> {
        let all = self.0.keys().chain(before.0.keys());
        all.filter(|attendee| self.0.get(attendee) != before.0.get(attendee)).copied().collect()
    }
}

/// What one person has that may let them in.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ground {
    /// The parts and sessions in which they take part, or at which they work.
    pub on_duty: BTreeSet<RecordId>,
    /// The audiences that they are in.
    pub audiences: BTreeSet<RecordId>,
    /// Their invitations, withdrawn ones too.
    pub invitations: Vec<Invitation>,
    /// Their seats, offers and places in lines.
    pub seats: Vec<SignUp>,
    /// Who sits in for them, and for whom they do, at present.
    pub stand_ins: Vec<StandIn>,
}

impl Ground {
    /// Whether the admission of a part lets them in, if their registration is confirmed.
    fn lets_into(&self, programme: &Programme, part: RecordId) -> bool {
        let restricting: Option<RecordKey> = restricted_by(programme, (InvitedTo::Parts, part));
        let admission = programme.part(part).map(|part| &part.admission);
        let is_listed = admission
            .is_some_and(|admission| admission.audiences.iter().any(|audience| self.audiences.contains(audience)));
        let is_open = restricting.is_none()
            && admission.is_some_and(|admission| admission.policy != AdmissionPolicy::ByInvitation);
        let is_invited = self.invitations.iter().any(|one| one.object == part && one.lets_in());
        is_open || is_listed || is_invited || self.on_duty.contains(&part)
    }

    /// What is marked on a badge of theirs.
    pub fn access(&self, programme: &Programme, registration: &Registration) -> Access {
        let is_confirmed = registration.status == RegistrationStatus::Confirmed;
        let mut marks = Access::default();
        let mut mark = |mark: Access, is_set: bool| marks = if is_set { marks.and(mark) } else { marks };
        mark(Access::CONFIRMED, is_confirmed);
        mark(Access::COMPANION, registration.companion_of.is_some());
        mark(Access::ON_DUTY, !self.on_duty.is_empty());
        mark(Access::PROTOCOL, registration.delegation_role == DelegationRole::Head);
        for (part, of_part) in marks_of_parts(programme) {
            mark(of_part, is_confirmed && self.lets_into(programme, part));
        }
        marks
    }
}

/// What these people have, as the database and the programme have it. A fixed number of statements,
/// however many there are.
pub fn load_grounds(
    c: &mut Connection,
    (event, duties): (EventId, &Duties),
    attendees: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, Ground>> {
    let mut grounds: BTreeMap<AttendeeId, Ground> = BTreeMap::new();
    for attendee in attendees {
        grounds.entry(*attendee).or_default().on_duty = duties.objects(*attendee).collect();
    }
    for (attendee, object) in list_works(c, event, &attendees.iter().copied().collect())? {
        grounds.entry(attendee).or_default().on_duty.insert(object);
    }
    for (audience, attendee) in list_audiences(c, event, attendees)? {
        grounds.entry(attendee).or_default().audiences.insert(audience);
    }
    for stored in invitations::list_of_attendees(c, event, attendees)? {
        grounds.entry(stored.invitation.attendee).or_default().invitations.push(stored.invitation);
    }
    for seat in list_sign_ups(c, event, attendees)?.into_iter().filter(|seat| seat.state.is_live()) {
        grounds.entry(seat.attendee).or_default().seats.push(seat);
    }
    let arranged = stand_ins::store::list_of_attendees(c, event, attendees)?.into_iter().map(|(_, one)| one);
    for one in arranged.filter(|one| one.ended_at.is_none()) {
        for attendee in [one.attendee, one.stand_in] {
            if let Some(ground) = grounds.get_mut(&attendee) {
                ground.stand_ins.push(one.clone());
            }
        }
    }
    Ok(grounds)
}

/// The audiences of these attendees, by list or by rule.
fn list_audiences(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let mut found: Vec<(String, String)> = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(event.to_string()))
            .filter(audience_members::attendee_id.eq_any(&ids))
            .select((audience_members::audience_id, audience_members::attendee_id));
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(event.to_string()))
            .filter(audience_matches::attendee_id.eq_any(&ids))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        type Pairs = Vec<(String, String)>;
        let (one, other): (Pairs, Pairs) =
            on!(&mut *c, |c| QueryResult::Ok((listed.load(&mut *c)?, matching.load(&mut *c)?)))?;
        found.extend(one.into_iter().chain(other));
    }
    Ok(found.into_iter().filter_map(|(of, who)| Some((of.parse().ok()?, who.parse().ok()?))).collect())
}
