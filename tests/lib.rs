//! What the targets of this package share.

pub mod parsers;
