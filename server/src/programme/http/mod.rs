//! The programme over HTTP.

pub mod access;
pub mod answers;
mod concerns;
pub mod day;
pub mod events;
pub mod files;
mod filter;
mod idempotency;
mod items;
pub mod oversight;
pub mod paging;
pub mod records;
mod segment;
pub mod series;
pub mod submit;

pub use day::{close_room, move_session, set_progress, shift_sessions, swap_sessions};
pub use events::{
    cancel_event, create_event, get_event, list_events, patch_event, publish_event, remove_event, restore_event,
};
pub use files::{export_file, import_file};
pub use items::load_record;
pub use oversight::{answer_audit, list_findings};
pub use records::{
    cancel_record, create_record, delete_record, get_record, list_records, patch_record, publish_record, restore_record,
};
pub use series::{get_series, list_series};
