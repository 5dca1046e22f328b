//! `kill -9` of a server that was pushing.

use std::collections::{BTreeMap, BTreeSet};

use cumbre::notify::dispatches::{self, AnnouncementAudience, Dispatch, DispatchBody, DispatchKind, DispatchState};
use cumbre::notify::push::{Address, set_address};
use cumbre::sync::change_log::Unit;
use rand::Rng;
use shared::notice::{TextsByLanguage, Told};
use uuid::Uuid;

use super::database::Database;
use super::process::Process;
use super::stage::{Stage, open};
use crate::harness::{PushService, Pushed, Whim};

const PHONES: usize = 160;

/// Pushes that a worker has under way at once.
const AT_ONCE: usize = 128;

/// What is written in no log.
const SECRET: &str = "The minister has left by the kitchen";

fn name(number: usize) -> String {
    format!("browser-{number}")
}

/// A stage whose phones are reached by push, and a message to all of them that is going out.
async fn set_stage(database: Database) -> (Stage, PushService) {
    let stage = Stage::set(database, PHONES).await;
    let app = open(&stage.database).await;
    let service = PushService::open(&app.clock, app.push.web_push_key()).await;
    for (number, phone) in stage.phones.iter().enumerate() {
        let address: Address = serde_json::from_value(service.subscribe(&name(number))).unwrap();
        set_address(&app, (phone.account, phone.device), &address).await.unwrap();
    }
    let attendees = stage.phones.iter().map(|phone| phone.attendee).collect();
    let told = Told { title: SECRET.to_owned(), text: SECRET.to_owned() };
    let body = DispatchBody {
        texts: TextsByLanguage::from([("en".to_owned(), told)]),
        audience: Some(AnnouncementAudience { attendees, ..AnnouncementAudience::default() }),
        ..DispatchBody::default()
    };
    let write = move |unit: &mut Unit<'_>| {
        let kind = (DispatchKind::Announcement, DispatchState::Sending);
        let dispatch = Dispatch::new(Uuid::now_v7(), kind, body.clone(), unit.group.now);
        Ok(dispatches::put(unit, &dispatch)?)
    };
    app.writer.unit(stage.event, write).await.unwrap();
    app.writer.close().await;
    (stage, service)
}

/// Kills the server when so many pushes were taken; how often each browser was pushed to in the end.
async fn kill_while_pushing(database: Database, (whims, taken): (Vec<Whim>, usize)) -> Vec<usize> {
    let (stage, service) = set_stage(database).await;
    service.expect_whims(&whims);
    let process = Process::serve(&stage.database).await;
    service.wait_for(taken).await;
    process.kill();
    // Nobody waits two minutes here: what was claimed and not settled becomes due at once, as does the message
    // where it had not gone out to everybody.
    let mut connection = stage.database.connect();
    connection.execute("UPDATE pushes SET next_attempt_at = 0 WHERE state = 'waiting'").unwrap();
    connection.execute("UPDATE dispatches SET next_at = 0 WHERE state = 'sending'").unwrap();
    let process = Process::serve(&stage.database).await;
    let everybody: BTreeSet<String> = (0..PHONES).map(name).collect();
    let is_reached =
        |taken: &[Pushed]| taken.iter().map(|pushed| pushed.browser.clone()).collect::<BTreeSet<_>>() == everybody;
    service.wait_until(is_reached).await;
    // It ends when the batch that is under way has ended.
    process.ask_to_stop();
    let (code, log) = process.wait().await;
    assert_eq!(code, Some(0), "{log:#?}");
    let log = log.join("\n");
    for private in [SECRET, "/push/browser-", "Person 1", "person-1@"] {
        assert!(!log.contains(private), "{private} is in the log: {log}");
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for pushed in service.taken() {
        *counts.entry(pushed.browser).or_default() += 1;
    }
    counts.into_values().collect()
}

async fn kill_between_claim_and_word(database: Database) {
    let counts = kill_while_pushing(database, (vec![Whim::Silent; AT_ONCE], AT_ONCE)).await;
    let repeated = counts.iter().filter(|count| **count == 2).count();
    assert_eq!((counts.len(), repeated), (PHONES, AT_ONCE), "none is lost, and what was under way comes once more");
    assert!(counts.iter().all(|count| *count <= 2), "{counts:?}");
}

async fn kill_at_a_random_moment(database: Database) {
    let taken = rand::rng().random_range(1..=PHONES);
    let counts = kill_while_pushing(database, (Vec::new(), taken)).await;
    assert_eq!(counts.len(), PHONES, "none is lost");
    assert!(counts.iter().all(|count| *count <= 2), "killed after {taken}: {counts:?}");
}

#[tokio::test]
async fn kill_minus_nine_loses_no_push_and_repeats_none_twice() {
    kill_between_claim_and_word(Database::sqlite()).await;
}

#[tokio::test]
async fn kill_minus_nine_at_a_random_moment_loses_no_push() {
    kill_at_a_random_moment(Database::sqlite()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn kill_minus_nine_of_a_node_loses_no_push_and_repeats_none_twice() {
    kill_between_claim_and_word(Database::postgres()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn kill_minus_nine_of_a_node_at_a_random_moment_loses_no_push() {
    kill_at_a_random_moment(Database::postgres()).await;
}
