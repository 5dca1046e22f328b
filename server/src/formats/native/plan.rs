//! What an import would change.

use std::collections::{BTreeSet, HashSet};

use shared::ids::RecordId;
use shared::programme::{Collection, Programme, RecordBody, RecordEdit, RecordKey, State};

use super::FileContents;

/// The edits that take a programme to what a file describes, and a summary of them. Records are
/// named by collection and slug.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportPlan {
    /// What to write, in an order in which no record points to one that is not there.
    pub edits: Vec<RecordEdit>,
    /// Records that the programme does not have yet.
    pub added: Vec<(Collection, String)>,
    /// Records that the file describes otherwise.
    pub changed: Vec<(Collection, String)>,
    /// Records that the file cancels.
    pub cancelled: Vec<(Collection, String)>,
    /// Records that the file does not have.
    pub removed: Vec<(Collection, String)>,
    /// Records that the file does not have and that stay, since people are registered under them.
    pub kept: Vec<(Collection, String)>,
    /// How many records stay as they are.
    pub unchanged_count: usize,
    /// How many published sessions would be published no more.
    pub withdrawn_count: usize,
    /// How many sessions are published.
    pub published_count: usize,
}

impl ImportPlan {
    /// Whether more than a fifth of the published sessions would be published no more.
    pub fn removes_too_much(&self) -> bool {
        self.withdrawn_count * 5 > self.published_count
    }
}

/// Compares a programme with a file. The file is the whole programme: what it lacks is removed, but
/// for the categories and delegations under which people are registered, `in_use`. Members of
/// audiences are not part of it and stay.
pub fn plan(existing: &Programme, contents: FileContents, in_use: &BTreeSet<RecordId>) -> ImportPlan {
    let mut plan = ImportPlan::default();
    let mut described: HashSet<RecordKey> = HashSet::new();
    for (id, body) in contents.records {
        let body = existing.settled(id, body);
        let key = (body.collection(), id);
        described.insert(key);
        let before = existing.find(key.0, id).map(|record| &record.body);
        if before == Some(&body) {
            plan.unchanged_count += 1;
            continue;
        }
        let name = (key.0, body.slug().to_owned());
        let is_cancelled = body.state() == Some(State::Cancelled);
        match before {
            None => plan.added.push(name),
            Some(before) if is_cancelled && before.state() != Some(State::Cancelled) => plan.cancelled.push(name),
            Some(_) => plan.changed.push(name),
        }
        let was_published = before.is_some_and(is_published_session);
        plan.withdrawn_count += usize::from(was_published && !is_published_session(&body));
        plan.edits.push(RecordEdit::Put { id, body });
    }
    plan.edits.sort_by_key(|edit| edit.key().0);
    let mut gone: Vec<_> = existing.iter().filter(|(key, _)| !described.contains(*key)).collect();
    gone.sort_by_key(|(key, _)| std::cmp::Reverse(**key));
    for (key, record) in gone {
        let name = (key.0, record.body.slug().to_owned());
        if in_use.contains(&key.1) {
            plan.kept.push(name);
            continue;
        }
        plan.removed.push(name);
        plan.withdrawn_count += usize::from(is_published_session(&record.body));
        plan.edits.push(RecordEdit::Remove { key: *key });
    }
    plan.published_count = existing.iter().filter(|(_, record)| is_published_session(&record.body)).count();
    plan
}

fn is_published_session(body: &RecordBody) -> bool {
    matches!(body, RecordBody::Sessions(session) if session.state == State::Published)
}
