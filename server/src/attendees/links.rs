//! People of the programme who are attendees: a speaker who is linked is let in to their own session.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use serde::Serialize;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, ParticipationState, Person, Programme, Record, RecordBody};
use shared::registration::{Registration, RegistrationStatus};

use crate::database::Connection;
use crate::database::schema::{attendees, erasures, registrations};
use crate::on;
use crate::programme::operations::{Command, Guard, Verb, run};
use crate::refusal::{Failure, Refusal};
use crate::registration::likeness::NameIndex;
use crate::registration::names::fold;
use crate::sync::change_log::{Actor, Unit};

/// The most attendees that are suggested for one person.
const MOST_SUGGESTED: usize = 5;

/// An attendee as far as it tells who of the programme they may be.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Their registration, where there is one.
    pub registration: Option<Registration>,
}

/// Why an attendee may be a person of the programme.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Their names are alike.
    Name,
    /// They are of one organisation.
    Organisation,
    /// They are of one country.
    Country,
}

/// An attendee who may be a person of the programme.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Suggestion {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name.
    pub name: String,
    /// Why.
    pub reasons: BTreeSet<Reason>,
}

/// A person of the programme, with who they are, or may be.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Link {
    /// The person.
    pub person: RecordId,
    /// Their slug.
    pub slug: String,
    /// Their name as printed.
    pub name: String,
    /// In how many sessions they take part, or are invited to.
    pub session_count: usize,
    /// The attendee that they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<AttendeeId>,
    /// The attendee's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee_name: Option<String>,
    /// Who they may be, the likeliest first; empty where they are linked.
    pub suggestions: Vec<Suggestion>,
}

/// Every person of the programme, with who they are or may be. Whoever is linked, or holds a place for
/// somebody without a name, is nobody else.
pub fn list_links(programme: &Programme, known: &[Known]) -> Vec<Link> {
    let people = || programme.list(Collection::People).filter_map(|record| Some((record, person_of(record)?)));
    let taken: BTreeSet<AttendeeId> = people().filter_map(|(_, person)| person.attendee).collect();
    let free: Vec<&Known> = known.iter().filter(|one| !taken.contains(&one.attendee) && may_be_somebody(one)).collect();
    let index = NameIndex::of(free.iter().map(|one| one.name.as_str()));
    let names: BTreeMap<AttendeeId, &str> = known.iter().map(|one| (one.attendee, one.name.as_str())).collect();
    let sessions = count_sessions(programme);
    people()
        .map(|(record, person)| {
            let suggestions = match person.attendee {
                Some(_) => Vec::new(),
                None => suggest(programme, person, index.find_like(&person.name).into_iter().map(|place| free[place])),
            };
            Link {
                person: record.id,
                slug: person.slug.clone(),
                name: person.name.clone(),
                session_count: sessions.get(&record.id).copied().unwrap_or(0),
                attendee: person.attendee,
                attendee_name: person.attendee.and_then(|id| names.get(&id)).map(|name| (*name).to_owned()),
                suggestions,
            }
        })
        .collect()
}

/// Whether an attendee has a name of their own and may come.
fn may_be_somebody(known: &Known) -> bool {
    known.registration.as_ref().is_none_or(|own| {
        !own.is_placeholder && !matches!(own.status, RegistrationStatus::Declined | RegistrationStatus::Cancelled)
    })
}

fn person_of(record: &Record) -> Option<&Person> {
    match &record.body {
        RecordBody::People(person) => Some(person),
        _ => None,
    }
}

fn count_sessions(programme: &Programme) -> BTreeMap<RecordId, usize> {
    let mut counts = BTreeMap::new();
    for (_, session) in programme.sessions() {
        let parts = session.participations().filter(|part| part.state != ParticipationState::Declined);
        let people: BTreeSet<RecordId> = parts.map(|part| part.person).collect();
        people.into_iter().for_each(|person| *counts.entry(person).or_default() += 1);
    }
    counts
}

