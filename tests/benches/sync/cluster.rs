//! A PostgreSQL cluster of the benchmark's own, whose flushes can be slowed down.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

/// A running cluster; it is stopped when this is dropped, and lies in the benchmark's folder.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes one in `folder` and starts it with `preload` before libc.
    ///
    /// # Errors
    ///
    /// PostgreSQL is not installed, or does not start.
    pub fn start(folder: &Path, preload: Option<&Path>) -> Result<Self, Failure> {
        let programs = find_programs().ok_or("PostgreSQL is not installed")?;
        std::fs::create_dir_all(folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Self { programs, folder: folder.to_owned(), port };
        cluster.give_to_owner()?;
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "cumbre", "-A", "trust", "-E", "UTF8", "--no-sync"], None)?;
        let options = format!("-h 127.0.0.1 -p {port} -k {} -c max_connections=60", folder.display());
        cluster.run("pg_ctl", &["-D", &data, "-w", "-l", &cluster.log(), "-o", &options, "start"], preload)?;
        Ok(cluster)
    }

    /// The URL of its database.
    pub fn url(&self) -> String {
        format!("postgres://cumbre@127.0.0.1:{}/postgres", self.port)
    }

    /// CPU time of all its processes so far, also of those that ended, user and kernel, in microseconds.
    ///
    /// # Errors
    ///
    /// It does not run, or the kernel does not say.
    pub fn cpu_us(&self) -> Result<f64, Failure> {
        let text = std::fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let first: u32 = text.lines().next().ok_or("the cluster's file has no process")?.trim().parse()?;
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        let ended = ticks_of(first, 4)?;
        // One that ends between the two readings is counted with the ended ones next time.
        let running: f64 = children.split_whitespace().filter_map(|pid| ticks_of(pid.parse().ok()?, 2).ok()).sum();
        Ok((ended + running) * 10_000.0)
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn log(&self) -> String {
        self.folder.join("log").display().to_string()
    }

    /// PostgreSQL does not run as root: then it is the user `postgres`.
    fn give_to_owner(&self) -> Result<(), Failure> {
        if is_root() {
            run(Command::new("chown").arg("postgres:").arg(&self.folder))?;
        }
        Ok(())
    }

    fn run(&self, program: &str, arguments: &[&str], preload: Option<&Path>) -> Result<(), Failure> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg("env");
            command
        } else {
            Command::new("env")
        };
        if let Some(preload) = preload {
            command.arg(format!("LD_PRELOAD={}", preload.display()));
        }
        run(command.arg(program).args(arguments).current_dir("/"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"], None);
    }
}

/// The first `count` of a process's own user and kernel time and those of its children that ended, together, in
/// steps of 10 ms.
fn ticks_of(pid: u32, count: usize) -> Result<f64, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    Ok(fields.skip(11).take(count).filter_map(|field| field.parse::<f64>().ok()).sum())
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0)
}

/// The folder of the newest `initdb`: Debian keeps each version apart.
fn find_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    folders.splice(0..0, std::env::split_paths(&on_path));
    folders.into_iter().rev().find(|folder| folder.join("initdb").exists())
}
