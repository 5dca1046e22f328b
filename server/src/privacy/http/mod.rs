//! Privacy over HTTP.

mod data;
mod erase;

pub use data::{get_account_data, get_account_page, get_attendee_data, get_attendee_page};
pub use erase::erase_attendee_data;
