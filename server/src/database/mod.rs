//! Storage: connections, schema, readers, and the writer of commit groups.

mod connection;
mod migrate;
mod pools;
pub mod schema;

pub use connection::{Connection, DatabaseUrl, UrlError};
pub use migrate::{MigrateError, load_or_mint_epoch, migrate};
pub use pools::{ReadError, Readers};
