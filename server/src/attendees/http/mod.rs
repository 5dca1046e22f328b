//! Attendees, members and roles over HTTP. Everything here is the organisers'.

mod attendees;
mod links;
mod members;
mod roles;

pub use attendees::{
    add_account, create_attendee, delete_attendee, end_relation, get_attendee, list_attendees, patch_attendee,
    set_relation,
};
pub use links::{link_person, list_people_links, unlink_person};
pub use members::{add_member, list_members, remove_member, replace_members};
pub use roles::{give_role, give_role_by_email, list_roles, take_role};
