//! Who signs in: accounts, tokens, devices, codes.
//!
//! A sign-in makes a device and gives it a short access token, which every node verifies from
//! memory, and a refresh token, which is stored as its hash and changes with each use.

mod codes;
mod error;
mod extractors;
pub mod http;
mod keys;
mod limits;
mod machines;
mod mail_texts;
mod own_account;
mod passwords;
mod renewal;
mod rules;
mod secrets;
mod settings;
mod sign_in;
mod sign_outs;
mod store;
mod tokens;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use parking_lot::Mutex;
use shared::ids::DeviceId;
use shared::time::Timestamp;
use tokio::sync::{Semaphore, broadcast};

pub use error::IdentityError;
pub use extractors::{ClientAddress, MaybeSignedIn, SignedIn, find_signed_in};
pub use machines::{EnrolmentSecrets, Machine, store_machine};
pub use own_account::AccountChange;
pub use passwords::{hash as hash_password, is_acceptable as is_acceptable_password};
pub use secrets::{fingerprint, normalise_characters, random_code};
pub use settings::IdentitySettings;
pub use sign_in::{Credential, SignInAnswer, TokenPair};
pub use store::{
    Account, Device, DeviceKind, NewAccount, NewDevice, Profile, create_account, ensure_account, find_account,
    find_account_by_email, find_person, has_devices, load_profile, normalise_email, set_password_hash,
};
pub use tokens::Bearer;

use crate::clock::Clock;
use crate::database::{Connection, Readers};
use crate::mailer::Mailer;
use crate::sync::EventWriter;
use keys::{Keyring, StoredKey};
use limits::Limits;
use passwords::Passwords;
use secrets::Pepper;
use sign_outs::SignOuts;
use tokens::AccessTokens;

/// Whom access tokens are for.
const AUDIENCE: &str = "cumbre";

/// How many verified tokens are remembered: some for each person of a large conference.
const REMEMBERED_TOKENS: usize = 50_000;

/// How many mails may be under way at once.
const MAILS_UNDER_WAY: usize = 256;

/// How often keys are read again and old counts are dropped.
const TIDY_MS: i64 = 5_000;

/// How identity reads, writes and sends mail.
#[derive(Clone)]
pub struct Stores {
    /// Connections for reading.
    pub readers: Readers,
    /// The writer.
    pub writer: EventWriter,
    /// What sends mail.
    pub mailer: Arc<Mailer>,
}

/// Everything that identity needs at run time.
pub struct Identity {
    clock: Clock,
    readers: Readers,
    writer: EventWriter,
    settings: IdentitySettings,
    pepper: Arc<Pepper>,
    tokens: AccessTokens,
    sign_outs: SignOuts,
    limits: Limits,
    passwords: Passwords,
    mailer: Arc<Mailer>,
    mails: Arc<Semaphore>,
    known_keys: Mutex<Vec<StoredKey>>,
    tidied_at: Mutex<Timestamp>,
}

impl Identity {
    /// Loads keys and secrets, made where there are none, and reads who ended lately. `conn` is a
    /// connection of its own, before the writer has work. Blocks.
    pub fn open(
        settings: IdentitySettings,
        clock: Clock,
        stores: Stores,
        conn: &mut Connection,
    ) -> Result<Self, StartError> {
        let now = clock.now();
        let mint = secrets::random_token();
        let key = StoredKey::generate(now).ok_or(IdentityError::Failed("no signing key could be made"))?;
        conn.begin_write()?;
        let (pepper, stored) = load_secrets(conn, &mint, &key)?;
        conn.execute("COMMIT")?;
        let identity = Self {
            tokens: AccessTokens::new(&settings.issuer, AUDIENCE, REMEMBERED_TOKENS),
            limits: Limits::new(clock.clone(), settings.sign_ins_per_hour_and_address),
            passwords: Passwords::new(2),
            sign_outs: SignOuts::default(),
            mails: Arc::new(Semaphore::new(MAILS_UNDER_WAY)),
            known_keys: Mutex::default(),
            tidied_at: Mutex::new(now),
            pepper: Arc::new(Pepper::new(&pepper)),
            readers: stores.readers,
            writer: stores.writer,
            mailer: stores.mailer,
            clock,
            settings,
        };
        identity.use_keys(stored);
        identity.follow_sign_outs(conn)?;
        Ok(identity)
    }

