//! What this binary does when the benchmark starts it as one of the measured processes.

pub mod bare;
pub mod control;
pub mod phones;
pub mod pushing;
pub mod serve;
pub mod services;
pub mod statements;
