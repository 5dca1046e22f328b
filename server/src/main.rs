//! The command line of Cumbre.

use std::process::ExitCode;

fn main() -> ExitCode {
    cumbre::command_line::run()
}
