//! Signing in.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::secrets::{fingerprint, normalise_code, random_token};
use super::store::{self, ActsFor, Attempt, NewAccount, NewDevice, Opening, Profile, RoleHeld};
use super::{Identity, IdentityError};

/// What somebody shows to sign in.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A code that staff handed out.
    Code(String),
    /// A code that was mailed to this address.
    MailedCode {
        /// The address.
        email: String,
        /// The code as typed.
        code: String,
    },
    /// The secret of a mailed link.
    Link(String),
    /// A password of staff.
    Password {
        /// The address of the account.
        email: String,
        /// The password.
        password: String,
    },
}

/// An account as others see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its address, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The person's name.
    pub name: String,
    /// The language they read, if they said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A device by its id alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DeviceRef {
    /// Its id.
    pub id: DeviceId,
}

/// An account with what it is to the events.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProfileView {
    /// The account.
    pub account: AccountView,
    /// Whom it is or acts for.
    pub attendees: Vec<ActsFor>,
    /// The roles that it holds.
    pub roles: Vec<RoleHeld>,
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        let store::Account { id, email, name, language } = profile.account;
        Self { account: AccountView { id, email, name, language }, attendees: profile.attendees, roles: profile.roles }
    }
}

/// A pair of tokens. Neither is ever logged.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TokenPair {
    /// The access token.
    pub access_token: String,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// The refresh token: good for one renewal.
    pub refresh_token: String,
}

/// What a device gets that signed in.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SignInAnswer {
    /// Its tokens.
    #[serde(flatten)]
    pub tokens: TokenPair,
    /// The device as the server knows it from now on.
    pub device: DeviceRef,
    /// Who signed in.
    #[serde(flatten)]
    pub profile: ProfileView,
}

/// A refusal takes this long at least, so that its time does not tell whether there is such an
/// account with such a code (which costs a write, and nobody's does not).
const REFUSAL_TIME: Duration = Duration::from_millis(100);

impl Identity {
    /// Signs a device in.
    pub async fn sign_in(&self, credential: Credential, device: NewDevice) -> Result<SignInAnswer, IdentityError> {
        let refusal_due = tokio::time::Instant::now() + REFUSAL_TIME;
        let outcome = self.try_sign_in(credential, device).await;
        if matches!(outcome, Err(IdentityError::Refused)) {
            tokio::time::sleep_until(refusal_due).await;
        }
        outcome
    }

    async fn try_sign_in(&self, credential: Credential, device: NewDevice) -> Result<SignInAnswer, IdentityError> {
        if !store::is_acceptable_name(&device.name) {
            return Err(IdentityError::Invalid { field: "/device/name", problem: "is empty, too long or no text" });
        }
        match credential {
            Credential::Code(code) => {
                let code = normalise_code(&code).ok_or(IdentityError::Refused)?;
                self.redeem(Attempt::HandedOut(code), device).await
            }
            Credential::Link(secret) => self.redeem(Attempt::Link(secret), device).await,
            Credential::MailedCode { email, code } => {
                let code = normalise_code(&code).ok_or(IdentityError::Refused)?;
                let email = store::normalise_email(&email).ok_or(IdentityError::Refused)?;
                let asked = email.clone();
                let known = self.readers.read(move |conn| store::find_account_by_email(conn, &asked)).await?;
                match known {
                    Some(account) => self.redeem(Attempt::Mailed(account.id, code), device).await,
                    None => self.redeem_of_newcomer((email, code), device).await,
                }
            }
            Credential::Password { email, password } => {
                let account = self.verify_password(&email, password).await?;
                self.open_device_for(device, move |_, _| Ok(Some(account))).await
            }
        }
    }

    async fn redeem(&self, attempt: Attempt, device: NewDevice) -> Result<SignInAnswer, IdentityError> {
        let pepper = Arc::clone(&self.pepper);
        self.open_device_for(device, move |conn, now| store::redeem(conn, &pepper, &attempt, now)).await
    }

    /// The account is made by the code, and not before: an address is somebody's who reads its mail.
    async fn redeem_of_newcomer(
        &self,
        (email, code): (String, String),
        device: NewDevice,
    ) -> Result<SignInAnswer, IdentityError> {
        let pepper = Arc::clone(&self.pepper);
        let attempt = Attempt::Mailed(pepper.key_of_newcomer(&email), code);
        // Nobody has said yet what they are called.
        let name = email.split('@').next().unwrap_or_default().to_owned();
        let new = NewAccount { email: Some(email), name, language: None };
        let make = move |conn: &mut crate::database::Connection, now| match store::redeem(conn, &pepper, &attempt, now)?
        {
            Some(_) => store::ensure_account(conn, &new, now).map(|account| Some(account.id)),
            None => Ok(None),
        };
        self.open_device_for(device, make).await
    }

    /// Opens a device for the account that `find` finds, in the same transaction.
    async fn open_device_for(
        &self,
        described: NewDevice,
        mut find: impl FnMut(&mut crate::database::Connection, Timestamp) -> diesel::QueryResult<Option<AccountId>>
        + Send
        + 'static,
    ) -> Result<SignInAnswer, IdentityError> {
        let now = self.clock.now();
        let device = DeviceId(uuid::Uuid::now_v7());
        let refresh_token = random_token();
        let token_hash = fingerprint(&refresh_token);
        let opened = self.writer.system(move |conn| {
            let Some(account) = find(conn, now)? else { return Ok(None) };
            let opening = Opening { account, device, described: described.clone(), token_hash: token_hash.clone() };
            store::open_device(conn, &opening, now)?;
            store::load_profile(conn, account)
        });
        let profile = opened.await?.ok_or(IdentityError::Refused)?;
        let tokens = self.pair(profile.account.id, device, refresh_token)?;
        tracing::info!(account = %profile.account.id, %device, "a device signed in");
        Ok(SignInAnswer { tokens, device: DeviceRef { id: device }, profile: profile.into() })
    }

    /// An access token beside a refresh token.
    pub(super) fn pair(
        &self,
        account: AccountId,
        device: DeviceId,
        refresh_token: String,
    ) -> Result<TokenPair, IdentityError> {
        let issued = self.tokens.issue(account, device, self.clock.now());
        let (access_token, access_expires_at) = issued.ok_or(IdentityError::Failed("there is no signing key"))?;
        Ok(TokenPair { access_token, access_expires_at, refresh_token })
    }

    /// The account whose password this is. It takes as long where there is none.
    pub(super) async fn verify_password(&self, email: &str, password: String) -> Result<AccountId, IdentityError> {
        let key = store::normalise_email(email).unwrap_or_default();
        self.limits.count_password(&key)?;
        let looked_up = key.clone();
        let (account, hash) = self
            .readers
            .read(move |conn| {
                let account = store::find_account_by_email(conn, &looked_up)?.map(|account| account.id);
                let hash = account.map(|id| store::find_password_hash(conn, id)).transpose()?;
                Ok((account, hash.flatten()))
            })
            .await?;
        let is_right = self.passwords.is_right(password, hash).await;
        let account = account.filter(|_| is_right).ok_or(IdentityError::Refused)?;
        self.limits.forgive_password(&key);
        Ok(account)
    }
}
