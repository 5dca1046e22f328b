//! What is held about an attendee: the facts, and who they are in the tables of the lists.

use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::{Map, Value, json};
use shared::ids::{AttendeeId, EventId};
use shared::programme::{Collection, Event, Programme, RecordBody};
use shared::registration::Registration;
use shared::time::Timestamp;

use super::lists::LISTS;
use super::work::vehicles_of;
use super::{Extent, Holdings, put, read_lists, stored_json, without_nulls};
use crate::database::schema::{
    access_needs, accounts, attendee_accounts, attendees, erasures, invitations, registrations, stand_ins,
};
use crate::database::{Connection, find_made_at};
use crate::on;
use crate::privacy::retention::{KeptDays, answer_kept_until};
use crate::sync::change_log::Relation;

/// Whose data are read, as the tables know them.
pub struct Person {
    /// The event's id.
    pub(super) event: String,
    /// The attendee's id.
    pub(super) attendee: String,
    /// The ids of the accounts that are the attendee's own.
    pub(super) own_accounts: Vec<String>,
    /// The ids of what is theirs, by which the audit log names it.
    pub(super) records: Vec<String>,
}

/// Reads a document of what is held about an attendee; none where there is no such attendee.
pub fn read_person(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    (programme, kept): (&Programme, &KeptDays),
    extent: &Extent,
) -> QueryResult<Option<Holdings>> {
    let Some(facts) = read_attendee(c, event, attendee)? else { return Ok(None) };
    let accounts = list_accounts(c, event, attendee)?;
    let own = accounts.iter().filter(|account| account["relation"] == Relation::Myself.as_str());
    let own_accounts = own.filter_map(|account| Some(account["account"].as_str()?.to_owned())).collect();
    let people = people_of(programme, attendee);
    let mut records = list_records(c, event, attendee)?;
    records.extend(people.iter().filter_map(|person| Some(person["id"].as_str()?.to_owned())));
    let person = Person { event: event.to_string(), attendee: attendee.to_string(), own_accounts, records };
    let mut sections = Map::new();
    if extent.is_first() {
        sections.insert("event".to_owned(), event_name(event, programme));
        sections.insert("attendee".to_owned(), facts);
        sections.insert("accounts".to_owned(), accounts.into());
        sections.extend(read_registration(c, (event, attendee), programme, kept)?);
        sections.insert("people".to_owned(), people.into());
        sections.insert("vehicles".to_owned(), vehicles_of(programme, attendee).into());
    }
    read_lists(c, &person, LISTS, (extent, sections)).map(Some)
}

fn event_name(event: EventId, programme: &Programme) -> Value {
    match programme.event() {
        Some((_, about)) => json!({ "id": event, "slug": about.slug, "title": about.title }),
        None => json!({ "id": event }),
    }
}

fn read_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Option<Value>> {
    let key = (event.to_string(), attendee.to_string());
    let query =
        attendees::table.find(key.clone()).select((attendees::name, attendees::language, attendees::created_at));
    let erased = erasures::table.find(key).select(erasures::at);
    type Line = (String, Option<String>, i64);
    let (line, erased): (Option<Line>, Option<i64>) =
        on!(c, |c| QueryResult::Ok((query.first(c).optional()?, erased.first(c).optional()?)))?;
    Ok(line.map(|(name, language, created)| {
        without_nulls(json!({ "id": attendee, "name": name, "language": language,
            "created_at": Timestamp(created), "erased_at": erased.map(Timestamp) }))
    }))
}

/// The accounts that are, or act for, the attendee.
fn list_accounts(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<Value>> {
    type Line = (String, String, String, Option<String>, Option<String>);
    let query = attendee_accounts::table
        .inner_join(accounts::table.on(accounts::id.eq(attendee_accounts::account_id)))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::attendee_id.eq(attendee.to_string()))
        .filter(attendee_accounts::active.eq(true))
        .order(attendee_accounts::account_id)
        .select((accounts::id, attendee_accounts::relation, accounts::name, accounts::email, accounts::language));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let value = |(account, relation, name, email, language): Line| {
        without_nulls(json!({ "account": account, "relation": relation, "name": name, "email": email,
            "language": language }))
    };
    Ok(lines.into_iter().map(value).collect())
}

