//! Exchanges: without news, and with a delta of three changes.

use bytes::Bytes;
use serde_json::json;

use crate::callgrind::Watched;
use crate::child::Role;
use crate::device::Device;
use crate::measure::{self, Cost, Work};
use crate::table::{self, Row};
use crate::{Failure, Folder, load};

/// Requests of one round.
const COUNT: usize = 10_000;

/// Tokens for one measurement of tokens that the server has not seen.
const FRESH: usize = 2_000;

/// Measures both, and how the second depends on the size of the event.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let mut bare = Role::start(&["role", "bare"])?;
    let mut server = Role::start(&["role", "serve", &folder.join("small"), "1200", "1"])?;
    let mut device = Device::sign_in(&mut server, 1)?.remove(0);
    server.ask("edit-public 3")?;
    server.ask("edit-own-and-gates")?;
    device.sync(&server).await?;
    server.ask("learn-idle")?;
    without_news(&mut server, &mut bare, &device).await?;
    let small = deltas(&mut server, &mut bare, &mut device).await?;
    drop(server);

    let mut server = Role::start(&["role", "serve", &folder.join("large"), "120000", "100000"])?;
    let mut device = Device::sign_in(&mut server, 1)?.remove(0);
    device.sync(&server).await?;
    // Whom the changes concern that made the event is still being found out.
    server.ask("learn-idle")?;
    let large = deltas_of_large(&mut server, &mut device).await?;
    for (name, small, large) in [("`public`", small.0, large.0), ("own and two gates", small.1, large.1)] {
        let figure = format!("the same in {name} with 120,000 rows and 100,000 attendees, beside 1,200 and 1");
        table::print(&Row::cost(&figure, large, small, "instructions within 5 %"));
    }
    drop(server);
    if large.0.instructions.is_none() && Watched::is_there() {
        // Without this figure the rest of the table stands.
        if let Err(failure) = instructions_of_deltas(folder).await {
            let told = format!("not counted: {failure}");
            table::print(&Row::plain("instructions of the same, by callgrind", told, "within 5 %"));
        }
    }
    Ok(())
}

/// The instructions of both deltas with both sizes of the event, where only callgrind can count them.
async fn instructions_of_deltas(folder: &Folder) -> Result<(), Failure> {
    let mut counts = Vec::new();
    for (name, scene) in [("small", ["1200", "1"]), ("large", ["120000", "100000"])] {
        let mut watched = Watched::start(folder, name, scene)?;
        let mut device = Device::sign_in(&mut watched.role, 1)?.remove(0);
        device.sync(&watched.role).await?;
        let Behind { public, mixed } = fall_behind(&mut watched.role, &mut device).await?;
        counts.push([watched.instructions_of(public).await?, watched.instructions_of(mixed).await?]);
    }
    for (at, name) in ["`public`", "own and two gates"].into_iter().enumerate() {
        let (small, large) = (counts[0][at], counts[1][at]);
        let describe = |count: f64| format!("{:.1} k", count / 1_000.0);
        table::print(&Row {
            figure: format!("instructions of the same in {name}, by callgrind"),
            here: describe(large),
            reference: describe(small),
            ratio: format!("{:.2} x", large / small),
            target: "within 5 %".to_owned(),
        });
    }
    Ok(())
}

async fn without_news(server: &mut Role, bare: &mut Role, device: &Device) -> Result<(), Failure> {
    let request = [device.exchange(&json!({}))];
    let size = answer_size(server, &request[0]).await?;
    set_constant(&mut [&mut *server, &mut *bare], size)?;
    let statements = server.count("statements-once-settled")?;
    let framed = server.framed.ok_or("no framed constant")?;
    let works = [
        Work::new(server, &request),
        Work::new(bare, &request),
        Work { role: server, address: framed, requests: &request },
    ];
    let costs = measure::compare(&works, COUNT).await?;
    let (seen, constant, framed) = (costs[0], costs[1], costs[2]);
    let scopes = device.holds.len();
    let figure = format!("exchange without news, {scopes} scopes, token seen before, {size} bytes");
    table::print(&Row::cost(&figure, seen, constant, "3 x"));
    table::print(&Row::cost("the constant behind the server's middleware", framed, constant, ""));
    table::print(&Row::cost("the exchange beside that: what the protocol costs", seen, framed, ""));
    // Before new tokens are signed, for which the benchmark itself reads the key.
    print_statements(server, statements, "SQL statements of all these exchanges")?;
    let fresh = fresh_tokens(server, device).await?;
    table::print(&Row::cost("the exchange, token not seen before", fresh, constant, "10 x"));
    Ok(())
}

