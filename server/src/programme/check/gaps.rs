//! What is missing or stands twice: titles, the detail of the overview, session numbers.

use std::collections::BTreeMap;

use serde_json::json;
use shared::programme::{Collection, OverviewEntry, Record, RecordBody, SessionKind};

use super::survey::{Entry, Survey};
use super::{Finding, FindingCode};

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        survey.sessions.iter().filter_map(|entry| find_title_missing(survey, entry)).collect();
    findings.extend(survey.programme.list(Collection::OverviewEntries).filter_map(|record| match &record.body {
        RecordBody::OverviewEntries(entry) => find_without_detail(survey, record, entry),
        _ => None,
    }));
    findings.extend(list_repeated_numbers(survey));
    findings
}

/// A pause or transfer says by its kind what it is.
fn find_title_missing(survey: &Survey, entry: &Entry) -> Option<Finding> {
    let session = entry.session;
    if session.title.is_some() || session.kind.is_pause() || session.kind == SessionKind::Transfer {
        return None;
    }
    let message = format!("The entry {}{} has no title.", session.slug, survey.date(entry));
    Some(Finding::new(FindingCode::TitleMissing, &[entry.record], message))
}

fn find_without_detail(survey: &Survey, record: &Record, entry: &OverviewEntry) -> Option<Finding> {
    let message = format!(
        "The overview shows \u{201c}{}\u{201d} on {} at {}, which the detail lacks.",
        survey.text(&entry.title),
        entry.day.0.format("%-d %B %Y"),
        entry.starts
    );
    entry.sessions.is_empty().then(|| Finding::new(FindingCode::OverviewWithoutDetail, &[record], message))
}

/// Numbers that stand twice in one part. The same number in two parts is as it should be.
fn list_repeated_numbers(survey: &Survey) -> Vec<Finding> {
    let mut by_number: BTreeMap<_, Vec<&Entry>> = BTreeMap::new();
    for entry in &survey.sessions {
        if let Some(number) = &entry.session.number {
            by_number.entry((entry.session.part, number.trim().to_lowercase())).or_default().push(entry);
        }
    }
    let repeated = by_number.into_iter().filter(|(_, entries)| entries.len() > 1);
    repeated
        .map(|((_, number), mut entries)| {
            entries.sort_by_key(|entry| (entry.session.starts_at, &entry.session.slug));
            let names: Vec<String> = entries.iter().map(|entry| survey.session_name(entry.session)).collect();
            let message =
                format!("The number {number} stands {} times in one part: {}.", names.len(), names.join(", "));
            let records: Vec<&Record> = entries.iter().map(|entry| entry.record).collect();
            Finding::new(FindingCode::PartNumberRepeated, &records, message).with("number", json!(number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    #[test]
    fn an_entry_without_a_title_is_found_unless_its_kind_says_what_it_is() {
        let untitled = |kind: &str| json!({"kind": kind, "title": null});
        let sketch = Sketch::new()
            .session("wednesday-0930", ("28 09:30", "28 10:15"), untitled("session"))
            .session("coffee", ("28 10:15", "28 10:30"), untitled("break"))
            .session("bus", ("28 19:00", "28 19:30"), untitled("transfer"));
        assert_eq!(found(&sketch), [finding(FindingCode::TitleMissing, &["wednesday-0930"])]);
        assert_eq!(
            check_all(&sketch.programme)[0].message,
            "The entry wednesday-0930 (28 November 2018, 09:30 to 10:15) has no title."
        );
    }

    #[test]
    fn what_only_the_overview_shows_is_found() {
        let cell = |slug: &str, sessions: &[&str]| {
            let sessions: Vec<_> = sessions.iter().map(|slug| id(slug)).collect();
            json!({"slug": slug, "day": "2018-11-28", "starts": "19:00", "title": {"en": slug}, "sessions": sessions})
        };
        let sketch = Sketch::new()
            .session("dinner", ("28 19:00", "28 21:00"), json!({}))
            .with(Collection::OverviewEntries, cell("grid-dinner", &["dinner"]))
            .with(Collection::OverviewEntries, cell("grid-reception", &[]));
        assert_eq!(found(&sketch), [finding(FindingCode::OverviewWithoutDetail, &["grid-reception"])]);
    }

    #[test]
    fn a_number_may_stand_once_in_each_part() {
        let third = |part: &str| json!({"part": id(part), "number": "3"});
        let sketch = Sketch::new()
            .part("dialogue", json!({}))
            .part("clinic", json!({}))
            .session("crime", ("26 16:45", "26 18:00"), third("dialogue"))
            .session("patrols", ("28 15:00", "28 16:15"), third("clinic"));
        assert_eq!(found(&sketch), []);
        let sketch = sketch.session("again", ("29 15:00", "29 16:15"), third("clinic"));
        assert_eq!(found(&sketch), [finding(FindingCode::PartNumberRepeated, &["patrols", "again"])]);
    }
}
