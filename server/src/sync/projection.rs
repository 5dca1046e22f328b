//! What a record looks like in which scope: the one projection table.
//!
//! Visibility decides. A gated object's full rows lie in `gate:<object>`; what is listed leaves a
//! stub one level up; what belongs to a part lies where the part's rows lie. Drafts, people and
//! audiences are for organisers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use shared::ids::RecordId;
use shared::programme::{
    Admission, Collection, Participation, Person, Programme, Record, RecordBody, RecordKey, State, Visibility,
};
use shared::sync::Scope;

use super::rosters;
use super::row::{RowCollection, RowKey};

/// Rows in scopes, encoded.
pub type Rows = BTreeMap<(Scope, RowKey), String>;

/// The rows of `keys`, and of every record whose rows depend on theirs.
pub fn project(programme: &Programme, keys: &BTreeSet<RecordKey>) -> Rows {
    let mut rows = Rows::new();
    for key in keys {
        if let Some(record) = programme.find(key.0, key.1) {
            project_record(programme, record, &mut rows);
        }
    }
    rows
}

/// The keys whose rows may differ when the records of `changed` do, in either programme.
pub fn affected(before: &Programme, after: &Programme, changed: &BTreeSet<RecordKey>) -> BTreeSet<RecordKey> {
    let mut keys = rosters::affected(before, after, changed);
    keys.extend(changed);
    for programme in [before, after] {
        keys.extend(changed.iter().filter_map(|key| choice_of(programme, *key)));
    }
    let has = |collection: Collection| changed.iter().any(|key| key.0 == collection);
    // Where a part, session or the event lies decides where others lie and what they may name.
    let moved = changed.iter().any(|key| placement_at(before, *key) != placement_at(after, *key))
        || (has(Collection::Events) && state_of_event(before) != state_of_event(after));
    if !moved && !has(Collection::People) && !has(Collection::Organisations) {
        return keys;
    }
    // A session's row holds its people with their organisations.
    let shows_changed_people = |body: &RecordBody| {
        has(Collection::Organisations) || people_of(body).any(|p| changed.contains(&(Collection::People, p.person)))
    };
    for programme in [before, after] {
        keys.extend(programme.iter().filter(|(_, r)| moved || shows_changed_people(&r.body)).map(|(key, _)| *key));
    }
    keys
}

/// The gates of an object, with the audiences whose members hold them.
pub fn gate_of(programme: &Programme, key: RecordKey) -> Option<Vec<RecordId>> {
    let record = programme.find(key.0, key.1)?;
    let admission = record.body.admission()?;
    (admission.is_gated() && record.body.state() != Some(State::Draft)).then(|| admission.audiences.clone())
}

fn state_of_event(programme: &Programme) -> Option<State> {
    programme.event().map(|(_, event)| event.state)
}

/// The choice group of a session, whose row lies where its sessions do.
fn choice_of(programme: &Programme, (collection, id): RecordKey) -> Option<RecordKey> {
    let session = (collection == Collection::Sessions).then(|| programme.session(id))??;
    session.choice_group.map(|group| (Collection::ChoiceGroups, group))
}

fn people_of(body: &RecordBody) -> impl Iterator<Item = &Participation> {
    let session = match body {
        RecordBody::Sessions(session) => Some(session),
        _ => None,
    };
    session.into_iter().flat_map(shared::programme::Session::participations)
}

/// Where the rows of what belongs to a part lie; none where its part is a draft or gone.
fn scope_of_part(programme: &Programme, part: Option<RecordId>) -> Option<Scope> {
    let Some(id) = part else { return Some(Scope::Public) };
    let part = programme.part(id)?;
    match (part.state, part.admission.is_gated()) {
        (State::Draft, _) => None,
        (_, true) => Some(Scope::Gate(id)),
        (_, false) => Some(Scope::Public),
    }
}

/// Where the full rows of something with an admission of its own lie, and its stub's scope.
fn scopes_of(id: RecordId, admission: Option<&Admission>, parent: Option<Scope>) -> (Option<Scope>, Option<Scope>) {
    match admission.map(Admission::visibility) {
        None | Some(Visibility::Public) => (parent, None),
        Some(Visibility::Listed) => (Some(Scope::Gate(id)), parent),
        Some(Visibility::Hidden) => (Some(Scope::Gate(id)), None),
    }
}