fn suggest<'a>(programme: &Programme, person: &Person, alike: impl Iterator<Item = &'a Known>) -> Vec<Suggestion> {
    let countries: BTreeSet<&String> = person.affiliations.iter().filter_map(|one| one.country.as_ref()).collect();
    let organisations: BTreeSet<String> =
        person.affiliations.iter().flat_map(|one| names_of(programme, one)).map(|name| fold(&name)).collect();
    let suggestion = |known: &Known| {
        let details = known.registration.as_ref().map(|own| own.details.clone()).unwrap_or_default();
        let has_organisation = details.organisation.is_some_and(|name| organisations.contains(&fold(&name)));
        let has_country = details.country.is_some_and(|country| countries.contains(&country));
        let reasons = [(Reason::Name, true), (Reason::Organisation, has_organisation), (Reason::Country, has_country)];
        let reasons = reasons.into_iter().filter(|(_, holds)| *holds).map(|(reason, _)| reason).collect();
        Suggestion { attendee: known.attendee, name: known.name.clone(), reasons }
    };
    let mut suggestions: Vec<Suggestion> = alike.map(suggestion).collect();
    suggestions
        .sort_by_key(|one| (std::cmp::Reverse(one.reasons.len()), fold(&one.name) != fold(&person.name), one.attendee));
    suggestions.truncate(MOST_SUGGESTED);
    suggestions
}

/// What an organisation is called: as printed, and as a record of the event in each language.
fn names_of(programme: &Programme, affiliation: &shared::programme::Affiliation) -> Vec<String> {
    let record = affiliation.organisation.and_then(|id| programme.find(Collection::Organisations, id));
    let of_record = record.and_then(|record| match &record.body {
        RecordBody::Organisations(organisation) => {
            Some(organisation.name.iter().map(|(_, name)| name.to_owned()).collect::<Vec<_>>())
        }
        _ => None,
    });
    affiliation.organisation_name.iter().cloned().chain(of_record.into_iter().flatten()).collect()
}

/// Every attendee who was not erased, as far as it tells who of the programme they may be.
pub fn list_known(c: &mut Connection, event: EventId) -> QueryResult<Vec<Known>> {
    type Line = (String, String, Option<String>);
    let is_theirs = registrations::event_id.eq(attendees::event_id).and(registrations::attendee_id.eq(attendees::id));
    let erased = erasures::table.filter(erasures::event_id.eq(event.to_string())).select(erasures::attendee_id);
    let query = attendees::table
        .left_join(registrations::table.on(is_theirs))
        .filter(attendees::event_id.eq(event.to_string()))
        .filter(attendees::id.ne_all(erased))
        .order(attendees::id)
        .select((attendees::id, attendees::name, registrations::body.nullable()));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let damaged = || diesel::result::Error::DeserializationError("the database holds an unreadable attendee".into());
    let read = |(id, name, body): Line| {
        let registration = body.map(|body| serde_json::from_str(&body)).transpose().map_err(|_| damaged())?;
        Ok(Known { attendee: id.parse().map_err(|_| damaged())?, name, registration })
    };
    lines.into_iter().map(read).collect()
}

/// Says which attendee a person of the programme is; `None` ends it.
///
/// # Errors
///
/// There is no such person or attendee; another person is that attendee; there is no link to end.
pub fn set_link(
    unit: &mut Unit<'_>,
    actor: Actor,
    person: RecordId,
    attendee: Option<AttendeeId>,
) -> Result<(), Failure> {
    require_free(unit.group.programme(), person, attendee)?;
    let patch = json!({ "attendee": attendee.map_or(Value::Null, |id| json!(id)) });
    let verb = Verb::Patch { key: (Collection::People, person), patch };
    run(unit, actor, &Command { verb, guard: Guard::default() }).map(drop)
}

/// Refuses a link of nobody, the end of none, and an attendee who is somebody else.
fn require_free(programme: &Programme, person: RecordId, attendee: Option<AttendeeId>) -> Result<(), Refusal> {
    let not_found = || Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.");
    let found =
        programme.find(Collection::People, person).and_then(|record| person_of(record)).ok_or_else(not_found)?;
    let Some(attendee) = attendee else {
        return found.attendee.map(drop).ok_or_else(not_found);
    };
    let is_same = |record: &Record| person_of(record).is_some_and(|one| one.attendee == Some(attendee));
    match programme.list(Collection::People).find(|record| record.id != person && is_same(record)) {
        None => Ok(()),
        Some(other) => {
            let detail = format!("The person {} of the programme is this attendee already.", other.body.slug());
            Err(Refusal::new(ProblemCode::WrongState, detail).at("/attendee"))
        }
    }
}
