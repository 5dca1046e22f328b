//! The first sync of the sample week: bytes on the wire, and how soon after a change it is ready.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::child::Role;
use crate::load::Connection;
use crate::measure::{self, Work};
use crate::table::{self, Row};
use crate::{Failure, Folder};

/// Requests of one round.
const COUNT: usize = 5_000;

/// Changes after which the first answer is timed.
const CHANGES: usize = 20;

/// How long the best compression may take to be there, once the scope is quiet.
const PATIENCE: Duration = Duration::from_secs(30);

fn request(coding: &str) -> Bytes {
    let head =
        format!("GET /v1/events/csw-2018/sync/public HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {coding}\r\n\r\n");
    head.into()
}

/// Measures both.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let mut bare = Role::start(&["role", "bare"])?;
    let mut server = Role::start(&["role", "serve", &folder.join("week"), "week"])?;
    let mut connection = Connection::open(server.address).await?;
    let plain = connection.call(&request("identity")).await?.len();
    for coding in ["br", "gzip"] {
        let best = wait_for_best(&mut connection, coding).await?;
        bare.ask(&format!("constant {best}"))?;
        let requests = [request(coding)];
        let costs = measure::compare(&[Work::new(&server, &requests), Work::new(&bare, &requests)], COUNT).await?;
        let figure = format!("first sync of the week, quiet, {coding}: {best} bytes of {plain}");
        let target = if coding == "br" { "25,000 bytes; 1.5 x" } else { "" };
        table::print(&Row::cost(&figure, costs[0], costs[1], target));
    }
    for coding in ["br", "gzip"] {
        let (milliseconds, size) = after_changes(&mut server, &mut connection, coding).await?;
        let figure = format!("the same right after a change, {coding}: {size} bytes, until the answer is there");
        let target = if coding == "br" { "20 ms" } else { "" };
        table::print(&Row::plain(&figure, format!("{milliseconds:.1} ms"), target));
    }
    Ok(())
}

/// The size of the answer once it is compressed as well as it will be.
async fn wait_for_best(connection: &mut Connection, coding: &str) -> Result<usize, Failure> {
    let first = connection.call(&request(coding)).await?.len();
    let end = Instant::now() + PATIENCE;
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let size = connection.call(&request(coding)).await?.len();
        if size < first || Instant::now() > end {
            return Ok(size);
        }
    }
}

/// Median of what the first reader after a change waits, and the bytes.
async fn after_changes(server: &mut Role, connection: &mut Connection, coding: &str) -> Result<(f64, usize), Failure> {
    let (mut waits, mut size) = (Vec::new(), 0);
    for _ in 0..CHANGES {
        server.ask("edit-week")?;
        let began = Instant::now();
        size = connection.call(&request(coding)).await?.len();
        waits.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok((measure::median(waits), size))
}
