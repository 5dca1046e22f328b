//! `cumbre epoch`.

use super::{CommandError, say};
use crate::app::{DatabaseLock, LockError, StartError};
use crate::config::Config;
use crate::database::{self, Connection, DatabaseUrl};

/// Mints a new epoch. No server may run: each has the old one in memory.
pub(super) fn run(config: Config) -> Result<(), CommandError> {
    let url = config.database_url.0;
    let _lock = take_lock(&url)?;
    let mut connection = Connection::open(&url).map_err(StartError::from)?;
    if let Connection::Postgres(connection) = &mut connection
        && !database::keep_servers_away(connection).map_err(StartError::from)?
    {
        let detail = "servers run on this database and have its epoch in memory; stop them all first";
        return Err(CommandError::Refused(detail.to_owned()));
    }
    database::migrate(&mut connection).map_err(StartError::from)?;
    let clock = crate::clock::Clock::system();
    let minted = shared::sync::Epoch(rand::random());
    let epoch = database::mint_epoch(&mut connection, minted, clock.now()).map_err(StartError::from)?;
    say(format_args!("The new epoch is {epoch}. Every device takes its scopes anew at its next exchange."))
}

/// The lock of an SQLite file, so that no server has it in memory meanwhile.
pub(super) fn take_lock(url: &DatabaseUrl) -> Result<Option<DatabaseLock>, LockError> {
    match url {
        DatabaseUrl::Sqlite(path) => DatabaseLock::take(path).map(Some),
        DatabaseUrl::Postgres(_) => Ok(None),
    }
}