/// Each token once in a round, so that none was seen before.
async fn fresh_tokens(server: &mut Role, device: &Device) -> Result<Cost, Failure> {
    let mut rounds = Vec::new();
    let mut instructions = None;
    for round in 0..4 {
        let sign_in = |device: &Device, fresh: Device| Device {
            holds: device.holds.clone(),
            covers: device.covers.clone(),
            ..fresh
        };
        let devices = Device::sign_in(server, FRESH)?.into_iter().map(|fresh| sign_in(device, fresh));
        let requests: Vec<Bytes> = devices.map(|device| device.exchange(&json!({}))).collect();
        if round == 3 {
            instructions = measure::instructions_of(&Work::new(server, &requests), FRESH).await?;
            continue;
        }
        let before = server.cpu_us()?;
        load::closed_loop(server.address, &requests, FRESH).await?;
        rounds.push((server.cpu_us()? - before) / FRESH as f64);
    }
    Ok(Cost { cpu_us: measure::median(rounds), instructions })
}

/// A device that is one commit behind, in `public` and in its own scope and two gates.
struct Behind {
    public: Bytes,
    mixed: Bytes,
}

async fn fall_behind(server: &mut Role, device: &mut Device) -> Result<Behind, Failure> {
    // Once, so that the rows are loaded and the device is at the head.
    server.ask("edit-public 3")?;
    device.sync(server).await?;
    server.ask("edit-public 3")?;
    let before = device.clone();
    let mut after = device.clone();
    after.sync(server).await?;
    // One that knows of the edit in `public` and misses the next one.
    server.ask("edit-own-and-gates")?;
    let mixed = after.exchange(&json!({}));
    after.sync(server).await?;
    let mut holds = after.holds.clone();
    holds.insert("public".to_owned(), before.holds.get("public").cloned().flatten());
    let public = Device { holds, ..after.clone() }.exchange(&json!({}));
    *device = after;
    Ok(Behind { public, mixed })
}

async fn deltas(server: &mut Role, bare: &mut Role, device: &mut Device) -> Result<(Cost, Cost), Failure> {
    let behind = fall_behind(server, device).await?;
    // Both positions of its own scope are known from here on, and those of the devices with fresh tokens are written.
    for request in [&behind.public, &behind.mixed] {
        answer_size(server, request).await?;
    }
    let statements = server.count("statements-once-settled")?;
    let mut costs = Vec::new();
    for (name, request, target) in
        [("`public`", behind.public, "3 x"), ("its own scope and two gates", behind.mixed, "5 x")]
    {
        let size = answer_size(server, &request).await?;
        set_constant(&mut [&mut *bare], size)?;
        let request = [request];
        let measured = measure::compare(&[Work::new(server, &request), Work::new(bare, &request)], COUNT).await?;
        let figure = format!("delta of 3 changes in {name}, {size} bytes");
        table::print(&Row::cost(&figure, measured[0], measured[1], target));
        costs.push(measured[0]);
    }
    print_statements(server, statements, "SQL statements of all these deltas, the feed being warm")?;
    Ok((costs[0], costs[1]))
}

async fn deltas_of_large(server: &mut Role, device: &mut Device) -> Result<(Cost, Cost), Failure> {
    let behind = fall_behind(server, device).await?;
    let (public, mixed) = ([behind.public], [behind.mixed]);
    let costs = measure::compare(&[Work::new(server, &public), Work::new(server, &mixed)], COUNT).await?;
    Ok((costs[0], costs[1]))
}

/// Statements since `before` that the server does not run when it is idle, those that follow among them.
fn print_statements(server: &mut Role, before: u64, figure: &str) -> Result<(), Failure> {
    let run = server.count("statements-once-settled")? - before;
    table::print(&Row::plain(figure, run.to_string(), "0"));
    Ok(())
}

async fn answer_size(server: &Role, request: &Bytes) -> Result<usize, Failure> {
    Ok(load::Connection::open(server.address).await?.call(request).await?.len())
}

fn set_constant(roles: &mut [&mut Role], size: usize) -> Result<(), Failure> {
    for role in roles {
        role.ask(&format!("constant {size}"))?;
    }
    Ok(())
}
