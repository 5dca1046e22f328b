//! What a request costs a process: CPU and instructions, beside what its sender waited.

use bytes::Bytes;

use crate::Failure;
use crate::child::{InstructionCount, Role};
use crate::load;

/// Rounds, of which the median counts.
const ROUNDS: usize = 5;

/// What is sent, to whom.
pub struct Work<'a> {
    /// The process.
    pub role: &'a Role,
    /// Its address, or that of its framed constant.
    pub address: std::net::SocketAddr,
    /// Requests, taken in turn.
    pub requests: &'a [Bytes],
}

impl<'a> Work<'a> {
    /// Requests to a process's own address.
    pub fn new(role: &'a Role, requests: &'a [Bytes]) -> Self {
        Self { role, address: role.address, requests }
    }
}

/// What one request costs, in the median of some rounds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// CPU of the process, user and kernel, in microseconds.
    pub cpu_us: f64,
    /// Instructions in user mode, where they can be counted.
    pub instructions: Option<f64>,
}

/// Measures several works in turn, round by round, `count` requests each.
pub async fn compare(works: &[Work<'_>], count: usize) -> Result<Vec<Cost>, Failure> {
    for work in works {
        load::closed_loop(work.address, work.requests, count / 10).await?;
    }
    let mut cpu = vec![Vec::new(); works.len()];
    for _ in 0..ROUNDS {
        for (work, cpu) in works.iter().zip(&mut cpu) {
            cpu.push(cpu_of(work, count).await?);
        }
    }
    let mut costs = Vec::new();
    for (work, cpu) in works.iter().zip(cpu) {
        costs.push(Cost { cpu_us: median(cpu), instructions: instructions_of(work, count).await? });
    }
    Ok(costs)
}

async fn cpu_of(work: &Work<'_>, count: usize) -> Result<f64, Failure> {
    let before = work.role.cpu_us()?;
    load::closed_loop(work.address, work.requests, count).await?;
    Ok((work.role.cpu_us()? - before) / count as f64)
}

/// User-mode instructions of one request.
pub async fn instructions_of(work: &Work<'_>, count: usize) -> Result<Option<f64>, Failure> {
    let Some(counter) = InstructionCount::start(work.role.pid()).await else { return Ok(None) };
    load::closed_loop(work.address, work.requests, count).await?;
    Ok(counter.stop().map(|instructions| instructions / count as f64))
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
