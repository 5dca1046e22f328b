//! Cumbre: the server behind the phones of a summit.

pub mod database;
pub mod device;
pub mod formats;
pub mod identity;
pub mod programme;
pub mod sync;