fn scope_of_session(programme: &Programme, id: RecordId) -> Option<Scope> {
    let session = programme.session(id)?;
    if session.state == State::Draft {
        return None;
    }
    let parent = scope_of_part(programme, session.part);
    scopes_of(id, session.admission.as_ref(), parent).0
}

/// Where a record's full row lies, and where its stub; none where readers have neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Placement {
    full: Option<Scope>,
    stub: Option<Scope>,
}

const FOR_ORGANISERS: Placement = Placement { full: None, stub: None };

fn placement_at(programme: &Programme, key: RecordKey) -> Placement {
    programme.find(key.0, key.1).map_or(FOR_ORGANISERS, |record| placement(programme, record))
}

fn placement(programme: &Programme, record: &Record) -> Placement {
    let id = record.id;
    if record.body.state() == Some(State::Draft) {
        return FOR_ORGANISERS;
    }
    let (full, stub) = match &record.body {
        RecordBody::Events(_)
        | RecordBody::Series(_)
        | RecordBody::Organisations(_)
        | RecordBody::Venues(_)
        | RecordBody::Rooms(_)
        | RecordBody::Tracks(_)
        | RecordBody::Categories(_) => (Some(Scope::Public), None),
        RecordBody::People(_)
        | RecordBody::Audiences(_)
        | RecordBody::AccessAreas(_)
        | RecordBody::Vehicles(_)
        | RecordBody::Checkpoints(_) => (None, None),
        RecordBody::Delegations(delegation) => (delegation.is_listed.then_some(Scope::Public), None),
        RecordBody::Parts(part) => scopes_of(id, Some(&part.admission), Some(Scope::Public)),
        RecordBody::Sessions(session) => {
            scopes_of(id, session.admission.as_ref(), scope_of_part(programme, session.part))
        }
        RecordBody::Documents(document) => {
            let parent = match document.session {
                Some(session) => scope_of_session(programme, session),
                None => scope_of_part(programme, document.part),
            };
            scopes_of(id, document.admission.as_ref(), parent)
        }
        RecordBody::Exhibitors(exhibitor) => (scope_of_exhibitor(programme, &exhibitor.sessions), None),
        RecordBody::ChoiceGroups(group) => {
            let chosen: Vec<_> = sessions_of_choice(programme, id).collect();
            (scope_among(programme, scope_of_part(programme, group.part), &chosen), None)
        }
        RecordBody::OverviewEntries(entry) => {
            (scope_among(programme, scope_of_part(programme, entry.part), &entry.sessions), None)
        }
    };
    Placement { full, stub }
}

fn project_record(programme: &Programme, record: &Record, rows: &mut Rows) {
    let is_shown = matches!(state_of_event(programme), Some(State::Published | State::Cancelled));
    let Placement { full, stub } = if is_shown { placement(programme, record) } else { FOR_ORGANISERS };
    let mut value = record.body.to_json();
    if matches!(record.body, RecordBody::Sessions(_)) {
        expand_people(programme, &mut value);
    }
    if let RecordBody::Delegations(_) = record.body {
        let key = (RowCollection::DelegationDetails, record.id.0);
        rows.insert((Scope::Delegation(record.id), key), value.to_string());
        rows.insert((Scope::Organiser, key), value.to_string());
    }
    if let Some(scope) = full {
        strip_limits(&record.body, &mut value);
        strip_for_readers(programme, scope, &mut value);
    }
    if let Some(scope) = stub
        && let Some((collection, mut stub)) = stub_of(&record.body)
    {
        strip_for_readers(programme, scope, &mut stub);
        rows.insert((scope, (collection, record.id.0)), stub.to_string());
    }
    let key = (row_collection(record.body.collection()), record.id.0);
    rows.insert((full.unwrap_or(Scope::Organiser), key), value.to_string());
    rosters::project(programme, record, rows);
}

/// An exhibitor lies with its first session, so that a closed exhibition names nobody.
fn scope_of_exhibitor(programme: &Programme, sessions: &[RecordId]) -> Option<Scope> {
    match sessions.first() {
        Some(session) => scope_of_session(programme, *session),
        None => Some(Scope::Public),
    }
}

/// Where something lies that only speaks of `sessions`: in its parent, if readers there know of one
/// of them, else with the first that has readers. What names none lies in its parent.
fn scope_among(programme: &Programme, parent: Option<Scope>, sessions: &[RecordId]) -> Option<Scope> {
    let parent = parent?;
    if sessions.is_empty() || sessions.iter().any(|id| is_known(programme, parent, (Collection::Sessions, *id))) {
        return Some(parent);
    }
    sessions.iter().find_map(|session| scope_of_session(programme, *session))
}

