//! Devices that are reached by push, and pushes, in the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::min;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId};
use shared::notice::Preferences;
use shared::time::Timestamp;
use uuid::Uuid;

use super::providers::Address;
use crate::database::Connection;
use crate::database::schema::{accounts, attendee_accounts, devices, push_devices, pushes, secrets};
use crate::on;

/// Lines in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// A device that is reached by push, of somebody who is or acts for an attendee.
#[derive(Clone, PartialEq, Debug)]
pub struct ReachedDevice {
    /// The attendee.
    pub attendee: AttendeeId,
    /// The device.
    pub device: DeviceId,
    /// What is wanted of it.
    pub preferences: Preferences,
}

/// The devices by which these attendees are reached.
pub fn list_devices(
    c: &mut Connection,
    event: EventId,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<Vec<ReachedDevice>> {
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
            .select((attendee_accounts::attendee_id, push_devices::device_id, push_devices::preferences));
        let lines: Vec<(String, String, String)> = on!(&mut *c, |c| query.load(c))?;
        let read = |(attendee, device, preferences): (String, String, String)| {
            let preferences = serde_json::from_str(&preferences).unwrap_or_default();
            Some(ReachedDevice { attendee: attendee.parse().ok()?, device: device.parse().ok()?, preferences })
        };
        found.extend(lines.into_iter().filter_map(read));
    }
    Ok(found)
}

/// Where a push stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PushState {
    /// It is to be sent; its next attempt says when.
    Waiting,
    /// The provider took it.
    Accepted,
    /// It was refused for good, or given up.
    Failed,
    /// It came too late to be of use.
    Expired,
    /// There was nothing to say any more, or not to this device.
    Dropped,
}

impl PushState {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }
}

/// A push to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPush {
    /// What went out with it.
    pub dispatch: Option<Uuid>,
    /// The row of the inbox that it is about.
    pub notice: Option<Uuid>,
    /// Whose inbox.
    pub attendee: Option<AttendeeId>,
    /// Where it goes.
    pub device: DeviceId,
    /// The commit that wrote the row: number and nonce.
    pub covers: String,
    /// Over how many seconds devices spread their exchanges.
    pub spread_s: u32,
    /// Whether it is to wake a device that saves its battery.
    pub is_urgent: bool,
    /// When it is to be sent.
    pub next_attempt_at: Timestamp,
    /// When it is of no more use.
    pub expires_at: Timestamp,
    /// When it is written.
    pub now: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = pushes, treat_none_as_default_value = false)]
struct Line {
    id: String,
    event_id: String,
    dispatch_id: Option<String>,
    notice_id: Option<String>,
    attendee_id: Option<String>,
    device_id: String,
    covers: String,
    spread_s: i64,
    is_urgent: bool,
    state: &'static str,
    attempt_count: i64,
    next_attempt_at: i64,
    expires_at: i64,
    failure: Option<String>,
    holds_at: Option<i64>,
    created_at: i64,
}

