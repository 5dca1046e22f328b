//! The people of the week: who registers, for whom, what they then hold and why, and what is kept of
//! them.

mod audiences;
mod cast;
mod files;
mod limits;
mod privacy;
mod reach;
mod registration;
mod seats;
mod world;
