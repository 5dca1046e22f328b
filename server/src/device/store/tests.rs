//! The store on SQLite against the one in memory, crashes, and time.

use diesel::connection::SimpleConnection;
use serde_json::json;
use shared::ids::{AccountId, AttendeeId, DeviceId, MutationId};
use shared::replica::{
    MemoryStore, Replica, ReplicaError, ReplicaStore, RequestLimits, RequestToken, RowFilter, ServerTime,
};
use shared::sync::{Change, Clock, Digest, ExchangeResponse, Mutation, MutationAnswer, MutationResult, Position};
use shared::sync::{ResetReason, ScopeEntry, row_check};
use shared::time::Timestamp;
use uuid::Uuid;

use super::SqliteStore;

const NOW: Timestamp = Timestamp(1_543_244_400_000);

/// A file of its own in a folder that is deleted at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("cumbre-store-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> std::path::PathBuf {
        self.0.join("device.sqlite3")
    }

    fn replica(&self) -> Replica<SqliteStore> {
        opened(SqliteStore::open(&self.file()).unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn opened<S: ReplicaStore>(store: S) -> Replica<S> {
    Replica::open(store, AccountId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2))).unwrap()
}

fn position(seq: u64) -> Position {
    format!("00000001.{seq}.0000000a").parse().unwrap()
}

fn session(n: u64, rev: u64) -> Change {
    let id = Uuid::from_u128(u128::from(n)).to_string();
    let value = json!({ "slug": format!("s-{n}"), "title": { "en": "A title ".repeat(40) }, "rev": rev });
    let check = Some(row_check("sessions", &id, rev));
    let value = Some(serde_json::value::to_raw_value(&value).unwrap());
    Change { collection: "sessions".into(), id, rev, check, value, deleted: false }
}

fn gone_row(n: u64, rev: u64) -> Change {
    Change { check: None, value: None, deleted: true, ..session(n, rev) }
}

fn entry(from: Option<u64>, to: u64, changes: Vec<Change>) -> ScopeEntry {
    ScopeEntry {
        scope: "public".into(),
        from: from.map(position),
        to: Some(position(to)),
        reset: from.is_none().then_some(ResetReason::New),
        gone: false,
        digest: None,
        changes,
        more: false,
    }
}

fn digest(rows: impl Iterator<Item = (u64, u64)>) -> Option<Digest> {
    let mut digest = Digest::default();
    rows.for_each(|(n, rev)| digest.add(session(n, rev).check.unwrap()));
    Some(digest)
}

fn answer(covers: u64, entry: ScopeEntry, results: Vec<MutationAnswer>) -> ExchangeResponse {
    ExchangeResponse {
        results,
        covers: position(covers),
        server_time: NOW,
        next_poll_s: 60,
        more: entry.more,
        scopes: vec![entry],
        resend: false,
    }
}

fn star(n: u128) -> Mutation {
    Mutation {
        id: MutationId(Uuid::from_u128(n)),
        op: "favourite.set".into(),
        for_attendee: Some(AttendeeId(Uuid::from_u128(3))),
        args: json!({ "session": "s1", "on": true }),
        base: None,
        at: Some(NOW),
        depends_on: None,
    }
}

fn result(n: u128, result: MutationResult) -> MutationAnswer {
    MutationAnswer { id: MutationId(Uuid::from_u128(n)), result }
}

/// Everything that can be seen of a replica.
fn seen<S: ReplicaStore>(replica: &mut Replica<S>) -> String {
    let request = replica.next_request(RequestToken(9), NOW, &RequestLimits::default()).unwrap();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        request.request,
        replica.read(&RowFilter::default()).unwrap(),
        replica.list_scopes().unwrap(),
        replica.list_journal().unwrap(),
        replica.list_results().unwrap(),
        replica.count_unknown().unwrap(),
    )
}

/// A story with pages, tombstones, edits of every end, a divergence and a resend.
fn live_through<S: ReplicaStore>(replica: &mut Replica<S>, mut after_step: impl FnMut(&mut Replica<S>)) {
    let mut page = ScopeEntry { more: true, ..entry(None, 9, (1..=700).map(|n| session(n, 5)).collect()) };
    page.to = Some("00000001.9.0000000a:5.sessions.x:9.0000000a".parse().unwrap());
    let rest: Vec<Change> = (701..=1200).map(|n| session(n, 6)).chain([gone_row(7, 10)]).collect();
    let mut last = entry(None, 10, rest);
    (last.from, last.reset) = (page.to.clone(), None);
    last.digest = digest((1..=700).filter(|n| *n != 7).map(|n| (n, 5)).chain((701..=1200).map(|n| (n, 6))));
    let wrong = ScopeEntry { digest: Some(Digest(1, 1)), ..entry(Some(10), 11, vec![session(1, 11), gone_row(2, 11)]) };
    let rejected = MutationResult::Rejected { reason: "forbidden".into(), detail: None, field: None };
    let results = vec![
        result(1, MutationResult::Applied { rev: 11, outcome: None }),
        result(2, rejected),
        result(3, MutationResult::Retry { after_s: 5 }),
    ];
    (1..=3).for_each(|n| replica.edit(&star(n)).unwrap());
    let mut lost = answer(12, entry(None, 12, vec![session(1, 12)]), vec![]);
    lost.resend = true;
    let answers = [answer(9, page, vec![]), answer(10, last, vec![]), answer(11, wrong, results), lost];
    for (n, answer) in answers.into_iter().enumerate() {
        let token = RequestToken(n as u128 + 100);
        replica.next_request(token, NOW, &RequestLimits::default()).unwrap();
        assert!(replica.apply_answer(token, &answer, NOW).unwrap().stored().is_some());
        after_step(replica);
    }
}

