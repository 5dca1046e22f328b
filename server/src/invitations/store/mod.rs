//! Invitations in the database. Every query but that by a secret names the event, so a forgotten
//! check finds nothing.

mod invitations;
mod lists;
mod pages;
mod rights;

pub use invitations::{
    Stored, delete_of_attendee, delete_of_objects, find, find_by_secret, find_for, list_accepted_of_delegation,
    list_of_attendees, list_of_object, list_standing, list_unanswered, put,
};
pub use lists::{
    ListBody, StoredList, count_by_answer, delete_lists, find_list, find_list_for, list_events_with_pending,
    list_lists, list_members_among, list_unsettled, put_list,
};
pub use pages::{Filter, list_page};
pub use rights::{Reason, delete_rights_of, list_rights_of, put_rights};

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// The word in the column `answer` for what was withdrawn.
pub const WITHDRAWN: &str = "withdrawn";

fn damaged() -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable invitation".into())
}
