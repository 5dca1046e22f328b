//! What an import would change.

use std::collections::HashSet;

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
    /// How many records stay as they are.
    pub unchanged_count: usize,
    /// Whether more than a fifth of the published sessions would be published no more.
    pub removes_too_much: bool,
}

/// Compares a programme with a file. The file is the whole programme: what it lacks is removed.
/// Members of audiences are not part of it and stay.
pub fn plan(existing: &Programme, contents: FileContents) -> ImportPlan {
    let mut plan = ImportPlan::default();
    let mut kept: HashSet<RecordKey> = HashSet::new();
    let mut published_lost = 0;
    for (id, body) in contents.records {
        let body = existing.settled(id, body);
        let key = (body.collection(), id);
        kept.insert(key);
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
        published_lost += usize::from(was_published && !is_published_session(&body));
        plan.edits.push(RecordEdit::Put { id, body });
    }
    plan.edits.sort_by_key(|edit| edit.key().0);
    let mut gone: Vec<_> = existing.iter().filter(|(key, _)| !kept.contains(*key)).collect();
    gone.sort_by_key(|(key, _)| std::cmp::Reverse(**key));
    for (key, record) in gone {
        plan.removed.push((key.0, record.body.slug().to_owned()));
        published_lost += usize::from(is_published_session(&record.body));
        plan.edits.push(RecordEdit::Remove { key: *key });
    }
    let published = existing.iter().filter(|(_, record)| is_published_session(&record.body)).count();
    plan.removes_too_much = published_lost * 5 > published;
    plan
}

fn is_published_session(body: &RecordBody) -> bool {
    matches!(body, RecordBody::Sessions(session) if session.state == State::Published)
}
