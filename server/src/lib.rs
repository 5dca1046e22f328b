//! Cumbre: the server behind the phones of a summit.

pub mod clock;
pub mod database;
pub mod device;
pub mod formats;
pub mod identity;
pub mod programme;
pub mod refusal;
pub mod sync;
