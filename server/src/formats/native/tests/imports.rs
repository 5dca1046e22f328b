use std::collections::BTreeSet;

use shared::programme::{Collection, Programme};

use super::super::{ImportPlan, plan, read};
use super::{SMALL, event_id, ids, programme_of};

fn plan_of(existing: &Programme, text: &str) -> ImportPlan {
    let mut next = ids();
    let mut later_ids = || uuid::Uuid::from_u128(next().as_u128() + 1_000_000);
    plan(existing, read(text, existing, &mut later_ids, event_id()).unwrap(), &BTreeSet::new())
}

/// A file with `count` sessions, of which the first `cancelled` are cancelled.
fn sessions(count: usize, cancelled: usize) -> String {
    let head = "cumbre: 1\nevent: {slug: e, title: E, starts_on: 2019-04-05, ends_on: 2019-04-07, time_zone: UTC, \
                languages: [en], fallback_language: en}\nsessions:\n";
    let session = |index| {
        let state = if index < cancelled { "cancelled" } else { "published" };
        format!("  - {{slug: s{index}, kind: session, day: 2019-04-05, order: {index}, state: {state}}}\n")
    };
    format!("{head}{}", (0..count).map(session).collect::<String>())
}

fn named(collection: Collection, slugs: &[&str]) -> Vec<(Collection, String)> {
    slugs.iter().map(|slug| (collection, (*slug).to_owned())).collect()
}

#[test]
fn importing_the_same_file_again_changes_nothing() {
    let programme = programme_of(SMALL);
    let plan = plan_of(&programme, SMALL);
    let expected = ImportPlan { unchanged_count: programme.len(), published_count: 2, ..ImportPlan::default() };
    assert_eq!(plan, expected);
}

#[test]
fn records_keep_their_ids_and_the_plan_says_what_becomes_of_each() {
    let before = programme_of(SMALL);
    let text = SMALL
        .replace("title: Prevention", "title: Prevention of crime")
        .replace("kind: panel", "kind: panel\n    state: cancelled")
        .replace("  - slug: guests\n    title: Guests\n", "  - slug: guests\n    title: Guests\n  - {slug: press, title: Press}\n")
        .replace("exhibitors:\n  - slug: stand-bank\n    name: Bank\n    organisation: bank\n    sessions: [visit]\n    stand: A 3\n", "");
    let plan = plan_of(&before, &text);
    assert_eq!(plan.added, named(Collection::Audiences, &["press"]));
    assert_eq!(plan.changed, named(Collection::Tracks, &["prevention"]));
    assert_eq!(plan.cancelled, named(Collection::Sessions, &["talks"]));
    assert_eq!(plan.removed, named(Collection::Exhibitors, &["stand-bank"]));
    let after = before.with_edits(&plan.edits, 2);
    let id = |programme: &Programme| programme.find_by_slug(Collection::Sessions, "talks").unwrap().id;
    assert_eq!(id(&before), id(&after));
    assert_eq!(plan_of(&after, &text).edits, []);
}

#[test]
fn losing_more_than_a_fifth_of_the_published_sessions_is_too_much() {
    let before = programme_of(&sessions(10, 0));
    for (count, cancelled, too_much) in
        [(10, 0, false), (8, 0, false), (7, 0, true), (10, 2, false), (10, 3, true), (9, 2, true)]
    {
        let plan = plan_of(&before, &sessions(count, cancelled));
        assert_eq!(plan.removes_too_much(), too_much, "{count} sessions, {cancelled} cancelled");
    }
    let few = programme_of(&sessions(1, 1));
    assert!(!plan_of(&few, &sessions(0, 0).replace("sessions:\n", "")).removes_too_much());
}
