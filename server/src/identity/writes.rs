//! Writing to the database on behalf of identity.

use std::sync::Arc;

use diesel::QueryResult;
use parking_lot::Mutex;

use super::IdentityError;
use crate::database::{Connection, DatabaseUrl};

/// A connection for writing, used by one at a time on a blocking thread.
#[derive(Clone)]
pub struct Writes {
    url: Arc<DatabaseUrl>,
    connection: Arc<Mutex<Option<Connection>>>,
}

impl Writes {
    /// Writes to this database.
    pub fn new(url: DatabaseUrl) -> Self {
        Self { url: Arc::new(url), connection: Arc::default() }
    }

    /// Runs `write` in a transaction.
    pub async fn run<T: Send + 'static>(
        &self,
        write: impl FnMut(&mut Connection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let writes = self.clone();
        let written = tokio::task::spawn_blocking(move || writes.run_blocking(write)).await;
        written.unwrap_or_else(|error| Err(IdentityError::Unavailable(error.to_string())))
    }

    fn run_blocking<T>(&self, mut write: impl FnMut(&mut Connection) -> QueryResult<T>) -> Result<T, IdentityError> {
        let mut kept = self.connection.lock();
        // Taken out: a connection on which anything failed is not used again.
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(&self.url).map_err(|error| IdentityError::Unavailable(error.to_string()))?,
        };
        let written = connection
            .begin_write()
            .and_then(|()| write(&mut connection))
            .and_then(|answer| connection.execute("COMMIT").map(|()| answer));
        let answer = written.map_err(|error| IdentityError::Unavailable(error.to_string()))?;
        *kept = Some(connection);
        Ok(answer)
    }
}
