//! The key with which a desk signs badges of those who walk in. It is made on the device and stays there; the
//! server gives its public half a number and puts it into every roster.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use shared::badge::{BadgeSigner, SEED_BYTES};
use shared::ids::MutationId;
use shared::replica::Replica;
use shared::sync::Mutation;
use uuid::Uuid;

use super::super::error::DeviceError;
use super::super::store::SqliteStore;

/// The setting that holds the private half, in base64url.
const SEED: &str = "desk_key";
/// The setting that names the device whose it is.
const OWNER: &str = "desk_key_of";

/// A desk's own key.
pub struct DeskKey {
    /// What signs.
    pub signer: BadgeSigner,
    /// The half that everybody knows.
    pub public: String,
}

impl DeskKey {
    /// The key of this device: made the first time, and anew where the one that it has is not good any more; the
    /// public half of a new one is handed in. `is_spent` tells of a public half that what it signs is void.
    ///
    /// # Errors
    ///
    /// The store fails.
    pub fn ensure(
        replica: &mut Replica<SqliteStore>,
        is_spent: impl Fn(&str) -> bool,
    ) -> Result<Option<Self>, DeviceError> {
        let device = replica.device().to_string();
        let owner = replica.store_mut().find_setting(OWNER)?;
        // A device that was enrolled anew is another one, whose key the former one's is not.
        let is_own = owner.is_none_or(|owner| owner == device);
        let known = replica.store_mut().find_setting(SEED)?.filter(|_| is_own);
        if let Some(key) = known.as_deref().and_then(Self::of_seed).filter(|key| !is_spent(&key.public)) {
            return Ok(Some(key));
        }
        let Ok(seed) = random::<SEED_BYTES>() else { return Ok(None) };
        let seed = URL_SAFE_NO_PAD.encode(seed);
        let Some(key) = Self::of_seed(&seed) else { return Ok(None) };
        // What is handed in and not kept is another key's, which the next start makes: never one without a number.
        replica.edit(&Mutation {
            id: MutationId(Uuid::now_v7()),
            op: "desk_key.register".to_owned(),
            for_attendee: None,
            args: json!({ "public": key.public }),
            base: None,
            at: None,
            depends_on: None,
        })?;
        replica.store_mut().put_settings(&[(SEED, &seed), (OWNER, &device)])?;
        Ok(Some(key))
    }

    fn of_seed(seed: &str) -> Option<Self> {
        let bytes: [u8; SEED_BYTES] = URL_SAFE_NO_PAD.decode(seed).ok()?.try_into().ok()?;
        let signer = BadgeSigner::new(&bytes).ok()?;
        Some(Self { public: signer.public(), signer })
    }
}

/// Random bytes that nobody can guess.
///
/// # Errors
///
/// The machine gives none.
pub fn random<const N: usize>() -> Result<[u8; N], DeviceError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| DeviceError::NoRandomness)?;
    Ok(bytes)
}
