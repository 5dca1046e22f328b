//! What every request may use: built once, by the command line and by tests.

mod lock;
mod running;
mod stop;

use std::sync::Arc;

use shared::sync::Epoch;
use thiserror::Error;

pub use lock::{DatabaseLock, LockError};
pub use running::{Running, start};
pub use stop::StopSignal;

use crate::clock::Clock;
use crate::config::Config;
use crate::database::{self, Connection, DatabaseUrl, MigrateError, Readers};
use crate::middleware::RateLimits;

/// Why a server does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database's file is another server's, or cannot be locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The folder of the database cannot be made.
    #[error("the folder {0} cannot be made: {1}")]
    Folder(String, std::io::Error),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Open(#[from] diesel::ConnectionError),
    /// The database cannot be brought to this binary's schema.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A first query failed.
    #[error("the database does not answer: {0}")]
    Query(#[from] diesel::result::Error),
}

/// What every request may use. Clones are cheap and share everything.
#[derive(Clone)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database's epoch.
    pub epoch: Epoch,
    /// Connections for reading.
    pub readers: Readers,
    /// Recent requests by token.
    pub rate_limits: Arc<RateLimits>,
    /// Whether the server is to stop.
    pub stop: StopSignal,
    /// Held for the process's life; none on PostgreSQL.
    _lock: Option<Arc<DatabaseLock>>,
}

impl App {
    /// Opens the database: makes the folder of an SQLite file and locks it, migrates, and mints an
    /// epoch where there is none. Blocks.
    pub fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        let url = config.database_url.0.clone();
        let lock = match &url {
            DatabaseUrl::Sqlite(path) => {
                make_folder_of(path)?;
                Some(Arc::new(DatabaseLock::take(path)?))
            }
            DatabaseUrl::Postgres(_) => None,
        };
        let mut connection = Connection::open(&url)?;
        database::migrate(&mut connection)?;
        let epoch = database::load_or_mint_epoch(&mut connection, Epoch(rand::random()), clock.now())?;
        Ok(Self {
            epoch,
            readers: Readers::new(url, config.readers),
            rate_limits: Arc::new(RateLimits::new(&config)),
            stop: StopSignal::default(),
            _lock: lock,
            config: Arc::new(config),
            clock,
        })
    }

    /// Whether people reach the server by TLS.
    pub fn is_reached_by_tls(&self) -> bool {
        self.config.public_url.0.as_ref().is_some_and(|url| url.is_https())
    }
}

fn make_folder_of(file: &std::path::Path) -> Result<(), StartError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|error| StartError::Folder(folder.display().to_string(), error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
