//! Sync: from the change log to the device.

mod actors;
pub mod change_log;
pub mod compaction;
pub mod desks;
pub mod exchange;
pub mod feed;
pub mod grants;
mod held_back;
pub mod history;
pub mod holdings;
pub mod http;
mod ledger;
pub mod live;
pub mod mutations;
pub mod pace;
pub mod page;
pub mod projection;
pub mod public;
pub mod reprojection;
mod rosters;
pub mod row;
pub mod scope_log;
mod seal;
mod seal_rights;
mod sight;
mod submit;
mod tellings;
pub mod upkeep;
mod upload;

pub use ledger::{ChangeLog, SYSTEM};
pub use submit::{Committed, WriteError};

/// The writer of commit groups of all events.
pub type EventWriter = crate::database::Writer<ChangeLog>;
