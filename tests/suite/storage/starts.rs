//! Starting and stopping: what is refused, and what a graceful stop leaves.

use std::process::{Output, Stdio};

use super::database::Database;
use super::process::{Process, command, run};
use super::stage::Stage;
use super::storm::Storm;
use super::verdict::{History, judge};

/// The exit code and the last line for the terminal.
fn complaint(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.lines().last().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_stop_in_the_middle_of_writes_answers_or_refuses_each() {
    let mut stage = Stage::set(Database::sqlite(), 4).await;
    let mut storm = Storm::gather(std::mem::take(&mut stage.phones));
    for _ in 0..5 {
        let process = Process::serve(&stage.database).await;
        storm.serve_at(&process.base);
        let goal = storm.tally().applied + 20;
        storm.until(|tally| tally.applied >= goal).await;
        process.ask_to_stop();
        let (code, log) = process.wait().await;
        assert_eq!(code, Some(0), "{log:#?}");
        assert!(log.last().is_some_and(|line| line.contains("\"message\":\"stopped\"")), "{log:#?}");
        storm.lose_server();
    }
    let process = Process::serve(&stage.database).await;
    let mut phones = storm.end().await;
    for phone in &mut phones {
        phone.settle(&process.base).await;
    }
    judge(&stage, &mut phones, History::Kept);
    process.stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_told_why_not() {
    let database = Database::sqlite();
    let first = Process::serve(&database).await;
    let file = database.file().display().to_string();
    let words = format!("cumbre: another server is running on {file}; stop it first, or let it do the work");
    assert_eq!(complaint(&run(&database, &["serve"])), (Some(1), words));
    first.stop().await;
    Process::serve(&database).await.stop().await;
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused_and_left_alone() {
    let database = Database::sqlite();
    Process::serve(&database).await.stop().await;
    let migration = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
    database.connect().execute(migration).unwrap();
    let words = "cumbre: the database was written by a newer version of this program \
                 (migration 99990101000000); use that version";
    assert_eq!(complaint(&run(&database, &["serve"])), (Some(1), words.to_owned()));
    assert_eq!(complaint(&run(&database, &["check", "storm"])), (Some(1), words.to_owned()));
}

#[tokio::test]
async fn whoever_reads_the_first_lines_of_an_answer_alone_is_told_of_no_fault() {
    let stage = Stage::set(Database::sqlite(), 1).await;
    let mut export = command(&stage.database, &["export", "storm"]);
    let mut export = export.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(export.stdout.take());
    assert_eq!(complaint(&export.wait_with_output().unwrap()), (Some(0), String::new()));
}

#[test]
fn a_database_url_of_another_kind_is_refused_without_its_password() {
    let database = Database::sqlite();
    let output = command(&database, &["serve"]).env("DATABASE_URL", "mysql://root:secret@host/data").output().unwrap();
    let (code, words) = complaint(&output);
    assert_eq!(code, Some(1));
    let reason = "DATABASE_URL has the scheme `mysql`; use sqlite:<path> or postgres://<host>/<database>";
    assert!(words.contains(reason), "{words}");
    let said = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains("secret"));
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_new_epoch_is_refused_while_a_server_runs_on_either_database() {
    for database in [Database::sqlite(), Database::postgres()] {
        let server = Process::serve(&database).await;
        let (code, words) = complaint(&run(&database, &["epoch"]));
        assert!(code == Some(1) && words.contains("stop"), "{code:?} {words}");
        server.stop().await;
        assert!(run(&database, &["epoch"]).status.success());
        Process::serve(&database).await.stop().await;
    }
}
