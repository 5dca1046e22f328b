//! Invitations over HTTP.

mod admission;
mod answers;
mod invitation;
mod invitations;
mod lists;
mod mailed;
mod reminders;
mod stand_ins;

pub use admission::check_admission;
pub use invitation::{answer_invitation, get_invitation, remind_invitation, withdraw_invitation};
pub use invitations::{create_invitation, list_attendee_invitations, list_invitations};
pub use lists::{create_invitation_list, get_invitation_list, list_invitation_lists, withdraw_invitation_list};
pub use mailed::{answer_mailed_invitation, read_mailed_invitation};
pub use reminders::remind_of_object;
pub use stand_ins::{create_stand_in, end_stand_in, list_attendee_stand_ins, list_stand_ins};
