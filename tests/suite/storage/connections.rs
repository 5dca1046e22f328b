//! Connections to PostgreSQL that are killed in the middle of what they do.

use cumbre::database::Connection;
use cumbre::on;
use diesel::RunQueryDsl;
use diesel::sql_types::Bool;

use super::count;
use super::database::Database;
use super::stage::{Node, Stage};
use super::storm::Storm;
use super::verdict::{History, judge};

#[derive(diesel::QueryableByName)]
struct Ended {
    #[diesel(sql_type = Bool)]
    ended: bool,
}

/// Ends the connections to this database that are at work, or all as a restart does; how many.
fn end_connections(connection: &mut Connection, idle_too: bool) -> u64 {
    let which = if idle_too { "true" } else { "state <> 'idle'" };
    let query = format!(
        "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
    );
    let ended: Vec<Ended> = on!(connection, |c| diesel::sql_query(query).load(c)).unwrap();
    ended.iter().filter(|line| line.ended).count() as u64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_connection_in_the_middle_of_a_commit_group_loses_nothing_that_was_answered() {
    let cuts = count("CUMBRE_CUTS", 60);
    let mut stage = Stage::set(Database::postgres(), 4).await;
    let node = Node::start(&stage.database).await;
    let mut storm = Storm::gather(std::mem::take(&mut stage.phones));
    storm.serve_at(&node.base());
    let mut killer = stage.database.connect();
    let (mut cut, mut round) = (0, 0u64);
    while cut < cuts {
        round += 1;
        let goal = storm.tally().begun + 1;
        storm.until(|tally| tally.begun >= goal).await;
        let idle_too = round.is_multiple_of(40);
        let ending = move || {
            let ended = end_connections(&mut killer, idle_too);
            (killer, ended)
        };
        let ended;
        (killer, ended) = tokio::task::spawn_blocking(ending).await.unwrap();
        cut += ended;
    }
    let goal = storm.tally().applied + 20;
    storm.until(|tally| tally.applied >= goal).await;
    assert_eq!(storm.tally().broken, 0, "the server answers whatever the database does");
    let mut phones = storm.end().await;
    for phone in &mut phones {
        phone.settle(&node.base()).await;
    }
    judge(&stage, &mut phones, History::Kept);
    node.stop().await;
}
