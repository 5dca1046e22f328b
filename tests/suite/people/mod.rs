//! The people of the week: who registers, for whom, what they then hold, and why.

mod audiences;
mod cast;
mod limits;
mod reach;
mod registration;
mod world;
