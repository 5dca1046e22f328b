//! The Santiago week: every finding is one that the printed agenda has, each with its reason.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared::ids::RecordId;
use shared::programme::{Programme, RecordBody};
use uuid::Uuid;

use super::{FindingCode, check};
use crate::formats::native;

const SAMPLE: &str = include_str!("../../../samples/santiago-2018.yaml");
const FINDINGS: &str = include_str!("../../../samples/santiago-2018-findings.json");

/// One finding that is true, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: FindingCode,
    slugs: BTreeSet<String>,
    reason: String,
}

fn load_sample() -> Programme {
    let mut last = 0u128;
    let mut new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    let event_id = RecordId(Uuid::max());
    let contents = native::read(SAMPLE, &Programme::default(), &mut new_id, event_id).unwrap();
    let edits = native::plan(&Programme::default(), contents, &BTreeSet::new()).edits;
    Programme::default().with_edits(&edits, 1)
}

#[test]
fn the_check_finds_what_the_printed_agenda_has_wrong_and_nothing_else() {
    let expected: Vec<Expected> = serde_json::from_str(FINDINGS).unwrap();
    assert!(expected.iter().all(|finding| !finding.reason.is_empty()));
    let expected: BTreeSet<_> = expected.into_iter().map(|finding| (finding.code, finding.slugs)).collect();
    let found: BTreeSet<_> = check(&load_sample())
        .into_iter()
        .filter(|finding| finding.code != FindingCode::MissingTranslation)
        .map(|finding| (finding.code, finding.records.into_iter().map(|record| record.slug).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_translation_is_missing_exactly_where_a_text_is_only_in_one_language() {
    let programme = load_sample();
    let lacking: BTreeSet<RecordId> = check(&programme)
        .into_iter()
        .filter(|finding| finding.code == FindingCode::MissingTranslation)
        .map(|finding| finding.records[0].id)
        .collect();
    let in_one_language: BTreeSet<RecordId> = programme
        .iter()
        .filter(|(_, record)| {
            !matches!(record.body, RecordBody::Documents(_)) && has_english_alone(&record.body.to_json())
        })
        .map(|(_, record)| record.id)
        .collect();
    assert_eq!(lacking, in_one_language);
    assert!(lacking.len() > 100, "the agenda was printed in English only");
}

/// Whether there is a text `{"en": …}` without `es` anywhere inside.
fn has_english_alone(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(fields) => {
            (fields.contains_key("en") && !fields.contains_key("es")) || fields.values().any(has_english_alone)
        }
        serde_json::Value::Array(items) => items.iter().any(has_english_alone),
        _ => false,
    }
}
