//! Connections for reading, each used on a blocking thread.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use thiserror::Error;

use super::{Connection, DatabaseUrl};

/// How long a reader waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a read gave no answer.
#[derive(Debug, Error)]
pub enum ReadError {
    /// No connection was free in time.
    #[error("no connection to the database was free in time")]
    Busy,
    /// A connection could not be opened.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[from] diesel::ConnectionError),
    /// The connection broke.
    #[error("the connection to the database was lost: {0}")]
    Lost(diesel::result::Error),
    /// A query failed.
    #[error("a query failed: {0}")]
    Query(#[from] diesel::result::Error),
    /// What was to be read has been removed.
    #[error("it has been removed")]
    Removed,
    /// The blocking thread ended without an answer.
    #[error("the read was cancelled")]
    Cancelled,
}

struct Shelf {
    idle: Vec<Connection>,
    open: usize,
}

/// A bounded set of reading connections. A connection that failed is not used again.
#[derive(Clone)]
pub struct Readers {
    url: Arc<DatabaseUrl>,
    most: usize,
    shelf: Arc<(Mutex<Shelf>, Condvar)>,
}

impl Readers {
    /// A set of at most `most` connections, opened when needed.
    pub fn new(url: DatabaseUrl, most: usize) -> Self {
        let shelf = Shelf { idle: Vec::new(), open: 0 };
        Self { url: Arc::new(url), most: most.max(1), shelf: Arc::new((Mutex::new(shelf), Condvar::new())) }
    }

    /// Where the data lies.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Reads on this thread, which may block.
    pub fn read_blocking<T>(
        &self,
        read: impl FnOnce(&mut Connection) -> diesel::QueryResult<T>,
    ) -> Result<T, ReadError> {
        let mut connection = self.take()?;
        match read(&mut connection) {
            Ok(answer) => {
                self.give_back(Some(connection));
                Ok(answer)
            }
            Err(error) => {
                let is_lost = !connection.is_alive();
                drop(connection);
                self.give_back(None);
                if is_lost {
                    self.forget_idle();
                    return Err(ReadError::Lost(error));
                }
                Err(error.into())
            }
        }
    }

    /// Reads on a blocking thread.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let readers = self.clone();
        tokio::task::spawn_blocking(move || readers.read_blocking(read)).await.map_err(|_| ReadError::Cancelled)?
    }

    fn take(&self) -> Result<Connection, ReadError> {
        let (lock, freed) = &*self.shelf;
        let mut shelf = lock.lock();
        loop {
            if let Some(connection) = shelf.idle.pop() {
                return Ok(connection);
            }
            if shelf.open < self.most {
                shelf.open += 1;
                drop(shelf);
                return Connection::open(&self.url).inspect_err(|_| self.give_back(None)).map_err(Into::into);
            }
            if freed.wait_for(&mut shelf, PATIENCE).timed_out() {
                return Err(ReadError::Busy);
            }
        }
    }

    /// What broke one connection, such as a restart of the database, has most likely broken all.
    fn forget_idle(&self) {
        let mut shelf = self.shelf.0.lock();
        shelf.open -= shelf.idle.len();
        shelf.idle.clear();
    }

    fn give_back(&self, connection: Option<Connection>) {
        let (lock, freed) = &*self.shelf;
        let mut shelf = lock.lock();
        match connection {
            Some(connection) => shelf.idle.push(connection),
            None => shelf.open -= 1,
        }
        freed.notify_one();
    }
}
