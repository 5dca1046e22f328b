//! Instructions under callgrind, for machines that show no counters of their own, as most virtual ones do. What runs
//! there is many times slower, so that fewer requests are sent.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use bytes::Bytes;

use crate::child::Role;
use crate::{Failure, Folder, load};

/// Requests that are counted. What the server does by the clock is a hundredth of what they take.
const COUNT: usize = 1_000;

/// A server under callgrind.
pub struct Watched {
    /// The server.
    pub role: Role,
    dumps: PathBuf,
    dump_count: usize,
}

impl Watched {
    /// Whether the machine has it.
    pub fn is_there() -> bool {
        let asked = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    }

    /// Starts the server of a folder that was filled before.
    pub fn start(folder: &Folder, name: &str, scene: [&str; 2]) -> Result<Self, Failure> {
        let dumps = folder.join(&format!("{name}.callgrind"));
        let watcher = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--quiet"].map(str::to_owned);
        let watcher = [&watcher[..], &[format!("--callgrind-out-file={dumps}")]].concat();
        let role = Role::start_inside(&watcher, &["role", "serve", &folder.join(name), scene[0], scene[1]])?;
        Ok(Self { role, dumps: dumps.into(), dump_count: 0 })
    }

    /// What one of these requests takes.
    pub async fn instructions_of(&mut self, request: Bytes) -> Result<f64, Failure> {
        let request = [request];
        load::closed_loop(self.role.address, &request, COUNT / 10).await?;
        self.control("--instr=on")?;
        load::closed_loop(self.role.address, &request, COUNT).await?;
        self.control("--dump")?;
        self.control("--instr=off")?;
        self.dump_count += 1;
        let dump = std::fs::read_to_string(self.dumps.with_extension(format!("callgrind.{}", self.dump_count)))?;
        let total = dump.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("callgrind tells no total")?;
        Ok(total.trim().parse::<f64>()? / COUNT as f64)
    }

    fn control(&self, order: &str) -> Result<(), Failure> {
        let mut command = Command::new("callgrind_control");
        command.args([order, &self.role.pid().to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status()?;
        if status.success() { Ok(()) } else { Err(format!("callgrind does not obey {order}").into()) }
    }
}
