//! Registrations and what goes with them in the database. Every query names the event, so a
//! forgotten check finds nothing.

mod access_needs;
mod consents;
mod counts;
mod directory;
mod duties;
mod identities;
mod lists;
mod registrations;

pub use access_needs::{
    ListedNeeds, delete_access_needs, find_access_needs, list_access_needs, list_needs_page, put_access_needs,
};
pub use consents::{
    SaidConsent, delete_consents, find_newest_version, list_consents, list_said_consents, list_withdrawers,
    put_consents,
};
pub use counts::{Waiting, count_in_category, count_in_delegation, last_waitlist_number, list_waiting};
pub use directory::{has_confirmed, list_sharing};
pub use duties::{delete_phone, list_duties, list_phones, put_phone};
pub use identities::list_identities;
pub use lists::{Filter, find_head, list_companions, list_members, list_page, list_referenced};
pub use registrations::{
    Stored, delete_registration, find_registration, find_stored, insert_registration, list_all_standings,
    list_registrations, list_standings, put_registration,
};

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;
