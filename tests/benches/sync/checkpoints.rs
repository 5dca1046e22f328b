//! Desks and doors: the verdict by itself, at a terminal with 20,000 people, and through the server.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use cumbre::clock::Clock;
use cumbre::device::desk::{DeskArguments, check};
use cumbre::device::store::SqliteStore;
use serde_json::{Value, json};
use shared::admission::{Knowledge, Presented, Question, RosterGuest, judge};
use shared::badge::{Access, BadgeClaims, BadgeKey, BadgeKeys, BadgeSecret, BadgeSigner, category_mark, event_mark};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::registration::RegistrationStatus;
use shared::replica::{Layer, ReplicaStore, ScopeState};
use shared::sync::{Change, Epoch, Head, Nonce, Position};
use shared::time::Timestamp;
use uuid::Uuid;

use crate::child::Role;
use crate::device::Device;
use crate::load::{Connection, closed_loop};
use crate::measure::{self, Cost};
use crate::table::{self, Row};
use crate::{Failure, Folder, world};

/// People on the terminal's device.
const PEOPLE: u32 = 20_000;
/// Badges that are checked through the server in one round, each once: what is derived of a guest grows
/// with their scans.
const ROUND: usize = 1_000;
/// Rounds of such checks.
const ROUNDS: usize = 3;
/// Scans handed in at once.
const SCANS: usize = 5_000;
/// The event of the terminal.
const EVENT: EventId = EventId(Uuid::from_u128(0xe));
/// The category of everybody.
const CATEGORY: RecordId = RecordId(Uuid::from_u128(0xc));

/// Measures all of it.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let signer = BadgeSigner::new(&[7; 32])?;
    judge_alone(&signer)?;
    at_a_terminal(&signer, folder)?;
    through_the_server(folder).await
}

fn key_of(signer: &BadgeSigner) -> BadgeKey {
    BadgeKey { number: 0, public: signer.public(), device: None, retired_at: None, revoked_at: None }
}

fn secret(number: u32) -> BadgeSecret {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    BadgeSecret(bytes)
}

fn badge(signer: &BadgeSigner, number: u32) -> Result<String, Failure> {
    let claims = BadgeClaims {
        key: 0,
        event: event_mark(EVENT),
        secret: secret(number),
        carrier: number,
        category: category_mark(CATEGORY),
        access: Access::CONFIRMED,
        not_before: 0,
        expires: u32::MAX,
    };
    Ok(signer.sign(&claims)?)
}

/// A code read, its signature verified, and the judge's answer.
fn judge_alone(signer: &BadgeSigner) -> Result<(), Failure> {
    const ROUNDS: u32 = 20_000;
    let keys = BadgeKeys::new(EVENT, [&key_of(signer)]);
    let code = badge(signer, 1)?;
    let area = json!({ "slug": "week", "name": { "en": "Week" }, "rule": "in_and_out" });
    let mut question = Question {
        now: Timestamp(1_543_230_000_000),
        day: None,
        direction: Default::default(),
        presented: Presented::ByHand,
        is_void: false,
        guest: Some(RosterGuest::new(RegistrationStatus::Confirmed, CATEGORY)),
        kind: serde_json::from_value(json!("door"))?,
        area: serde_json::from_value(area)?,
        subject: None,
        moved_away: Vec::new(),
        presence: Default::default(),
        limits: Vec::new(),
        knowledge: Knowledge { age_ms: Some(0), as_of: None, is_complete: true },
    };
    let began = Instant::now();
    let mut admitted = 0;
    for _ in 0..ROUNDS {
        question.presented = Presented::read(&keys, &code).0;
        admitted += u32::from(judge(&question).admits);
    }
    if admitted != ROUNDS {
        return Err("the judge admits nobody".into());
    }
    let each = began.elapsed().as_secs_f64() * 1_000_000.0 / f64::from(ROUNDS);
    table::print(&Row::plain("a verdict with the signature, without any data", format!("{each:.1} µs"), "60 µs"));
    Ok(())
}

fn change(collection: &str, id: &str, rev: u64, value: &Value) -> Result<Change, Failure> {
    let value = Some(serde_json::value::to_raw_value(value)?);
    Ok(Change { collection: collection.to_owned(), id: id.to_owned(), rev, check: None, value, deleted: false })
}

fn person(number: u32) -> Value {
    json!({ "index": secret(number).index(), "details": { "name": format!("Ana {number} Núñez"), "organisation": "Ministry" },
        "guest": { "status": "confirmed", "category": CATEGORY },
        "carriers": [{ "carrier": number, "kind": "phone" }] })
}

