//! Thousands of devices at once: live listeners, and a burst of exchanges after one change.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;
use serde_json::json;
use tokio::time::Instant;

use crate::child::Role;
use crate::device::Device;
use crate::load::{self, Connection};
use crate::measure::median;
use crate::table::{self, Row};
use crate::{Failure, Folder};

/// Devices; two processes of 20,000 open files each have room for their connections.
const DEVICES: usize = 10_000;

/// Rounds, of which the median counts.
const ROUNDS: usize = 5;

/// Connections of the burst.
const BURST_CONNECTIONS: usize = 200;

/// What ends each broadcast.
const MARKER: &[u8] = b"event: covers";

/// Measures both.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let mut bare = Role::start(&["role", "bare"])?;
    let mut server = Role::start(&["role", "serve", &folder.join("crowd"), "1200", &DEVICES.to_string()])?;
    let devices = gather(&mut server).await?;
    burst(&mut server, &mut bare, devices.clone()).await?;
    let requests: Vec<Bytes> = devices.iter().map(Device::live).collect();
    // One after the other: this process could not hold the connections to both.
    let here = listen(&mut server, "edit-public 1", &requests).await?;
    let command = format!("broadcast {}", here[0].bytes);
    let reference = listen(&mut bare, &command, &requests).await?;
    here.iter().zip(&reference).for_each(|(here, reference)| print_broadcast(here, reference));
    Ok(())
}

/// A device of each attendee, in sync: `public`, one gate and its own scope.
async fn gather(server: &mut Role) -> Result<Vec<Device>, Failure> {
    let mut devices = Device::sign_in_crowd(server, DEVICES)?;
    let mut connection = Connection::open(server.address).await?;
    // The last has three scopes, of which the others can take two without fetching them.
    let mut model = devices.last().cloned().ok_or("nobody")?;
    model.sync_over(&mut connection).await?;
    model.holds.retain(|scope, _| !scope.starts_with("own:"));
    for device in &mut devices {
        device.holds.clone_from(&model.holds);
        device.sync_over(&mut connection).await?;
    }
    Ok(devices)
}

/// What a burst showed.
struct Burst {
    p99_ms: f64,
    cpu_us: f64,
}

async fn send_all(role: &Role, requests: &[Bytes]) -> Result<Burst, Failure> {
    let before = role.cpu_us()?;
    let mut latencies = load::open_loop(role.address, requests, Duration::from_secs(2), BURST_CONNECTIONS).await?;
    let cpu_us = (role.cpu_us()? - before) / requests.len() as f64;
    Ok(Burst { p99_ms: latencies.percentile_ms(0.99), cpu_us })
}

/// Every device exchanges within two seconds after one change.
async fn burst(server: &mut Role, bare: &mut Role, devices: Vec<Device>) -> Result<(), Failure> {
    let requests: Vec<Bytes> = devices.iter().map(|device| device.exchange(&json!({}))).collect();
    let (mut here, mut reference) = (Vec::new(), Vec::new());
    let (mut encodings, mut statements) = (Vec::new(), Vec::new());
    server.ask("edit-public 1")?;
    server.ask("learn-idle")?;
    for _ in 0..ROUNDS {
        server.ask("edit-public 1")?;
        let before = (server.count("encoded")?, server.count("statements-of-requests")?);
        here.push(send_all(server, &requests).await?);
        encodings.push((server.count("encoded")? - before.0) as f64);
        statements.push((server.count("statements-of-requests")? - before.1) as f64);
        let size = Connection::open(server.address).await?.call(&requests[0]).await?.len();
        bare.ask(&format!("constant {size}"))?;
        reference.push(send_all(bare, &requests).await?);
    }
    let p99 = |bursts: &[Burst]| median(bursts.iter().map(|burst| burst.p99_ms).collect());
    let cpu = |bursts: &[Burst]| median(bursts.iter().map(|burst| burst.cpu_us).collect());
    let describe = |bursts: &[Burst]| format!("p99 {:.1} ms; {:.1} µs each", p99(bursts), cpu(bursts));
    table::print(&Row {
        figure: format!("{DEVICES} exchanges in 2 s after one change"),
        here: describe(&here),
        reference: describe(&reference),
        ratio: format!("{:.1} x; {:.1} x", p99(&here) / p99(&reference), cpu(&here) / cpu(&reference)),
        target: "p99 5 x".to_owned(),
    });
    let counts = format!("{}; {}", median(encodings), median(statements));
    table::print(&Row::plain("entries encoded and SQL statements of a burst", counts, "1; 0"));
    Ok(())
}

