//! One server per SQLite file.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use thiserror::Error;
use tokio::sync::watch;

/// Why the lock was not had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("another server is running on {0}; stop it first, or let it do the work")]
    Held(PathBuf),
    /// The lock's file cannot be made or locked.
    #[error("the lock file {0} cannot be used: {1}")]
    Unusable(PathBuf, std::io::Error),
}

/// An exclusive lock on `<file>.lock`. The system frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct DatabaseLock {
    file: File,
    // Behind the file, and so dropped after it.
    held: watch::Sender<()>,
}

impl DatabaseLock {
    /// Takes the lock of a database's file, at once or not at all.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        let path = beside(database, "lock");
        let unusable = |error| LockError::Unusable(path.clone(), error);
        let file = File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, held: watch::Sender::new(()) }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Ends when the lock is free again. It does not keep the lock.
    pub fn freed(&self) -> impl Future<Output = ()> + use<> {
        let mut held = self.held.subscribe();
        async move {
            // Nothing is ever sent, so that the wait ends with the sender.
            let _ = held.changed().await;
        }
    }
}

impl Drop for DatabaseLock {
    /// Frees it whoever else holds the file open: a process that is being started does until its program runs.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock of the database is freed with its file only");
        }
    }
}

/// `<file>.<ending>`.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_free_once_it_is_dropped_whoever_else_holds_the_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("cumbre.sqlite3");
        let lock = DatabaseLock::take(&database).unwrap();
        assert!(matches!(DatabaseLock::take(&database), Err(LockError::Held(_))));
        let copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(DatabaseLock::take(&database).is_ok());
        drop(copy);
    }
}
