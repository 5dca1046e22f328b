//! What was handed out, lent and taken back.

use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use serde::Serialize;
use shared::handover::{Handover, Item, Loan};
use shared::ids::{AttendeeId, DeviceId, EventId, HandoverId, RecordId};
use shared::sync::{Profile, Scope};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{handover_people, handovers, scope_rows};
use crate::on;
use crate::sync::change_log::Actor;
use crate::sync::row::RowCollection;

/// A fact that is handed in.
#[derive(Clone, PartialEq, Debug)]
pub struct Recording {
    /// The fact.
    pub handover: Handover,
    /// Who hands it in, and from which device.
    pub by: Actor,
}

/// A fact as it is listed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Listed {
    /// The fact, with its signature.
    #[serde(flatten)]
    pub handover: Handover,
    /// The device that handed it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// When.
    pub received_at: Timestamp,
}

/// What a list of facts is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Only what this attendee has or had.
    pub attendee: Option<AttendeeId>,
    /// Only what is this delegation's.
    pub delegation: Option<RecordId>,
}

#[derive(Insertable)]
#[diesel(table_name = handovers, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    fact: String,
    handover_id: String,
    item: Option<String>,
    delegation_id: Option<String>,
    undoes: Option<String>,
    at: i64,
    received_at: i64,
    device_id: Option<String>,
    account_id: Option<String>,
    body: String,
}

