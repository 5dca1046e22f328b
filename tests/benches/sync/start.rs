//! Starts, memory, the binary, and the replica on SQLite.

use std::path::Path;
use std::time::Instant;

use cumbre::device::store::SqliteStore;
use shared::replica::{Replica, RequestLimits, RequestToken};
use shared::sync::ExchangeResponse;
use shared::time::Timestamp;

use crate::child::Role;
use crate::device::Device;
use crate::load::Connection;
use crate::measure::median;
use crate::table::{self, Row};
use crate::{Failure, Folder, world};

/// Rounds, of which the median counts.
const ROUNDS: usize = 5;

/// A moment for the replica, which only notes it.
const NOW: Timestamp = Timestamp(1_543_190_400_000);

/// Measures all.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    idle(folder)?;
    large(folder).await?;
    replica(folder).await
}

fn idle(folder: &Folder) -> Result<(), Failure> {
    let week = folder.join("week");
    drop(Role::start(&["role", "serve", &week, "week"])?);
    let server = Role::start(&["role", "serve", &week, "week"])?;
    let here = format!("{:.1} MiB", server.resident_kib()? as f64 / 1_024.0);
    table::print(&Row::plain("resident memory of an idle server with the sample week", here, "40 MB"));
    let binary = std::env::current_exe()?.with_file_name("cumbre");
    let size = std::fs::metadata(binary).map(|file| format!("{:.1} MB", file.len() as f64 / 1e6));
    let here = size.unwrap_or_else(|_| "not built beside the benchmark".to_owned());
    table::print(&Row::plain("the server's binary", here, "40 MB"));
    Ok(())
}

async fn large(folder: &Folder) -> Result<(), Failure> {
    let arguments = ["role", "serve", &folder.join("rows"), "120000", "1"];
    drop(Role::start(&arguments)?);
    let mut ready = Vec::new();
    for _ in 1..ROUNDS {
        ready.push(Role::start(&arguments)?.ready_in.as_secs_f64());
    }
    let mut server = Role::start(&arguments)?;
    ready.push(server.ready_in.as_secs_f64());
    table::print(&Row::plain("start with 120,000 rows to ready", format!("{:.2} s", median(ready)), "1.5 s"));
    let empty = server.resident_kib()? as f64 / 1_024.0;
    let mut device = Device::sign_in(&mut server, 1)?.remove(0);
    let json = device.sync(&server).await? as f64 / (1 << 20) as f64;
    let full = server.resident_kib()? as f64 / 1_024.0;
    table::print(&Row {
        figure: "resident memory once all 120,000 rows were read".to_owned(),
        here: format!("{full:.0} MiB, of which {empty:.0} before"),
        reference: format!("{json:.0} MiB of JSON"),
        ratio: format!("{:.1} x", full / json),
        target: "3 x".to_owned(),
    });
    Ok(())
}

/// Applies a first sync of 1,200 rows and deltas of three to replicas on SQLite.
async fn replica(folder: &Folder) -> Result<(), Failure> {
    let mut server = Role::start(&["role", "serve", &folder.join("small"), "1200", "1"])?;
    let device = Device::sign_in(&mut server, 1)?.remove(0);
    let (mut first, mut deltas) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let store = SqliteStore::open(Path::new(&folder.join(&format!("replica-{round}.sqlite3"))))?;
        let mut replica = Replica::open(store, world::account(0), device.id)?;
        first.push(exchange(&mut replica, &server, &device, 1).await?);
        server.ask("edit-public 3")?;
        deltas.push(exchange(&mut replica, &server, &device, 100).await?);
    }
    let here = format!("{:.1} ms", median(first));
    table::print(&Row::plain("replica on SQLite: applying a first sync of 1,200 rows", here, "50 ms"));
    let here = format!("{:.2} ms", median(deltas));
    table::print(&Row::plain("replica on SQLite: applying a delta of 3", here, "2 ms"));
    Ok(())
}

/// Milliseconds that the replica takes to store the answers to its requests, until nothing is left.
async fn exchange(
    replica: &mut Replica<SqliteStore>,
    server: &Role,
    device: &Device,
    first_token: u128,
) -> Result<f64, Failure> {
    let mut connection = Connection::open(server.address).await?;
    let mut milliseconds = 0.0;
    for token in (first_token..).map(RequestToken) {
        let outgoing = replica.next_request(token, NOW, &RequestLimits::default())?;
        let request = device.post_text("sync", std::str::from_utf8(&outgoing.body)?);
        let answer: ExchangeResponse = serde_json::from_slice(connection.call(&request).await?)?;
        let began = Instant::now();
        replica.apply_answer(token, &answer, NOW)?;
        milliseconds += began.elapsed().as_secs_f64() * 1_000.0;
        if !answer.more {
            break;
        }
    }
    Ok(milliseconds)
}
