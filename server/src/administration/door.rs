//! How a command reaches the server that runs on the same SQLite file: a loopback port, and a file
//! beside the database, readable by its owner only, with the port and a random token.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{AdministrationCommand, execute};
use crate::app::{App, beside};
use crate::database::DatabaseUrl;

/// How long a caller has to say what it wants.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is not counted as the command's own size, in bytes.
const ENVELOPE_BYTES: u64 = 64 * 1024;

/// What the file beside the database says.
#[derive(Serialize, Deserialize)]
struct Address {
    address: SocketAddr,
    token: String,
}

#[derive(Serialize, Deserialize)]
struct Request {
    token: String,
    command: AdministrationCommand,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(String),
    Refused(String),
}

/// Why a command did not reach the running server.
#[derive(Debug, Error)]
pub enum DoorError {
    /// The server is starting or stopping.
    #[error("a server holds the database but does not take commands ({0}); try again in a moment")]
    Closed(io::Error),
    /// What it says is not understood.
    #[error("the running server answers in another way than this version does: {0}")]
    Garbled(#[from] serde_json::Error),
    /// It will not do it.
    #[error("{0}")]
    Refused(String),
}

/// The open door; closing it removes the file.
pub struct Door {
    file: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
        if let Err(error) = std::fs::remove_file(&self.file) {
            tracing::warn!(%error, "the file of the administration door could not be removed");
        }
    }
}

/// Opens the door of a server on SQLite. On PostgreSQL there is none: commands write there like any node.
pub async fn open_door(app: &App) -> io::Result<Option<Door>> {
    let DatabaseUrl::Sqlite(database) = &app.config.database_url.0 else { return Ok(None) };
    let file = beside(database, "door");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let token = format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
    write_private(&file, &serde_json::to_vec(&Address { address: listener.local_addr()?, token: token.clone() })?)?;
    let task = tokio::spawn(listen(app.clone(), listener, token));
    Ok(Some(Door { file, task }))
}

async fn listen(app: App, listener: TcpListener, token: String) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (app, token) = (app.clone(), token.clone());
                tokio::spawn(async move {
                    if let Err(error) = serve_one(&app, stream, &token).await {
                        tracing::warn!(%error, "a command was not answered");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a command could not connect");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve_one(app: &App, stream: TcpStream, token: &str) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = Vec::new();
    let most = app.config.import_bytes.0.saturating_mul(2).saturating_add(ENVELOPE_BYTES);
    let mut reader = BufReader::new(reader.take(most));
    tokio::time::timeout(PATIENCE, reader.read_until(b'\n', &mut line)).await??;
    let answer = match serde_json::from_slice::<Request>(&line) {
        Ok(request) if is_same(&request.token, token) => match execute(app, request.command).await {
            Ok(text) => Answer::Done(text),
            Err(problem) => Answer::Refused(problem.to_string()),
        },
        Ok(_) => Answer::Refused("the token is not this server's".to_owned()),
        Err(error) => Answer::Refused(format!("the running server does not understand the command: {error}")),
    };
    let mut bytes = serde_json::to_vec(&answer)?;
    bytes.push(b'\n');
    writer.write_all(&bytes).await
}

/// Compares without telling by its time where the two differ.
fn is_same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// Lets the server that runs on this SQLite file do the work; what it says is for the terminal.
pub async fn send(database: &Path, command: AdministrationCommand) -> Result<String, DoorError> {
    let file = std::fs::read(beside(database, "door")).map_err(DoorError::Closed)?;
    let Address { address, token } = serde_json::from_slice(&file)?;
    let line = exchange(address, &Request { token, command }).await.map_err(DoorError::Closed)?;
    match serde_json::from_slice(&line)? {
        Answer::Done(text) => Ok(text),
        Answer::Refused(problem) => Err(DoorError::Refused(problem)),
    }
}

async fn exchange(address: SocketAddr, request: &Request) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let mut bytes = serde_json::to_vec(request)?;
    bytes.push(b'\n');
    stream.write_all(&bytes).await?;
    let mut line = Vec::new();
    BufReader::new(stream).read_until(b'\n', &mut line).await?;
    Ok(line)
}

fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let _ = std::fs::remove_file(file);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(bytes)
}
