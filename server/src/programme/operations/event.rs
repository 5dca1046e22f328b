//! Making an event, and removing it.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::Value;
use shared::ids::{EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::validation::{missing_references, validate_body};
use shared::programme::{Collection, RecordBody};
use shared::time::Timestamp;

use super::decide::not_found;
use super::validity::{invalid_body, refuse_faults, slug_taken};
use super::{Done, Verb, run};
use crate::database::schema::event_counters;
use crate::database::{Connection, create_counter};
use crate::on;
use crate::programme::rules::state::require_removable;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Role, Unit};

/// Reads the body of a new event and takes the slug for it. A slug that was taken for an event that
/// was then not written is free.
///
/// # Errors
///
/// A refusal of the body or of the slug.
pub fn reserve_event(
    connection: &mut Connection,
    body: &Value,
    (id, now): (EventId, Timestamp),
) -> QueryResult<Result<EventId, Refusal>> {
    let slug = match read_event(body) {
        Ok(slug) => slug,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let reserved = reserve_slug(connection, &slug, (id, now))?;
    Ok(reserved.ok_or_else(|| slug_taken(&slug)))
}

/// Takes a slug for an event; `None` where a written event has it.
pub fn reserve_slug(
    connection: &mut Connection,
    slug: &str,
    (id, now): (EventId, Timestamp),
) -> QueryResult<Option<EventId>> {
    if create_counter(connection, id, slug, now)? {
        return Ok(Some(id));
    }
    let query = event_counters::table
        .filter(event_counters::slug.eq(slug))
        .filter(event_counters::seq.eq(0))
        .select(event_counters::event_id);
    let unwritten: Option<String> = on!(connection, |c| query.first(c).optional())?;
    Ok(unwritten.and_then(|id| id.parse().ok()))
}

fn read_event(body: &Value) -> Result<String, Refusal> {
    let body = RecordBody::from_json(Collection::Events, body.clone()).map_err(invalid_body)?;
    refuse_faults(ProblemCode::InvalidValue, validate_body(&body))?;
    refuse_faults(ProblemCode::UnknownReference, missing_references(&body, &|_, _| false))?;
    Ok(body.slug().to_owned())
}

/// Writes the record of a new event, in that event's own unit; whoever makes it is an organiser.
pub fn create_event(unit: &mut Unit<'_>, actor: Actor, body: &Value) -> Result<Done, Failure> {
    let key = (Collection::Events, RecordId(unit.group.event.0));
    if let Some((_, event)) = unit.group.programme().event() {
        return Err(slug_taken(&event.slug).into());
    }
    let done = run(unit, actor, &Verb::Create { key, body: body.clone() }.into())?;
    if let Some(account) = actor.account {
        unit.group.set_role(account, Role::Organiser, true);
    }
    Ok(done)
}

/// Removes the event with everything that is its, if it is not published; gives its slug.
/// `confirmation` is to be the same.
pub fn remove_event(unit: &mut Unit<'_>, confirmation: &str) -> Result<String, Failure> {
    let slug = {
        let (_, event) = unit.group.programme().event().ok_or_else(not_found)?;
        require_removable(event, confirmation)?;
        event.slug.clone()
    };
    unit.group.remove_event();
    Ok(slug)
}