    /// Who holds this access token, if it is valid and its device has not ended.
    pub fn find_bearer(&self, token: &str) -> Option<Bearer> {
        self.tokens.verify(token, self.clock.now()).filter(|bearer| !self.sign_outs.has_ended(bearer.device))
    }

    /// Counts an attempt to sign in from an address.
    pub fn count_attempt_from(&self, address: std::net::IpAddr) -> Result<(), IdentityError> {
        self.limits.count_address(address)
    }

    /// Counts a sign-in code that a device wants to hand to a guest.
    pub fn count_code_of(&self, device: DeviceId) -> Result<(), IdentityError> {
        self.limits.count_code(device)
    }

    /// Counts a message to try out whether a device is reached, or a number that it is to be reached at.
    pub fn count_test_of(&self, device: DeviceId) -> Result<(), IdentityError> {
        self.limits.count_test(device)
    }

    /// Whether a device ended a short while ago.
    pub fn has_ended(&self, device: DeviceId) -> bool {
        self.sign_outs.has_ended(device)
    }

    /// Devices as they end, on any node. A listener that lags must ask [`Self::has_ended`].
    pub fn listen_to_endings(&self) -> broadcast::Receiver<DeviceId> {
        self.sign_outs.listen()
    }

    /// The public keys, for whoever verifies access tokens elsewhere.
    pub fn public_keys(&self) -> JwkSet {
        self.tokens.keys().public_at(self.clock.now())
    }

    /// Reads what other nodes wrote since the last time: the devices that ended. To be called about
    /// twice a second and once before serving.
    pub fn follow_sign_outs(&self, conn: &mut Connection) -> diesel::QueryResult<Vec<DeviceId>> {
        let now = self.clock.now();
        let is_due = now.0 - self.tidied_at.lock().0 >= TIDY_MS;
        if is_due {
            self.use_keys(store::list_keys(conn)?);
            self.limits.tidy();
            *self.tidied_at.lock() = now;
        }
        self.sign_outs.follow(conn, now)
    }

    /// Makes a new signing key. It signs once every node knows it; the one before it verifies until
    /// its tokens are out.
    pub async fn rotate_keys(&self) -> Result<(), IdentityError> {
        let now = self.clock.now();
        let key = StoredKey::generate(now).ok_or(IdentityError::Failed("no signing key could be made"))?;
        let stored = self
            .writer
            .system(move |conn| {
                store::add_key(conn, &key)?;
                store::retire_keys(conn, &key.kid, now, Timestamp(now.0 - keys::VERIFIES_AFTER_MS))?;
                store::list_keys(conn)
            })
            .await?;
        self.use_keys(stored);
        Ok(())
    }

    /// Waits until no mail is under way, so that a graceful stop loses none.
    pub async fn finish_mails(&self) {
        let all = u32::try_from(MAILS_UNDER_WAY).unwrap_or(u32::MAX);
        // The semaphore is never closed, so that waiting cannot fail.
        let _ = self.mails.acquire_many(all).await;
    }

    fn use_keys(&self, stored: Vec<StoredKey>) {
        let mut known = self.known_keys.lock();
        if *known != stored {
            self.tokens.set_keys(Keyring::new(&stored));
            *known = stored;
        }
    }
}

fn load_secrets(conn: &mut Connection, mint: &str, key: &StoredKey) -> diesel::QueryResult<(String, Vec<StoredKey>)> {
    let pepper = store::load_or_mint_secret(conn, "code_pepper", mint)?;
    let mut stored = store::list_keys(conn)?;
    if stored.is_empty() {
        store::add_key(conn, key)?;
        stored.push(key.clone());
    }
    Ok((pepper, stored))
}

/// Why identity could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Keys could not be made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Query(#[from] diesel::result::Error),
}
