//! The server as the suite starts it: the same program under a name that the suite can find.

fn main() {}
