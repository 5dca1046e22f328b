//! Commits whose outcome the server does not learn: its cable to PostgreSQL breaks as it commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cumbre::database::create_counter;
use cumbre::sync::WriteError;
use cumbre::sync::change_log::Unit;
use parking_lot::Mutex;
use shared::ids::EventId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use uuid::Uuid;

use super::database::Database;
use super::stage::{Stage, open, seats, set_seats, take_seat};

/// What becomes of the next COMMIT.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It goes through.
    Whole,
    /// It arrives, and the cable breaks before the answer.
    AnswerLost,
    /// It arrives, the cable breaks before the answer, and there is none for a while.
    Unplugged,
    /// The cable breaks, and it arrives once another connection asks for the counter's lock.
    Late,
}

/// A cable to PostgreSQL.
struct Cable {
    fate: Mutex<Fate>,
    is_unplugged: AtomicBool,
    lock_was_asked_for: Notify,
}

impl Cable {
    /// Lays it in front of the database, whose URL then leads through it.
    async fn lay(database: &mut Database) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = listener.local_addr().unwrap().to_string();
        let authority = database.url.split('/').nth(2).unwrap().to_owned();
        let host = authority.rsplit('@').next().unwrap().to_owned();
        let far = if host.contains(':') { host.clone() } else { format!("{host}:5432") };
        database.url = database.url.replacen(&host, &near, 1);
        let cable = Arc::new(Self {
            fate: Mutex::new(Fate::Whole),
            is_unplugged: AtomicBool::new(false),
            lock_was_asked_for: Notify::new(),
        });
        let laid = Arc::clone(&cable);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if laid.is_unplugged.load(Ordering::Relaxed) {
                    continue;
                }
                let server = TcpStream::connect(&far).await.unwrap();
                tokio::spawn(carry(client, server, Arc::clone(&laid)));
            }
        });
        cable
    }
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// One connection, until either side or its fate ends it.
async fn carry(client: TcpStream, server: TcpStream, cable: Arc<Cable>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = from_client.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                let said = &up[..length];
                if has(said, b"FOR UPDATE") {
                    cable.lock_was_asked_for.notify_waiters();
                }
                let fate = if has(said, b"COMMIT\0") {
                    std::mem::replace(&mut *cable.fate.lock(), Fate::Whole)
                } else {
                    Fate::Whole
                };
                if fate == Fate::Late {
                    let asked = cable.lock_was_asked_for.notified();
                    drop((from_client, to_client));
                    asked.await;
                    to_server.write_all(said).await.unwrap();
                    let _ = from_server.read(&mut down).await;
                    return;
                }
                if to_server.write_all(said).await.is_err() {
                    return;
                }
                if fate != Fate::Whole {
                    cable.is_unplugged.store(fate == Fate::Unplugged, Ordering::Relaxed);
                    let _ = from_server.read(&mut down).await;
                    return;
                }
            }
            read = from_server.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                if to_client.write_all(&down[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A server that gives the room ten seats, then takes one over a cable with this fate.
async fn take_a_seat(fate: Fate) {
    let mut stage = Stage::set(Database::postgres(), 0).await;
    let cable = Cable::lay(&mut stage.database).await;
    let app = open(&stage.database).await;
    let room = stage.room;
    let give = move |unit: &mut Unit<'_>| {
        set_seats(unit, room, 10);
        Ok(())
    };
    let given = app.writer.unit(stage.event, give).await.unwrap().covers;
    *cable.fate.lock() = fate;
    let take = move |unit: &mut Unit<'_>| Ok(take_seat(unit, room));
    let taken = app.writer.unit(stage.event, take).await;
    cable.is_unplugged.store(false, Ordering::Relaxed);
    match (fate, taken) {
        (Fate::Unplugged, Err(WriteError::Unavailable)) => {}
        (_, Ok(taken)) => assert_eq!((taken.value, taken.covers.head.seq), (true, given.head.seq + 1), "one commit"),
        (_, Err(error)) => panic!("{error}"),
    }
    let look = move |unit: &mut Unit<'_>| Ok(seats(unit, room));
    assert_eq!(app.writer.unit(stage.event, look).await.unwrap().value, 9, "one seat was taken");
    app.writer.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_no_event_whose_answer_is_lost_is_done_once() {
    let mut stage = Stage::set(Database::postgres(), 0).await;
    let cable = Cable::lay(&mut stage.database).await;
    let app = open(&stage.database).await;
    *cable.fate.lock() = Fate::AnswerLost;
    let (event, now) = (EventId(Uuid::now_v7()), app.clock.now());
    let made = app.writer.system(move |connection| create_counter(connection, event, "another", now)).await;
    assert!(made.unwrap(), "the one who made it is told so");
    app.writer.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_done_once() {
    take_a_seat(Fate::AnswerLost).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_arrives_after_its_connection_broke_is_done_once() {
    take_a_seat(Fate::Late).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_can_ask_about_is_not_done_again() {
    take_a_seat(Fate::Unplugged).await;
}
