//! The verdict after a storm: what the database holds, what phones hold, and what was promised.

use std::collections::{BTreeMap, BTreeSet};

use cumbre::database::Connection;
use cumbre::database::schema::{commits, event_counters, favourites, mutation_results, notes, scope_rows};
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use shared::ids::{EventId, MutationId};
use shared::replica::RowFilter;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::phone::Phone;
use super::stage::Stage;

/// Whether the answers that phones had name commits of the history that the database has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// They do.
    Kept,
    /// A restore began another one.
    Restored,
}

/// Every mutation made has one effect, every phone holds what the database says, the log has no gap.
pub fn judge(stage: &Stage, phones: &mut [Phone], history: History) {
    let mut connection = stage.database.connect();
    let log = commits_of(&mut connection, stage.event);
    let head: i64 = on!(&mut connection, |c| event_counters::table
        .find(stage.event.to_string())
        .select(event_counters::seq)
        .first(c))
    .unwrap();
    let numbers: Vec<u64> = (1..=head as u64).collect();
    assert_eq!(log.iter().copied().collect::<Vec<_>>(), numbers, "the log of commits has a gap");
    for phone in phones {
        judge_effects(&mut connection, phone, &log, history);
        judge_replica(&mut connection, stage.event, phone);
    }
}

fn commits_of(connection: &mut Connection, event: EventId) -> BTreeSet<u64> {
    let log: Vec<i64> = on!(connection, |c| commits::table
        .filter(commits::event_id.eq(event.to_string()))
        .select(commits::seq)
        .load(c))
    .unwrap();
    log.into_iter().map(|seq| seq as u64).collect()
}

/// The commit of every mutation by its stored result.
fn results_of(connection: &mut Connection, phone: &Phone) -> BTreeMap<MutationId, u64> {
    let lines: Vec<(String, String)> = on!(connection, |c| mutation_results::table
        .filter(mutation_results::account_id.eq(phone.replica.account().to_string()))
        .filter(mutation_results::device_id.eq(phone.replica.device().to_string()))
        .select((mutation_results::mutation_id, mutation_results::result))
        .load(c))
    .unwrap();
    let read = |(id, result): (String, String)| match serde_json::from_str(&result).unwrap() {
        MutationResult::Applied { rev, .. } => (id.parse().unwrap(), rev),
        other => panic!("{id} has the stored result {other:?}"),
    };
    lines.into_iter().map(read).collect()
}

/// What was done is there once: the stored results, the notes and stars, and their revs agree.
fn judge_effects(connection: &mut Connection, phone: &Phone, log: &BTreeSet<u64>, history: History) {
    let results = results_of(connection, phone);
    let made: BTreeSet<MutationId> = phone.made.iter().map(|(id, _)| *id).collect();
    assert_eq!(results.keys().copied().collect::<BTreeSet<_>>(), made, "each mutation has one result");
    assert!(results.values().all(|rev| log.contains(rev)), "a result names a commit that is not there");
    if history == History::Kept {
        assert_eq!(phone.acknowledged, results, "an answer differs from what is stored");
    }
    let last_rev: BTreeMap<Uuid, u64> = phone.made.iter().map(|(id, subject)| (*subject, results[id])).collect();
    let stored: Vec<(String, String, i64)> = on!(connection, |c| notes::table
        .filter(notes::attendee_id.eq(phone.attendee.to_string()))
        .select((notes::id, notes::text, notes::rev))
        .load(c))
    .unwrap();
    let stored: BTreeMap<Uuid, (String, u64)> =
        stored.into_iter().map(|(id, text, rev)| (id.parse().unwrap(), (text, rev as u64))).collect();
    let wanted = phone.notes.iter().map(|(id, text)| (*id, (text.clone(), last_rev[id]))).collect();
    assert_eq!(stored, wanted, "notes differ from what was written");
    let starred: Vec<String> = on!(connection, |c| favourites::table
        .filter(favourites::attendee_id.eq(phone.attendee.to_string()))
        .select(favourites::session_id)
        .load(c))
    .unwrap();
    let starred: BTreeSet<String> = starred.into_iter().collect();
    let wanted = phone.stars.iter().filter(|(_, on)| **on).map(|(session, _)| session.to_string()).collect();
    assert_eq!(starred, wanted, "stars differ from what was tapped");
}

/// The phone's rows are the database's, byte for byte, and its own notes are among them.
fn judge_replica(connection: &mut Connection, event: EventId, phone: &mut Phone) {
    let own = format!("own:{}", phone.attendee);
    type Line = (String, String, String, i64, Option<String>);
    let lines: Vec<Line> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::scope.eq_any([own.as_str(), "public"]))
        .filter(scope_rows::value.is_not_null())
        .select((scope_rows::scope, scope_rows::collection, scope_rows::id, scope_rows::rev, scope_rows::value))
        .load(c))
    .unwrap();
    let stored: BTreeMap<_, _> =
        lines.into_iter().map(|(scope, c, id, rev, value)| ((scope, c, id), (rev as u64, value.unwrap()))).collect();
    let held = phone.replica.list_held(&RowFilter::default()).unwrap();
    let held: BTreeMap<_, _> =
        held.into_iter().map(|row| ((row.scope, row.collection, row.id), (row.rev, row.value))).collect();
    assert_eq!(held, stored, "the phone differs from the database");
    let notes: BTreeSet<String> =
        stored.keys().filter(|key| key.0 == own && key.1 == "notes").map(|key| key.2.clone()).collect();
    let wanted: BTreeSet<String> = phone.notes.keys().map(ToString::to_string).collect();
    assert_eq!(notes, wanted, "rows of notes differ from what was written");
}
