//! Sync: from the change log to the device.

pub mod change_log;
pub mod feed;
mod ledger;
pub mod page;
pub mod projection;
pub mod row;
pub mod scope_log;
mod seal;
mod submit;

pub use ledger::{ChangeLog, SYSTEM};
pub use submit::{Committed, WriteError};

/// The writer of commit groups of all events.
pub type EventWriter = crate::database::Writer<ChangeLog>;
