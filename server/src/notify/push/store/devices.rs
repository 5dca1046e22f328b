//! Devices that are reached by push, and the key by which browsers are.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    QueryResult, RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId};
use shared::notice::Preferences;
use shared::time::Timestamp;
use uuid::Uuid;

use super::super::providers::Address;
use super::{CHUNK, PushState};
use crate::database::Connection;
use crate::database::schema::{accounts, attendee_accounts, attendees, devices, push_devices, pushes, secrets};
use crate::on;
use crate::sync::change_log::Relation;

/// A device that is reached by push.
#[derive(Clone, PartialEq, Debug)]
pub struct ReachedDevice {
    /// The account of its user.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// By whom it is reached.
    pub provider: String,
    /// What is wanted of it.
    pub preferences: Preferences,
}

/// The devices by which these attendees are reached: of those who are or act for them.
pub fn list_devices(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<Vec<(AttendeeId, ReachedDevice)>> {
    let ids: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = attendee_accounts::table
            .inner_join(push_devices::table.on(push_devices::account_id.eq(attendee_accounts::account_id)))
            .inner_join(devices::table.on(devices::id.eq(push_devices::device_id)))
            .filter(attendee_accounts::event_id.eq(event.to_string()))
            .filter(attendee_accounts::attendee_id.eq_any(chunk))
            .filter(attendee_accounts::active.eq(true).and(devices::revoked_at.is_null()))
            .filter(push_devices::provider.is_not_null())
            .order((attendee_accounts::attendee_id, push_devices::device_id))
            .select((
                attendee_accounts::attendee_id,
                attendee_accounts::account_id,
                push_devices::device_id,
                push_devices::provider.assume_not_null(),
                push_devices::preferences,
            ));
        type Line = (String, String, String, String, String);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        let read = |(attendee, account, device, provider, preferences): Line| {
            let preferences = serde_json::from_str(&preferences).unwrap_or_default();
            let (attendee, account, device) = (attendee.parse().ok()?, account.parse().ok()?, device.parse().ok()?);
            Some((attendee, ReachedDevice { account, device, provider, preferences }))
        };
        found.extend(lines.into_iter().filter_map(read));
    }
    Ok(found)
}

/// The devices by which the users of these accounts are reached.
pub fn list_devices_of(c: &mut Connection, accounts: &BTreeSet<AccountId>) -> QueryResult<Vec<ReachedDevice>> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = push_devices::table
            .inner_join(devices::table.on(devices::id.eq(push_devices::device_id)))
            .filter(push_devices::account_id.eq_any(chunk))
            .filter(devices::revoked_at.is_null())
            .filter(push_devices::provider.is_not_null())
            .order((push_devices::account_id, push_devices::device_id))
            .select((
                push_devices::account_id,
                push_devices::device_id,
                push_devices::provider.assume_not_null(),
                push_devices::preferences,
            ));
        let lines: Vec<(String, String, String, String)> = on!(&mut *c, |c| query.load(c))?;
        let read = |(account, device, provider, preferences): (String, String, String, String)| {
            let preferences = serde_json::from_str(&preferences).unwrap_or_default();
            Some(ReachedDevice { account: account.parse().ok()?, device: device.parse().ok()?, provider, preferences })
        };
        found.extend(lines.into_iter().filter_map(read));
    }
    Ok(found)
}

/// The key of Web Push, made where there is none.
pub fn load_or_mint_key(c: &mut Connection, mint: &str) -> QueryResult<String> {
    const NAME: &str = "web push";
    let row = (secrets::name.eq(NAME), secrets::value.eq(mint));
    let query = secrets::table.filter(secrets::name.eq(NAME)).select(secrets::value);
    on!(c, |c| {
        diesel::insert_into(secrets::table).values(row).on_conflict_do_nothing().execute(c)?;
        query.first(c)
    })
}

/// A device as its user set it up.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PushDevice {
    /// By which provider it is reached; none where it is not.
    pub provider: Option<String>,
    /// Since when.
    pub registered_at: Option<Timestamp>,
    /// When its provider said that it is not reached any more.
    pub failed_at: Option<Timestamp>,
    /// Why.
    pub failure: Option<String>,
    /// What is wanted of it.
    pub preferences: Preferences,
}

