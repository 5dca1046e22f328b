//! Storage: connections, schema, readers, and the writer of commit groups.

mod backup;
mod connection;
mod counters;
mod erase;
mod erasures;
mod migrate;
mod pools;
mod presence;
#[cfg(test)]
pub mod query_plan;
pub mod schema;
mod writer;

pub use backup::{BackupError, Restored, back_up, restore};
pub use connection::{Connection, DatabaseUrl, UrlError};
pub use counters::{ROWS_VERSION, SYSTEM_SLUG, create_counter, find_made_at};
pub use erase::{TABLES_OF_EVENTS, erase_event};
pub use erasures::{Erasure, add_pending_erasures, list_erasures};
pub use migrate::{MigrateError, load_or_mint_epoch, migrate, mint_epoch};
pub use pools::{ReadError, Readers};
pub use presence::{announce_presence, keep_servers_away};
pub use writer::{GROUP_STEPS, Ledger, NotQueued, StepEnd, Work, Writer};
