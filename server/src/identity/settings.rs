//! What identity is configured by.

use crate::config::Config;

/// The issuer of access tokens where no public address is configured.
const DEFAULT_ISSUER: &str = "cumbre";

/// The settings of identity.
#[derive(Clone)]
pub struct IdentitySettings {
    /// The address under which people reach the server, without a slash at its end. It is in
    /// mailed links.
    pub public_url: String,
    /// Who issues access tokens. All nodes of one database have the same.
    pub issuer: String,
    /// Attempts an hour to sign in from one address; 0: any number.
    pub sign_ins_per_hour_and_address: u32,
}

impl IdentitySettings {
    /// The settings that the server's configuration gives.
    pub fn of_config(config: &Config) -> Self {
        Self {
            public_url: config.public_address(),
            // The listen address differs from node to node.
            issuer: if config.public_url.0.is_some() { config.public_address() } else { DEFAULT_ISSUER.to_owned() },
            sign_ins_per_hour_and_address: config.sign_ins_per_hour_and_address,
        }
    }
}
