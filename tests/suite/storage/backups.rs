//! A copy of a server that is being written to, and its return.

use super::database::Database;
use super::process::{Process, run};
use super::stage::Stage;
use super::storm::Storm;
use super::verdict::{History, judge};

#[tokio::test]
async fn what_a_restored_backup_lacks_comes_back_from_the_phones() {
    let mut stage = Stage::set(Database::sqlite(), 4).await;
    let copy = stage.database.folder().join("copy.sqlite3").display().to_string();
    let process = Process::serve(&stage.database).await;
    let mut storm = Storm::gather(std::mem::take(&mut stage.phones));
    storm.serve_at(&process.base);
    storm.until(|tally| tally.applied >= 60).await;

    let backup = run(&stage.database, &["backup", &copy]);
    assert_eq!(backup.status.code(), Some(0), "{backup:?}");
    let goal = storm.tally().applied + 60;
    storm.until(|tally| tally.applied >= goal).await;
    process.kill();
    storm.lose_server();

    let restore = run(&stage.database, &["restore", &copy]);
    assert_eq!(restore.status.code(), Some(0), "{restore:?}");
    let process = Process::serve(&stage.database).await;
    storm.serve_at(&process.base);
    let goal = storm.tally().applied + 20;
    storm.until(|tally| tally.applied >= goal).await;
    let mut phones = storm.end().await;
    for phone in &mut phones {
        phone.settle(&process.base).await;
    }
    judge(&stage, &mut phones, History::Restored);
    process.stop().await;
}
