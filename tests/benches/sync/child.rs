//! Processes that are measured: started by the benchmark, told what to do by lines, and watched
//! from outside, so that the load generator's own time is in no figure.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// A process of this binary in one of its roles.
pub struct Role {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where a second, framed constant is answered, if it does so.
    pub framed: Option<SocketAddr>,
    /// From its start to its first line, which says that it is ready.
    pub ready_in: Duration,
}

impl Role {
    /// Starts a role and waits until it listens.
    pub fn start(arguments: &[&str]) -> Result<Self, Failure> {
        Self::start_with(arguments, &[])
    }

    /// The same with variables in its environment.
    pub fn start_with(arguments: &[&str], environment: &[(&str, &Path)]) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).envs(environment.iter().copied());
        Self::spawn(command, arguments)
    }

    /// The same inside a program that watches it.
    pub fn start_inside(watcher: &[String], arguments: &[&str]) -> Result<Self, Failure> {
        let (program, options) = watcher.split_first().ok_or("no program")?;
        let mut command = Command::new(program);
        command.args(options).arg(std::env::current_exe()?).args(arguments);
        Self::spawn(command, arguments)
    }

    fn spawn(mut command: Command, arguments: &[&str]) -> Result<Self, Failure> {
        let began = Instant::now();
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().ok_or("the process has no output")?);
        let line = read_line(&mut output)?;
        let mut words = line.split_whitespace();
        let address = words.next().ok_or_else(|| format!("{arguments:?} did not start"))?.parse()?;
        let framed = words.next().map(str::parse).transpose()?;
        Ok(Self { process, input, output, address, framed, ready_in: began.elapsed() })
    }

    /// Tells it something and reads its answer, a line each.
    pub fn ask(&mut self, line: &str) -> Result<String, Failure> {
        let input = self.input.as_mut().ok_or("the process was told to stop")?;
        writeln!(input, "{line}")?;
        input.flush()?;
        read_line(&mut self.output)
    }

    /// The same where the answer is a count.
    pub fn count(&mut self, line: &str) -> Result<u64, Failure> {
        Ok(self.ask(line)?.parse()?)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// CPU time of all its threads so far, user and kernel, in microseconds; the kernel counts in
    /// steps of 10 ms.
    pub fn cpu_us(&self) -> Result<f64, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()))?;
        // The name in parentheses may hold anything, so that fields are counted from behind it.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks: f64 =
            fields.get(11).ok_or("no utime")?.parse::<f64>()? + fields.get(12).ok_or("no stime")?.parse::<f64>()?;
        Ok(ticks * 10_000.0)
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> Result<u64, Failure> {
        self.memory_kib("VmRSS:")
    }

    /// The most that was ever resident, in KiB.
    pub fn peak_kib(&self) -> Result<u64, Failure> {
        self.memory_kib("VmHWM:")
    }

    fn memory_kib(&self, name: &str) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("the kernel does not say")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

fn read_line(output: &mut BufReader<ChildStdout>) -> Result<String, Failure> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Counts the instructions of a process in user mode with `perf`, where the machine lets it.
pub struct InstructionCount(Child);

impl InstructionCount {
    /// Begins to count.
    pub async fn start(pid: u32) -> Option<Self> {
        let mut command = Command::new("perf");
        command.args(["stat", "-x,", "-e", "instructions:u", "-p", &pid.to_string()]);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()?;
        // perf does not say when it has attached itself.
        tokio::time::sleep(Duration::from_millis(500)).await;
        Some(Self(process))
    }

    /// The count so far.
    pub fn stop(self) -> Option<f64> {
        let interrupted = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().ok()?;
        let output = self.0.wait_with_output().ok().filter(|_| interrupted.success())?;
        let text = String::from_utf8(output.stderr).ok()?;
        let line = text.lines().find(|line| line.contains("instructions"))?;
        line.split(',').next()?.parse().ok()
    }
}
