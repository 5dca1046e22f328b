//! The server as a process of its own, which can be killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::oneshot;

use super::database::Database;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cumbre-under-test");

/// The program with a database's settings and nothing else of this process's environment.
pub fn command(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().envs(database.settings()).stdin(Stdio::null());
    // Where nothing listens: what is guarded asks no proxy, which would go wherever a name leads.
    command.env("HTTPS_PROXY", "http://127.0.0.1:9").env("HTTP_PROXY", "http://127.0.0.1:9");
    command
}

/// Runs a command to its end.
pub fn run(database: &Database, arguments: &[&str]) -> Output {
    command(database, arguments).output().unwrap()
}

/// A running server.
pub struct Process {
    child: Child,
    /// Its URL, without a slash at its end.
    pub base: String,
    log: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts a server and waits until it says where it listens.
    pub async fn serve(database: &Database) -> Self {
        let mut child = spawn(database);
        let (sender, address) = oneshot::channel();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()), Arc::clone(&log));
        let reader = std::thread::spawn(move || {
            let mut sender = Some(sender);
            for line in lines.lines().map_while(Result::ok) {
                if let Some(address) = find_address(&line)
                    && let Some(sender) = sender.take()
                {
                    let _ = sender.send(address);
                }
                kept.lock().push(line);
            }
        });
        let Ok(address) = address.await else { panic!("the server did not start: {:#?}", log.lock()) };
        Self { child, base: format!("http://{address}"), log, reader: Some(reader) }
    }

    /// Starts a server and kills it before anybody knows how far it came.
    pub fn kill_at_birth(database: &Database) {
        let mut child = spawn(database);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as `kill` does; to be waited for by [`Self::wait`].
    pub fn ask_to_stop(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end: the exit code and what it logged.
    pub async fn wait(mut self) -> (Option<i32>, Vec<String>) {
        let waiting = move || {
            let code = self.child.wait().unwrap().code();
            self.reader.take().unwrap().join().unwrap();
            (code, std::mem::take(&mut *self.log.lock()))
        };
        tokio::task::spawn_blocking(waiting).await.unwrap()
    }

    /// Stops it in good order, which it must.
    pub async fn stop(self) {
        self.ask_to_stop();
        let (code, log) = self.wait().await;
        assert_eq!(code, Some(0), "{log:#?}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(database: &Database) -> Child {
    command(database, &["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn find_address(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    (line["message"] == "serving").then(|| line["address"].as_str().map(str::to_owned))?
}
