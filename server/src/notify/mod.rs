//! What people are told: their inbox, what goes out to many at once, and the pushes and mails that follow.

pub mod approval;
mod backoff;
pub mod dispatches;
pub mod held;
pub mod http;
pub mod inbox;
pub mod mail;
mod operations;
pub mod push;
pub mod reminders;
mod sight;
mod store;
mod telling;
mod words;
mod work;

pub use operations::{Command, parse_mutation, run};
pub use sight::hide_unseen;
pub use store::{list_notices_by_id, put_notices};
pub use work::{run as run_work, run_due, write_holdings};
