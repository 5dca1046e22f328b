//! The programme: rules, operations, store and REST resources.

pub mod check;
pub mod http;
pub mod operations;
pub mod rules;
mod store;

#[cfg(test)]
pub(crate) mod sketch;
