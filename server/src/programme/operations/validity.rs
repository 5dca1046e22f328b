//! What every record must hold to before it is written.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::validation::{endless_ways, missing_affiliations, missing_references, validate_body};
use shared::programme::{
    Category, Collection, InvalidBody, Person, Programme, RecordBody, RecordEdit, ValueProblem, check_versions,
};

use super::decide;
use crate::attendees::find_live_attendee;
use crate::database::Connection;
use crate::database::schema::event_counters;
use crate::on;
use crate::refusal::{Failure, Refusal};
use crate::registration::store::find_newest_version;

/// How many faults of one record a refusal tells.
const MOST_TOLD: usize = 10;

/// What edits are to be written to.
pub(super) struct Target<'a> {
    /// The event.
    pub event: EventId,
    /// Its programme as it is.
    pub before: &'a Programme,
    /// Its programme with the edits.
    pub after: &'a Programme,
}

/// Refuses edits that would leave a record invalid, a reference to nothing, or a slug taken twice;
/// of several edits, the refusal names the record at fault.
pub(super) fn require_valid(
    connection: &mut Connection,
    target: &Target<'_>,
    edits: &[RecordEdit],
) -> Result<(), Failure> {
    // The event's own record has the event's id.
    let is_foreign = |edit: &RecordEdit| edit.key().0 == Collection::Events && edit.key().1.0 != target.event.0;
    if edits.iter().any(is_foreign) {
        return Err(decide::not_found().into());
    }
    for edit in edits {
        let RecordEdit::Put { id, body } = edit else { continue };
        require_valid_record(connection, target, (*id, body)).map_err(|failure| match failure {
            Failure::Refused(refusal) if edits.len() > 1 => {
                let detail = format!("{} {}: {}", body.collection().as_str(), body.slug(), refusal.detail);
                Failure::Refused(Refusal { detail, ..refusal })
            }
            other => other,
        })?;
    }
    Ok(())
}

fn require_valid_record(
    connection: &mut Connection,
    Target { event, before, after }: &Target<'_>,
    (id, body): (RecordId, &RecordBody),
) -> Result<(), Failure> {
    refuse_faults(ProblemCode::InvalidValue, validate_body(body))?;
    let missing = missing_references(body, &|collection, id| after.find(collection, id).is_some());
    refuse_faults(ProblemCode::UnknownReference, missing)?;
    let programme = before;
    let before = before.find(body.collection(), id).map(|record| &record.body);
    if let RecordBody::Categories(category) = body {
        let before = match before {
            Some(RecordBody::Categories(before)) => Some(before),
            _ => None,
        };
        refuse_faults(
            ProblemCode::InvalidValue,
            before.map_or_else(Vec::new, |before| check_versions(before, category)),
        )?;
        require_new_versions(connection, (*event, programme), category)?;
    }
    if before.is_none_or(|before| before.slug() != body.slug()) {
        require_free_slug(after, id, body)?;
    }
    require_affiliations(after, id, (before, body))?;
    require_way_that_ends(after, (id, body))?;
    require_known_outside(connection, *event, body)
}

/// A text under a key that the programme does not have, but had, is another version than those that people said
/// something to.
fn require_new_versions(
    connection: &mut Connection,
    (event, before): (EventId, &Programme),
    category: &Category,
) -> Result<(), Failure> {
    let is_known = |key: &str| {
        before.list(Collection::Categories).any(|record| match &record.body {
            RecordBody::Categories(known) => known.consents.iter().any(|consent| consent.key == key),
            _ => false,
        })
    };
    for (index, consent) in category.consents.iter().enumerate() {
        if is_known(&consent.key) {
            continue;
        }
        let newest = find_newest_version(connection, event, &consent.key)?;
        if let Some(newest) = newest.filter(|newest| *newest >= consent.version) {
            let problem = ValueProblem::VersionUsed { newest };
            let field = format!("/consents/{index}/version");
            refuse_faults(ProblemCode::InvalidValue, vec![InvalidBody { field, problem }])?;
        }
    }
    Ok(())
}