/// What the audit log may name of the attendee's: themselves, their invitations and stand-ins.
fn list_records(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<Vec<String>> {
    let (event, attendee) = (event.to_string(), attendee.to_string());
    let invited = invitations::table
        .filter(invitations::event_id.eq(&event))
        .filter(invitations::attendee_id.eq(&attendee))
        .select(invitations::id);
    let stood_in = stand_ins::table
        .filter(stand_ins::event_id.eq(&event))
        .filter(stand_ins::attendee_id.eq(&attendee))
        .select(stand_ins::id);
    let (invited, stood_in): (Vec<String>, Vec<String>) =
        on!(c, |c| QueryResult::Ok((invited.load(c)?, stood_in.load(c)?)))?;
    Ok([attendee].into_iter().chain(invited).chain(stood_in).collect())
}

/// The people of the programme who are this attendee: what the organiser publishes of them.
fn people_of(programme: &Programme, attendee: AttendeeId) -> Vec<Value> {
    let is_theirs = |body: &RecordBody| matches!(body, RecordBody::People(person) if person.attendee == Some(attendee));
    let linked = programme.list(Collection::People).filter(|record| is_theirs(&record.body));
    linked
        .map(|record| {
            let mut value = record.body.to_json();
            put(&mut value, "id", json!(record.id));
            value
        })
        .collect()
}

/// The registration, its answers with what they are for, and access needs.
fn read_registration(
    c: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    programme: &Programme,
    kept: &KeptDays,
) -> QueryResult<Map<String, Value>> {
    let key = (event.to_string(), attendee.to_string());
    let query = registrations::table.find(key.clone()).select((
        registrations::body,
        registrations::created_at,
        registrations::updated_at,
    ));
    let needs = access_needs::table.find(key).select((access_needs::body, access_needs::updated_at));
    type Line = (String, i64, i64);
    let (registration, needs): (Option<Line>, Option<(String, i64)>) =
        on!(c, |c| QueryResult::Ok((query.first(c).optional()?, needs.first(c).optional()?)))?;
    let mut sections = Map::new();
    if let Some((body, created, updated)) = registration {
        let mut value = stored_json(&body);
        let made_at = find_made_at(c, event)?.unwrap_or_default();
        let read = serde_json::from_str::<Registration>(&body);
        let answers = read.map(|read| answers_of(&read, (programme, made_at), kept));
        if let (Value::Object(fields), Ok(_)) = (&mut value, &answers) {
            fields.remove("answers");
        }
        put(&mut value, "created_at", json!(Timestamp(created)));
        put(&mut value, "updated_at", json!(Timestamp(updated)));
        sections.insert("registration".to_owned(), value);
        sections.extend(answers.ok().map(|answers| ("answers".to_owned(), answers.into())));
    }
    if let Some((body, updated)) = needs {
        let value = json!({ "content": stored_json(&body), "updated_at": Timestamp(updated) });
        sections.insert("access_needs".to_owned(), value);
    }
    Ok(sections)
}

/// Each answer with its question, what it is used for, and until when it is kept.
fn answers_of(
    registration: &Registration,
    (programme, made_at): (&Programme, Timestamp),
    kept: &KeptDays,
) -> Vec<Value> {
    let form = match programme.find(Collection::Categories, registration.category).map(|record| &record.body) {
        Some(RecordBody::Categories(category)) => category.form.as_slice(),
        _ => &[],
    };
    let event: Option<&Event> = programme.event().map(|(_, event)| event);
    let answers = registration.answers.iter().map(|(key, answer)| {
        let field = form.iter().find(|field| field.key == *key);
        let until = event.and_then(|event| answer_kept_until(event, made_at, (field, kept)));
        without_nulls(json!({ "key": key, "answer": answer, "question": field.map(|field| &field.label),
            "purpose": field.and_then(|field| field.purpose.as_ref()), "kept_until": until }))
    });
    answers.collect()
}
