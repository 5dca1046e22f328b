//! What desks do beside checks: they register who walks in, hand out and lend, leave notes for whoever sees a
//! guest first, and help guests with their own affairs.

mod command;
mod guests;
mod handovers;
pub mod http;
mod messages;
mod notes;
mod photos;
mod rows;
pub mod store;
mod walk_ins;

use diesel::QueryResult;
use shared::ids::AttendeeId;

pub use command::{Command, parse_mutation, run};

use crate::sync::change_log::Unit;

/// Forgets what desks noted of an attendee who is taken away or erased. What was handed out stays, to
/// somebody whom nobody knows.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    handovers::forget(unit, attendee)?;
    store::delete_of_attendee(unit.connection, unit.group.event, attendee)
}