fn sessions_of_choice(programme: &Programme, group: RecordId) -> impl Iterator<Item = RecordId> {
    programme.sessions().filter(move |(_, session)| session.choice_group == Some(group)).map(|(id, _)| id)
}

/// How many of whom may come is between the organisers and each delegation.
fn strip_limits(body: &RecordBody, value: &mut Value) {
    let Some(fields) = value.as_object_mut() else { return };
    if matches!(body, RecordBody::Delegations(_) | RecordBody::Categories(_)) {
        fields.remove("capacity");
        fields.remove("quotas");
    }
}

/// Takes away what would tell readers of other scopes: whose audiences it is for, and the ids of
/// records that a holder of `scope` may not know of.
fn strip_for_readers(programme: &Programme, scope: Scope, value: &mut Value) {
    let Some(fields) = value.as_object_mut() else { return };
    if let Some(Value::Object(admission)) = fields.get_mut("admission") {
        admission.remove("audiences");
    }
    if let Some(Value::Object(transfer)) = fields.get_mut("transfer") {
        strip_reference(programme, scope, transfer, ("after", Collection::Sessions));
        strip_reference(programme, scope, transfer, ("before", Collection::Sessions));
    }
    strip_reference(programme, scope, fields, ("part", Collection::Parts));
    strip_reference(programme, scope, fields, ("session", Collection::Sessions));
    strip_reference(programme, scope, fields, ("choice_group", Collection::ChoiceGroups));
    if let Some(Value::Array(sessions)) = fields.get_mut("sessions") {
        sessions.retain(|id| may_name(programme, scope, Collection::Sessions, id));
        // An empty list would tell that there is something not to be named.
        if sessions.is_empty() {
            fields.remove("sessions");
        }
    }
}

fn strip_reference(
    programme: &Programme,
    scope: Scope,
    fields: &mut Map<String, Value>,
    (field, collection): (&str, Collection),
) {
    if fields.get(field).is_some_and(|id| !may_name(programme, scope, collection, id)) {
        fields.remove(field);
    }
}

fn may_name(programme: &Programme, scope: Scope, collection: Collection, id: &Value) -> bool {
    id.as_str().and_then(|id| id.parse().ok()).is_some_and(|id| is_known(programme, scope, (collection, id)))
}

/// Whether every holder of `scope` holds a row or a stub of the record.
fn is_known(programme: &Programme, scope: Scope, key: RecordKey) -> bool {
    let placed = placement_at(programme, key);
    [placed.full, placed.stub].into_iter().flatten().any(|there| there == Scope::Public || there == scope)
}

fn stub_of(body: &RecordBody) -> Option<(RowCollection, Value)> {
    let full = body.to_json();
    let (collection, kept): (_, &[&str]) = match body {
        RecordBody::Sessions(_) => (
            RowCollection::SessionStubs,
            &["slug", "kind", "title", "number", "part", "starts_at", "ends_at", "day", "order", "state"],
        ),
        RecordBody::Parts(_) => {
            (RowCollection::PartStubs, &["slug", "title", "ordinal", "starts_on", "ends_on", "state"])
        }
        RecordBody::Documents(_) => {
            (RowCollection::DocumentStubs, &["slug", "title", "symbol", "revision", "language", "state"])
        }
        _ => return None,
    };
    let mut stub: Map<String, Value> =
        kept.iter().filter_map(|field| Some(((*field).to_owned(), full.get(*field)?.clone()))).collect();
    let policy = body.admission().map(|admission| admission.policy);
    stub.insert("policy".to_owned(), json!(policy));
    Some((collection, Value::Object(stub)))
}

