//! Import and export of files.

pub mod native;
pub mod people;
