//! Sign-ups and labels in the database. Every query names the event, so a forgotten check finds
//! nothing.

mod fills;
mod lists;
mod sign_ups;

pub use fills::{Fill, list_due_fills, list_events_with_due_fills, list_fills, put_fills, remove_fills};
pub use lists::{ListedSignUp, SessionCounts, count_by_state, list_page};
pub use sign_ups::{
    count_taken, delete_of_attendee, has_waiting, highest_number, list_due_offers, list_events_with_due_offers,
    list_in_sessions, list_of_attendees, list_seated_registrations, list_waiting, put,
};

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable sign-up".into())
}
