//! Pushes and the devices that they go to, in the database.

mod claims;
mod devices;
mod pushes;

pub use claims::{ClaimedPush, Settled, claim_due, list_next_due, settle};
pub use devices::{
    DeadAddress, PushDevice, ReachedDevice, end_address, find_device, list_devices, list_devices_of, load_or_mint_key,
    set_address, set_preferences,
};
pub use pushes::{
    NewPush, Push, PushEnd, PushState, find_state, forget, forget_dispatch, forget_written_before, insert,
    list_of_dispatch, list_open,
};

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;
