//! Pushes and the devices that they go to, in the database.

mod devices;
mod pushes;

pub use devices::{
    DeadAddress, PushDevice, end_address, find_device, list_devices, load_or_mint_key, set_address, set_preferences,
};
pub use pushes::{
    ClaimedPush, NewPush, PushEnd, PushState, Settled, claim_due, find_state, forget, forget_written_before, insert,
    list_of_dispatch, next_due, settle,
};

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;
