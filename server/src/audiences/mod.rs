//! Audiences by rule: who meets the rules, kept beside those who were put into an audience by hand.

mod matches;
mod store;

pub use matches::draw;
