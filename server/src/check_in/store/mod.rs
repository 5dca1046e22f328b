//! Scans and what follows from them in the database. Every query names the event, so a forgotten check
//! finds nothing.

mod admissions;
mod desk_badges;
mod history;
mod incidents;
mod moves;
mod pages;
mod people;
mod scans;

pub use admissions::{
    count_inside, delete_admissions, list_admissions, list_counts, list_first_times, list_inside, put_admissions,
};
pub use desk_badges::{list_desk_badges, list_erased};
pub use history::{Derived, History, load_history};
pub use incidents::{
    StoredIncident, delete_incidents, find_incident, list_about, list_by_id as list_incidents_by_id, list_incidents,
    list_of_kind, put_incidents, resolve_incident,
};
pub use moves::{list_left, list_that_left, put_move};
pub use pages::{ListedScan, list_page};
pub use people::{
    count_delegation_inside, find_guest, find_row, is_guest_of, list_known, list_people, list_rows, list_voided,
};
pub use scans::{
    Known, Recording, find_oddity, forget_words, list_by_id, list_counted, list_facts, list_guests_in_area,
    list_guests_of_scans, list_of_guests, list_undoing, put_oddity, put_scans,
};

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

fn damaged(what: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(format!("the database holds an unreadable {what}").into())
}
