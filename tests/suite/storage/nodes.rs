//! Many nodes on PostgreSQL, writing to one event at once.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cumbre::app::App;
use cumbre::clock::Clock;
use cumbre::consequences::AllDomains;
use cumbre::database::{DatabaseUrl, Readers, load_or_mint_epoch};
use cumbre::sync::change_log::{Actor, Unit};
use cumbre::sync::feed::{Announcer, Events};
use cumbre::sync::{ChangeLog, EventWriter};
use serde_json::{Value, json};
use shared::ids::{EventId, RecordId};
use shared::programme::Collection;
use shared::replica::RowFilter;
use shared::sync::{Epoch, ResetReason};
use uuid::Uuid;

use super::count;
use super::database::Database;
use super::phone::{Exchanged, Phone};
use super::process::Process;
use super::stage::{Node, Stage, put, session_body, set_seats, take_seat};
use super::verdict::{History, judge};

/// What a writing process is to do, as JSON in its environment.
const TASK: &str = "CUMBRE_TEST_WRITER";

/// How often each process tries to get a seat, and edits its session.
const ATTEMPTS: u64 = 15;

/// A writer as a node has it, without the rest of a node.
fn open_writer(url: &DatabaseUrl, is_announcing: bool) -> EventWriter {
    let clock = Clock::system();
    let mut connection = cumbre::database::Connection::open(url).unwrap();
    let epoch = load_or_mint_epoch(&mut connection, Epoch(1), clock.now()).unwrap();
    let events = Arc::new(Events::load(Readers::new(url.clone(), 1), clock.clone(), epoch, 8 << 20).unwrap());
    let announcer = if is_announcing { Announcer::start(url).unwrap() } else { None };
    EventWriter::start(url, &Arc::new(ChangeLog::new(events, clock, announcer, Box::new(AllDomains)))).unwrap()
}

#[tokio::test]
#[ignore = "one of the processes of sixteen_processes_write_to_one_event_and_no_poller_misses_a_row"]
async fn writes_as_one_of_many_processes() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Value = serde_json::from_str(&task).unwrap();
    let text = |name: &str| task[name].as_str().unwrap().to_owned();
    let (event, room, session): (EventId, RecordId, RecordId) =
        (text("event").parse().unwrap(), text("room").parse().unwrap(), text("session").parse().unwrap());
    let number = task["number"].as_u64().unwrap();
    let url = text("url").parse().unwrap();
    // Each announcer is a further connection, of which PostgreSQL has not many.
    let is_announcing = number.is_multiple_of(4);
    let writer = tokio::task::spawn_blocking(move || open_writer(&url, is_announcing)).await.unwrap();
    let mut taken = 0;
    for attempt in 0..ATTEMPTS {
        let take = move |unit: &mut Unit<'_>| Ok(take_seat(unit, room));
        taken += u64::from(writer.unit(event, take).await.unwrap().value);
        let edit = move |unit: &mut Unit<'_>| {
            let mut body = session_body(&format!("w{number}"), &format!("Version {attempt}"));
            if attempt % 3 == 1 {
                // Its row goes from the public scope, and comes back.
                body["state"] = json!("draft");
            }
            unit.group.edit(Actor::default(), "record.patch", &[put(session, Collection::Sessions, body)]);
            Ok(())
        };
        writer.unit(event, edit).await.unwrap();
    }
    writer.close().await;
    println!("\nseats taken: {taken}");
}

