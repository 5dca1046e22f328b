//! What desks do, over HTTP.

mod guests;
mod handovers;
mod messages;
mod photos;
mod walk_ins;

pub use guests::{correct_attendee, delete_door_note, hand_out_guest_code, put_door_note};
pub use handovers::{list_handovers, list_loans, upload_handovers};
pub use messages::send_desk_message;
pub use photos::{delete_photo, get_photo, put_photo};
pub use walk_ins::{register_walk_in, settle_walk_in};
