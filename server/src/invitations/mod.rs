//! Invitations to parts and sessions: who is invited, what they answered, and what follows from it.
//! What decides is in `shared::invitation`.

mod admission;
mod changes;
mod command;
mod consequences;
mod due;
pub mod http;
mod lists;
mod mailed;
mod operations;
mod quota;
mod rows;
mod secret;
pub mod stand_ins;
pub mod store;

pub use command::{Command, Invite, parse_mutation};
pub use consequences::{draw, list_ending};
pub use due::run_due;
pub use operations::{Caller, run, run_for};
pub use rows::{leave_delegation, write_rows};

use diesel::QueryResult;
use shared::ids::AttendeeId;

use crate::sync::change_log::Unit;

/// Forgets every invitation of an attendee who is taken away, and who sits in for them or they for whom.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    let theirs = store::list_of_attendees(unit.connection, event, &[attendee])?;
    rows::take_away(unit, &theirs)?;
    for stored in stand_ins::store::delete_of_attendee(unit.connection, event, attendee)? {
        stand_ins::take_away(unit, &stored);
        unit.group.attendee_changed(stored.1.attendee);
        unit.group.attendee_changed(stored.1.stand_in);
    }
    for object in store::delete_rights_of(unit.connection, event, attendee)? {
        unit.group.gate_changed(object, [attendee]);
    }
    store::delete_of_attendee(unit.connection, event, attendee)
}
