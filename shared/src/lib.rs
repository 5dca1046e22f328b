//! Wire types and pure rules of Cumbre: no I/O, no clock, no async, no database.
//!
//! The server, the devices and the suite use the same types, so a rule is written once.

pub mod admission;
pub mod audience;
pub mod badge;
pub mod duty;
pub mod handover;
pub mod ids;
pub mod invitation;
pub mod localised;
pub mod notice;
pub mod object;
pub mod problem_code;
pub mod programme;
pub mod reading;
pub mod registration;
pub mod replica;
pub mod roster;
pub mod signup;
pub mod sync;
pub mod time;
mod worded;
