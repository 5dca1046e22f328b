//! `kill -9` at random moments.

use std::time::Duration;

use rand::Rng;

use super::count;
use super::database::Database;
use super::process::Process;
use super::stage::Stage;
use super::storm::Storm;
use super::verdict::{History, judge};

async fn kill_again_and_again(database: Database, kills: u64) {
    let mut stage = Stage::set(database, 4).await;
    let mut storm = Storm::gather(std::mem::take(&mut stage.phones));
    for _ in 0..kills {
        let process = Process::serve(&stage.database).await;
        storm.serve_at(&process.base);
        let (requests, pause) = {
            let mut random = rand::rng();
            (random.random_range(1..=12), Duration::from_micros(random.random_range(0..4_000)))
        };
        let goal = storm.tally().begun + requests;
        storm.until(|tally| tally.begun >= goal).await;
        // Not to wait for anything: the moment is to be a random one.
        tokio::time::sleep(pause).await;
        process.kill();
        storm.lose_server();
        if rand::random_bool(0.1) {
            Process::kill_at_birth(&stage.database);
        }
    }
    let process = Process::serve(&stage.database).await;
    let mut phones = storm.end().await;
    for phone in &mut phones {
        phone.settle(&process.base).await;
    }
    assert!(phones.iter().all(|phone| phone.acknowledged.len() as u64 >= kills / 4), "nobody could write");
    judge(&stage, &mut phones, History::Kept);
    process.stop().await;
}

#[tokio::test]
async fn kill_minus_nine_a_hundred_times_loses_no_acknowledged_mutation() {
    kill_again_and_again(Database::sqlite(), count("CUMBRE_KILLS", 100)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn kill_minus_nine_of_a_node_loses_no_acknowledged_mutation() {
    kill_again_and_again(Database::postgres(), count("CUMBRE_KILLS", 100) / 4).await;
}