/// Enters pushes; their ids, in order.
pub fn insert(c: &mut Connection, event: EventId, new: &[NewPush]) -> QueryResult<Vec<Uuid>> {
    let mut ids = Vec::with_capacity(new.len());
    for chunk in new.chunks(CHUNK) {
        let mut line = |push: &NewPush| {
            let id = Uuid::now_v7();
            ids.push(id);
            Line {
                id: id.to_string(),
                event_id: event.to_string(),
                dispatch_id: push.dispatch.map(|id| id.to_string()),
                notice_id: push.notice.map(|id| id.to_string()),
                attendee_id: push.attendee.map(|id| id.to_string()),
                device_id: push.device.to_string(),
                covers: push.covers.clone(),
                spread_s: i64::from(push.spread_s),
                is_urgent: push.is_urgent,
                state: PushState::Waiting.as_str(),
                attempt_count: 0,
                next_attempt_at: push.next_attempt_at.0,
                expires_at: push.expires_at.0,
                failure: None,
                holds_at: None,
                created_at: push.now.0,
            }
        };
        let lines: Vec<Line> = chunk.iter().map(&mut line).collect();
        on!(&mut *c, |c| diesel::insert_into(pushes::table).values(&lines).execute(c))?;
    }
    Ok(ids)
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

/// Writes down by which address a device is reached; none ends it. An address is of one device: who had it
/// before, a former user of the same phone, is not reached by it any more.
pub fn set_address(
    c: &mut Connection,
    (account, device): (AccountId, DeviceId),
    address: Option<(&str, &str)>,
    now: Timestamp,
) -> QueryResult<()> {
    let (provider, text) = address.unzip();
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
    on!(c, |c| {
        if text.is_some() {
            diesel::update(others).set(ended).execute(&mut *c)?;
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

/// A push that a worker has claimed, with how its device is reached.
#[derive(Clone, PartialEq, Debug)]
pub struct ClaimedPush {
    /// Its id.
    pub id: Uuid,
    /// The event.
    pub event: EventId,
    /// What went out with it.
    pub dispatch: Option<Uuid>,
    /// The row of the inbox that it is about.
    pub notice: Option<Uuid>,
    /// Whose inbox.
    pub attendee: Option<AttendeeId>,
    /// Where it goes.
    pub device: DeviceId,
    /// The commit that wrote the row: number and nonce.
    pub covers: String,
    /// Over how many seconds devices spread their exchanges.
    pub spread_s: u32,
    /// Whether it is to wake a device that saves its battery.
    pub is_urgent: bool,
    /// Attempts to send it, this one included.
    pub attempts: u32,
    /// When it is of no more use.
    pub expires_at: Timestamp,
    /// How the device is reached; none where it is not any more.
    pub address: Option<Address>,
    /// What is wanted of it.
    pub preferences: Preferences,
    /// The language of its account.
    pub language: Option<String>,
}

type PushColumns =
    ((String, String, Option<String>, Option<String>, Option<String>, String), (String, i64, bool, i64, i64));

/// Claims at most `limit` pushes that are due, the longest due first: until `lease_until` nobody else tries
/// them. Where there are several nodes, what one is claiming the others pass over.
pub fn claim_due(
    c: &mut Connection,
    (now, lease_until): (Timestamp, Timestamp),
    limit: i64,
) -> QueryResult<Vec<ClaimedPush>> {
    let due = pushes::table
        .filter(pushes::state.eq(PushState::Waiting.as_str()))
        .filter(pushes::next_attempt_at.le(now.0))
        .order((pushes::next_attempt_at, pushes::id))
        .limit(limit)
        .select((
            (
                pushes::id,
                pushes::event_id,
                pushes::dispatch_id,
                pushes::notice_id,
                pushes::attendee_id,
                pushes::device_id,
            ),
            (pushes::covers, pushes::spread_s, pushes::is_urgent, pushes::attempt_count, pushes::expires_at),
        ));
    let lines: Vec<PushColumns> = match &mut *c {
        Connection::Sqlite(c) => due.load(&mut **c)?,
        Connection::Postgres(c) => due.for_update().skip_locked().load(&mut **c)?,
    };
    let ids: Vec<&str> = lines.iter().map(|(push, _)| push.0.as_str()).collect();
    let claim = (
        pushes::next_attempt_at.eq(lease_until.0),
        pushes::attempt_count.eq(pushes::attempt_count + 1),
        pushes::failure.eq(None::<String>),
    );
    on!(&mut *c, |c| diesel::update(pushes::table.filter(pushes::id.eq_any(&ids))).set(claim).execute(c))?;
    let devices = list_addresses(c, lines.iter().map(|(push, _)| push.5.as_str()).collect())?;
    let read = |((id, event, dispatch, notice, attendee, device), (covers, spread_s, is_urgent, attempts, expires)): PushColumns| {
        let (address, preferences, language) = devices.get(&device).cloned().unwrap_or_default();
        let parse = |id: Option<String>| id.and_then(|id| id.parse().ok());
        Some(ClaimedPush {
            id: id.parse().ok()?,
            event: event.parse().ok()?,
            dispatch: parse(dispatch),
            notice: parse(notice),
            attendee: attendee.and_then(|id| id.parse().ok()),
            device: device.parse().ok()?,
            covers,
            spread_s: spread_s as u32,
            is_urgent,
            attempts: attempts as u32 + 1,
            expires_at: Timestamp(expires),
            address: address.and_then(|address| serde_json::from_str(&address).ok()),
            preferences,
            language,
        })
    };
    Ok(lines.into_iter().filter_map(read).collect())
}

type Reached = (Option<String>, Preferences, Option<String>);

/// How devices that are not signed out are reached, what is wanted of them, and their users' language.
fn list_addresses(c: &mut Connection, ids: BTreeSet<&str>) -> QueryResult<BTreeMap<String, Reached>> {
    let query = push_devices::table
        .inner_join(devices::table.on(devices::id.eq(push_devices::device_id)))
        .inner_join(accounts::table.on(accounts::id.eq(push_devices::account_id)))
        .filter(push_devices::device_id.eq_any(ids))
        .filter(devices::revoked_at.is_null())
        .select((push_devices::device_id, push_devices::address, push_devices::preferences, accounts::language));
    let lines: Vec<(String, Option<String>, String, Option<String>)> = on!(c, |c| query.load(c))?;
    let reached = |(device, address, preferences, language): (String, _, String, _)| {
        (device, (address, serde_json::from_str(&preferences).unwrap_or_default(), language))
    };
    Ok(lines.into_iter().map(reached).collect())
}

/// What became of a push that was claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// Which.
    pub id: Uuid,
    /// Where it stands.
    pub state: PushState,
    /// Why it was not taken.
    pub failure: Option<String>,
    /// When it is tried again, where it waits.
    pub next_attempt_at: Option<Timestamp>,
}

/// How pushes ended that ended alike: state, failure, next attempt.
type Ended<'a> = (&'static str, Option<&'a str>, Option<Timestamp>);

/// Writes down what became of pushes: one statement for all that ended alike.
pub fn settle(c: &mut Connection, settled: &[Settled]) -> QueryResult<()> {
    let mut alike: BTreeMap<Ended<'_>, Vec<String>> = BTreeMap::new();
    for end in settled {
        let key = (end.state.as_str(), end.failure.as_deref(), end.next_attempt_at);
        alike.entry(key).or_default().push(end.id.to_string());
    }
    for ((state, failure, next), ids) in alike {
        let these = pushes::table.filter(pushes::id.eq_any(ids));
        let change = (pushes::state.eq(state), pushes::failure.eq(failure));
        on!(&mut *c, |c| match next {
            Some(next) => diesel::update(these).set((change, pushes::next_attempt_at.eq(next.0))).execute(c)?,
            None => diesel::update(these).set(change).execute(c)?,
        });
    }
    Ok(())
}

/// The one place where an address is given up: its provider does not know the device any more, and what waits
/// for it fails.
pub fn end_address(c: &mut Connection, device: DeviceId, reason: &str, now: Timestamp) -> QueryResult<()> {
    let change = (
        push_devices::provider.eq(None::<String>),
        push_devices::address.eq(None::<String>),
        push_devices::failed_at.eq(now.0),
        push_devices::failure.eq(reason),
    );
    let waiting = pushes::table
        .filter(pushes::device_id.eq(device.to_string()))
        .filter(pushes::state.eq(PushState::Waiting.as_str()));
    let failed = (pushes::state.eq(PushState::Failed.as_str()), pushes::failure.eq(reason));
    on!(c, |c| {
        diesel::update(push_devices::table.find(device.to_string())).set(change).execute(&mut *c)?;
        diesel::update(waiting).set(failed).execute(c)
    })?;
    Ok(())
}

/// When the first push is due.
pub fn next_due(c: &mut Connection) -> QueryResult<Option<Timestamp>> {
    let query =
        pushes::table.filter(pushes::state.eq(PushState::Waiting.as_str())).select(min(pushes::next_attempt_at));
    let next: Option<i64> = on!(c, |c| query.first(c))?;
    Ok(next.map(Timestamp))
}

/// Where a push to a device of one's own stands, and why it failed.
pub fn find_state(c: &mut Connection, id: Uuid, device: DeviceId) -> QueryResult<Option<(String, Option<String>)>> {
    let query = pushes::table
        .find(id.to_string())
        .filter(pushes::device_id.eq(device.to_string()))
        .select((pushes::state, pushes::failure));
    on!(c, |c| query.first(c).optional())
}

/// Takes pushes away that ended and were written before a time.
pub fn forget_written_before(c: &mut Connection, at: Timestamp) -> QueryResult<usize> {
    let old = pushes::table.filter(pushes::state.ne(PushState::Waiting.as_str())).filter(pushes::created_at.lt(at.0));
    on!(c, |c| diesel::delete(old).execute(c))
}

/// What became of one push of a dispatch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PushEnd {
    /// Whose inbox it was about.
    pub attendee: String,
    /// Where it stands.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// When the device was known to hold the notice.
    pub holds_at: Option<Timestamp>,
}

/// What became of the pushes of a dispatch to these attendees; to everybody where none are named.
pub fn list_of_dispatch(
    c: &mut Connection,
    (event, dispatch): (EventId, Uuid),
    attendees: &[String],
) -> QueryResult<Vec<PushEnd>> {
    type Columns = (Option<String>, String, Option<String>, Option<i64>);
    let query = pushes::table
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::dispatch_id.eq(dispatch.to_string()))
        .order(pushes::id)
        .select((pushes::attendee_id, pushes::state, pushes::failure, pushes::holds_at));
    let lines: Vec<Columns> = on!(c, |c| match attendees {
        [] => query.load(c),
        some => query.filter(pushes::attendee_id.eq_any(some)).load(c),
    })?;
    let end = |(attendee, state, failure, holds_at): Columns| PushEnd {
        attendee: attendee.unwrap_or_default(),
        state,
        failure,
        holds_at: holds_at.map(Timestamp),
    };
    Ok(lines.into_iter().map(end).collect())
}

/// Takes away the pushes about an attendee.
pub fn forget(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let theirs = pushes::table
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::attendee_id.eq(attendee.to_string()));
    on!(c, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}
