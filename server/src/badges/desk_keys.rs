//! The keys of desks, which sign badges of those who walk in and nothing else. A desk makes its key itself;
//! here it gets a number, goes into every roster, and can be revoked.

use diesel::QueryResult;
use serde_json::json;
use shared::badge::{BadgeClaims, BadgeKey, BadgeKeys, CarrierKind, DESK_KEYS, VoidReason, is_public_key};
use shared::ids::{AttendeeId, DeviceId};
use shared::problem_code::ProblemCode;
use shared::sync::Profile;
use shared::time::Timestamp;

use super::keys::row_id;
use super::rows::write_key_rows;
use super::store::{self, Stored, StoredKey};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::feed::Rights;
use crate::sync::row::RowCollection;

/// Gives the key of an enrolled desk a number, which is the same each time it asks. The key that it had before
/// signs no more; what it signed stays valid.
///
/// # Errors
///
/// No desk's device asks; it is no key, another device's, or was revoked; the event has used up its numbers.
pub fn register(unit: &mut Unit<'_>, (actor, rights): (Actor, &Rights), public: &str) -> Result<u8, Failure> {
    let device = actor.device.filter(|_| rights.roster() == Some(Profile::Full));
    let Some(device) = device else {
        let detail = "Only a device that is enrolled for a desk has a key of its own.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
    };
    if !is_public_key(public) {
        let detail = "A key is the 32 bytes of an Ed25519 public key, in base64url.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/public").into());
    }
    let keys = store::list_keys(unit.connection, unit.group.event)?;
    if let Some(known) = keys.iter().find(|stored| stored.key.public == public) {
        if known.key.device == Some(device) && known.key.revoked_at.is_none() {
            return Ok(known.key.number);
        }
        let detail = "The key was revoked, or is another device's: make a new one.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/public").into());
    }
    let own = keys.iter().map(|stored| stored.key.number).filter(|number| DESK_KEYS.contains(number));
    let next = own.max().map_or(Some(*DESK_KEYS.start()), |last| last.checked_add(1));
    let Some(number) = next else {
        let detail = "The event has had as many keys of desks as there can be.";
        return Err(Refusal::new(ProblemCode::QuotaReached, detail).into());
    };
    for former in keys.iter().filter(|stored| stored.key.device == Some(device) && stored.key.retired_at.is_none()) {
        store::end_key(unit.connection, unit.group.event, former.key.number, (Some(unit.group.now), None))?;
    }
    let key = BadgeKey { number, public: public.to_owned(), device: Some(device), retired_at: None, revoked_at: None };
    let stored = StoredKey { key, seed: None, created_at: unit.group.now };
    store::put_key(unit.connection, unit.group.event, &stored)?;
    write_key_rows(unit)?;
    audit(unit, (actor, "desk_key.register"), (None, &stored.key));
    Ok(number)
}

/// Revokes a desk's key: what it signed is void. Once is as good as twice.
///
/// # Errors
///
/// There is no such key, or it is one of the event's own.
pub fn revoke(unit: &mut Unit<'_>, actor: Actor, number: u8) -> Result<(), Failure> {
    let keys = store::list_keys(unit.connection, unit.group.event)?;
    let found = keys.into_iter().find(|stored| stored.key.number == number);
    let found = found.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such key."))?;
    if found.key.device.is_none() {
        let detail = "A key of the event itself is not revoked: every badge would be void. Let another one sign.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).into());
    }
    Ok(end(unit, actor, &[found])?)
}

/// Revokes the keys of a device that was revoked itself.
pub fn revoke_of_device(unit: &mut Unit<'_>, actor: Actor, device: DeviceId) -> QueryResult<()> {
    let mut keys = store::list_keys(unit.connection, unit.group.event)?;
    keys.retain(|stored| stored.key.device == Some(device));
    end(unit, actor, &keys)
}

