//! What people are told, over HTTP: what is held, what went out, and whom it reached.

mod dispatches;
mod held;
mod push;
mod sheets;

pub use dispatches::{
    answer_dispatch, confirm_dispatch, discard_dispatch, find_item, get_dispatch, list_dispatch_people,
    list_dispatches, resend_dispatch, tell_by_hand,
};
pub use held::{discard_held, get_held, hold_held, require_texts, send_held};
pub use push::{delete_push, get_push, get_push_keys, get_push_test, put_push, put_push_preferences, test_push};
pub use sheets::{get_call_sheet, get_paste_text};
