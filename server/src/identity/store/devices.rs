//! Devices, their refresh tokens, and the log of those that ended.

use diesel::dsl::max;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use serde::{Deserialize, Serialize};
use shared::ids::{AccountId, DeviceId};
use shared::time::Timestamp;

use super::read_id;
use crate::database::Connection;
use crate::database::schema::{devices, push_devices, refresh_tokens, sign_outs};
use crate::on;

/// How long an unused refresh token is valid; each use begins the time anew.
const REFRESH_TOKEN_MS: i64 = 90 * 24 * 3_600_000;

/// How long a used refresh token is remembered. One that comes back later is refused like any
/// unknown text, which harms its thief only.
const USED_TOKEN_MS: i64 = 2 * 24 * 3_600_000;

/// How long the log of ended devices is kept: longer than any access token of theirs.
const LOG_MS: i64 = 24 * 3_600_000;

/// What a device is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// An attendee's phone or browser.
    Phone,
    /// A check-in desk.
    Desk,
    /// An organiser's console.
    Console,
    /// The command line.
    Terminal,
}

impl DeviceKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
            Self::Console => "console",
            Self::Terminal => "terminal",
        }
    }

    fn read(text: &str) -> Self {
        [Self::Desk, Self::Console, Self::Terminal]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .unwrap_or(Self::Phone)
    }
}

/// A device that signs in, as it describes itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// What its owner knows it by.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
}

/// A device that is signed in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What its owner knows it by.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last asked for an access token.
    pub last_seen_at: Timestamp,
}

/// A device to be stored, with its first refresh token.
#[derive(Clone)]
pub struct Opening {
    /// Whose it is.
    pub account: AccountId,
    /// Its id.
    pub device: DeviceId,
    /// How it describes itself.
    pub described: NewDevice,
    /// The fingerprint of its first refresh token.
    pub token_hash: String,
}

/// A refresh token of a device's family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FamilyToken {
    /// Its fingerprint.
    pub hash: String,
    /// The fingerprint of the token that was given for it.
    pub parent: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was first used.
    pub used_at: Option<Timestamp>,
}

/// An entry of the log of ended devices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndedDevice {
    /// Its place in the log.
    pub seq: i64,
    /// The device.
    pub device: DeviceId,
    /// When it ended.
    pub at: Timestamp,
}

/// Stores a device that signs in.
pub fn open_device(conn: &mut Connection, opening: &Opening, now: Timestamp) -> QueryResult<()> {
    let row = (
        devices::id.eq(opening.device.to_string()),
        devices::account_id.eq(opening.account.to_string()),
        devices::name.eq(opening.described.name.trim()),
        devices::kind.eq(opening.described.kind.as_str()),
        devices::created_at.eq(now.0),
        devices::last_seen_at.eq(now.0),
    );
    on!(conn, |c| diesel::insert_into(devices::table).values(row).execute(c))?;
    insert_token(conn, opening.device, &opening.token_hash, None, now)
}

fn insert_token(
    conn: &mut Connection,
    device: DeviceId,
    hash: &str,
    parent: Option<&str>,
    now: Timestamp,
) -> QueryResult<()> {
    let row = (
        refresh_tokens::token_hash.eq(hash),
        refresh_tokens::parent_hash.eq(parent),
        refresh_tokens::device_id.eq(device.to_string()),
        refresh_tokens::issued_at.eq(now.0),
        refresh_tokens::expires_at.eq(now.0 + REFRESH_TOKEN_MS),
    );
    on!(conn, |c| diesel::insert_into(refresh_tokens::table).values(row).execute(c))?;
    Ok(())
}

/// The device that a refresh token belongs to.
pub fn find_token_device(conn: &mut Connection, hash: &str) -> QueryResult<Option<DeviceId>> {
    let query = refresh_tokens::table.filter(refresh_tokens::token_hash.eq(hash)).select(refresh_tokens::device_id);
    let device: Option<String> = on!(conn, |c| query.first(c).optional())?;
    device.as_deref().map(read_id).transpose()
}

/// Notes that a device is in use and locks it until the transaction ends: its account, or `None`
/// if it has ended.
pub fn touch_device(conn: &mut Connection, device: DeviceId, now: Timestamp) -> QueryResult<Option<AccountId>> {
    let open = devices::table.filter(devices::id.eq(device.to_string())).filter(devices::revoked_at.is_null());
    let account: Option<String> = on!(conn, |c| {
        diesel::update(open)
            .set(devices::last_seen_at.eq(now.0))
            .returning(devices::account_id)
            .get_result(c)
            .optional()
    })?;
    account.as_deref().map(read_id).transpose()
}

