//! Duties: who works at a part, session, room or vehicle. They hold the gates of what they serve there, and are told
//! first.

pub mod http;
mod operations;
mod rules;
mod store;

pub use operations::{draw, forget};
pub use store::{list_at, list_works};
