//! A full disk in the middle of commit groups.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;

use super::database::Database;
use super::stage::{Node, Stage};
use super::storm::Storm;
use super::verdict::{History, judge};

/// How often the disk fills up.
const ROUNDS: u64 = 3;

/// Where a process finds that it runs in a namespace in which it may mount.
const IN_NAMESPACE: &str = "CUMBRE_TEST_IN_NAMESPACE";

/// Takes every free byte of the folder's disk.
fn fill_disk(folder: &Path) {
    let mut filler = File::create(folder.join("filler")).unwrap();
    for size in [64 * 1024, 4 * 1024, 512, 1] {
        let bytes = vec![0; size];
        let error = std::iter::repeat_with(|| filler.write_all(&bytes)).find_map(Result::err).unwrap();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    }
}

fn free_disk(folder: &Path) {
    std::fs::remove_file(folder.join("filler")).unwrap();
}

/// Says what was not tried, in the file that CUMBRE_TEST_LEFT_OUT names if there is one.
fn leave_out(what: &str) {
    eprintln!("left out: {what}");
    if let Some(list) = std::env::var_os("CUMBRE_TEST_LEFT_OUT") {
        let mut list = File::options().append(true).create(true).open(list).unwrap();
        writeln!(list, "left out: {what}").unwrap();
    }
}

/// Runs this test again in a namespace of its own, where a user who is not root may mount.
fn run_in_namespace(test: &str) {
    if std::env::var_os(IN_NAMESPACE).is_some() {
        panic!("a disk cannot be mounted in a namespace either");
    }
    let mut again = Command::new("unshare");
    again.args(["--user", "--map-root-user", "--mount"]).arg(std::env::current_exe().unwrap());
    match again.args(["--exact", test]).env(IN_NAMESPACE, "1").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) if String::from_utf8_lossy(&output.stdout).contains("running 1 test") => {
            panic!("{}", String::from_utf8_lossy(&output.stdout));
        }
        _ => leave_out("a full disk: no small disk can be mounted on this machine"),
    }
}

#[tokio::test]
async fn a_full_disk_in_the_middle_of_a_commit_group_loses_nothing_that_was_answered() {
    let Some(database) = Database::sqlite_on_small_disk(24) else {
        let test = "storage::full_disk::a_full_disk_in_the_middle_of_a_commit_group_loses_nothing_that_was_answered";
        return run_in_namespace(test);
    };
    let mut stage = Stage::set(database, 3).await;
    for phone in &mut stage.phones {
        // The log is used over again until it has grown to its usual size; long notes get there.
        phone.note_length = 12_000;
    }
    let node = Node::start(&stage.database).await;
    let mut storm = Storm::gather(std::mem::take(&mut stage.phones));
    storm.serve_at(&node.base());
    for _ in 0..ROUNDS {
        let goal = storm.tally().applied + 20;
        storm.until(|tally| tally.applied >= goal).await;
        fill_disk(stage.database.folder());
        let goal = storm.tally().put_off + 8;
        storm.until(|tally| tally.put_off >= goal).await;
        free_disk(stage.database.folder());
    }
    let goal = storm.tally().applied + 20;
    storm.until(|tally| tally.applied >= goal).await;
    assert_eq!(storm.tally().broken, 0, "the server answers whatever the disk does");
    let mut phones = storm.end().await;
    for phone in &mut phones {
        phone.settle(&node.base()).await;
    }
    judge(&stage, &mut phones, History::Kept);
    node.stop().await;
}
