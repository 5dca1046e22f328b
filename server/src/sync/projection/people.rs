//! The people of a session: what is printed of them, and whom a gate lets in for their sake.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use shared::ids::AttendeeId;
use shared::programme::{
    Collection, Participation, ParticipationState, Person, Programme, RecordBody, RecordKey, State,
};

pub(super) fn people_of(body: &RecordBody) -> impl Iterator<Item = &Participation> {
    let session = match body {
        RecordBody::Sessions(session) => Some(session),
        _ => None,
    };
    session.into_iter().flat_map(shared::programme::Session::participations)
}

/// The attendees behind the people of a gated session: who speaks there may read of it.
pub fn linked_attendees(programme: &Programme, gate: RecordKey) -> Vec<AttendeeId> {
    let Some(record) = programme.find(gate.0, gate.1) else { return Vec::new() };
    people_of(&record.body)
        .filter(|part| part.state != ParticipationState::Declined)
        .filter_map(|part| match &programme.find(Collection::People, part.person)?.body {
            RecordBody::People(person) => person.attendee,
            _ => None,
        })
        .collect()
}

/// The attendees linked to people of the sessions that lie in a part's own gate; nobody where it is no
/// part.
pub fn speakers_of_part(programme: &Programme, part: RecordKey) -> BTreeSet<AttendeeId> {
    if part.0 != Collection::Parts {
        return BTreeSet::new();
    }
    let inside = programme.sessions().filter(|(_, session)| {
        session.part == Some(part.1) && session.admission.is_none() && session.state != State::Draft
    });
    inside.flat_map(|(id, _)| linked_attendees(programme, (Collection::Sessions, id))).collect()
}

/// Replaces references to people by what is printed of them; who is not confirmed is left out.
pub(super) fn expand_people(programme: &Programme, session: &mut Value) {
    let Some(fields) = session.as_object_mut() else { return };
    expand_list(programme, fields);
    if let Some(Value::Array(talks)) = fields.get_mut("talks") {
        for talk in talks.iter_mut().filter_map(Value::as_object_mut) {
            expand_list(programme, talk);
        }
    }
}

fn expand_list(programme: &Programme, fields: &mut Map<String, Value>) {
    let Some(Value::Array(people)) = fields.get_mut("people") else { return };
    let shown: Vec<Value> = std::mem::take(people)
        .into_iter()
        .filter_map(|entry| expand_person(programme, serde_json::from_value(entry).ok()?))
        .collect();
    if shown.is_empty() {
        fields.remove("people");
    } else {
        *people = shown;
    }
}

fn expand_person(programme: &Programme, part: Participation) -> Option<Value> {
    if !part.state.is_confirmed() {
        return None;
    }
    let record = programme.find(Collection::People, part.person)?;
    let RecordBody::People(person) = &record.body else { return None };
    let mut shown = Map::new();
    shown.insert("person".to_owned(), json!(part.person));
    shown.insert("name".to_owned(), json!(person.name));
    if let Some(form) = &person.form_of_address {
        shown.insert("form_of_address".to_owned(), json!(form));
    }
    shown.insert("role".to_owned(), json!(part.role));
    if !part.presence.is_in_room() {
        shown.insert("presence".to_owned(), json!(part.presence));
    }
    let affiliations = affiliations_of(programme, person, part.affiliation);
    if !affiliations.is_empty() {
        shown.insert("affiliations".to_owned(), Value::Array(affiliations));
    }
    Some(Value::Object(shown))
}

fn affiliations_of(programme: &Programme, person: &Person, only: Option<u32>) -> Vec<Value> {
    let chosen = person.affiliations.iter().enumerate().filter(|(n, _)| only.is_none_or(|o| o as usize == *n));
    chosen
        .map(|(_, affiliation)| {
            let mut shown = Map::new();
            if let Some(position) = &affiliation.position {
                shown.insert("position".to_owned(), json!(position));
            }
            let organisation =
                affiliation.organisation.and_then(|id| match &programme.find(Collection::Organisations, id)?.body {
                    RecordBody::Organisations(organisation) => Some(json!(organisation.name)),
                    _ => None,
                });
            if let Some(name) =
                affiliation.organisation_name.as_ref().map(|name| json!({ "und": name })).or(organisation)
            {
                shown.insert("organisation".to_owned(), name);
            }
            if let Some(country) = &affiliation.country {
                shown.insert("country".to_owned(), json!(country));
            }
            Value::Object(shown)
        })
        .collect()
}
