//! `kill -9` of a desk at random moments: what it answered is on its disk, and is handed in once.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rand::Rng;
use serde_json::json;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::harness::{Site, run_on_sqlite};
use crate::people::cast::category;

/// How often the desk is killed: seldom on every run, as often as is asked for by `CUMBRE_DESK_KILLS`.
fn kills() -> usize {
    std::env::var("CUMBRE_DESK_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(10)
}

/// Scans so many badges at a desk that exchanges meanwhile, and one more whose answer nobody waits for; then
/// it is killed.
fn scan_and_die(desk: &Desk, code: &str, count: usize) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cumbre-under-test"))
        .args(["desk", "--store"])
        .arg(desk.store())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("Desk 1:"));
    for _ in 0..count {
        writeln!(input, "{code}").unwrap();
        let said = lines.next().unwrap().unwrap();
        assert!(said.starts_with("YES "), "{said}");
    }
    writeln!(input, "{code}").unwrap();
    // Not to wait for anything: the moment is to be a random one.
    std::thread::sleep(std::time::Duration::from_micros(rand::rng().random_range(0..20_000)));
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn recorded(site: &Site) -> Vec<String> {
    let sheet = site.organiser().await.get(&path(site, "/scans/export?format=csv")).await.expect(200).text();
    let mut ids: Vec<String> =
        sheet.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().trim().to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_killed_again_and_again_loses_no_scan_and_hands_none_in_twice() {
    run_on_sqlite(async |site| {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let code = guest(site, "ana", &experts).await;
        let desk = std::sync::Arc::new(Desk::enrol(site, "full", &door).await);
        let mut answered = 0;
        for _ in 0..kills() {
            let count = rand::rng().random_range(1..=8);
            let (at, code) = (desk.clone(), code.clone());
            tokio::task::spawn_blocking(move || scan_and_die(&at, &code, count)).await.unwrap();
            answered += count;
        }
        desk.sync().await;
        let ids = recorded(site).await;
        let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len(), "no scan twice");
        assert!((answered..=answered + kills()).contains(&ids.len()), "{answered} answered, {} handed in", ids.len());
        let incidents = site.organiser().await.get(&path(site, "/incidents")).await.expect(200).json();
        assert_eq!(incidents["items"], json!([]));
    })
    .await;
}
