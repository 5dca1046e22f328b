//! Behaviour through the real server, on SQLite and on PostgreSQL.

mod contract;
mod sync;
