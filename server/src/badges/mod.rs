//! Badges: signed, scannable carriers of a registration, on phones and on paper.

mod affected;
mod claims;
mod command;
mod consequences;
pub mod desk_keys;
mod faces;
mod ground;
pub mod http;
mod issue;
mod keys;
mod marks;
mod operations;
mod passengers;
mod press;
pub mod print;
mod rosters;
mod rows;
mod standing;
mod store;
mod token;

use diesel::QueryResult;
use shared::ids::AttendeeId;

pub use command::{Command, parse_mutation};
pub use consequences::draw;
pub use operations::{Caller, hand_out_papers, run, take_papers_back, works_at_desk};
pub use press::PrintingPress;
pub use rows::write_rows;

use crate::sync::change_log::Unit;

/// Forgets the badge of an attendee who is taken away or erased, with everything that rosters say of them.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    rows::take_away(unit, attendee)?;
    passengers::take_away(unit, attendee);
    store::delete_of_attendee(unit.connection, unit.group.event, attendee)
}
