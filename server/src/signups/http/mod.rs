//! Seats over HTTP.

mod export;
mod lists;
mod seats;

pub use export::export_sign_ups;
pub use lists::{list_attendee_sign_ups, list_session_sign_ups};
pub use seats::{accept_seat, cancel_sign_up, request_seat};
