//! Reminders of what begins soon. They are no rows: the clock, the programme and what people chose say when there is
//! one. Devices compute them by themselves (`shared::replica::list_reminders`); what is pushed here is the same
//! reminder for whoever has no page open.

mod choices;
mod due;
mod rules;
mod store;

pub use choices::{delete_of_attendee, set};
pub use due::run_due;
