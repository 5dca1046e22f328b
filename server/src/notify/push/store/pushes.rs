//! Pushes that are to be sent, and what became of them.

use std::collections::BTreeSet;

use diesel::{
    ExpressionMethods, Insertable, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId};
use shared::time::Timestamp;
use uuid::Uuid;

use super::CHUNK;
use crate::database::Connection;
use crate::database::schema::{push_devices, pushes};
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

/// A push, as it is written and as it is claimed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Push {
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
    /// When it is of no more use.
    pub expires_at: Timestamp,
}

/// A push to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPush {
    /// What it is.
    pub push: Push,
    /// In whose queue it waits: by whom its device is reached.
    pub provider: String,
    /// When it is to be sent.
    pub next_attempt_at: Timestamp,
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
    provider: String,
}

/// Enters pushes; their ids, in order.
pub fn insert(c: &mut Connection, event: EventId, new: &[NewPush]) -> QueryResult<Vec<Uuid>> {
    let mut ids = Vec::with_capacity(new.len());
    for chunk in new.chunks(CHUNK) {
        let mut line = |new: &NewPush| {
            let (id, push) = (Uuid::now_v7(), &new.push);
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
                next_attempt_at: new.next_attempt_at.0,
                expires_at: push.expires_at.0,
                failure: None,
                holds_at: None,
                created_at: new.now.0,
                provider: new.provider.clone(),
            }
        };
        let lines: Vec<Line> = chunk.iter().map(&mut line).collect();
        on!(&mut *c, |c| diesel::insert_into(pushes::table).values(&lines).execute(c))?;
    }
    Ok(ids)
}

/// Where a push to a device of one's own stands, and why it failed.
pub fn find_state(c: &mut Connection, id: Uuid, device: DeviceId) -> QueryResult<Option<(String, Option<String>)>> {
    let query = pushes::table
        .find(id.to_string())
        .filter(pushes::device_id.eq(device.to_string()))
        .select((pushes::state, pushes::failure));
    on!(c, |c| query.first(c).optional())
}

/// Takes away what was pushed of a dispatch, and what was to be.
pub fn forget_dispatch(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<()> {
    let of_dispatch = pushes::table
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::dispatch_id.eq(dispatch.to_string()));
    on!(c, |c| diesel::delete(of_dispatch).execute(c))?;
    Ok(())
}

/// The accounts that pushes of these notices may still reach, or have reached: they wait, or were taken.
pub fn list_open(
    c: &mut Connection,
    event: EventId,
    notices: &BTreeSet<(Uuid, AttendeeId)>,
) -> QueryResult<BTreeSet<(Uuid, AccountId)>> {
    let ids: Vec<String> = notices.iter().map(|(notice, _)| notice.to_string()).collect();
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = pushes::table
            .inner_join(push_devices::table.on(push_devices::device_id.eq(pushes::device_id)))
            .filter(pushes::event_id.eq(event.to_string()))
            .filter(pushes::notice_id.eq_any(chunk))
            .filter(pushes::state.eq_any([PushState::Waiting.as_str(), PushState::Accepted.as_str()]))
            .select((pushes::notice_id.assume_not_null(), push_devices::account_id));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.iter().filter_map(|(notice, account)| Some((notice.parse().ok()?, account.parse().ok()?))));
    }
    Ok(found)
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
