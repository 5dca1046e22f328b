//! The people of the week: who registers, for whom, what they then hold, and why.

mod audiences;
mod cast;
mod limits;
mod reach;
mod registration;
//! The people of the week: who is let in to what, who has a seat, and why.

mod audiences;
mod seats;
mod world;
