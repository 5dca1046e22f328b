//! What people lose by what goes from the programme: seats, invitations, stars, their part in it, duties.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::{Collection, ParticipationState, Programme, RecordBody, RecordKey, State};

use crate::database::Connection;
use crate::programme::store;
use crate::{duties, invitations, signups};

/// What would end of what people have, in what goes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ends {
    /// Whose it is, each once.
    pub people: BTreeSet<AttendeeId>,
    /// Who takes part there and is no attendee, each once.
    pub others: BTreeSet<RecordId>,
    /// How much, by the record.
    pub by_record: BTreeMap<RecordKey, EndsOf>,
}

/// How much would end in one record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EndsOf {
    /// Sign-ups: seats, offers and places in lines.
    pub sign_ups: usize,
    /// Invitations that stand.
    pub invitations: usize,
    /// Stars.
    pub favourites: usize,
    /// People who take part, or are invited to.
    pub speakers: usize,
    /// Duties.
    pub duties: usize,
}

/// What would end where the programme becomes `after`.
pub fn list_ends(c: &mut Connection, event: EventId, (before, after): (&Programme, &Programme)) -> QueryResult<Ends> {
    let mut ends = Ends::default();
    for (session, attendee) in signups::list_ending(c, event, (before, after))? {
        ends.people.insert(attendee);
        ends.of((Collection::Sessions, session)).sign_ups += 1;
    }
    for (object, attendee) in invitations::list_ending(c, event, (before, after))? {
        ends.people.insert(attendee);
        ends.of(object).invitations += 1;
    }
    let over = list_over(before, after);
    for (session, attendee) in store::list_favourites(c, event, &over)? {
        ends.people.insert(attendee);
        ends.of((Collection::Sessions, session)).favourites += 1;
    }
    for session in &over {
        ends.add_speakers(before, *session);
    }
    let places: BTreeMap<RecordId, RecordKey> =
        over.iter().map(|id| (*id, (Collection::Sessions, *id))).chain(list_gone(before, after)).collect();
    for (_, duty) in duties::list_at(c, event, &places.keys().copied().collect())? {
        ends.people.insert(duty.attendee);
        if let Some(place) = places.get(&duty.object) {
            ends.of(*place).duties += 1;
        }
    }
    Ok(ends)
}

impl Ends {
    fn of(&mut self, record: RecordKey) -> &mut EndsOf {
        self.by_record.entry(record).or_default()
    }

    fn add_speakers(&mut self, programme: &Programme, id: RecordId) {
        let Some(session) = programme.session(id) else { return };
        let coming = session.participations().filter(|part| part.state != ParticipationState::Declined);
        let people: BTreeSet<RecordId> = coming.map(|part| part.person).collect();
        if people.is_empty() {
            return;
        }
        self.of((Collection::Sessions, id)).speakers = people.len();
        for person in people {
            let attendee = match programme.find(Collection::People, person).map(|record| &record.body) {
                Some(RecordBody::People(person)) => person.attendee,
                _ => None,
            };
            if let Some(attendee) = attendee {
                self.people.insert(attendee);
            } else {
                self.others.insert(person);
            }
        }
    }
}

/// The sessions that would not take place any more.
fn list_over(before: &Programme, after: &Programme) -> Vec<RecordId> {
    let stands = |programme: &Programme, id: RecordId| {
        programme.session(id).is_some_and(|session| programme.state_of(session) == State::Published)
    };
    let sessions = before.sessions().map(|(id, _)| id);
    sessions.filter(|id| stands(before, *id) && !stands(after, *id)).collect()
}

/// The parts, rooms and vehicles that would be gone, where somebody may have a duty.
fn list_gone<'a>(before: &'a Programme, after: &'a Programme) -> impl Iterator<Item = (RecordId, RecordKey)> + 'a {
    let places = [Collection::Parts, Collection::Rooms, Collection::Vehicles].into_iter();
    let all = places.flat_map(move |collection| before.list(collection).map(move |record| (collection, record.id)));
    all.filter(move |key| after.find(key.0, key.1).is_none()).map(|key| (key.1, key))
}