/// Replaces references to people by what is printed of them; who is not confirmed is left out.
fn expand_people(programme: &Programme, session: &mut Value) {
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

/// The collection of a record's full row.
pub fn row_collection(collection: Collection) -> RowCollection {
    match collection {
        Collection::Events => RowCollection::Events,
        Collection::Series => RowCollection::Series,
        Collection::Organisations => RowCollection::Organisations,
        Collection::Venues => RowCollection::Venues,
        Collection::Rooms => RowCollection::Rooms,
        Collection::Tracks => RowCollection::Tracks,
        Collection::People => RowCollection::People,
        Collection::Delegations => RowCollection::Delegations,
        Collection::Categories => RowCollection::Categories,
        Collection::Audiences => RowCollection::Audiences,
        Collection::Parts => RowCollection::Parts,
        Collection::ChoiceGroups => RowCollection::ChoiceGroups,
        Collection::Sessions => RowCollection::Sessions,
        Collection::Exhibitors => RowCollection::Exhibitors,
        Collection::Documents => RowCollection::Documents,
        Collection::OverviewEntries => RowCollection::OverviewEntries,
        Collection::AccessAreas => RowCollection::AccessAreas,
        Collection::Vehicles => RowCollection::Vehicles,
        Collection::Checkpoints => RowCollection::Checkpoints,
    }
}

/// The attendees behind the people of a gated session: who speaks there may read of it.
pub fn linked_attendees(programme: &Programme, gate: RecordKey) -> Vec<shared::ids::AttendeeId> {
    let Some(record) = programme.find(gate.0, gate.1) else { return Vec::new() };
    people_of(&record.body)
        .filter(|part| part.state != shared::programme::ParticipationState::Declined)
        .filter_map(|part| match &programme.find(Collection::People, part.person)?.body {
            RecordBody::People(person) => person.attendee,
            _ => None,
        })
        .collect()
}

/// The attendees linked to people of the sessions that lie in a part's own gate; nobody where it is no
/// part.
pub fn speakers_of_part(programme: &Programme, part: RecordKey) -> BTreeSet<shared::ids::AttendeeId> {
    if part.0 != Collection::Parts {
        return BTreeSet::new();
    }
    let inside = programme.sessions().filter(|(_, session)| {
        session.part == Some(part.1) && session.admission.is_none() && session.state != State::Draft
    });
    inside.flat_map(|(id, _)| linked_attendees(programme, (Collection::Sessions, id))).collect()
}

/// Where a record's full row lies for readers; none where there is none for them.
pub fn scope_of_row(programme: &Programme, key: RecordKey) -> Option<Scope> {
    let is_shown = matches!(state_of_event(programme), Some(State::Published | State::Cancelled));
    if is_shown { placement_at(programme, key).full } else { None }
}

/// Where a record's full row lies for readers, and where a stub of it.
pub fn scopes_of_row(programme: &Programme, key: RecordKey) -> (Option<Scope>, Option<Scope>) {
    if !matches!(state_of_event(programme), Some(State::Published | State::Cancelled)) {
        return (None, None);
    }
    let placed = placement_at(programme, key);
    (placed.full, placed.stub)
}

/// Whether somebody who may hold the scopes that `may_hold` names sees a row or a stub of it.
pub fn is_visible(programme: &Programme, key: RecordKey, may_hold: &dyn Fn(Scope) -> bool) -> bool {
    if !matches!(state_of_event(programme), Some(State::Published | State::Cancelled)) {
        return false;
    }
    let placed = placement_at(programme, key);
    [placed.full, placed.stub].into_iter().flatten().any(may_hold)
}

/// The row of a record that somebody may hold who may hold the scopes that `may_hold` names; a stub
/// where that is all there is for them.
pub fn row_seen_by(programme: &Programme, key: RecordKey, may_hold: &dyn Fn(Scope) -> bool) -> Option<Value> {
    let rows = project(programme, &[key].into());
    let mut seen: Vec<_> = rows.into_iter().filter(|((scope, _), _)| may_hold(*scope)).collect();
    let full = row_collection(key.0);
    seen.sort_by_key(|((_, (collection, _)), _)| *collection != full);
    let (_, row) = seen.into_iter().next()?;
    serde_json::from_str(&row).ok()
}

/// The full row of a record behind a gate, as it is in a scope that holds it alone: it names nothing
/// that is not public. None where it is public, or for organisers.
pub fn row_in_scope(programme: &Programme, key: RecordKey, scope: Scope) -> Option<Value> {
    let placed = scope_of_row(programme, key).filter(|placed| *placed != Scope::Public);
    let record = placed.and_then(|_| programme.find(key.0, key.1))?;
    let mut value = record.body.to_json();
    if matches!(record.body, RecordBody::Sessions(_)) {
        expand_people(programme, &mut value);
    }
    strip_limits(&record.body, &mut value);
    strip_for_readers(programme, scope, &mut value);
    Some(value)
}
