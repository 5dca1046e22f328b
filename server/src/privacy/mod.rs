//! Privacy: what is held about people, what they agreed to, and how it goes.

mod access;
mod erasure;
mod held;
pub mod http;
mod page;
mod retention;

pub use erasure::{NotErased, apply_pending};
pub use retention::{Swept, is_over, run, run_due};
