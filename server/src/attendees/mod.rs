//! Attendees of an event, the accounts that are or act for them, the members of audiences, and the
//! roles of staff.

pub mod http;
mod links;
pub mod members;
pub mod operations;
mod passengers;
pub mod roles;
mod store;

pub use passengers::leave_vehicles;
pub use store::{
    AccountOf, Attendee, find_attendee, find_live_attendee, list_accounts, list_known, list_listed, list_named,
    list_own_attendees, list_own_rows,
};
