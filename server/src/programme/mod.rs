//! The programme: rules, operations, store and REST resources.

pub mod check;
pub mod operations;
pub mod rules;

#[cfg(test)]
mod sketch;
