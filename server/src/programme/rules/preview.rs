//! What edits would do, before they are written.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::programme::{Collection, Programme, RecordBody, Session};

use super::organiser_patch::list_differences;
use crate::programme::check::{Finding, FindingCode, check, check_apart_from_names};

/// The difference between two states of a programme, as an organiser sees it before confirming.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Preview {
    /// The sessions that change, come or go.
    pub changes: Vec<SessionChange>,
    /// What would be wrong that was not before.
    pub collisions: Vec<Finding>,
    /// What would be right that was not before.
    pub resolved: Vec<Finding>,
}

/// One session that changes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SessionChange {
    /// Its id.
    pub id: RecordId,
    /// Its slug (the new one, if that changes).
    pub slug: String,
    /// Its title, if it has one.
    pub title: Option<Localised>,
    /// What changes, by name.
    pub fields: Vec<FieldChange>,
}

/// One top-level field that changes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it was; null where it was absent.
    pub before: Value,
    /// What it would be; null where it would be absent.
    pub after: Value,
}

/// Compares a programme with what edits would make of it. A finding that only words the same
/// fault with other times is neither new nor resolved.
pub fn preview(before: &Programme, after: &Programme) -> Preview {
    let find = if has_same_names(before, after) { check_apart_from_names } else { check };
    // What still lacks a translation is work for later; it stops nobody in a corridor.
    let find = |programme: &Programme| -> Vec<Finding> {
        let found = find(programme).into_iter();
        found.filter(|finding| finding.code != FindingCode::MissingTranslation).collect()
    };
    let (found_before, found_after) = (find(before), find(after));
    let absent_from = |findings: &[Finding], others: &[Finding]| -> Vec<Finding> {
        findings.iter().filter(|finding| !others.iter().any(|other| other.is_same_fault(finding))).cloned().collect()
    };
    Preview {
        changes: list_session_changes(before, after),
        collisions: absent_from(&found_after, &found_before),
        resolved: absent_from(&found_before, &found_after),
    }
}

/// Whether nothing that names an organisation differs: then neither do findings about names.
fn has_same_names(before: &Programme, after: &Programme) -> bool {
    [Collection::Organisations, Collection::Exhibitors, Collection::People].into_iter().all(|collection| {
        let (mut before, mut after) = (before.list(collection), after.list(collection));
        std::iter::from_fn(|| Some((before.next(), after.next())))
            .take_while(|(one, other)| one.is_some() || other.is_some())
            .all(|(one, other)| one.zip(other).is_some_and(|(one, other)| Arc::ptr_eq(one, other)))
    })
}

/// The sessions in which two states differ, in the order of their slugs.
pub fn list_session_changes(before: &Programme, after: &Programme) -> Vec<SessionChange> {
    let gone = before.list(Collection::Sessions).filter(|record| after.session(record.id).is_none());
    let there = after.list(Collection::Sessions);
    let mut changes: Vec<SessionChange> = gone
        .chain(there)
        .filter_map(|record| {
            let (old, new) = (before.session_as_held(record.id), after.session_as_held(record.id));
            if old == new {
                return None;
            }
            let json = |session: Option<Session>| {
                session.map_or(Value::Null, |session| RecordBody::Sessions(session).to_json())
            };
            let (old, new) = (json(old), json(new));
            let RecordBody::Sessions(session) = &record.body else { return None };
            let fields: Vec<FieldChange> = list_differences(&old, &new)
                .into_iter()
                .map(|(field, before, after)| FieldChange { field, before, after })
                .collect();
            (!fields.is_empty()).then(|| SessionChange {
                id: record.id,
                slug: session.slug.clone(),
                title: session.title.clone(),
                fields,
            })
        })
        .collect();
    changes.sort_by(|a, b| a.slug.cmp(&b.slug));
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::programme::RecordEdit;

    use super::*;
    use crate::programme::check::FindingCode;
    use crate::programme::rules::move_session::{MoveSession, move_session};
    use crate::programme::sketch::{Sketch, at, id};

    fn sketch() -> Sketch {
        let in_library = json!({"room": id("library")});
        Sketch::new()
            .venue("club", &[])
            .room("library", "club", json!({}))
            .session("panel", ("26 15:00", "26 16:30"), in_library.clone())
            .session("reality", ("26 18:00", "26 19:30"), in_library.clone())
            .session("recital", ("26 19:00", "26 20:00"), in_library)
    }

    fn after_moving_reality(to: &str) -> Preview {
        let before = sketch().programme;
        let arguments =
            MoveSession { session: id("reality"), room: None, venue: None, starts_at: Some(at(to)), ends_at: None };
        preview(&before, &before.with_edits(&move_session(&before, &arguments).unwrap(), 2))
    }

    #[test]
    fn a_preview_tells_what_changes_and_what_then_collides() {
        let preview = after_moving_reality("26 16:00");
        let change = &preview.changes[0];
        assert_eq!((preview.changes.len(), change.slug.as_str()), (1, "reality"));
        assert_eq!(
            change.fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(),
            ["ends_at", "starts_at"]
        );
        assert_eq!(change.fields[1].before, json!(at("26 18:00")));
        assert_eq!(change.fields[1].after, json!(at("26 16:00")));
        let slugs = |findings: &[Finding]| -> Vec<(FindingCode, Vec<String>)> {
            findings.iter().map(|f| (f.code, f.records.iter().map(|r| r.slug.clone()).collect())).collect()
        };
        let taken = |other: &str, first: &str| {
            let slugs = [first, other, "library"].map(str::to_owned).to_vec();
            vec![(FindingCode::RoomTakenTwice, slugs)]
        };
        assert_eq!(slugs(&preview.collisions), taken("reality", "panel"));
        assert_eq!(slugs(&preview.resolved), taken("recital", "reality"));
    }

    #[test]
    fn a_fault_that_was_there_before_is_neither_new_nor_resolved() {
        let preview = after_moving_reality("26 18:15");
        assert_eq!((preview.collisions, preview.resolved), (vec![], vec![]));
    }

    #[test]
    fn a_session_that_comes_or_goes_is_a_change_of_all_its_fields() {
        let before = sketch().programme;
        let edits = [RecordEdit::Remove { key: (Collection::Sessions, id("panel")) }];
        let changes = list_session_changes(&before, &before.with_edits(&edits, 2));
        assert_eq!(changes.len(), 1);
        assert!(changes[0].fields.iter().any(|field| field.field == "slug" && field.after == Value::Null));
        let back = list_session_changes(&before.with_edits(&edits, 2), &before);
        assert!(back[0].fields.iter().all(|field| field.before == Value::Null));
    }

    #[test]
    fn a_name_that_an_edit_misspells_is_told() {
        let name = |slug: &str, name: &str| json!({"slug": slug, "name": {"en": name}});
        let before = sketch().with(Collection::Organisations, name("police", "National Police Academy")).programme;
        let body =
            RecordBody::from_json(Collection::Organisations, name("academy", "National Polise Academy")).unwrap();
        let after = before.with_edits(&[RecordEdit::Put { id: id("academy"), body }], 2);
        let codes: Vec<_> = preview(&before, &after).collisions.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [FindingCode::OrganisationNamesNearlyEqual]);
    }
}
