//! Whom a change of sessions concerns, in numbers.

use std::collections::BTreeSet;

use serde::Serialize;
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{Collection, ParticipationState, Programme, Session};

use super::access::Organiser;
use crate::problem::Problem;
use crate::programme::store;
use crate::sync::projection::gate_of;

/// How many people a change concerns, each counted once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Concerns {
    /// Attendees who starred one of the sessions.
    pub favourites: usize,
    /// Attendees who hold the gate of one of the sessions, or of its part.
    pub gate_holders: usize,
    /// People who take part in one of the sessions, or are invited to.
    pub speakers: usize,
    /// The same, by session.
    pub sessions: Vec<SessionConcern>,
}

/// How many people the change of one session concerns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SessionConcern {
    /// The session.
    pub id: RecordId,
    /// Its slug.
    pub slug: String,
    /// Attendees who starred it.
    pub favourites: usize,
    /// Attendees who hold its gate, or its part's; 0 where there is none.
    pub gate_holders: usize,
    /// People who take part in it, or are invited to.
    pub speakers: usize,
}

/// Counts whom changes of these sessions concern.
pub async fn load_concerns(
    organiser: &Organiser,
    programme: &Programme,
    sessions: &[RecordId],
) -> Result<Concerns, Problem> {
    let (event, ids) = (organiser.cell.id, sessions.to_vec());
    let starred = organiser.app.readers.read(move |connection| store::list_favourites(connection, event, &ids)).await?;
    let mut all = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut told = Vec::new();
    for id in sessions {
        let Some(session) = programme.session(*id) else { continue };
        let stars: BTreeSet<AttendeeId> =
            starred.iter().filter(|(starred, _)| starred == id).map(|(_, attendee)| *attendee).collect();
        let holders = holders_of(organiser, programme, (*id, session));
        let speakers = speakers_of(session);
        told.push(SessionConcern {
            id: *id,
            slug: session.slug.clone(),
            favourites: stars.len(),
            gate_holders: holders.len(),
            speakers: speakers.len(),
        });
        all.0.extend(stars);
        all.1.extend(holders);
        all.2.extend(speakers);
    }
    Ok(Concerns { favourites: all.0.len(), gate_holders: all.1.len(), speakers: all.2.len(), sessions: told })
}

/// The holders of the session's gate; where it has none of its own, of its part's.
fn holders_of(
    organiser: &Organiser,
    programme: &Programme,
    (id, session): (RecordId, &Session),
) -> BTreeSet<AttendeeId> {
    let own = gate_of(programme, (Collection::Sessions, id)).map(|_| id);
    let part = session.part.filter(|part| gate_of(programme, (Collection::Parts, *part)).is_some());
    let inherited = session.admission.is_none().then_some(part).flatten();
    own.or(inherited).map(|gate| organiser.cell.read().holders(gate)).unwrap_or_default()
}

fn speakers_of(session: &Session) -> BTreeSet<RecordId> {
    let talks = session.talks.iter().flat_map(|talk| &talk.people);
    let people = session.people.iter().chain(talks);
    people.filter(|part| part.state != ParticipationState::Declined).map(|part| part.person).collect()
}
