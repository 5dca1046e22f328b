//! The keys that sign an event's badges.

use std::collections::BTreeMap;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use diesel::QueryResult;
use serde_json::json;
use shared::badge::{BadgeKey, BadgeSigner, EVENT_KEYS, SEED_BYTES, key_row_id};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::rows::write_key_rows;
use super::store::{self, StoredKey};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// The event's own keys, of which the newest signs what is issued now.
pub struct Signers {
    newest: u8,
    signers: BTreeMap<u8, BadgeSigner>,
}

impl Signers {
    /// The number of the key that signs what is issued now.
    pub fn newest(&self) -> u8 {
        self.newest
    }

    /// The key of this number; none where it is not the event's own.
    pub fn find(&self, number: u8) -> Option<&BadgeSigner> {
        self.signers.get(&number)
    }

    /// The keys that are kept; none before the event's first badge.
    pub fn of_stored(keys: &[StoredKey]) -> Option<Self> {
        let newest = keys.iter().filter(|stored| stored.is_signing()).map(|stored| stored.key.number).max()?;
        let signer = |stored: &StoredKey| Some((stored.key.number, BadgeSigner::new(&stored.seed?).ok()?));
        Some(Self { newest, signers: keys.iter().filter_map(signer).collect() })
    }
}

/// The event's keys; the first is made with its first badge.
pub fn ensure_signers(unit: &mut Unit<'_>) -> QueryResult<Signers> {
    let mut keys = store::list_keys(unit.connection, unit.group.event)?;
    if !keys.iter().any(StoredKey::is_signing) {
        keys.push(make_key(unit, next_number(&keys).unwrap_or_default())?);
        write_key_rows(unit)?;
    }
    Signers::of_stored(&keys).ok_or_else(no_randomness)
}

/// Makes another key that signs from now on. What the ones before it have signed stays valid.
///
/// # Errors
///
/// The event has used up its numbers.
pub fn rotate(unit: &mut Unit<'_>, actor: Actor) -> Result<(), Failure> {
    let keys = store::list_keys(unit.connection, unit.group.event)?;
    let Some(number) = next_number(&keys) else {
        let detail = "The event has had as many keys as there can be.";
        return Err(Refusal::new(ProblemCode::QuotaReached, detail).into());
    };
    store::retire_keys(unit.connection, unit.group.event, unit.group.now)?;
    let made = make_key(unit, number)?;
    write_key_rows(unit)?;
    unit.group.audit(AuditLine {
        actor,
        operation: "badge_key.rotate".to_owned(),
        collection: RowCollection::BadgeKeys.as_str(),
        record: row_id(unit, number),
        before: None,
        after: Some(json!(made.key)),
    });
    Ok(())
}

/// The id of a key's rows: a UUID of version 5, in the event's namespace, of its number.
pub fn row_id(unit: &Unit<'_>, number: u8) -> Uuid {
    key_row_id(unit.group.event, number)
}

fn next_number(keys: &[StoredKey]) -> Option<u8> {
    let own = keys.iter().map(|stored| stored.key.number).filter(|number| EVENT_KEYS.contains(number));
    own.max().map_or(Some(*EVENT_KEYS.start()), |last| Some(last + 1).filter(|next| EVENT_KEYS.contains(next)))
}

fn make_key(unit: &mut Unit<'_>, number: u8) -> QueryResult<StoredKey> {
    let seed: [u8; SEED_BYTES] = random()?;
    let public = BadgeSigner::new(&seed).map_err(|_| no_randomness())?.public();
    let key = BadgeKey { number, public, device: None, retired_at: None, revoked_at: None };
    let stored = StoredKey { key, seed: Some(seed), created_at: unit.group.now };
    store::put_key(unit.connection, unit.group.event, &stored)?;
    Ok(stored)
}

/// Random bytes that nobody can guess.
///
/// # Errors
///
/// The machine gives none.
pub fn random<const N: usize>() -> QueryResult<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| no_randomness())?;
    Ok(bytes)
}

fn no_randomness() -> diesel::result::Error {
    diesel::result::Error::SerializationError("no key can be made for badges".into())
}
