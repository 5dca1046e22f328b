//! HTTP/1.1 as far as the services need it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What was asked.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path, with what follows it.
    pub path: String,
    /// The headers, by their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// An answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Headers beside its length.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: String,
}

impl Reply {
    /// A status alone.
    pub fn of_status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// With JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: body.to_string() }
    }
}

/// What becomes of a request.
#[derive(Clone, PartialEq, Debug)]
pub enum Turn {
    /// It is answered.
    Reply(Reply),
    /// It is answered after so long.
    Late(Duration, Reply),
    /// The line is cut.
    Cut,
    /// Nothing is ever said.
    Never,
}

/// A server on a port of its own, which ends with it.
pub struct HttpService {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for HttpService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl HttpService {
    /// Serves on a listener.
    pub fn on(listener: TcpListener, deal: impl Fn(&Asked) -> Turn + Send + Sync + 'static) -> Self {
        let (address, deal) = (listener.local_addr().unwrap(), Arc::new(deal));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let deal = Arc::clone(&deal);
                tokio::spawn(async move { drop(serve(stream, &*deal).await) });
            }
        });
        Self { address, task }
    }
}

async fn serve(stream: TcpStream, deal: &(impl Fn(&Asked) -> Turn + Sync)) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(asked) = read(&mut stream).await? {
        let reply = match deal(&asked) {
            Turn::Reply(reply) => reply,
            Turn::Late(pause, reply) => {
                tokio::time::sleep(pause).await;
                reply
            }
            Turn::Cut => return Ok(()),
            Turn::Never => std::future::pending().await,
        };
        let mut head = format!("HTTP/1.1 {} So\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
        for (name, value) in &reply.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n{}", reply.body).as_bytes()).await?;
    }
    Ok(())
}

async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Asked>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    Ok(Some(Asked { method, path, headers, body }))
}
