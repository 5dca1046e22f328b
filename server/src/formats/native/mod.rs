//! The native file of a programme: one YAML document that people read and edit by hand, described in
//! `server/docs/programme-file.md`. Pure code on texts and the shared types.
//!
//! [`read`] gives every record that the file describes, or every fault that it has; [`plan`] gives
//! the edits that take a programme there; [`write`] gives the file back. One table per collection
//! (`fields.rs`) drives both directions, so that what is written can be read.

mod convert;
mod directory;
mod emit;
mod fault;
mod fields;
mod moment;
mod plan;
mod problem;
mod read;
mod shape;
mod tree;
mod write;

pub use fault::Fault;
pub use plan::{ImportPlan, plan};
pub use problem::FileProblem;
pub use read::{FileContents, decode, read};
pub use write::write;

/// The version of the format, the value of the key `cumbre`.
pub const FORMAT_VERSION: u32 = 1;

/// The largest file read, in bytes.
pub const FILE_MAX_BYTES: usize = 8 * 1024 * 1024;

#[cfg(test)]
mod tests;
