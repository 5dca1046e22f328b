//! Seats: who gets one, who waits, and what everybody is told.

mod export;
mod fills;
mod fire;
mod follow;
mod hall;
mod lines;
mod lists;
mod requests;
mod statements;