/// What some live listeners cost.
struct Broadcasts {
    listeners: usize,
    kib_each: f64,
    cpu_ms: f64,
    last_ms: f64,
    encoded: f64,
    bytes: usize,
}

/// Opens streams, a thousand and then all, and each time lets one change reach them.
async fn listen(role: &mut Role, command: &str, requests: &[Bytes]) -> Result<Vec<Broadcasts>, Failure> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for listeners in [DEVICES / 10, DEVICES] {
        let kib_each = open_streams(role, &mut open, &requests[..listeners]).await?;
        let (mut cpu, mut last, mut encoded) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let before = role.count("encoded")?;
            let (cpu_ms, last_ms) = tell(role, command, &mut open).await?;
            cpu.push(cpu_ms);
            last.push(last_ms);
            encoded.push((role.count("encoded")? - before) as f64);
        }
        let bytes = open[0].received().len();
        let (cpu_ms, last_ms, encoded) = (median(cpu), median(last), median(encoded));
        all.push(Broadcasts { listeners, kib_each, cpu_ms, last_ms, encoded, bytes });
    }
    Ok(all)
}

fn print_broadcast(here: &Broadcasts, reference: &Broadcasts) {
    table::print(&Row {
        figure: format!("resident memory of each of {} live listeners", here.listeners),
        here: format!("{:.1} KiB", here.kib_each),
        reference: format!("{:.1} KiB", reference.kib_each),
        ratio: format!("{:.1} x", here.kib_each / reference.kib_each),
        target: "10 KiB".to_owned(),
    });
    let describe = |told: &Broadcasts| format!("{:.0} ms of CPU; the last after {:.0} ms", told.cpu_ms, told.last_ms);
    table::print(&Row {
        figure: format!("an edit to {} live listeners, {} bytes, {} encoded", here.listeners, here.bytes, here.encoded),
        here: describe(here),
        reference: describe(reference),
        ratio: format!("{:.1} x", here.cpu_ms / reference.cpu_ms),
        target: "2 x; 1 encoded".to_owned(),
    });
}

/// KiB that each new stream takes.
pub async fn open_streams(role: &Role, open: &mut Vec<Connection>, requests: &[Bytes]) -> Result<f64, Failure> {
    let (before, resident) = (open.len(), role.resident_kib()?);
    for request in &requests[before..] {
        let mut connection = Connection::open(role.address).await?;
        connection.begin_stream(request, MARKER).await?;
        connection.shrink();
        open.push(connection);
    }
    let grown = role.resident_kib()?.saturating_sub(resident);
    Ok(grown as f64 / (open.len() - before) as f64)
}

/// CPU in milliseconds, and when the last listener had it, counted from the command.
async fn tell(role: &mut Role, command: &str, listeners: &mut [Connection]) -> Result<(f64, f64), Failure> {
    let cpu = role.cpu_us()?;
    let began = Instant::now();
    role.ask(command)?;
    try_join_all(listeners.iter_mut().map(|listener| listener.read_until(MARKER))).await?;
    let last = began.elapsed().as_secs_f64() * 1_000.0;
    // What the server still does for them belongs to the edit.
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(((role.cpu_us()? - cpu) / 1_000.0, last))
}
