//! What identity is configured by.

use super::mail::MailSettings;
use crate::config::Config;

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

impl IdentitySettings {
    /// The settings that the server's configuration gives.
    pub fn of_config(config: &Config) -> Self {
        let mail = match &config.smtp_url.0 {
            Some(url) => MailSettings::Smtp { url: url.0.clone(), from: config.mail_from.clone() },
            None => {
                let folder = config.mail_folder.0.clone();
                MailSettings::Folder(folder.unwrap_or_else(|| config.data_folder.join("mail")))
            }
        };
        Self {
            public_url: config.public_address(),
            mail,
            sign_ins_per_hour_and_address: config.sign_ins_per_hour_and_address,
        }
    }
}
