//! Invitations over HTTP.

mod answers;
mod invitation;
mod invitations;
mod mailed;
mod reminders;

pub use invitation::{answer_invitation, get_invitation, remind_invitation, withdraw_invitation};
pub use invitations::{create_invitation, list_attendee_invitations, list_invitations};
pub use mailed::{answer_mailed_invitation, read_mailed_invitation};
pub use reminders::remind_of_object;
