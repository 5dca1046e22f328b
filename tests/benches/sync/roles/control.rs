//! Lines by which the benchmark tells a measured process what to do.

use std::io::{BufRead, Write};

use tokio::sync::mpsc;

use crate::Failure;

/// Says something to the benchmark, as one line.
pub fn say(line: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    Ok(output.flush()?)
}

/// The lines that the benchmark sends; they end when it lets the process go.
pub fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let lines = std::io::stdin().lock().lines();
        lines.map_while(Result::ok).all(|line| sender.send(line).is_ok())
    });
    receiver
}

/// The word of a line at `at` as a number; 0 where there is none.
pub fn number(line: &str, at: usize) -> u64 {
    line.split_whitespace().nth(at).and_then(|word| word.parse().ok()).unwrap_or(0)
}
