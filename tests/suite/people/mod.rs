//! The people of the week: who is let in to what, and why.

mod audiences;
mod world;
