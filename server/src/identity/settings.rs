//! What identity is configured by.

use crate::config::Config;

/// The settings of identity.
#[derive(Clone)]
pub struct IdentitySettings {
    /// The address under which people reach the server, without a slash at its end. It is in
    /// mailed links and is the issuer of access tokens.
    pub public_url: String,
    /// Attempts an hour to sign in from one address; 0: any number.
    pub sign_ins_per_hour_and_address: u32,
}

impl IdentitySettings {
    /// The settings that the server's configuration gives.
    pub fn of_config(config: &Config) -> Self {
        Self {
            public_url: config.public_address(),
            sign_ins_per_hour_and_address: config.sign_ins_per_hour_and_address,
        }
    }
}
