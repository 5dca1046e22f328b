//! The keys that sign badges.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::badge::{BadgeKey, EVENT_KEYS, SEED_BYTES};
use shared::ids::{DeviceId, EventId};
use shared::time::Timestamp;

use super::damaged;
use crate::database::Connection;
use crate::database::schema::badge_keys;
use crate::on;

/// A key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// What everybody knows of it.
    pub key: BadgeKey,
    /// What signs; none for a desk's.
    pub seed: Option<[u8; SEED_BYTES]>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl StoredKey {
    /// Whether it signs what is issued now.
    pub fn is_signing(&self) -> bool {
        EVENT_KEYS.contains(&self.key.number) && self.key.retired_at.is_none() && self.key.revoked_at.is_none()
    }
}

#[derive(Insertable)]
#[diesel(table_name = badge_keys, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    number: i64,
    device_id: Option<String>,
    seed: Option<String>,
    public_key: String,
    created_at: i64,
    retired_at: Option<i64>,
    revoked_at: Option<i64>,
}

type Line = (i64, Option<String>, Option<String>, String, i64, Option<i64>, Option<i64>);

fn read((number, device, seed, public, created_at, retired_at, revoked_at): Line) -> QueryResult<StoredKey> {
    let damaged = || damaged("badge key");
    let device: Option<DeviceId> = device.map(|id| id.parse().map_err(|_| damaged())).transpose()?;
    let decode = |seed: String| STANDARD.decode(seed).ok()?.try_into().ok();
    let seed = seed.map(|seed| decode(seed).ok_or_else(damaged)).transpose()?;
    let key = BadgeKey {
        number: number.try_into().map_err(|_| damaged())?,
        public,
        device,
        retired_at: retired_at.map(Timestamp),
        revoked_at: revoked_at.map(Timestamp),
    };
    Ok(StoredKey { key, seed, created_at: Timestamp(created_at) })
}

/// The keys of an event, desks' among them, by number.
pub fn list_keys(c: &mut Connection, event: EventId) -> QueryResult<Vec<StoredKey>> {
    let query =
        badge_keys::table.filter(badge_keys::event_id.eq(event.to_string())).order(badge_keys::number).select((
            badge_keys::number,
            badge_keys::device_id,
            badge_keys::seed,
            badge_keys::public_key,
            badge_keys::created_at,
            badge_keys::retired_at,
            badge_keys::revoked_at,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// Enters a new key.
pub fn put_key(c: &mut Connection, event: EventId, stored: &StoredKey) -> QueryResult<()> {
    let line = NewLine {
        event_id: event.to_string(),
        number: i64::from(stored.key.number),
        device_id: stored.key.device.map(|device| device.to_string()),
        seed: stored.seed.map(|seed| STANDARD.encode(seed)),
        public_key: stored.key.public.clone(),
        created_at: stored.created_at.0,
        retired_at: stored.key.retired_at.map(|at| at.0),
        revoked_at: stored.key.revoked_at.map(|at| at.0),
    };
    on!(c, |c| diesel::insert_into(badge_keys::table).values(&line).execute(c))?;
    Ok(())
}

/// Says when a key stopped signing, and when what it signed stopped being valid.
pub fn end_key(
    c: &mut Connection,
    event: EventId,
    number: u8,
    (retired_at, revoked_at): (Option<Timestamp>, Option<Timestamp>),
) -> QueryResult<()> {
    let this = badge_keys::table.find((event.to_string(), i64::from(number)));
    let ends =
        (badge_keys::retired_at.eq(retired_at.map(|at| at.0)), badge_keys::revoked_at.eq(revoked_at.map(|at| at.0)));
    on!(c, |c| diesel::update(this).set(ends).execute(c))?;
    Ok(())
}

/// Says of the event's own keys that another one signs from now on.
pub fn retire_keys(c: &mut Connection, event: EventId, now: Timestamp) -> QueryResult<()> {
    let signing = badge_keys::table
        .filter(badge_keys::event_id.eq(event.to_string()))
        .filter(badge_keys::number.le(i64::from(*EVENT_KEYS.end())))
        .filter(badge_keys::retired_at.is_null());
    on!(c, |c| diesel::update(signing).set(badge_keys::retired_at.eq(now.0)).execute(c))?;
    Ok(())
}
