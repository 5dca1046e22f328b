//! What every request may use: built once, by the command line and by tests.

mod lock;
mod repeat;
mod running;
mod stop;

use std::sync::Arc;
use std::time::Duration;

use shared::sync::Epoch;
use thiserror::Error;

pub use lock::{DatabaseLock, LockError, beside};
pub use repeat::repeat;
pub use running::{Running, start};
pub use stop::StopSignal;

use crate::badges::PrintingPress;
use crate::clock::Clock;
use crate::config::Config;
use crate::consequences::AllDomains;
use crate::database::{self, Connection, DatabaseUrl, MigrateError, ReadError, Readers};
use crate::identity::{self, Identity, IdentitySettings, Stores};
use crate::mailer::{MailError, MailSettings, Mailer};
use crate::middleware::RateLimits;
use crate::notify::push::{self, Providers, PushSettingsError};
use crate::sync::desks::Desks;
use crate::sync::exchange::SyncSettings;
use crate::sync::feed::{Announcer, Events, Tail};
use crate::sync::holdings::Holdings;
use crate::sync::live::LiveCount;
use crate::sync::pace::Pace;
use crate::sync::public::PublicAnswers;
use crate::sync::{ChangeLog, EventWriter};
use crate::telemetry;

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
    /// The events cannot be read.
    #[error("the events cannot be read: {0}")]
    Read(#[from] ReadError),
    /// The settings for mail cannot be used.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The settings for pushes cannot be used.
    #[error(transparent)]
    Push(#[from] PushSettingsError),
    /// Keys cannot be loaded.
    #[error(transparent)]
    Identity(#[from] identity::StartError),
    /// The machine gives no threads.
    #[error("no thread can be started: {0}")]
    Threads(#[from] std::io::Error),
    /// The runtime ended meanwhile.
    #[error("the start was cancelled")]
    Cancelled,
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
    /// What writes, in commit groups.
    pub writer: EventWriter,
    /// Every event's newest commits and rights, in memory.
    pub events: Arc<Events>,
    /// What sends mail.
    pub mailer: Arc<Mailer>,
    /// What sends pushes.
    pub push: Arc<Providers>,
    /// Who signs in.
    pub identity: Arc<Identity>,
    /// Follows what other nodes commit; none on SQLite, where there are no others.
    pub tail: Option<Arc<Tail>>,
    /// Bounds of exchanges and live streams.
    pub sync_settings: Arc<SyncSettings>,
    /// How many devices were reset lately.
    pub pace: Arc<Pace>,
    /// What enrolled devices last said of themselves.
    pub desks: Arc<Desks>,
    /// What devices say they hold of what people are told.
    pub holdings: Arc<Holdings>,
    /// How many live streams are open.
    pub live_count: LiveCount,
    /// Compressed answers of the public scope.
    pub public_answers: PublicAnswers,
    /// Recent requests by who makes them.
    pub rate_limits: Arc<RateLimits>,
    /// What prints badges.
    pub press: Arc<PrintingPress>,
    /// Whether the server is to stop.
    pub stop: StopSignal,
    /// Held for the process's life; none on PostgreSQL.
    lock: Option<Arc<DatabaseLock>>,
}

impl App {
    /// Opens the database: makes the folder of an SQLite file and locks it, migrates, mints an epoch
    /// where there is none, and reads every event's head.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        let opening = tokio::task::spawn_blocking(move || Self::open_blocking(config, clock));
        opening.await.map_err(|_| StartError::Cancelled)?
    }

    fn open_blocking(config: Config, clock: Clock) -> Result<Self, StartError> {
        telemetry::collect_metrics();
        let url = config.database_url.0.clone();
        let lock = lock(&url)?;
        let mut connection = Connection::open(&url)?;
        database::migrate(&mut connection)?;
        let epoch = database::load_or_mint_epoch(&mut connection, Epoch(rand::random()), clock.now())?;
        let readers = Readers::new(url.clone(), config.readers);
        let events = Arc::new(Events::load(readers.clone(), clock.clone(), epoch, config.feed_bytes.as_usize())?);
        let announcer = Announcer::start(&url)?;
        let consequences = Box::new(AllDomains);
        let change_log = Arc::new(ChangeLog::new(Arc::clone(&events), clock.clone(), announcer, consequences));
        let writer = EventWriter::start(&url, &change_log)?;
        let mailer = Arc::new(Mailer::new(&MailSettings::of_config(&config))?);
        let push = Arc::new(Providers::open(&config, &push::load_or_mint_key(&mut connection, &push::mint_key())?)?);
        let stores = Stores { readers: readers.clone(), writer: writer.clone(), mailer: Arc::clone(&mailer) };
        let settings = IdentitySettings::of_config(&config);
        let identity = Arc::new(Identity::open(settings, clock.clone(), stores, &mut connection)?);
        let has_other_nodes = matches!(url, DatabaseUrl::Postgres(_));
        Ok(Self {
            epoch,
            readers,
            writer,
            mailer,
            push,
            identity,
            tail: has_other_nodes.then(|| Arc::new(Tail::new(Arc::clone(&events)))),
            events,
            sync_settings: Arc::new(sync_settings(&config)),
            pace: Arc::default(),
            desks: Arc::default(),
            holdings: Arc::default(),
            live_count: LiveCount::default(),
            public_answers: PublicAnswers::default(),
            rate_limits: Arc::new(RateLimits::new(&config)),
            press: Arc::new(PrintingPress::of_config(&config)),
            stop: StopSignal::default(),
            lock,
            config: Arc::new(config),
            clock,
        })
    }

    /// Whether people reach the server by TLS.
    pub fn is_reached_by_tls(&self) -> bool {
        self.config.public_url.0.as_ref().is_some_and(|url| url.is_https())
    }
}

fn sync_settings(config: &Config) -> SyncSettings {
    SyncSettings {
        page_rows: config.exchange_changes,
        keep_alive: Duration::from_secs(config.live_keep_alive_s.max(1)),
        life_s: config.live_close_after_s..=config.live_close_before_s.max(config.live_close_after_s),
        live_connections: config.live_connections,
    }
}

/// The lock of an SQLite file, whose folder is made if need be. PostgreSQL has room for several nodes.
fn lock(url: &DatabaseUrl) -> Result<Option<Arc<DatabaseLock>>, StartError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            make_folder_of(path)?;
            Ok(Some(Arc::new(DatabaseLock::take(path)?)))
        }
        DatabaseUrl::Postgres(_) => Ok(None),
    }
}

/// A folder that is made here is its owner's alone: the database holds signing keys.
fn make_folder_of(file: &std::path::Path) -> Result<(), StartError> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StartError::Folder(folder.display().to_string(), error))
}

#[cfg(test)]
mod tests;