/// A device, as far as it was set up.
pub fn find_device(c: &mut Connection, device: DeviceId) -> QueryResult<PushDevice> {
    type Columns = (Option<String>, Option<i64>, Option<i64>, Option<String>, String);
    let query = push_devices::table.find(device.to_string()).select((
        push_devices::provider,
        push_devices::registered_at,
        push_devices::failed_at,
        push_devices::failure,
        push_devices::preferences,
    ));
    let line: Option<Columns> = on!(c, |c| query.first(c).optional())?;
    Ok(line.map_or_else(PushDevice::default, |(provider, registered, failed, failure, preferences)| PushDevice {
        provider,
        registered_at: registered.map(Timestamp),
        failed_at: failed.map(Timestamp),
        failure,
        preferences: serde_json::from_str(&preferences).unwrap_or_default(),
    }))
}

/// Writes down by which address a device is reached; none ends it. One that its provider made for a device is of
/// one: who had it before, a former user of the same phone, is not reached by it any more. What waits for the device waits in the
/// queue of who reaches it now.
pub fn set_address(
    c: &mut Connection,
    (account, device): (AccountId, DeviceId),
    address: Option<&Address>,
    now: Timestamp,
) -> QueryResult<()> {
    let provider = address.map(|address| address.provider().as_str());
    let text = address.map(|address| serde_json::json!(address).to_string());
    let text = text.as_deref();
    let registered_at = address.map(|_| now.0);
    let line = (
        push_devices::device_id.eq(device.to_string()),
        push_devices::account_id.eq(account.to_string()),
        push_devices::provider.eq(provider),
        push_devices::address.eq(text),
        push_devices::preferences.eq("{}"),
        push_devices::registered_at.eq(registered_at),
    );
    let change = (
        push_devices::account_id.eq(account.to_string()),
        push_devices::provider.eq(provider),
        push_devices::address.eq(text),
        push_devices::registered_at.eq(registered_at),
        push_devices::failed_at.eq(None::<i64>),
        push_devices::failure.eq(None::<String>),
    );
    let others = push_devices::table
        .filter(push_devices::address.eq(text))
        .filter(push_devices::device_id.ne(device.to_string()));
    let ended = (push_devices::provider.eq(None::<String>), push_devices::address.eq(None::<String>));
    let waiting = pushes::table
        .filter(pushes::device_id.eq(device.to_string()))
        .filter(pushes::state.eq(PushState::Waiting.as_str()));
    on!(c, |c| {
        if address.is_some_and(Address::is_made_for_device) {
            diesel::update(others).set(ended).execute(&mut *c)?;
        }
        if provider.is_some() {
            diesel::update(waiting).set(pushes::provider.eq(provider)).execute(&mut *c)?;
        }
        diesel::insert_into(push_devices::table)
            .values(line)
            .on_conflict(push_devices::device_id)
            .do_update()
            .set(change)
            .execute(c)
    })?;
    Ok(())
}

/// Writes down what is wanted of a device.
pub fn set_preferences(
    c: &mut Connection,
    (account, device): (AccountId, DeviceId),
    preferences: &Preferences,
) -> QueryResult<()> {
    let text = serde_json::json!(preferences).to_string();
    let line = (
        push_devices::device_id.eq(device.to_string()),
        push_devices::account_id.eq(account.to_string()),
        push_devices::preferences.eq(&text),
    );
    on!(c, |c| diesel::insert_into(push_devices::table)
        .values(line)
        .on_conflict(push_devices::device_id)
        .do_update()
        .set(push_devices::preferences.eq(&text))
        .execute(c))?;
    Ok(())
}

/// How a device is reached.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Reached {
    /// Where; none where it is not any more.
    pub address: Option<String>,
    /// What is wanted of it.
    pub preferences: Preferences,
    /// The language of its account.
    pub language: Option<String>,
    /// Its account.
    pub account: Option<AccountId>,
}

