//! What the people of a crowd do once they are registered: answer invitations, and ask for seats.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rand::Rng;
use rand::seq::IndexedRandom;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::invitation::{Answer, InvitedTo, Reply};
use shared::problem_code::ProblemCode;
use shared::registration::RegistrationStatus;

use super::ground::Ground;
use super::roll::{Kind, Person};
use super::{Gathered, Guests, Ids};
use crate::administration::AdministrationError;
use crate::app::App;
use crate::database::schema::registrations;
use crate::database::{GROUP_STEPS, StepEnd};
use crate::invitations::{self, Command as Invitation, Invite};
use crate::on;
use crate::refusal::Refusal;
use crate::registration::files::Authority;
use crate::signups::{self, Command as Seat, Exceptional, store};
use crate::sync::WriteError;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::EventCell;

/// Ids in one statement.
const CHUNK: usize = 500;

/// How many more would go on a field visit than there are seats, in percent.
const ASKING_PERCENT: usize = 96;

/// The attendees with these external ids.
pub async fn find_attendees(
    app: &App,
    event: EventId,
    external_ids: impl Iterator<Item = String>,
) -> Result<Ids, AdministrationError> {
    let wanted: Vec<String> = external_ids.collect();
    let read = move |connection: &mut crate::database::Connection| {
        let mut found = Ids::new();
        for chunk in wanted.chunks(CHUNK) {
            let lines: Vec<(Option<String>, String)> = on!(connection, |c| registrations::table
                .filter(registrations::event_id.eq(event.to_string()))
                .filter(registrations::external_id.eq_any(chunk))
                .select((registrations::external_id, registrations::attendee_id))
                .load(c))?;
            found.extend(lines.into_iter().filter_map(|(known_by, id)| Some((known_by?, id.parse().ok()?))));
        }
        Ok(found)
    };
    Ok(app.readers.read(read).await?)
}

/// Invites the officials to their part and the guests to theirs; most answer.
pub async fn invite(
    app: &App,
    cell: &Arc<EventCell>,
    (ground, guests): (&Ground, &Guests),
    (lot, gathered): (&mut impl Rng, &mut Gathered),
) -> Result<(), AdministrationError> {
    let to = |kind: Kind| match kind {
        Kind::Minister | Kind::Delegate => ground.dialogue,
        Kind::Guest => ground.special,
        Kind::Participant => None,
    };
    let invited: Vec<(AttendeeId, (InvitedTo, RecordId), Option<Reply>)> = guests
        .iter()
        .filter(|(_, person)| person.status == RegistrationStatus::Confirmed)
        .filter_map(|(id, person)| Some((*id, to(person.kind)?, draw_reply(lot, person))))
        .collect();
    for chunk in invited.chunks(GROUP_STEPS) {
        let (steps, rights) = (chunk.to_vec(), Authority::CommandLine.rights());
        let run = move |unit: &mut Unit<'_>, step: usize| {
            let (attendee, (collection, object), reply) = &steps[step];
            let caller = invitations::Caller { actor: actor_for(*attendee), rights: &rights };
            let invite = Invite { attendee: *attendee, collection: *collection, object: *object, message: None };
            let stored = invitations::run(unit, &caller, &Invitation::Invite(invite))?;
            if let Some(reply) = reply {
                let answer = Invitation::Answer(stored.id, reply.clone(), true);
                invitations::run(unit, &caller, &answer)?;
            }
            Ok((reply.is_some(), StepEnd::Keep))
        };
        for outcome in app.writer.steps(cell.id, chunk.len(), run).await? {
            match outcome {
                Ok(is_answered) => {
                    gathered.invitations += 1;
                    gathered.answers += usize::from(is_answered);
                }
                // Whoever is invited already stays as they are.
                Err(WriteError::Refused(refusal)) => gathered.shut_out += usize::from(is_shut(&refusal)),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// Whether it is refused because of the time.
fn is_shut(refusal: &Refusal) -> bool {
    matches!(refusal.code, ProblemCode::Closed | ProblemCode::WindowOver | ProblemCode::WindowNotOpen)
}

fn draw_reply(lot: &mut impl Rng, person: &Person) -> Option<Reply> {
    let (answer, word) = match lot.random_range(0..100) {
        0..72 => (Answer::Accepted, None),
        72..80 => (Answer::Declined, Some("I am sorry that I cannot be there.")),
        _ => return None,
    };
    let note = (person.kind == Kind::Minister).then(|| format!("by note no. {}", lot.random_range(100..900)));
    Some(Reply { answer, word: word.map(str::to_owned), delegate: None, note })
}

/// Lets participants ask for seats until nearly all are taken, and more than there are in the first.
pub async fn sign_up(
    app: &App,
    cell: &Arc<EventCell>,
    (ground, guests): (&Ground, &Guests),
    (lot, gathered): (&mut impl Rng, &mut Gathered),
) -> Result<(), AdministrationError> {
    let Some(favourite) = ground.visits.first() else { return Ok(()) };
    let programme = app.events.programme(cell).await?;
    let seat_count: u32 =
        ground.visits.iter().filter_map(|id| programme.session(*id)).filter_map(|session| session.seats).sum();
    let asking: Vec<(AttendeeId, RecordId)> = guests
        .iter()
        .filter(|(_, person)| person.kind == Kind::Participant && person.status == RegistrationStatus::Confirmed)
        .take(seat_count as usize * ASKING_PERCENT / 100)
        .map(|(id, _)| {
            let is_of_the_many = lot.random_ratio(1, 20);
            (*id, if is_of_the_many { *favourite } else { *ground.visits.choose(lot).unwrap_or(favourite) })
        })
        .collect();
    for chunk in asking.chunks(GROUP_STEPS) {
        let (steps, rights, memory) = (chunk.to_vec(), Authority::CommandLine.rights(), Arc::clone(cell));
        let run = move |unit: &mut Unit<'_>, step: usize| {
            let (attendee, session) = steps[step];
            if !store::list_of_attendees(unit.connection, unit.group.event, &[attendee])?.is_empty() {
                return Ok((false, StepEnd::Keep));
            }
            let command = Seat::Request(Exceptional { session, is_override: false });
            let memory = memory.read();
            signups::run(unit, &memory, (actor_for(attendee), &rights), (attendee, &command))?;
            Ok((true, StepEnd::Keep))
        };
        for outcome in app.writer.steps(cell.id, chunk.len(), run).await? {
            match outcome {
                Ok(is_new) => gathered.sign_ups += usize::from(is_new),
                Err(WriteError::Refused(refusal)) => gathered.shut_out += usize::from(is_shut(&refusal)),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

fn actor_for(attendee: AttendeeId) -> Actor {
    Actor { attendee: Some(attendee), ..Actor::default() }
}
