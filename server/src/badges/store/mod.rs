//! Badges in the database. Every query names the event, so a forgotten check finds nothing.

mod carriers;
mod keys;
mod secrets;

pub use carriers::{
    Stored, delete_of_attendee, find_carrier, list_carriers, list_of_key, list_taken, list_void, put_carriers,
    put_ended,
};
pub use keys::{StoredKey, end_key, list_keys, put_key, retire_keys};
pub use secrets::{has_guest, list_secrets, put_secrets};

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

fn damaged(what: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(format!("the database holds an unreadable {what}").into())
}
