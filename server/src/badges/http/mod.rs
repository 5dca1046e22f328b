//! Badges over HTTP.

mod badges;
mod carriers;
mod keys;
mod pdf;
mod print;

pub use badges::{issue_badge, list_attendee_badges};
pub use carriers::{hand_out_badge, report_badge, void_badge};
pub use keys::{list_badge_keys, revoke_badge_key, rotate_badge_keys};
pub use pdf::get_badge_pdf;
pub use print::print_badges;