#[derive(Insertable)]
#[diesel(table_name = handover_people, treat_none_as_default_value = false)]
struct NewPerson {
    event_id: String,
    attendee_id: String,
    fact: String,
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn line(event: EventId, Recording { handover, by }: &Recording, now: Timestamp) -> QueryResult<NewLine> {
    Ok(NewLine {
        event_id: event.to_string(),
        fact: handover.fact().to_string(),
        handover_id: handover.id.to_string(),
        item: text(handover.item.as_ref().map(|item| item.row_id(event))),
        delegation_id: text(handover.delegation),
        undoes: text(handover.undoes),
        at: handover.at.corrected().0,
        received_at: now.0,
        device_id: text(by.device),
        account_id: text(by.account),
        body: serde_json::to_string(handover).map_err(|_| damaged("fact of a desk"))?,
    })
}

/// Writes facts; those that are there already stay as they are.
pub fn put_handovers(c: &mut Connection, event: EventId, new: &[Recording], now: Timestamp) -> QueryResult<()> {
    for chunk in new.chunks(CHUNK) {
        let lines = chunk.iter().map(|one| line(event, one, now)).collect::<QueryResult<Vec<_>>>()?;
        on!(&mut *c, |c| diesel::insert_into(handovers::table).values(&lines).on_conflict_do_nothing().execute(c))?;
    }
    let person = |fact: Uuid, attendee: &AttendeeId| NewPerson {
        event_id: event.to_string(),
        attendee_id: attendee.to_string(),
        fact: fact.to_string(),
    };
    let people = new.iter().flat_map(|one| one.handover.attendees.iter().map(|who| person(one.handover.fact(), who)));
    let people: Vec<NewPerson> = people.collect();
    for chunk in people.chunks(CHUNK) {
        on!(&mut *c, |c| diesel::insert_into(handover_people::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

fn read(bodies: Vec<String>) -> QueryResult<Vec<Handover>> {
    bodies.iter().map(|body| serde_json::from_str(body).map_err(|_| damaged("fact of a desk"))).collect()
}

/// Under what facts are kept that have these ids.
pub fn list_facts(c: &mut Connection, event: EventId, ids: &[HandoverId]) -> QueryResult<Vec<(HandoverId, Uuid)>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = handovers::table
            .filter(handovers::event_id.eq(event.to_string()))
            .filter(handovers::handover_id.eq_any(texts(chunk)))
            .select((handovers::handover_id, handovers::fact));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (id, fact) in lines {
            let kept = || Some((id.parse().ok()?, fact.parse().ok()?));
            found.push(kept().ok_or_else(|| damaged("fact of a desk"))?);
        }
    }
    Ok(found)
}

/// The facts with these ids.
pub fn list_by_id(c: &mut Connection, event: EventId, ids: &[HandoverId]) -> QueryResult<Vec<Handover>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = handovers::table
            .filter(handovers::event_id.eq(event.to_string()))
            .filter(handovers::handover_id.eq_any(texts(chunk)))
            .select(handovers::body);
        found.extend(read(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// The facts that take one of these back.
pub fn list_undoing(c: &mut Connection, event: EventId, ids: &[HandoverId]) -> QueryResult<Vec<Handover>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = handovers::table
            .filter(handovers::event_id.eq(event.to_string()))
            .filter(handovers::undoes.eq_any(texts(chunk)))
            .select(handovers::body);
        found.extend(read(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// The facts about an item.
pub fn list_of_item(c: &mut Connection, event: EventId, item: &Item) -> QueryResult<Vec<Handover>> {
    let query = handovers::table
        .filter(handovers::event_id.eq(event.to_string()))
        .filter(handovers::item.eq(item.row_id(event).to_string()))
        .select(handovers::body);
    read(on!(c, |c| query.load(c))?)
}

/// Facts, by their times.
pub fn list_handovers(c: &mut Connection, event: EventId, about: About) -> QueryResult<Vec<Listed>> {
    let all = handovers::table
        .filter(handovers::event_id.eq(event.to_string()))
        .order((handovers::at, handovers::fact))
        .select((handovers::body, handovers::device_id, handovers::received_at));
    let of_attendee = |attendee: AttendeeId| {
        handover_people::table
            .filter(handover_people::event_id.eq(event.to_string()))
            .filter(handover_people::attendee_id.eq(attendee.to_string()))
            .select(handover_people::fact)
    };
    let lines = on!(c, |c| match (about.attendee, about.delegation) {
        (Some(attendee), _) => all.filter(handovers::fact.eq_any(of_attendee(attendee))).load(c),
        (None, Some(delegation)) => all.filter(handovers::delegation_id.eq(delegation.to_string())).load(c),
        (None, None) => all.load(c),
    })?;
    let listed = read_listed(lines)?;
    let is_of = |one: &Listed| about.delegation.is_none_or(|delegation| one.handover.delegation == Some(delegation));
    Ok(listed.into_iter().filter(is_of).collect())
}

fn read_listed(lines: Vec<(String, Option<String>, i64)>) -> QueryResult<Vec<Listed>> {
    let listed = |(body, device, received): (String, Option<String>, i64)| {
        let handover = serde_json::from_str(&body).ok()?;
        let device = device.and_then(|device| device.parse().ok());
        Some(Listed { handover, device, received_at: Timestamp(received) })
    };
    lines.into_iter().map(|line| listed(line).ok_or_else(|| damaged("fact of a desk"))).collect()
}

/// What is out, as the last commit left it.
pub fn list_loans(c: &mut Connection, event: EventId) -> QueryResult<Vec<Loan>> {
    let query = scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::scope.eq(Scope::Roster(Profile::Full).to_string()))
        .filter(scope_rows::collection.eq(RowCollection::Loans.as_str()))
        .filter(scope_rows::value.is_not_null())
        .order(scope_rows::id)
        .select(scope_rows::value);
    let values: Vec<Option<String>> = on!(c, |c| query.load(c))?;
    let read = |value: String| serde_json::from_str(&value).map_err(|_| damaged("row of a roster"));
    values.into_iter().flatten().map(read).collect()
}

/// Takes out of the facts that are about an attendee alone what was written and signed; the ids of those.
pub fn forget_words(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<HandoverId>> {
    let theirs = handover_people::table
        .filter(handover_people::event_id.eq(event.to_string()))
        .filter(handover_people::attendee_id.eq(attendee.to_string()))
        .select(handover_people::fact);
    let query = handovers::table
        .filter(handovers::event_id.eq(event.to_string()))
        .filter(handovers::fact.eq_any(theirs))
        .select((handovers::fact, handovers::body));
    let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
    let mut forgotten = Vec::new();
    for (fact, body) in lines {
        let mut handover: Handover = serde_json::from_str(&body).map_err(|_| damaged("fact of a desk"))?;
        if handover.attendees.len() != 1 {
            continue;
        }
        (handover.received_by, handover.note, handover.signature) = (None, None, Vec::new());
        let body = serde_json::to_string(&handover).map_err(|_| damaged("fact of a desk"))?;
        let line = handovers::table.find((event.to_string(), fact));
        on!(&mut *c, |c| diesel::update(line).set(handovers::body.eq(body)).execute(c))?;
        forgotten.push(handover.id);
    }
    Ok(forgotten)
}
