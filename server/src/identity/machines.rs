//! Accounts of devices that are nobody's: made with the device, signed in by nothing else.

use diesel::QueryResult;
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::secrets::{STAFF_CODE_CHARS, fingerprint, group_code, normalise_characters, random_code, random_token};
use super::sign_in::TokenPair;
use super::store::{self, DeviceKind, NewAccount, NewDevice, Opening};
use super::{Identity, IdentityError};
use crate::database::Connection;

/// A device that gets an account of its own, with its first refresh token.
#[derive(Clone)]
pub struct Machine {
    /// Its id.
    pub device: DeviceId,
    /// What it calls itself.
    pub device_name: String,
    refresh_token: String,
}

/// A code that enrols a device, in both of its forms.
pub struct EnrolmentSecrets {
    /// The code as people see it.
    pub code: String,
    /// What is stored of the code.
    pub code_hash: String,
    /// The address behind whose `#` the secret stands; a device scans it.
    pub link: String,
    /// What is stored of the link.
    pub link_hash: String,
}

/// Makes an account that is called `name`, and signs the machine in to it.
pub fn store_machine(conn: &mut Connection, machine: &Machine, name: &str, now: Timestamp) -> QueryResult<AccountId> {
    let new = NewAccount { email: None, name: name.to_owned(), language: None };
    let account = store::create_account(conn, &new, now)?.ok_or(diesel::result::Error::NotFound)?;
    let opening = Opening {
        account: account.id,
        device: machine.device,
        described: NewDevice { name: machine.device_name.clone(), kind: DeviceKind::Desk },
        token_hash: fingerprint(&machine.refresh_token),
    };
    store::open_device(conn, &opening, now)?;
    Ok(account.id)
}

impl Identity {
    /// A machine that calls itself `device_name`, to be stored in a unit of work.
    ///
    /// # Errors
    ///
    /// Nothing can be called so.
    pub fn prepare_machine(&self, device_name: &str) -> Result<Machine, IdentityError> {
        if !store::is_acceptable_name(device_name) {
            return Err(IdentityError::Invalid { field: "/device/name", problem: "is empty, too long or no text" });
        }
        let (device, device_name) = (DeviceId(uuid::Uuid::now_v7()), device_name.trim().to_owned());
        Ok(Machine { device, device_name, refresh_token: random_token() })
    }

    /// The tokens of a machine that was stored.
    pub fn tokens_of(&self, account: AccountId, machine: Machine) -> Result<TokenPair, IdentityError> {
        self.pair(account, machine.device, machine.refresh_token)
    }

    /// A new code that enrols a device.
    pub fn new_enrolment(&self) -> EnrolmentSecrets {
        let (code, secret) = (random_code(STAFF_CODE_CHARS), random_token());
        EnrolmentSecrets {
            code_hash: self.pepper.seal_enrolment(&code),
            code: group_code(&code),
            link_hash: fingerprint(&secret),
            link: format!("{}/desk#{secret}", self.settings.public_url),
        }
    }

    /// What is stored of an enrolment code as somebody typed it; none if no code was ever like it.
    pub fn seal_enrolment_code(&self, typed: &str) -> Option<String> {
        let code = normalise_characters(typed, STAFF_CODE_CHARS).filter(|code| code.len() == STAFF_CODE_CHARS)?;
        Some(self.pepper.seal_enrolment(&code))
    }
}