/// How devices that are not signed out are reached, what is wanted of them, and their users' language.
pub(super) fn list_addresses(c: &mut Connection, ids: BTreeSet<&str>) -> QueryResult<BTreeMap<String, Reached>> {
    type Line = (String, Option<String>, String, Option<String>, String);
    let query = push_devices::table
        .inner_join(devices::table.on(devices::id.eq(push_devices::device_id)))
        .inner_join(accounts::table.on(accounts::id.eq(push_devices::account_id)))
        .filter(push_devices::device_id.eq_any(ids))
        .filter(devices::revoked_at.is_null())
        .select((
            push_devices::device_id,
            push_devices::address,
            push_devices::preferences,
            accounts::language,
            accounts::id,
        ));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let reached = |(device, address, preferences, language, account): Line| {
        let preferences = serde_json::from_str(&preferences).unwrap_or_default();
        (device, Reached { address, preferences, language, account: account.parse().ok() })
    };
    Ok(lines.into_iter().map(reached).collect())
}

/// The languages that attendees are written to in, by attendee and the accounts that are theirs.
pub(super) fn list_languages(
    c: &mut Connection,
    ids: BTreeSet<&str>,
) -> QueryResult<BTreeMap<(String, AccountId), String>> {
    let is_theirs =
        attendees::event_id.eq(attendee_accounts::event_id).and(attendees::id.eq(attendee_accounts::attendee_id));
    let query = attendee_accounts::table
        .inner_join(attendees::table.on(is_theirs))
        .filter(attendee_accounts::attendee_id.eq_any(ids))
        .filter(attendee_accounts::active.eq(true))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendees::language.is_not_null())
        .select((attendee_accounts::attendee_id, attendee_accounts::account_id, attendees::language.assume_not_null()));
    let lines: Vec<(String, String, String)> = on!(c, |c| query.load(c))?;
    let read =
        |(attendee, account, language): (String, String, String)| Some(((attendee, account.parse().ok()?), language));
    Ok(lines.into_iter().filter_map(read).collect())
}

/// An address at which its provider does not know the device any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeadAddress {
    /// The device.
    pub device: DeviceId,
    /// The address, as it is stored.
    pub address: String,
    /// What the provider said.
    pub reason: String,
    /// Since when it knows, where it says so.
    pub known_at: Option<Timestamp>,
}

/// The one place where an address is given up: its provider does not know the device any more, and what waits
/// for it fails. A device that was registered anew meanwhile stays. The notices of what fails with it, and whom they tell.
pub fn end_address(
    c: &mut Connection,
    dead: &DeadAddress,
    now: Timestamp,
) -> QueryResult<Vec<(EventId, Uuid, AttendeeId)>> {
    let change = (
        push_devices::provider.eq(None::<String>),
        push_devices::address.eq(None::<String>),
        push_devices::failed_at.eq(now.0),
        push_devices::failure.eq(&dead.reason),
    );
    let same = push_devices::table
        .filter(push_devices::device_id.eq(dead.device.to_string()))
        .filter(push_devices::address.eq(&dead.address))
        .filter(push_devices::registered_at.le(dead.known_at.map_or(i64::MAX, |at| at.0)));
    let waiting = pushes::table
        .filter(pushes::device_id.eq(dead.device.to_string()))
        .filter(pushes::state.eq(PushState::Waiting.as_str()));
    let failed = (pushes::state.eq(PushState::Failed.as_str()), pushes::failure.eq(&dead.reason));
    let named = waiting
        .clone()
        .filter(pushes::notice_id.is_not_null().and(pushes::attendee_id.is_not_null()))
        .select((pushes::event_id, pushes::notice_id.assume_not_null(), pushes::attendee_id.assume_not_null()));
    let lines: Vec<(String, String, String)> = on!(c, |c| {
        if diesel::update(same).set(change).execute(&mut *c)? == 0 {
            return Ok(Vec::new());
        }
        let lines = named.load(&mut *c)?;
        diesel::update(waiting).set(failed).execute(c)?;
        QueryResult::Ok(lines)
    })?;
    let read = |(event, notice, attendee): &(String, String, String)| {
        Some((event.parse().ok()?, notice.parse().ok()?, attendee.parse().ok()?))
    };
    Ok(lines.iter().filter_map(read).collect())
}