fn end(unit: &mut Unit<'_>, actor: Actor, keys: &[StoredKey]) -> QueryResult<()> {
    let now = unit.group.now;
    let live: Vec<&StoredKey> = keys.iter().filter(|stored| stored.key.revoked_at.is_none()).collect();
    for stored in &live {
        let ends = (stored.key.retired_at.or(Some(now)), Some(now));
        store::end_key(unit.connection, unit.group.event, stored.key.number, ends)?;
        let after = BadgeKey { retired_at: ends.0, revoked_at: ends.1, ..stored.key.clone() };
        audit(unit, (actor, "badge_key.revoke"), (Some(&stored.key), &after));
        end_carriers(unit, stored.key.number)?;
    }
    if live.is_empty() { Ok(()) } else { write_key_rows(unit) }
}

/// What a key signed does not count any more.
fn end_carriers(unit: &mut Unit<'_>, key: u8) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let holders = store::list_of_key(unit.connection, event, key)?;
    let carriers = store::list_carriers(unit.connection, event, &holders)?;
    let signed = carriers.into_iter().filter(|one| one.key == key && one.is_live());
    let ended: Vec<Stored> = signed.map(|one| Stored { voided: Some((now, VoidReason::KeyRevoked)), ..one }).collect();
    store::put_carriers(unit.connection, event, &ended)?;
    ended.iter().for_each(|one| unit.group.attendee_changed(one.attendee));
    Ok(())
}

/// A badge that a desk printed before the server heard of its guest.
pub struct Provisional {
    /// What it says.
    pub claims: BadgeClaims,
    /// When the key that signed it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A badge that a key of this device signed: one that was revoked since signed it all the same, and whether it is
/// valid now is for doors to ask.
///
/// # Errors
///
/// It is no such badge.
pub fn read_provisional(unit: &mut Unit<'_>, device: Option<DeviceId>, badge: &str) -> Result<Provisional, Failure> {
    let keys = store::list_keys(unit.connection, unit.group.event)?.into_iter().map(|stored| stored.key);
    let own: Vec<BadgeKey> = keys.filter(|key| key.device.is_some() && key.device == device).collect();
    let as_it_signed: Vec<BadgeKey> = own.iter().map(|key| BadgeKey { revoked_at: None, ..key.clone() }).collect();
    let claims = BadgeKeys::new(unit.group.event, &as_it_signed)
        .verify(badge)
        .map_err(|fault| Refusal::new(ProblemCode::InvalidValue, format!("The badge {fault}.")).at("/badge"))?;
    let revoked_at = own.iter().find(|key| key.number == claims.key).and_then(|key| key.revoked_at);
    Ok(Provisional { claims, revoked_at })
}

/// Makes a badge that a desk has issued the attendee's: with its secret, so that what was scanned of it is
/// theirs. The carrier is theirs too, unless its number is taken, which happens once in many millions; where the
/// key that signed it was revoked it is void.
///
/// # Errors
///
/// The badge is somebody else's.
pub fn adopt(
    unit: &mut Unit<'_>,
    (actor, attendee): (Actor, AttendeeId),
    Provisional { claims, revoked_at }: &Provisional,
) -> Result<Option<u32>, Failure> {
    let (event, now) = (unit.group.event, unit.group.now);
    if store::has_guest(unit.connection, event, claims.secret.index())? {
        let detail = "The badge is somebody's already.";
        return Err(Refusal::new(ProblemCode::WrongState, detail).at("/badge").into());
    }
    store::put_secrets(unit.connection, event, &[(attendee, claims.secret)].into(), now)?;
    if !store::list_taken(unit.connection, event, &[claims.carrier])?.is_empty() {
        return Ok(None);
    }
    let carrier = Stored {
        carrier: claims.carrier,
        attendee,
        kind: CarrierKind::Provisional,
        key: claims.key,
        issued_at: claims.valid_from(),
        issued_by: actor.account,
        expires_at: claims.valid_until(),
        handed_out_at: Some(now),
        voided: revoked_at.map(|_| (now, VoidReason::KeyRevoked)),
    };
    store::put_carriers(unit.connection, event, &[carrier])?;
    Ok(Some(carrier.carrier))
}

fn audit(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), (before, after): (Option<&BadgeKey>, &BadgeKey)) {
    unit.group.audit(AuditLine {
        actor,
        operation: operation.to_owned(),
        collection: RowCollection::BadgeKeys.as_str(),
        record: row_id(unit, after.number),
        before: before.map(|key| json!(key)),
        after: Some(json!(after)),
    });
}
