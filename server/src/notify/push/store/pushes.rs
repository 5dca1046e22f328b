//! Pushes that are to be sent, and what became of them.

use std::collections::BTreeMap;

use diesel::dsl::min;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, DeviceId, EventId};
use shared::notice::Preferences;
use shared::time::Timestamp;
use uuid::Uuid;

use super::CHUNK;
use super::devices::list_addresses;
use crate::database::Connection;
use crate::database::schema::pushes;
use crate::notify::push::providers::Address;
use crate::on;

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