fn hold(store: &mut SqliteStore, changes: &[Change], head: u64) -> Result<(), Failure> {
    let head = Head { seq: head, nonce: Nonce(1) };
    let state = ScopeState { position: Some(Position::at(Epoch(1), head)), ..ScopeState::default() };
    store.transact(|tx| {
        tx.put_rows(Layer::Held, "roster:full", changes)?;
        tx.put_scope("roster:full", &state)
    })?;
    Ok(())
}

fn fill(path: &Path, signer: &BadgeSigner) -> Result<(), Failure> {
    let mut store = SqliteStore::open(path)?;
    let (area, door) = (Uuid::from_u128(0xa).to_string(), Uuid::from_u128(0xd).to_string());
    let event = json!({ "time_zone": "America/Santiago", "fallback_language": "es", "ends_on": "2018-11-30" });
    let mut changes = vec![
        change("events", &EVENT.to_string(), 1, &event)?,
        change("access_areas", &area, 1, &json!({ "slug": "week", "name": { "en": "Week" }, "capacity": 30_000 }))?,
        change(
            "checkpoints",
            &door,
            1,
            &json!({ "slug": "door", "name": { "en": "Door" }, "kind": "door", "area": area }),
        )?,
        change("badge_keys", "0", 1, &json!(key_of(signer)))?,
    ];
    for number in 0..PEOPLE {
        let attendee = AttendeeId(Uuid::from_u128(0x1_0000_0000 + u128::from(number)));
        changes.push(change("desk_people", &attendee.to_string(), 1, &person(number))?);
    }
    hold(&mut store, &changes, 1)?;
    let nobody = Uuid::from_u128(1).to_string();
    store.put_settings(&[
        ("server", "http://127.0.0.1:9"),
        ("event", "bench"),
        ("account", &nobody),
        ("device", &nobody),
        ("attendee", ""),
        ("is_desk", "yes"),
        ("access_token", ""),
        ("refresh_token", ""),
    ])?;
    Ok(())
}

/// Notes when each answer is out.
struct Answers(Rc<RefCell<Vec<Instant>>>);

impl Write for Answers {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.borrow_mut().push(Instant::now());
        Ok(())
    }
}

/// From a decoded code to the verdict, the scan on the disk, while the other connection moves the roster now
/// and then.
fn at_a_terminal(signer: &BadgeSigner, folder: &Folder) -> Result<(), Failure> {
    const LINES: u32 = 200;
    let path = PathBuf::from(folder.join("desk.sqlite3"));
    std::fs::create_dir_all(folder.join(""))?;
    fill(&path, signer)?;
    let codes = (0..LINES).map(|number| badge(signer, number * 7)).collect::<Result<Vec<_>, _>>()?;
    let (asked, answered) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let mut other = SqliteStore::open(&path)?;
    let times = asked.clone();
    let lines = (0_u32..).zip(codes).map(move |(place, code)| {
        if place % 10 == 5 {
            let head = u64::from(place) + 10;
            let attendee = AttendeeId(Uuid::from_u128(0x1_0000_0000 + u128::from(place)));
            let moved = change("desk_people", &attendee.to_string(), head, &person(place));
            moved.and_then(|moved| hold(&mut other, &[moved], head)).unwrap_or_else(|failure| panic!("{failure}"));
        }
        times.borrow_mut().push(Instant::now());
        code
    });
    let arguments = DeskArguments { store: path, checkpoint: None, language: "en".to_owned(), offline: true };
    let began = Instant::now();
    check(&arguments, &Clock::system(), lines, &mut Answers(answered.clone()))?;
    let (asked, answered) = (asked.borrow(), answered.borrow());
    let ready = answered.first().map(|at| *at - began).unwrap_or_default();
    let mut took: Vec<Duration> = asked.iter().zip(answered.iter().skip(1)).map(|(from, to)| *to - *from).collect();
    took.sort_unstable();
    let ms = |duration: Option<&Duration>| duration.map_or(0.0, |one| one.as_secs_f64() * 1_000.0);
    let here = format!("{:.1} ms; the longest {:.1} ms", ms(took.get(took.len() / 2)), ms(took.last()));
    let figure =
        "code to verdict at a terminal with 20,000 people, the scan on the disk, the roster moving each tenth time";
    table::print(&Row::plain(figure, here, "100 ms"));
    let here = format!("{:.2} s", ready.as_secs_f64());
    table::print(&Row::plain("the terminal's start with 20,000 people", here, ""));
    Ok(())
}