fn start_writer(stage: &Stage, number: u64) -> Child {
    let session = stage.sessions[number as usize % stage.sessions.len()];
    let url = &stage.database.url;
    let task = json!({ "url": url, "event": stage.event, "room": stage.room, "session": session, "number": number });
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "storage::nodes::writes_as_one_of_many_processes", "--nocapture"])
        .env(TASK, task.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many seats a process says that it got.
async fn finish_writer(child: Child) -> u64 {
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let taken = said.lines().find_map(|line| line.strip_prefix("seats taken: "));
    taken.and_then(|taken| taken.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

/// Reads what other nodes wrote, without a pause.
async fn follow(app: App, event: EventId, is_over: Arc<AtomicBool>) {
    let cell = app.events.find(event).unwrap();
    while !is_over.load(Ordering::Relaxed) {
        app.events.refresh(&cell).await.unwrap();
    }
}

/// Takes one seat after the other; how many there were.
async fn take_seats(app: App, (event, room): (EventId, RecordId), attempts: u64) -> u64 {
    let mut taken = 0;
    for _ in 0..attempts {
        let take = move |unit: &mut Unit<'_>| Ok(take_seat(unit, room));
        taken += u64::from(app.writer.unit(event, take).await.unwrap().value);
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_reads_while_it_writes_decides_on_the_newest_commit() {
    let (attempts, seats) = (count("CUMBRE_SEATS", 300), count("CUMBRE_SEATS", 300) * 3 / 2);
    let stage = Stage::set(Database::postgres(), 0).await;
    let nodes = [Node::start(&stage.database).await, Node::start(&stage.database).await];
    let (event, room) = (stage.event, stage.room);
    let give = move |unit: &mut Unit<'_>| {
        set_seats(unit, room, seats);
        Ok(())
    };
    nodes[0].app().writer.unit(event, give).await.unwrap();

    let is_over = Arc::new(AtomicBool::new(false));
    let readers = nodes.iter().flat_map(|node| [node, node]).map(|node| node.app().clone());
    let readers: Vec<_> = readers.map(|app| tokio::spawn(follow(app, event, Arc::clone(&is_over)))).collect();
    let takers = nodes.iter().map(|node| node.app().clone());
    let takers: Vec<_> = takers.map(|app| tokio::spawn(take_seats(app, (event, room), attempts))).collect();
    let mut taken = 0;
    for taker in takers {
        taken += taker.await.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(taken, seats, "as many got a seat as there were seats");
    for node in nodes {
        node.stop().await;
    }
}

/// Polls without a pause, a few rows at a time, and writes a little of its own.
async fn poll(mut phone: Phone, base: String, is_over: Arc<AtomicBool>) -> Phone {
    phone.page_rows = Some(2);
    let mut polls = 0u64;
    while !is_over.load(Ordering::Relaxed) {
        polls += 1;
        if polls.is_multiple_of(16) {
            phone.write_note(Uuid::new_v4());
        }
        assert!(matches!(phone.exchange(&base).await, Exchanged::Stored { .. }));
    }
    phone
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_processes_write_to_one_event_and_no_poller_misses_a_row() {
    let writers = count("CUMBRE_WRITERS", 16);
    let seats = writers * ATTEMPTS / 2;
    let mut stage = Stage::set(Database::postgres(), 3).await;
    let nodes = [Node::start(&stage.database).await, Node::start(&stage.database).await];
    let process = Process::serve(&stage.database).await;
    let bases = [nodes[0].base(), nodes[1].base(), process.base.clone()];
    let room = stage.room;
    let give = move |unit: &mut Unit<'_>| {
        set_seats(unit, room, seats);
        Ok(())
    };
    nodes[0].app().writer.unit(stage.event, give).await.unwrap();

    let is_over = Arc::new(AtomicBool::new(false));
    let phones = std::mem::take(&mut stage.phones).into_iter().zip(bases.clone());
    let polls: Vec<_> = phones.map(|(phone, base)| tokio::spawn(poll(phone, base, Arc::clone(&is_over)))).collect();
    let children: Vec<Child> = (0..writers).map(|number| start_writer(&stage, number)).collect();
    let mut taken = 0;
    for child in children {
        taken += finish_writer(child).await;
    }
    is_over.store(true, Ordering::Relaxed);
    let mut phones = Vec::new();
    for poll in polls {
        phones.push(poll.await.unwrap());
    }
    assert_eq!(taken, seats, "as many got a seat as there were seats");
    // A node may answer from what it knew a second ago, and a device that has seen nothing newer does
    // not find out. One that writes does: its node reads up to the head first.
    phones.iter_mut().for_each(|phone| phone.write_note(Uuid::new_v4()));
    // First all notes are in, then each looks once more.
    for _ in 0..2 {
        for (phone, base) in phones.iter_mut().zip(&bases) {
            phone.settle(base).await;
        }
    }
    for phone in &mut phones {
        assert!(phone.resets.iter().all(|(_, reason)| *reason == ResetReason::New), "{:?}", phone.resets);
        let rooms = phone.replica.list_held(&RowFilter::of_collection("rooms")).unwrap();
        let left: Vec<Value> = rooms.iter().map(|row| serde_json::from_str(&row.value).unwrap()).collect();
        assert_eq!(left.iter().map(|room| &room["capacity"]).collect::<Vec<_>>(), [0]);
    }
    judge(&stage, &mut phones, History::Kept);
    process.stop().await;
    for node in nodes {
        node.stop().await;
    }
}
