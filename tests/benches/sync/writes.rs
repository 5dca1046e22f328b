//! Writes: SQL statements of a mutation, and how many durable ones a second.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use shared::ids::RecordId;
use uuid::Uuid;

use crate::child::Role;
use crate::cluster::Cluster;
use crate::device::Device;
use crate::load::Connection;
use crate::roles::serve::DATABASE;
use crate::table::{self, Row};
use crate::{Failure, Folder, world};

/// Mutations of the larger group.
const GROUP: u64 = 50;

/// Callers of durable writes, as the role has them.
const CALLERS: u64 = 128;

/// Measures both.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let mut server = Role::start(&["role", "serve", &folder.join("writes"), "1200", "128"])?;
    let mut attendee = Device::sign_in(&mut server, 1)?.remove(0);
    attendee.sync(&server).await?;
    let own = world::first_attendee();
    let star = |n: u64| json!({ "op": "favourite.set", "for": own, "args": { "session": world::public_session(n), "on": true } });
    print_statements(&mut server, &attendee, ("favourite.set", &star)).await?;
    let note =
        |n: u64| json!({ "op": "note.put", "for": own, "args": { "id": Uuid::now_v7(), "text": format!("note {n}") } });
    print_statements(&mut server, &attendee, ("note.put", &note)).await?;
    let mut organiser = Device::sign_in_organiser(&mut server)?;
    organiser.sync(&server).await?;
    let patch = |n: u64| patch(world::public_session(n));
    print_statements(&mut server, &organiser, ("record.patch", &patch)).await?;
    drop(server);
    durable(folder)
}

fn patch(session: RecordId) -> Value {
    let title = format!("Title {}", Uuid::now_v7());
    json!({ "op": "record.patch", "args": { "collection": "sessions", "id": session, "patch": { "title": { "en": title } } } })
}

/// Statements of one mutation more in a group, and of the group beside.
async fn print_statements(
    server: &mut Role,
    device: &Device,
    (name, mutation): (&str, &dyn Fn(u64) -> Value),
) -> Result<(), Failure> {
    // The first of its kind loads what the next ones find in memory.
    statements_of(server, device, (100, 1), mutation).await?;
    let one = statements_of(server, device, (200, 1), mutation).await?;
    let many = statements_of(server, device, (300, GROUP), mutation).await?;
    let each = (many - one) as f64 / (GROUP - 1) as f64;
    let here = format!("{each:.2} each; a group of 1: {one}, of {GROUP}: {many}");
    table::print(&Row::plain(&format!("SQL statements of `{name}` inside a group"), here, "6, constant"));
    Ok(())
}

async fn statements_of(
    server: &mut Role,
    device: &Device,
    (first, count): (u64, u64),
    mutation: &dyn Fn(u64) -> Value,
) -> Result<u64, Failure> {
    let with_id = |n| {
        let mut mutation = mutation(n);
        mutation["id"] = json!(Uuid::now_v7());
        mutation
    };
    let mutations: Vec<Value> = (first..first + count).map(with_id).collect();
    let request = device.exchange(&json!({ "mutations": mutations }));
    let before = server.count("statements")?;
    let answer: Value = serde_json::from_slice(Connection::open(server.address).await?.call(&request).await?)?;
    let after = server.count("statements")?;
    let results = answer["results"].as_array().ok_or("no results")?;
    match results.iter().find(|result| result["status"] != "applied") {
        Some(result) => Err(format!("a mutation was not applied: {result}").into()),
        None => Ok(after - before),
    }
}

/// Writes a second with commit groups, beside a transaction for each, on both databases.
fn durable(folder: &Folder) -> Result<(), Failure> {
    let shim = compile_shim(folder);
    let disk = if shim.is_some() { "2 ms added to every flush" } else { "no compiler for the slow flush" };
    let preload: Vec<(&str, &Path)> = shim.iter().map(|shim| ("LD_PRELOAD", shim.as_path())).collect();
    let mut server = Role::start_with(&["role", "serve", &folder.join("writes"), "1200", "128"], &preload)?;
    print_durable(&mut server, ("SQLite", disk), "20 x")?;
    drop(server);
    let cluster = Cluster::start(Path::new(&folder.join("cluster")), shim.as_deref())?;
    let url = cluster.url();
    let environment = [(DATABASE, Path::new(&url))];
    let mut server = Role::start_with(&["role", "serve", &folder.join("on-postgres"), "1200", "128"], &environment)?;
    print_durable(&mut server, ("PostgreSQL", disk), "5 x")
}

fn print_durable(server: &mut Role, (database, disk): (&str, &str), target: &str) -> Result<(), Failure> {
    let (alone, _) = write(server, 4, 1)?;
    let (grouped, longest) = write(server, 100, CALLERS)?;
    table::print(&Row {
        figure: format!("durable writes of {CALLERS} callers on {database}, {disk}"),
        here: format!("{grouped:.0} a second; the longest wait {longest:.0} ms"),
        reference: format!("{alone:.0} a second, a transaction each"),
        ratio: format!("{:.1} x", grouped / alone),
        target: target.to_owned(),
    });
    Ok(())
}

fn write(server: &mut Role, rounds: u64, at_once: u64) -> Result<(f64, f64), Failure> {
    let answer = server.ask(&format!("write {rounds} {at_once}"))?;
    let (a_second, longest) = answer.split_once(' ').ok_or("no answer")?;
    Ok((a_second.parse()?, longest.parse()?))
}

fn compile_shim(folder: &Folder) -> Option<PathBuf> {
    let (source, library) = (PathBuf::from(folder.join("slow_flush.c")), PathBuf::from(folder.join("slow_flush.so")));
    std::fs::write(&source, include_str!("slow_flush.c")).ok()?;
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
    compiled.is_ok_and(|status| status.success()).then_some(library)
}