async fn made(connection: &mut Connection, request: &Bytes) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(connection.call(request).await?)?)
}

async fn through_the_server(folder: &Folder) -> Result<(), Failure> {
    let mut server = Role::start(&["role", "serve", &folder.join("doors"), "100", "1"])?;
    let organiser = Device::sign_in_organiser(&mut server)?;
    let mut connection = Connection::open(server.address).await?;
    // Badges are issued until the event's last day is over.
    let patch = json!({ "starts_on": "2199-01-01", "ends_on": "2199-01-31" });
    let patch = json!({ "id": Uuid::now_v7(), "op": "record.patch",
        "args": { "collection": "events", "id": world::event(), "patch": patch } });
    made(&mut connection, &organiser.exchange(&json!({ "mutations": [patch] }))).await?;
    let category = json!({ "slug": "guests", "title": { "en": "Guests" } });
    let category = made(&mut connection, &organiser.post("categories", &category)).await?["id"].clone();
    let area = json!({ "slug": "hall", "name": { "en": "Hall" }, "rule": "once" });
    let area = made(&mut connection, &organiser.post("access-areas", &area)).await?["id"].clone();
    let door = json!({ "slug": "door", "name": { "en": "Door" }, "kind": "door", "area": area });
    let door = made(&mut connection, &organiser.post("checkpoints", &door)).await?["id"].clone();
    let at = format!("checkpoints/{}/check", door.as_str().ok_or("no door")?);
    let mut checks = Vec::new();
    for number in 0..2 + ROUND * ROUNDS {
        let person = json!({ "name": format!("Guest {number}"), "category": category });
        let person = made(&mut connection, &organiser.post("registrations", &person)).await?;
        let badges = format!("attendees/{}/badges", person["attendee"].as_str().ok_or("no attendee")?);
        let paper = made(&mut connection, &organiser.post(&badges, &json!({ "kind": "paper" }))).await?;
        checks.push(organiser.post(&at, &json!({ "code": paper["token"] })));
    }
    made(&mut connection, &checks[0]).await?;
    let before = server.count("statements")?;
    made(&mut connection, &checks[1]).await?;
    let first = server.count("statements")? - before;
    made(&mut connection, &checks[1]).await?;
    let again = server.count("statements")? - before - first;
    let here = format!("{first} the first time, {again} again");
    table::print(&Row::plain("SQL statements of a check by REST, a group of its own", here, ""));
    let before = server.count("statements")?;
    let mut rounds = Vec::new();
    for round in checks[2..].chunks(ROUND) {
        let before = server.cpu_us()?;
        closed_loop(server.address, round, round.len()).await?;
        rounds.push((server.cpu_us()? - before) / round.len() as f64);
    }
    let each = (server.count("statements")? - before) as f64 / (ROUND * ROUNDS) as f64;
    let figure =
        "SQL statements of a check by REST, 16 callers, each badge for the first time, the group's share included";
    table::print(&Row::plain(figure, format!("{each:.1}"), "8"));
    let here = table::describe(Cost { cpu_us: measure::median(rounds), instructions: None });
    table::print(&Row::plain("CPU of a check by REST, 16 callers, durable", here, "150 µs"));
    let scan = |number: usize| {
        json!({ "id": Uuid::now_v7(), "checkpoint": door, "area": area, "guest": Uuid::from_u128(0x2_0000_0000 + number as u128),
            "at": { "wall": "2026-11-26T15:00:00.000Z", "offset_ms": 0, "uncertainty_ms": 40 },
            "verdict": { "admits": true, "reason": "admitted" } })
    };
    let scans: Vec<Value> = (0..SCANS).map(scan).collect();
    let upload = organiser.post("scans", &json!({ "scans": scans }));
    // The server has ended the connection that was idle.
    let mut connection = Connection::open(server.address).await?;
    let began = Instant::now();
    let told = made(&mut connection, &upload).await?;
    let took = began.elapsed().as_secs_f64();
    let recorded = told["results"]
        .as_array()
        .map_or(0, |results| results.iter().filter(|one| one["status"] == "recorded").count());
    if recorded != SCANS {
        return Err(format!("of {SCANS} scans {recorded} were recorded").into());
    }
    table::print(&Row::plain("5,000 scans of as many guests in one request", format!("{took:.2} s"), "1 s"));
    Ok(())
}