#[test]
fn a_device_on_sqlite_behaves_as_one_in_memory_and_survives_a_restart_at_every_step() {
    let folder = Folder::new();
    let mut expected = Vec::new();
    live_through(&mut opened(MemoryStore::default()), |replica| expected.push(seen(replica)));
    let mut found = Vec::new();
    live_through(&mut folder.replica(), |replica| found.push(seen(replica)));
    assert_eq!(found, expected);
    assert_eq!(Some(seen(&mut folder.replica())), expected.pop());
}

#[test]
fn a_device_killed_in_the_middle_of_a_step_has_stored_nothing_of_it() {
    let folder = Folder::new();
    let mut replica = folder.replica();
    let token = RequestToken(1);
    replica.next_request(token, NOW, &RequestLimits::default()).unwrap();
    replica.apply_answer(token, &answer(5, entry(None, 5, vec![session(1, 5)]), vec![]), NOW).unwrap();
    let before = seen(&mut replica);
    let mut store = replica.into_store();
    // The step has written and not committed when the process is gone.
    store.connection.batch_execute("BEGIN IMMEDIATE; DELETE FROM held; UPDATE scopes SET position = NULL;").unwrap();
    drop(store);
    assert_eq!(seen(&mut folder.replica()), before);
}

#[test]
fn a_step_that_fails_leaves_nothing() {
    let folder = Folder::new();
    let mut replica = folder.replica();
    replica.edit(&star(1)).unwrap();
    assert_eq!(replica.edit(&star(1)), Err(ReplicaError::IdInUse(star(1).id)));
    let failed: Result<(), _> = replica.store_mut().transact(|tx| {
        tx.put_rows(shared::replica::Layer::Held, "public", &[session(1, 5)])?;
        Err(ReplicaError::Store("the device died".to_owned()))
    });
    assert!(failed.is_err());
    assert_eq!(replica.list_held(&RowFilter::default()).unwrap(), []);
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = Folder::new();
    SqliteStore::open(&folder.file()).unwrap().connection.batch_execute("PRAGMA user_version = 99").unwrap();
    assert!(SqliteStore::open(&folder.file()).is_err());
    std::fs::write(folder.0.join("notes.txt"), "no database, but a text that is long enough to be taken for one")
        .unwrap();
    assert!(SqliteStore::open(&folder.0.join("notes.txt")).is_err());
}

#[test]
fn a_file_of_the_first_version_is_taken_over_with_what_it_holds() {
    let folder = Folder::new();
    let token = RequestToken(1);
    let mut replica = folder.replica();
    replica.next_request(token, NOW, &RequestLimits::default()).unwrap();
    replica.apply_answer(token, &answer(5, entry(None, 5, vec![session(1, 5)]), vec![]), NOW).unwrap();
    let before = seen(&mut replica);
    let first = "DROP INDEX held_by_rev; ALTER TABLE device DROP COLUMN server_time; PRAGMA user_version = 1;";
    replica.into_store().connection.batch_execute(first).unwrap();
    let mut replica = folder.replica();
    assert_eq!(seen(&mut replica), before);
    let reading = Clock { wall: NOW, monotonic_ms: 100, boot: "b1".to_owned() };
    let known = ServerTime::measure(&reading, &reading, NOW.plus_minutes(3)).unwrap();
    replica.keep_server_time(known.clone()).unwrap();
    drop(replica);
    assert_eq!(folder.replica().server_time().unwrap(), Some(known));
}

#[test]
#[cfg(unix)]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.replica();
    assert_eq!(std::fs::metadata(folder.file()).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn settings_are_kept_beside_the_replica() {
    let folder = Folder::new();
    let mut store = SqliteStore::open(&folder.file()).unwrap();
    store.put_settings(&[("event", "csw-2018"), ("server", "http://127.0.0.1")]).unwrap();
    store.put_settings(&[("event", "csw-2019")]).unwrap();
    assert_eq!(store.find_setting("event").unwrap().as_deref(), Some("csw-2019"));
    assert_eq!(store.find_setting("nothing").unwrap(), None);
}
