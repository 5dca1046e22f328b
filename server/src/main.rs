//! The command line of Cumbre.

fn main() {}
