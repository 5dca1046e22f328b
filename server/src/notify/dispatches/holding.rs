//! Who was told by a device that holds their notice.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, DeviceId, EventId};
use shared::time::Timestamp;

use super::reach::{Channel, mark_reach};
use super::store::CHUNK;
use crate::database::Connection;
use crate::database::schema::{attendee_accounts, devices, dispatch_people, pushes};
use crate::on;
use crate::sync::change_log::Relation;

/// Writes down that devices hold what their attendees' scopes said up to a commit.
pub fn note_holdings(
    c: &mut Connection,
    event: EventId,
    holdings: &[(DeviceId, AttendeeId, u64)],
    now: Timestamp,
) -> QueryResult<()> {
    let mut touched = BTreeSet::new();
    for chunk in holdings.chunks(CHUNK) {
        let held = list_held(c, event, chunk)?;
        let ids: BTreeSet<&str> = held.iter().map(|line| line.notice.as_str()).collect();
        if ids.is_empty() {
            continue;
        }
        let untold = dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::notice_id.eq_any(&ids))
            .filter(dispatch_people::told_at.is_null());
        let told = (dispatch_people::told_at.eq(now.0), dispatch_people::channel.eq(Channel::Device.as_str()));
        note_own_held(c, event, &held, now)?;
        let pushed = pushes::table
            .filter(pushes::event_id.eq(event.to_string()))
            .filter(pushes::device_id.eq_any(chunk.iter().map(|(device, ..)| device.to_string())))
            .filter(pushes::notice_id.eq_any(&ids))
            .filter(pushes::holds_at.is_null())
            .select((pushes::id, pushes::device_id, pushes::notice_id.assume_not_null()));
        let pushed: Vec<(String, String, String)> = on!(&mut *c, |c| {
            diesel::update(untold).set(told).execute(&mut *c)?;
            pushed.load(c)
        })?;
        let by_device = |(_, device, notice): &&(String, String, String)| {
            held.iter().any(|line| line.device == *device && line.notice == *notice)
        };
        let now_held: Vec<&String> = pushed.iter().filter(by_device).map(|(id, ..)| id).collect();
        on!(&mut *c, |c| {
            diesel::update(pushes::table.filter(pushes::id.eq_any(now_held))).set(pushes::holds_at.eq(now.0)).execute(c)
        })?;
        touched.extend(held.into_iter().map(|line| line.dispatch));
    }
    mark_reach(c, event, &touched, now)
}

/// Writes down whom of those whose notices devices hold they told themselves: a device is theirs, or of somebody who acts
/// for them.
fn note_own_held(c: &mut Connection, event: EventId, held: &[Held], now: Timestamp) -> QueryResult<()> {
    let is_theirs = attendee_accounts::account_id.eq(devices::account_id);
    let query = devices::table
        .inner_join(attendee_accounts::table.on(is_theirs))
        .filter(devices::id.eq_any(held.iter().map(|line| &line.device)))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::attendee_id.eq_any(held.iter().map(|line| &line.attendee)))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .select((devices::id, attendee_accounts::attendee_id));
    let own: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
    let own: BTreeSet<(&str, &str)> = own.iter().map(|(device, who)| (device.as_str(), who.as_str())).collect();
    let is_own = |line: &&Held| own.contains(&(line.device.as_str(), line.attendee.as_str()));
    let notices: BTreeSet<&str> = held.iter().filter(is_own).map(|line| line.notice.as_str()).collect();
    let untold = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::notice_id.eq_any(notices))
        .filter(dispatch_people::own_told_at.is_null());
    on!(c, |c| diesel::update(untold).set(dispatch_people::own_told_at.eq(now.0)).execute(c))?;
    Ok(())
}

/// A notice that a device holds.
struct Held {
    device: String,
    attendee: String,
    notice: String,
    dispatch: String,
}

fn list_held(c: &mut Connection, event: EventId, holdings: &[(DeviceId, AttendeeId, u64)]) -> QueryResult<Vec<Held>> {
    let query = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::attendee_id.eq_any(holdings.iter().map(|(_, attendee, _)| attendee.to_string())))
        .select((
            dispatch_people::attendee_id,
            dispatch_people::notice_id,
            dispatch_people::dispatch_id,
            dispatch_people::seq,
        ));
    let lines: Vec<(String, String, String, i64)> = on!(c, |c| query.load(c))?;
    let mut by_attendee: BTreeMap<String, Vec<(String, String, i64)>> = BTreeMap::new();
    for (attendee, notice, dispatch, seq) in lines {
        by_attendee.entry(attendee).or_default().push((notice, dispatch, seq));
    }
    let of_device = |(device, attendee, reached): &(DeviceId, AttendeeId, u64)| {
        let theirs = by_attendee.get(&attendee.to_string()).into_iter().flatten();
        let held = theirs.filter(|(.., seq)| *seq as u64 <= *reached);
        let line = |(notice, dispatch, _): &(String, String, i64)| Held {
            device: device.to_string(),
            attendee: attendee.to_string(),
            notice: notice.clone(),
            dispatch: dispatch.clone(),
        };
        held.map(line).collect::<Vec<_>>()
    };
    Ok(holdings.iter().flat_map(of_device).collect())
}
