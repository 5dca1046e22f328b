//! Checkpoints: checks, scans, who was let in, and what is odd about it. What decides is in
//! `shared::admission`.

mod asked;
mod authority;
mod checks;
mod command;
mod consequences;
mod derivation;
mod export;
mod held;
pub mod http;
mod incidents;
mod known;
mod late;
mod moves;
mod recording;
mod reports;
mod rows;
mod store;

pub use asked::Asked;
pub use checks::{Answer, check};
pub use command::{Command, may_record, parse_mutation, run};
pub use consequences::draw;
pub use derivation::follow_rosters;
pub use http::receipt;
pub use incidents::may_resolve;
pub use known::Shown;
pub use late::{is_late, keep_late};
pub use recording::{Outcome, forget, keep_oddity};
pub use store::is_guest_of;
