//! The tables of accounts, devices, codes and keys.

mod accounts;
mod codes;
mod devices;
mod keys;
mod profile;
mod removal;

pub use accounts::{
    Account, NewAccount, change_account, create_account, ensure_account, find_account, find_account_by_email,
    find_password_hash, find_person, is_acceptable_name, normalise_email, set_password_hash,
};
pub use codes::{Attempt, Channel, NewCode, redeem, save_code};
pub use devices::{
    Device, DeviceKind, FamilyToken, NewDevice, Opening, end_device, find_token_device, has_devices, list_devices,
    list_ended_since, list_family, open_device, renew_token, touch_device,
};
pub use keys::{add_key, list_keys, load_or_mint_secret, retire_keys};
pub use profile::{ActsFor, EventName, Profile, RoleHeld, load_profile};
pub use removal::remove_idle_account;

use diesel::QueryResult;

/// An id as read from a column.
fn read_id<T: std::str::FromStr>(text: &str) -> QueryResult<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}
