//! What is held about people: they read it, and it goes.

mod data;
mod deletion;
mod erasure;
mod gone;
mod retention;
mod zoraida;
