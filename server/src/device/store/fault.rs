//! Faults of the local store.

use std::fmt::Display;

use shared::replica::ReplicaError;

/// Why a step within a transaction failed.
#[derive(Debug)]
pub enum Fault {
    /// The database failed.
    Database(diesel::result::Error),
    /// The replica's step failed by itself.
    Replica(ReplicaError),
}

impl Fault {
    /// Something in the file that this version never writes.
    pub fn unreadable(cause: impl Display) -> Self {
        Self::Replica(ReplicaError::Store(format!("something stored is unreadable: {cause}")))
    }
}

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Fault> for ReplicaError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Database(error) => Self::Store(error.to_string()),
            Fault::Replica(error) => error,
        }
    }
}
