//! What the model's parts cost: two real nodes on a PostgreSQL of the benchmark's own, and phones that speak the
//! real protocol.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::child::Role;
use crate::cluster::Cluster;
use crate::crowd::open_streams;
use crate::device::Device;
use crate::load::{self, Connection};
use crate::roles::phones::refresh_token;
use crate::roles::serve::DATABASE;
use crate::{Failure, Folder, world};

/// Public sessions of the event.
const SESSIONS: u64 = 1_200;

/// Attendees of the event.
pub const ATTENDEES: u64 = 20_000;

/// Phones that are played; what each costs does not depend on how many there are.
const PHONES: usize = 2_000;

/// Edits that each listener hears and each other node follows.
const EDITS: u64 = 50;

/// How long the nodes are left alone before what they used is read.
const PAUSE: Duration = Duration::from_millis(500);

/// A request that writes.
#[derive(Clone, Copy)]
pub struct Write {
    /// CPU of the node, in microseconds.
    pub node_us: f64,
    /// CPU of PostgreSQL, in microseconds.
    pub database_us: f64,
    /// SQL statements.
    pub statements: f64,
    /// How many a second were done.
    pub a_second: f64,
}

/// What was measured. CPU is in microseconds.
pub struct Costs {
    /// An exchange without news: CPU.
    pub quiet_us: f64,
    /// The same with a token that was not seen before.
    pub fresh_us: f64,
    /// An exchange after one edit: CPU, and bytes of the answer.
    pub delta: (f64, f64),
    /// An exchange with one mutation.
    pub mutation: Write,
    /// Tokens that are renewed, as a phone does that was asleep for ten minutes.
    pub renewal: Write,
    /// A live stream: KiB resident.
    pub stream_kib: f64,
    /// An edit, for each listener: CPU, and bytes.
    pub broadcast: (f64, f64),
    /// A commit, for each node that did not make it: CPU of that node, and statements.
    pub follow: (f64, f64),
    /// The event in a node's memory: MiB resident, the node without an event apart.
    pub event_mib: f64,
}

impl Costs {
    /// The rows of the table.
    pub fn describe(&self) -> Vec<(String, String)> {
        let (delta_us, delta_bytes) = self.delta;
        let (broadcast_us, broadcast_bytes) = self.broadcast;
        let (follow_us, follow_statements) = self.follow;
        let write = |write: Write| {
            let Write { node_us, database_us, statements, a_second } = write;
            format!(
                "{node_us:.0} µs, {database_us:.0} µs of PostgreSQL; {statements:.1} statements; {a_second:.0} a second"
            )
        };
        let rows = [
            ("an exchange without news", format!("{:.0} µs; {:.0} by a new token", self.quiet_us, self.fresh_us)),
            ("an exchange after an edit", format!("{delta_us:.0} µs; {delta_bytes:.0} bytes")),
            ("an exchange with a star set", write(self.mutation)),
            ("tokens renewed", write(self.renewal)),
            ("an edit, for each listener", format!("{broadcast_us:.1} µs; {broadcast_bytes:.0} bytes")),
            ("a listener", format!("{:.1} KiB", self.stream_kib)),
            ("a commit, for each other node", format!("{follow_us:.0} µs; {follow_statements:.1} statements")),
            ("an event in a node's memory", format!("{:.0} MiB", self.event_mib)),
        ];
        rows.map(|(figure, here)| (format!("scale, measured on PostgreSQL: {figure}"), here)).into()
    }
}

/// Measures all of it.
pub async fn measure(folder: &Folder) -> Result<Costs, Failure> {
    let cluster = Cluster::start(Path::new(&folder.join("scale-cluster")), None)?;
    let mut nodes = start_nodes(folder, &cluster)?;
    let empty_kib = nodes.1.resident_kib()?;
    let mut phones = gather(&mut nodes.0).await?;
    let quiet_us = exchange(&nodes.0, &phones).await?;
    nodes.0.ask("edit-public 1")?;
    let answer = Connection::open(nodes.0.address).await?.call(&phones[0].exchange(&json!({}))).await?.len();
    let delta = (exchange(&nodes.0, &phones).await?, answer as f64);
    catch_up(&nodes.0, &mut phones).await?;
    let fresh_us = exchange_by_new_tokens(&mut nodes.0, &phones).await?;
    let mutation = write(&mut nodes.0, &cluster, &stars_of(&phones)).await?;
    nodes.0.ask(&format!("sign-in-phones {PHONES}"))?;
    let renewal = write(&mut nodes.0, &cluster, &renewals()).await?;
    let follow = follow(&mut nodes).await?;
    catch_up(&nodes.1, &mut phones).await?;
    let event_mib = nodes.1.resident_kib()?.saturating_sub(empty_kib) as f64 / 1_024.0;
    let (stream_kib, broadcast) = listen(&mut nodes.0, &phones).await?;
    Ok(Costs { quiet_us, fresh_us, delta, mutation, renewal, stream_kib, broadcast, follow, event_mib })
}

