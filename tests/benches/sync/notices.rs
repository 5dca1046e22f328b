//! Telling thousands of devices of one change: the rows, the hand-over, the last live device, and the exchanges
//! that follow.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::json;
use tokio::time::Instant;

use crate::child::Role;
use crate::crowd::open_streams;
use crate::device::Device;
use crate::load::{self, Connection};
use crate::roles::pushing::SERVICES;
use crate::table::{self, Row};
use crate::{Failure, Folder};

/// Devices, unless the environment says otherwise.
const DEVICES: usize = 10_000;

/// The variable that says so.
const DEVICES_VARIABLE: &str = "CUMBRE_BENCH_DEVICES";

/// Connections of a burst.
const CONNECTIONS: usize = 200;

/// In which time all come; what pushes spread them over is longer.
const BURST: Duration = Duration::from_secs(2);

/// What a live stream has once the notice is there.
const MARKER: &[u8] = b"\"notices\"";

/// How often it is looked whether something is done.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(300);

struct Bench {
    services: Role,
    server: Role,
    devices: usize,
    changes: usize,
}

/// Measures all of it.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let devices = match std::env::var(DEVICES_VARIABLE) {
        Ok(text) => text.parse()?,
        Err(_) => DEVICES,
    };
    let services = Role::start(&["role", "push-services"])?;
    let base = format!("http://{}", services.address);
    let arguments = ["role", "serve", &folder.join("notices"), "100", &devices.to_string()];
    let server = Role::start_with(&arguments, &[(SERVICES, Path::new(&base))])?;
    let mut bench = Bench { services, server, devices, changes: 0 };
    bench.rows().await?;
    bench.hand_over("web_push", "Web Push, each encrypted").await?;
    bench.hand_over("fcm", "FCM").await?;
    bench.tap_to_proof().await
}

impl Bench {
    fn reach(&mut self, provider: &str, quiet: &str) -> Result<(), Failure> {
        let answer = self.server.ask(&format!("reach {provider} {} {quiet}", self.devices))?;
        if answer == "done" { Ok(()) } else { Err(answer.into()) }
    }

    /// One change more; how many statements were spent on looking whether it was told.
    fn tell(&mut self) -> Result<u64, Failure> {
        self.changes += 1;
        self.server.count("tell")
    }

    fn taken(&mut self) -> Result<(usize, u64), Failure> {
        let answer = self.services.ask("taken")?;
        let (count, last) = answer.split_once(' ').ok_or("no answer")?;
        Ok((count.parse()?, last.parse()?))
    }

