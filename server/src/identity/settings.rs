//! What identity is configured by.

use super::mail::MailSettings;

/// The settings of identity.
#[derive(Clone)]
pub struct IdentitySettings {
    /// The address under which people reach the server, without a slash at its end. It is in
    /// mailed links and is the issuer of access tokens.
    pub public_url: String,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Attempts an hour to sign in from one address; 0: any number.
    pub sign_ins_per_hour_and_address: u32,
}
