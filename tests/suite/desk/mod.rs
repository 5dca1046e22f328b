//! The desk at the terminal: lines of badges in, verdicts out, with and without a network.

mod boarding;
mod cast;
mod checks;
mod doors;
mod faults;
mod guests;
mod incidents;
mod kills;
mod stolen;
mod walk_ins;
