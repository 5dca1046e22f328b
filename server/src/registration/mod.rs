//! Registrations, and the delegations that they belong to.

pub mod acting;
mod command;
mod consents;
mod consequences;
mod directory;
mod duplicates;
mod duties;
pub mod files;
pub mod http;
pub mod likeness;
pub mod names;
mod needs;
mod newcomers;
mod operations;
mod promotion;
mod room;
mod rows;
mod rules;
pub mod store;

pub use command::{Command, parse_mutation};
pub use consequences::draw;
pub use duplicates::list_like;
pub use duties::{Duty, set_duty, set_phone as set_duty_phone};
pub use newcomers::may_anybody_register;
pub use operations::{
    Caller, NewComer, Replacement, Trust, confirm_walk_in, correct_details, end_as_same, forget, forget_person,
    is_held_back, register_walk_in, replace, run,
};
pub use rows::write_rows;