/// A transfer does not leave from itself, nor after one that leaves after it; nor does it lead to what leads to it.
fn require_way_that_ends(after: &Programme, (id, body): (RecordId, &RecordBody)) -> Result<(), Refusal> {
    let RecordBody::Sessions(session) = body else { return Ok(()) };
    let transfer_of = |id: RecordId| after.session(id)?.transfer.as_ref();
    refuse_faults(ProblemCode::InvalidValue, endless_ways((id, session), &transfer_of))
}

/// A fault of a body's form as a refusal.
pub(super) fn invalid_body(fault: InvalidBody) -> Refusal {
    let subject = if fault.field.is_empty() { "The body" } else { &fault.field };
    Refusal::new(ProblemCode::InvalidValue, format!("{subject}: {}.", fault.problem)).at(fault.field)
}

/// Refuses with the first fault's field, telling all of them.
pub(super) fn refuse_faults(code: ProblemCode, faults: Vec<InvalidBody>) -> Result<(), Refusal> {
    let Some(first) = faults.first().cloned() else { return Ok(()) };
    let mut told: Vec<String> =
        faults.iter().take(MOST_TOLD).map(|fault| format!("{} {}", fault.field, fault.problem)).collect();
    if faults.len() > MOST_TOLD {
        told.push(format!("{} more", faults.len() - MOST_TOLD));
    }
    Err(Refusal::new(code, format!("{}.", told.join("; "))).at(first.field))
}

/// A session prints affiliations that its people have, and a person keeps those that are printed.
fn require_affiliations(
    after: &Programme,
    id: RecordId,
    (before, body): (Option<&RecordBody>, &RecordBody),
) -> Result<(), Refusal> {
    match (before, body) {
        (_, RecordBody::Sessions(session)) => {
            let count_of = |person| find_person(after, person).map(|person| person.affiliations.len());
            refuse_faults(ProblemCode::InvalidValue, missing_affiliations(session, &count_of))
        }
        (Some(RecordBody::People(old)), RecordBody::People(new)) if new.affiliations.len() < old.affiliations.len() => {
            let count_of = |person| (person == id).then_some(new.affiliations.len());
            let prints_one_gone = |body: &RecordBody| match body {
                RecordBody::Sessions(session) => !missing_affiliations(session, &count_of).is_empty(),
                _ => false,
            };
            match after.list(Collection::Sessions).find(|record| prints_one_gone(&record.body)) {
                None => Ok(()),
                Some(session) => {
                    let detail =
                        format!("The session {} prints an affiliation that would be gone.", session.body.slug());
                    Err(Refusal::new(ProblemCode::StillReferenced, detail).at("/affiliations"))
                }
            }
        }
        _ => Ok(()),
    }
}

fn find_person(programme: &Programme, id: RecordId) -> Option<&Person> {
    match &programme.find(Collection::People, id)?.body {
        RecordBody::People(person) => Some(person),
        _ => None,
    }
}

fn require_free_slug(after: &Programme, id: RecordId, body: &RecordBody) -> Result<(), Refusal> {
    let is_taken = after.list(body.collection()).any(|other| other.id != id && other.body.slug() == body.slug());
    if is_taken { Err(slug_taken(body.slug())) } else { Ok(()) }
}

/// The refusal of a slug that another record has.
pub(super) fn slug_taken(slug: &str) -> Refusal {
    Refusal::new(ProblemCode::SlugTaken, format!("The slug {slug} is taken.")).at("/slug")
}

/// What lies outside the programme: the slugs of other events, the attendees of this one.
fn require_known_outside(connection: &mut Connection, event: EventId, body: &RecordBody) -> Result<(), Failure> {
    match body {
        RecordBody::Events(body) if is_slug_of_another_event(connection, event, &body.slug)? => {
            Err(slug_taken(&body.slug).into())
        }
        RecordBody::People(person) => match person.attendee {
            Some(attendee) if find_live_attendee(connection, event, attendee)?.is_none() => {
                let detail = "There is no such attendee in this event.";
                Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/attendee").into())
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_slug_of_another_event(connection: &mut Connection, event: EventId, slug: &str) -> QueryResult<bool> {
    let query = event_counters::table
        .filter(event_counters::slug.eq(slug))
        .filter(event_counters::event_id.ne(event.to_string()))
        .count();
    let others: i64 = on!(connection, |c| query.get_result(c))?;
    Ok(others > 0)
}
