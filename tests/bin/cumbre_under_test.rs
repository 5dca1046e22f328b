//! The server as the suite starts it: the same program under a name that the suite can find.

use std::process::ExitCode;

fn main() -> ExitCode {
    cumbre::command_line::run()
}
