//! Duties: who works at a part, session, room or vehicle. They hold its gate, and are told first.

pub mod http;
mod operations;
mod store;

pub use operations::{draw, forget};
pub use store::list_at;
