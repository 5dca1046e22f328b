//! The terminal device: the replica on SQLite.
