//! The load generator: requests as prepared bytes over kept connections, so that what it costs
//! itself stays small.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::Instant;

use crate::Failure;

/// Connections of a closed loop.
const CONNECTIONS: usize = 16;

/// What some requests took, as their senders saw it.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// The latency that this share of requests did not exceed, in milliseconds.
    pub fn percentile_ms(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.0.get(at).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    }
}

/// One connection that is kept.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the body of its answer, which must be a success of known length.
    pub async fn call(&mut self, request: &[u8]) -> Result<&[u8], Failure> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut whole = None;
        while whole.is_none_or(|(_, end)| self.buffer.len() < end) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed a connection".into());
            }
            if whole.is_none() {
                whole = find_extent(&self.buffer)?;
            }
        }
        let (start, end) = whole.ok_or("an answer without an end")?;
        Ok(&self.buffer[start..end])
    }

    /// Sends a request whose answer is a stream, and reads until `marker`.
    pub async fn begin_stream(&mut self, request: &[u8], marker: &[u8]) -> Result<(), Failure> {
        self.stream.write_all(request).await?;
        self.read_until(marker).await
    }

    /// Reads on until `marker` came.
    pub async fn read_until(&mut self, marker: &[u8]) -> Result<(), Failure> {
        self.buffer.clear();
        while !self.buffer.windows(marker.len()).any(|window| window == marker) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed a stream".into());
            }
        }
        Ok(())
    }

    /// What was read last.
    pub fn received(&self) -> &[u8] {
        &self.buffer
    }

    /// Gives the buffer's memory back, for a connection that waits long.
    pub fn shrink(&mut self) {
        self.buffer = Vec::new();
    }
}

/// Where the body of an answer starts and ends, once its head is there.
fn find_extent(answer: &[u8]) -> Result<Option<(usize, usize)>, Failure> {
    let Some(head_end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&answer[..head_end])?;
    if !head.starts_with("HTTP/1.1 20") {
        return Err(format!(
            "the server answered {} {}",
            head.lines().next().unwrap_or(""),
            String::from_utf8_lossy(&answer[head_end..])
        )
        .into());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("no content-length")?;
    let start = head_end + 4;
    Ok(Some((start, start + length.parse::<usize>()?)))
}

/// Sends `count` requests, each connection the next one as soon as it has an answer. The requests
/// are taken in turn.
pub async fn closed_loop(address: SocketAddr, requests: &[Bytes], count: usize) -> Result<Latencies, Failure> {
    let (next, requests) = (Rc::new(Cell::new(0)), Rc::new(requests.to_vec()));
    in_parallel(CONNECTIONS, |_| {
        let (next, requests) = (Rc::clone(&next), Rc::clone(&requests));
        async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            loop {
                let at = next.get();
                if at >= count {
                    return Ok(latencies);
                }
                next.set(at + 1);
                let began = Instant::now();
                connection.call(&requests[at % requests.len()]).await?;
                latencies.push(began.elapsed());
            }
        }
    })
    .await
}

/// Sends every request once, evenly over `span` whatever the answers take; a latency counts from
/// the moment at which the request was due.
pub async fn open_loop(
    address: SocketAddr,
    requests: &[Bytes],
    span: Duration,
    connections: usize,
) -> Result<Latencies, Failure> {
    let requests = Rc::new(requests.to_vec());
    let start = Instant::now() + Duration::from_millis(500);
    in_parallel(connections, |first| {
        let requests = Rc::clone(&requests);
        async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            for at in (first..requests.len()).step_by(connections) {
                let due = start + span.mul_f64(at as f64 / requests.len() as f64);
                tokio::time::sleep_until(due).await;
                connection.call(&requests[at]).await?;
                latencies.push(due.elapsed());
            }
            Ok(latencies)
        }
    })
    .await
}

async fn in_parallel<F>(count: usize, task: impl Fn(usize) -> F) -> Result<Latencies, Failure>
where
    F: Future<Output = Result<Vec<Duration>, Failure>> + 'static,
{
    let local = LocalSet::new();
    let mut tasks = JoinSet::new();
    for n in 0..count {
        tasks.spawn_local_on(task(n), &local);
    }
    let collect = async {
        let mut all = Vec::new();
        while let Some(done) = tasks.join_next().await {
            all.extend(done??);
        }
        Ok(Latencies(all))
    };
    local.run_until(collect).await
}