    /// Waits until the services took so many, and everything about them is written down.
    async fn wait_for_pushes(&mut self, count: usize) -> Result<u64, Failure> {
        let end = Instant::now() + PATIENCE;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (taken, last) = self.taken()?;
            if taken >= count && self.count_pushes()?[0] == 0 {
                return if taken == count { Ok(last) } else { Err(format!("{taken} pushes of {count}").into()) };
            }
            if Instant::now() > end {
                return Err(format!("only {taken} of {count} pushes were taken").into());
            }
        }
    }

    /// Pushes that wait, pushes that failed, and people who were told.
    fn count_pushes(&mut self) -> Result<[i64; 3], Failure> {
        let counts: [i64; 3] = serde_json::from_str(&self.server.ask("pushes")?)?;
        if counts[1] == 0 { Ok(counts) } else { Err(format!("{} pushes failed", counts[1]).into()) }
    }

    /// From the end of the pause until every inbox and every push is written.
    async fn rows(&mut self) -> Result<(), Failure> {
        self.reach("web_push", "quiet")?;
        // The server is to be at rest.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (statements, cpu, began) = (self.server.count("statements")?, self.server.cpu_us()?, Instant::now());
        let looks = self.tell()?;
        let (cpu_s, passed) = ((self.server.cpu_us()? - cpu) / 1e6, began.elapsed().as_secs_f64());
        let statements = self.server.count("statements")? - statements - looks;
        let each = statements as f64 / self.devices as f64;
        if self.count_pushes()?[0] != self.devices as i64 {
            return Err("not every device has a push".into());
        }
        table::print(&Row::plain(
            &format!("a change until {} inboxes and pushes are written", self.devices),
            format!("{cpu_s:.2} s of CPU; {passed:.2} s"),
            "0.5 s of CPU",
        ));
        table::print(&Row::plain(
            "SQL statements of that",
            format!("{statements}: 1 for {:.0} devices", 1.0 / each),
            "1 for 20",
        ));
        Ok(())
    }

    /// Hands what waits over to one provider.
    async fn hand_over(&mut self, provider: &str, figure: &str) -> Result<(), Failure> {
        if provider != "web_push" {
            self.reach(provider, "quiet")?;
            self.tell()?;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (before, _) = self.taken()?;
        let (statements, cpu, began) = (self.server.count("statements")?, self.server.cpu_us()?, Instant::now());
        self.server.ask("let-go")?;
        self.wait_for_pushes(before + self.devices).await?;
        let (cpu_s, passed) = ((self.server.cpu_us()? - cpu) / 1e6, began.elapsed().as_secs_f64());
        let statements = self.server.count("statements")? - statements;
        let here = format!(
            "{:.0} a second and core ({:.0} µs of CPU each); {:.0} a second; 1 statement for {:.0}",
            self.devices as f64 / cpu_s,
            cpu_s * 1e6 / self.devices as f64,
            self.devices as f64 / passed,
            self.devices as f64 / statements as f64
        );
        let target = if provider == "web_push" { "5,000 a second and core" } else { "more than Web Push" };
        table::print(&Row::plain(&format!("hand-over by {figure}, to a local service"), here, target));
        Ok(())
    }

    /// From the tap to the last live device and the last hand-over, then the exchanges, until the organisers know
    /// that everybody has it.
    async fn tap_to_proof(&mut self) -> Result<(), Failure> {
        self.reach("web_push", "loud")?;
        let mut devices = self.gather().await?;
        let requests: Vec<Bytes> = devices.iter().map(Device::live).collect();
        let mut open = Vec::new();
        open_streams(&self.server, &mut open, &requests).await?;
        let (before, _) = self.taken()?;
        let (tapped, began) = (now_ms(), Instant::now());
        self.tell()?;
        for connection in &mut open {
            connection.read_until(MARKER).await?;
        }
        let live = began.elapsed().as_secs_f64();
        let last = self.wait_for_pushes(before + self.devices).await?;
        let handed = last.saturating_sub(tapped) as f64 / 1e3;
        drop(open);
        table::print(&Row::plain(
            &format!("from the tap, the pause apart, to the last of {} live devices", self.devices),
            format!("{live:.2} s"),
            "",
        ));
        table::print(&Row::plain("and to the last push handed over", format!("{handed:.2} s"), ""));
        self.burst("exchanges in 2 s after the pushes", &devices).await?;
        let mut connection = Connection::open(self.server.address).await?;
        for device in &mut devices {
            device.sync_over(&mut connection).await?;
        }
        self.burst("exchanges in 2 s by which devices say that they hold it", &devices).await?;
        self.wait_until_told().await
    }

    async fn gather(&mut self) -> Result<Vec<Device>, Failure> {
        let mut devices = Device::sign_in_phones(&mut self.server, self.devices)?;
        let mut connection = Connection::open(self.server.address).await?;
        for device in &mut devices {
            device.sync_over(&mut connection).await?;
        }
        Ok(devices)
    }

    async fn burst(&mut self, figure: &str, devices: &[Device]) -> Result<(), Failure> {
        let requests: Vec<Bytes> = devices.iter().map(|device| device.exchange(&json!({}))).collect();
        let (statements, cpu) = (self.server.count("statements")?, self.server.cpu_us()?);
        let mut latencies = load::open_loop(self.server.address, &requests, BURST, CONNECTIONS).await?;
        let cpu_us = (self.server.cpu_us()? - cpu) / requests.len() as f64;
        let statements = self.server.count("statements")? - statements;
        let here = format!("p99 {:.1} ms; {cpu_us:.1} µs each; {statements} statements", latencies.percentile_ms(0.99));
        table::print(&Row::plain(&format!("{} {figure}", requests.len()), here, ""));
        Ok(())
    }

    async fn wait_until_told(&mut self) -> Result<(), Failure> {
        let (began, end) = (Instant::now(), Instant::now() + PATIENCE);
        loop {
            let told = self.count_pushes()?[2];
            // Each holds what was told before as well.
            if told == (self.devices * self.changes) as i64 {
                break;
            }
            if Instant::now() > end {
                return Err(format!("only {told} of {} are known to be told", self.devices * self.changes).into());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let here = format!("{:.2} s", began.elapsed().as_secs_f64());
        table::print(&Row::plain("from the last of these until the organisers know that all are told", here, "2 s"));
        Ok(())
    }
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as u64)
}
