//! One connection to either database, and the macro that runs one query on both.

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection, QueryResult, SqliteConnection};
use thiserror::Error;

use crate::private_file::open_private;

/// What SQLite takes for a database without a file.
const IN_MEMORY: &str = ":memory:";

/// Where the data lies, from DATABASE_URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DatabaseUrl {
    /// `sqlite:<path>`: a file.
    Sqlite(std::path::PathBuf),
    /// `postgres://…` or `postgresql://…`.
    Postgres(String),
}

/// A DATABASE_URL that is not understood. It never repeats the URL, which may hold a password.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum UrlError {
    /// The scheme is none of ours.
    #[error("DATABASE_URL has the scheme `{0}`; use sqlite:<path> or postgres://<host>/<database>")]
    UnknownScheme(String),
    /// It names a database that is gone with its first connection.
    #[error("DATABASE_URL names a database in memory, of which nothing stays; use sqlite:<path>")]
    InMemory,
    /// There is no scheme, or nothing behind it.
    #[error("DATABASE_URL is not of the form sqlite:<path> or postgres://<host>/<database>")]
    Malformed,
}

impl std::str::FromStr for DatabaseUrl {
    type Err = UrlError;
    fn from_str(url: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = url.split_once(':').ok_or(UrlError::Malformed)?;
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() || path.contains('\0') {
                    return Err(UrlError::Malformed);
                }
                if path == IN_MEMORY {
                    return Err(UrlError::InMemory);
                }
                Ok(Self::Sqlite(path.into()))
            }
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(url.to_owned())),
            "postgres" | "postgresql" => Err(UrlError::Malformed),
            other => Err(UrlError::UnknownScheme(other.to_owned())),
        }
    }
}

/// A connection to either database.
#[allow(missing_docs)]
pub enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// Runs one body on the concrete connection inside: `on!(conn, |c| diesel::…(c))`.
#[macro_export]
macro_rules! on {
    ($connection:expr, |$c:ident| $body:expr) => {
        match $connection {
            $crate::database::Connection::Sqlite(connection) => {
                let $c: &mut diesel::SqliteConnection = &mut *connection;
                $body
            }
            $crate::database::Connection::Postgres(connection) => {
                let $c: &mut diesel::PgConnection = &mut *connection;
                $body
            }
        }
    };
}

/// What every SQLite connection is set to: durable commits, and no waiting without end.
const SQLITE_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000;";

impl Connection {
    /// Opens a connection. An SQLite file is made where there is none.
    pub fn open(url: &DatabaseUrl) -> Result<Self, diesel::ConnectionError> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                // SQLite would make it for everybody to read. What is wrong with the place it says better.
                if path.as_os_str() != IN_MEMORY {
                    let _ = open_private(path);
                }
                let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
                connection
                    .batch_execute(SQLITE_SETTINGS)
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(Self::Sqlite(Box::new(connection)))
            }
            DatabaseUrl::Postgres(url) => Ok(Self::Postgres(Box::new(PgConnection::establish(url)?))),
        }
    }

    /// Runs statements without parameters.
    pub fn execute(&mut self, sql: &str) -> QueryResult<()> {
        on!(self, |c| c.batch_execute(sql))
    }

    /// Whether the other end still answers. To be asked after an error, outside a transaction.
    pub fn is_alive(&mut self) -> bool {
        self.execute("SELECT 1").is_ok()
    }

    /// Begins a transaction that will write.
    pub fn begin_write(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(_) => self.execute("BEGIN IMMEDIATE"),
            Self::Postgres(_) => self.execute("BEGIN ISOLATION LEVEL READ COMMITTED"),
        }
    }

    /// Begins a transaction whose reads all see one moment.
    pub fn begin_read(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(_) => self.execute("BEGIN"),
            Self::Postgres(_) => self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }

    /// Reads several things of one moment: the transaction ends after `read`, whatever it answers.
    pub fn at_one_moment<T>(&mut self, read: impl FnOnce(&mut Self) -> QueryResult<T>) -> QueryResult<T> {
        self.begin_read()?;
        let answer = read(self);
        let ended = self.execute(if answer.is_ok() { "COMMIT" } else { "ROLLBACK" });
        let answer = answer?;
        ended.map(|()| answer)
    }
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;
    use diesel::dsl::sql;
    use diesel::sql_types::Bool;

    use super::*;

    #[test]
    fn urls_name_one_of_two_databases() {
        assert_eq!("sqlite:data/a.sqlite3".parse(), Ok(DatabaseUrl::Sqlite("data/a.sqlite3".into())));
        assert_eq!("sqlite:///a.sqlite3".parse(), Ok(DatabaseUrl::Sqlite("/a.sqlite3".into())));
        assert!(matches!("postgres://h/d".parse(), Ok(DatabaseUrl::Postgres(_))));
        assert_eq!("mysql://h/d".parse::<DatabaseUrl>(), Err(UrlError::UnknownScheme("mysql".into())));
        assert_eq!("nonsense".parse::<DatabaseUrl>(), Err(UrlError::Malformed));
        assert_eq!("sqlite::memory:".parse::<DatabaseUrl>(), Err(UrlError::InMemory));
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_a_database() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data.sqlite3");
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(file.clone())).unwrap();
        connection.execute("CREATE TABLE keys (key TEXT)").unwrap();
        for ending in ["", "-wal", "-shm"] {
            let name = format!("{}{ending}", file.display());
            assert_eq!(std::fs::metadata(&name).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn sqlite_plans_a_prepared_statement_once() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let used = sql::<Bool>("sqlite_compileoption_used('ENABLE_QPSG')");
        assert!(diesel::select(used).get_result::<bool>(&mut connection).unwrap());
    }
}
