//! The replica's store on SQLite: one file holds one event for one device.

mod fault;
mod records;
mod rows;
mod schema;
mod transaction;

#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use shared::replica::{ReplicaError, ReplicaStore, ReplicaTransaction};

use fault::Fault;
pub use rows::NewerRow;
use transaction::SqliteTransaction;

/// A commit is on the disk before the device answers the person, and a reader never waits.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA cache_size = -8000;";

/// The replica's store in an SQLite file.
pub struct SqliteStore {
    connection: SqliteConnection,
}

#[derive(QueryableByName)]
struct UserVersion {
    #[diesel(sql_type = BigInt)]
    user_version: i64,
}

impl SqliteStore {
    /// Opens the file, and makes it where there is none; only its owner may read it, for it holds
    /// tokens. Fails on a file of a newer version and on one that is no such store.
    pub fn open(path: &Path) -> Result<Self, ReplicaError> {
        let failed = |error: &dyn Display| ReplicaError::Store(format!("{}: {error}", path.display()));
        make_private(path).map_err(|error| failed(&error))?;
        let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| failed(&error))?;
        prepare(&mut connection).map_err(|fault| failed(&ReplicaError::from(fault)))?;
        Ok(Self { connection })
    }

    /// A setting kept beside the replica.
    pub fn find_setting(&mut self, name: &str) -> Result<Option<String>, ReplicaError> {
        use schema::settings::dsl;
        let found = dsl::settings.find(name).select(dsl::value).first(&mut self.connection).optional();
        Ok(found.map_err(Fault::from)?)
    }

    /// Stores settings beside the replica, all or none of them.
    pub fn put_settings(&mut self, settings: &[(&str, &str)]) -> Result<(), ReplicaError> {
        use schema::settings::dsl;
        let rows: Vec<_> = settings.iter().map(|(name, value)| (dsl::name.eq(name), dsl::value.eq(value))).collect();
        diesel::replace_into(dsl::settings).values(&rows).execute(&mut self.connection).map_err(Fault::from)?;
        Ok(())
    }
}

impl ReplicaStore for SqliteStore {
    fn transact<R>(
        &mut self,
        step: impl FnOnce(&mut dyn ReplicaTransaction) -> Result<R, ReplicaError>,
    ) -> Result<R, ReplicaError> {
        let result =
            self.connection.immediate_transaction(|conn| step(&mut SqliteTransaction { conn }).map_err(Fault::Replica));
        Ok(result?)
    }
}

fn prepare(connection: &mut SqliteConnection) -> Result<(), Fault> {
    connection.batch_execute(SETTINGS)?;
    connection.immediate_transaction(|conn| {
        let found: UserVersion = diesel::sql_query("PRAGMA user_version").get_result(conn)?;
        match found.user_version {
            0 => Ok(conn.batch_execute(schema::CREATE)?),
            1 => {
                conn.batch_execute(schema::FROM_VERSION_1)?;
                Ok(conn.batch_execute(schema::FROM_VERSION_2)?)
            }
            2 => Ok(conn.batch_execute(schema::FROM_VERSION_2)?),
            schema::VERSION => Ok(()),
            newer => Err(Fault::Replica(ReplicaError::Store(format!("its version {newer} is not known here")))),
        }
    })
}

/// Makes the file if it is missing, for its owner alone, before anything is written into it.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