fn start_nodes(folder: &Folder, cluster: &Cluster) -> Result<(Role, Role), Failure> {
    let url = cluster.url();
    let environment = [(DATABASE, Path::new(&url))];
    let scene = [SESSIONS.to_string(), ATTENDEES.to_string()];
    let start = |name: &str| {
        let folder = folder.join(name);
        Role::start_with(&["role", "serve", &folder, &scene[0], &scene[1]], &environment)
    };
    let first = start("scale-first")?;
    // A folder that is there says that the database is filled.
    std::fs::create_dir_all(folder.join("scale-second"))?;
    Ok((first, start("scale-second")?))
}

async fn gather(server: &mut Role) -> Result<Vec<Device>, Failure> {
    let mut phones = Device::sign_in_crowd(server, PHONES)?;
    catch_up(server, &mut phones).await?;
    Ok(phones)
}

async fn catch_up(server: &Role, phones: &mut [Device]) -> Result<(), Failure> {
    let mut connection = Connection::open(server.address).await?;
    for phone in phones {
        phone.sync_over(&mut connection).await?;
    }
    Ok(())
}

/// The CPU of an exchange of every phone, each token having been seen.
async fn exchange(server: &Role, phones: &[Device]) -> Result<f64, Failure> {
    let requests: Vec<Bytes> = phones.iter().map(|phone| phone.exchange(&json!({}))).collect();
    load::closed_loop(server.address, &requests, requests.len()).await?;
    let count = requests.len() * 5;
    let before = server.cpu_us()?;
    load::closed_loop(server.address, &requests, count).await?;
    Ok((server.cpu_us()? - before) / count as f64)
}

/// The CPU of an exchange of every phone, of which no token was seen.
async fn exchange_by_new_tokens(server: &mut Role, phones: &[Device]) -> Result<f64, Failure> {
    let renewed = Device::sign_in_crowd(server, phones.len())?;
    let same = |(new, old): (Device, &Device)| Device { holds: old.holds.clone(), covers: old.covers.clone(), ..new };
    let requests: Vec<Bytes> =
        renewed.into_iter().zip(phones).map(same).map(|phone| phone.exchange(&json!({}))).collect();
    let before = server.cpu_us()?;
    load::closed_loop(server.address, &requests, requests.len()).await?;
    Ok((server.cpu_us()? - before) / requests.len() as f64)
}

/// Every phone stars another session.
fn stars_of(phones: &[Device]) -> Vec<Bytes> {
    let star = |(n, phone): (usize, &Device)| {
        let session = world::public_session(n as u64 % SESSIONS);
        let mutation: Value = json!({ "id": Uuid::now_v7(), "op": "favourite.set", "for": world::attendee(n as u64),
            "args": { "session": session, "on": true } });
        phone.exchange(&json!({ "mutations": [mutation] }))
    };
    phones.iter().enumerate().map(star).collect()
}

/// Every phone renews its tokens.
fn renewals() -> Vec<Bytes> {
    let renew = |n| {
        let body = json!({ "refresh_token": refresh_token(n) }).to_string();
        let head = format!(
            "POST /v1/tokens/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        (head + &body).into()
    };
    (0..PHONES as u64).map(renew).collect()
}

/// Requests that write, each once.
async fn write(server: &mut Role, cluster: &Cluster, requests: &[Bytes]) -> Result<Write, Failure> {
    let each = requests.len() as f64;
    let before = (server.cpu_us()?, cluster.cpu_us()?, server.count("statements")?);
    let began = Instant::now();
    load::closed_loop(server.address, requests, requests.len()).await?;
    Ok(Write {
        a_second: each / began.elapsed().as_secs_f64(),
        node_us: (server.cpu_us()? - before.0) / each,
        database_us: (cluster.cpu_us()? - before.1) / each,
        statements: (server.count("statements")? - before.2) as f64 / each,
    })
}

/// What a commit of the first node costs the second one.
async fn follow(nodes: &mut (Role, Role)) -> Result<(f64, f64), Failure> {
    tokio::time::sleep(PAUSE).await;
    let before = (nodes.1.cpu_us()?, nodes.1.count("statements")?);
    for _ in 0..EDITS {
        nodes.0.ask("edit-public 1")?;
    }
    tokio::time::sleep(PAUSE).await;
    let statements = (nodes.1.count("statements")? - before.1) as f64 / EDITS as f64;
    Ok(((nodes.1.cpu_us()? - before.0) / EDITS as f64, statements))
}

/// The memory of a stream, and what an edit costs for each.
async fn listen(server: &mut Role, phones: &[Device]) -> Result<(f64, (f64, f64)), Failure> {
    let requests: Vec<Bytes> = phones.iter().map(Device::live).collect();
    let mut open = Vec::new();
    let kib = open_streams(server, &mut open, &requests).await?;
    let mut bytes = 0;
    let before = server.cpu_us()?;
    for _ in 0..EDITS {
        server.ask("edit-public 1")?;
        for listener in &mut open {
            listener.read_until(b"event: covers").await?;
        }
        bytes = open[0].received().len();
    }
    let told = EDITS as f64 * open.len() as f64;
    Ok((kib, ((server.cpu_us()? - before) / told, bytes as f64)))
}
