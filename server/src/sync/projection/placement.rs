//! Where a record's rows lie: in full, and as a stub.

use shared::ids::RecordId;
use shared::programme::{Admission, Collection, Programme, Record, RecordBody, RecordKey, State, Visibility};
use shared::sync::Scope;

/// The gates of an object, with the audiences whose members hold them.
pub fn gate_of(programme: &Programme, key: RecordKey) -> Option<Vec<RecordId>> {
    let record = programme.find(key.0, key.1)?;
    let admission = record.body.admission()?;
    (admission.is_gated() && record.body.state() != Some(State::Draft)).then(|| admission.audiences.clone())
}

pub(super) fn state_of_event(programme: &Programme) -> Option<State> {
    programme.event().map(|(_, event)| event.state)
}

/// Whether readers are shown anything of the event yet.
pub(super) fn is_shown(programme: &Programme) -> bool {
    matches!(state_of_event(programme), Some(State::Published | State::Cancelled))
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
pub(super) struct Placement {
    pub(super) full: Option<Scope>,
    pub(super) stub: Option<Scope>,
}

pub(super) const FOR_ORGANISERS: Placement = Placement { full: None, stub: None };

pub(super) fn placement_at(programme: &Programme, key: RecordKey) -> Placement {
    programme.find(key.0, key.1).map_or(FOR_ORGANISERS, |record| placement(programme, record))
}

pub(super) fn placement(programme: &Programme, record: &Record) -> Placement {
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

/// Whether every holder of `scope` holds a row or a stub of the record.
pub(super) fn is_known(programme: &Programme, scope: Scope, key: RecordKey) -> bool {
    let placed = placement_at(programme, key);
    [placed.full, placed.stub].into_iter().flatten().any(|there| there == Scope::Public || there == scope)
}

/// Where a record's full row lies for readers; none where there is none for them.
pub fn scope_of_row(programme: &Programme, key: RecordKey) -> Option<Scope> {
    scopes_of_row(programme, key).0
}

/// Where a record's full row lies for readers, and where a stub of it.
pub fn scopes_of_row(programme: &Programme, key: RecordKey) -> (Option<Scope>, Option<Scope>) {
    if !is_shown(programme) {
        return (None, None);
    }
    let placed = placement_at(programme, key);
    (placed.full, placed.stub)
}

/// Whether somebody who may hold the scopes that `may_hold` names sees a row or a stub of it.
pub fn is_visible(programme: &Programme, key: RecordKey, may_hold: &dyn Fn(Scope) -> bool) -> bool {
    let (full, stub) = scopes_of_row(programme, key);
    [full, stub].into_iter().flatten().any(may_hold)
}