/// Every refresh token of a device that is remembered.
pub fn list_family(conn: &mut Connection, device: DeviceId) -> QueryResult<Vec<FamilyToken>> {
    let query = refresh_tokens::table.filter(refresh_tokens::device_id.eq(device.to_string())).select((
        refresh_tokens::token_hash,
        refresh_tokens::parent_hash,
        refresh_tokens::expires_at,
        refresh_tokens::used_at,
    ));
    let rows: Vec<(String, Option<String>, i64, Option<i64>)> = on!(conn, |c| query.load(c))?;
    let read = |(hash, parent, expires_at, used_at): (_, _, _, Option<i64>)| FamilyToken {
        hash,
        parent,
        expires_at: Timestamp(expires_at),
        used_at: used_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Gives a new token for an old one, and forgets what was used long ago.
pub fn renew_token(conn: &mut Connection, device: DeviceId, old: &str, new: &str, now: Timestamp) -> QueryResult<()> {
    let first_use =
        refresh_tokens::table.filter(refresh_tokens::token_hash.eq(old)).filter(refresh_tokens::used_at.is_null());
    let forgotten = refresh_tokens::table
        .filter(refresh_tokens::device_id.eq(device.to_string()))
        .filter(refresh_tokens::used_at.lt(now.0 - USED_TOKEN_MS));
    on!(conn, |c| {
        diesel::update(first_use).set(refresh_tokens::used_at.eq(now.0)).execute(c)?;
        diesel::delete(forgotten).execute(c)?;
        QueryResult::Ok(())
    })?;
    insert_token(conn, device, new, Some(old), now)
}

/// The devices of an account that are signed in, those used last first.
pub fn list_devices(conn: &mut Connection, account: AccountId) -> QueryResult<Vec<Device>> {
    let query = devices::table
        .filter(devices::account_id.eq(account.to_string()))
        .filter(devices::revoked_at.is_null())
        .order((devices::last_seen_at.desc(), devices::id.desc()))
        .select((devices::id, devices::name, devices::kind, devices::created_at, devices::last_seen_at));
    let rows: Vec<(String, String, String, i64, i64)> = on!(conn, |c| query.load(c))?;
    let read = |(id, name, kind, created_at, last_seen_at): (String, String, String, i64, i64)| {
        let (created_at, last_seen_at) = (Timestamp(created_at), Timestamp(last_seen_at));
        Ok(Device { id: read_id(&id)?, name, kind: DeviceKind::read(&kind), created_at, last_seen_at })
    };
    rows.into_iter().map(read).collect()
}

/// Ends a device of an account; whether it was signed in.
pub fn end_device(conn: &mut Connection, account: AccountId, device: DeviceId, now: Timestamp) -> QueryResult<bool> {
    let open = devices::table
        .filter(devices::id.eq(device.to_string()))
        .filter(devices::account_id.eq(account.to_string()))
        .filter(devices::revoked_at.is_null());
    let tokens = refresh_tokens::table.filter(refresh_tokens::device_id.eq(device.to_string()));
    let ended = on!(conn, |c| {
        let ended = diesel::update(open).set(devices::revoked_at.eq(now.0)).execute(c)?;
        if ended == 1 {
            diesel::delete(tokens).execute(c)?;
            diesel::delete(push_devices::table.find(device.to_string())).execute(c)?;
        }
        QueryResult::Ok(ended)
    })?;
    if ended == 1 {
        append_to_log(conn, device, now)?;
    }
    Ok(ended == 1)
}

pub(super) fn append_to_log(conn: &mut Connection, device: DeviceId, now: Timestamp) -> QueryResult<()> {
    on!(conn, |c| {
        // The writer locks a row for all that belongs to no event, so nobody else takes this number.
        let newest: Option<i64> = sign_outs::table.select(max(sign_outs::seq)).first(c)?;
        let seq = newest.unwrap_or(0) + 1;
        let row = (sign_outs::seq.eq(seq), sign_outs::device_id.eq(device.to_string()), sign_outs::at.eq(now.0));
        diesel::insert_into(sign_outs::table).values(row).execute(c)?;
        // Never the newest: numbers must go on from it.
        let old = sign_outs::table.filter(sign_outs::at.lt(now.0 - LOG_MS)).filter(sign_outs::seq.lt(seq));
        diesel::delete(old).execute(c)?;
        Ok(())
    })
}

/// What the log has after `seq`, in order, of what ended at `since` or later.
pub fn list_ended_since(conn: &mut Connection, seq: i64, since: Timestamp) -> QueryResult<Vec<EndedDevice>> {
    let query = sign_outs::table
        .filter(sign_outs::seq.gt(seq))
        .filter(sign_outs::at.ge(since.0))
        .order(sign_outs::seq)
        .select((sign_outs::seq, sign_outs::device_id, sign_outs::at));
    let rows: Vec<(i64, String, i64)> = on!(conn, |c| query.load(c))?;
    rows.into_iter()
        .map(|(seq, device, at)| Ok(EndedDevice { seq, device: read_id(&device)?, at: Timestamp(at) }))
        .collect()
}

/// Whether an account was ever signed in anywhere.
pub fn has_devices(conn: &mut Connection, account: AccountId) -> QueryResult<bool> {
    let query = devices::table.filter(devices::account_id.eq(account.to_string())).select(devices::id);
    let found: Option<String> = on!(conn, |c| query.first(c).optional())?;
    Ok(found.is_some())
}
