//! Who was told by a device that holds their notice.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::{AttendeeId, DeviceId, EventId};
use shared::time::Timestamp;

use super::reach::{Channel, mark_reach};
use crate::database::Connection;
use crate::database::schema::{attendee_accounts, devices, dispatch_people, pushes};
use crate::on;
use crate::sync::change_log::Relation;

/// Devices, or lines, in one statement: SQLite binds at most 32,766 values, of which each may take two.
const CHUNK: usize = 2_000;

/// Writes down that devices hold what their attendees' scopes said up to a commit.
pub fn note_holdings(
    c: &mut Connection,
    event: EventId,
    holdings: &[(DeviceId, AttendeeId, u64)],
    now: Timestamp,
) -> QueryResult<()> {
    let mut touched = BTreeSet::new();
    for chunk in holdings.chunks(CHUNK) {
        let news = list_news(c, event, chunk)?;
        for ids in news.told.chunks(CHUNK) {
            let told = (dispatch_people::told_at.eq(now.0), dispatch_people::channel.eq(Channel::Device.as_str()));
            let untold = dispatch_people::table
                .filter(dispatch_people::event_id.eq(event.to_string()))
                .filter(dispatch_people::notice_id.eq_any(ids))
                .filter(dispatch_people::told_at.is_null());
            on!(&mut *c, |c| diesel::update(untold).set(told).execute(c))?;
        }
        for ids in news.own_told.chunks(CHUNK) {
            let untold = dispatch_people::table
                .filter(dispatch_people::event_id.eq(event.to_string()))
                .filter(dispatch_people::notice_id.eq_any(ids))
                .filter(dispatch_people::own_told_at.is_null());
            on!(&mut *c, |c| diesel::update(untold).set(dispatch_people::own_told_at.eq(now.0)).execute(c))?;
        }
        for ids in news.pushes.chunks(CHUNK) {
            let held = pushes::table.filter(pushes::id.eq_any(ids));
            on!(&mut *c, |c| diesel::update(held).set(pushes::holds_at.eq(now.0)).execute(c))?;
        }
        touched.extend(news.dispatches);
    }
    mark_reach(c, event, &touched, now)
}

/// What was not known before of what devices hold.
#[derive(Default)]
struct News {
    /// The notices of people who were told by nobody.
    told: Vec<String>,
    /// The notices of people whom only those told who act for them.
    own_told: Vec<String>,
    /// The pushes whose devices hold what they were about.
    pushes: Vec<String>,
    /// What all of that went out with.
    dispatches: BTreeSet<String>,
}

fn list_news(c: &mut Connection, event: EventId, holdings: &[(DeviceId, AttendeeId, u64)]) -> QueryResult<News> {
    let open = list_open(c, event, holdings)?;
    let pushed = list_unheard(c, event, holdings)?;
    let mut news = News::default();
    if open.is_empty() && pushed.is_empty() {
        return Ok(news);
    }
    let own = list_own(c, event, holdings)?;
    let (mut newest, mut newest_own): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
    let mut by_device: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (device, attendee, seq) in holdings {
        let key = (device.to_string(), attendee.to_string());
        let note = |reached: &mut u64| *reached = (*reached).max(*seq);
        note(newest.entry(key.1.clone()).or_default());
        if own.contains(&key) {
            note(newest_own.entry(key.1.clone()).or_default());
        }
        note(by_device.entry(key).or_default());
    }
    for Open { attendee, notice, dispatch, seq, is_told, is_own_told } in open {
        let is_reached = |newest: &BTreeMap<String, u64>| newest.get(&attendee).is_some_and(|reached| seq <= *reached);
        let (is_news, is_own_news) = (!is_told && is_reached(&newest), !is_own_told && is_reached(&newest_own));
        if is_news || is_own_news {
            news.dispatches.insert(dispatch);
        }
        if is_own_news {
            news.own_told.push(notice.clone());
        }
        if is_news {
            news.told.push(notice);
        }
    }
    for Unheard { push, device, attendee, dispatch, seq } in pushed {
        if by_device.get(&(device, attendee)).is_some_and(|reached| seq <= *reached) {
            news.pushes.push(push);
            news.dispatches.insert(dispatch);
        }
    }
    Ok(news)
}

/// A notice of which it is not known yet that it told its person.
struct Open {
    attendee: String,
    notice: String,
    dispatch: String,
    seq: u64,
    is_told: bool,
    is_own_told: bool,
}

fn list_open(c: &mut Connection, event: EventId, holdings: &[(DeviceId, AttendeeId, u64)]) -> QueryResult<Vec<Open>> {
    let attendees: BTreeSet<String> = holdings.iter().map(|(_, attendee, _)| attendee.to_string()).collect();
    let is_open = dispatch_people::told_at.is_null().or(dispatch_people::own_told_at.is_null());
    let query = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::attendee_id.eq_any(attendees))
        .filter(is_open)
        .select((
            dispatch_people::attendee_id,
            dispatch_people::notice_id,
            dispatch_people::dispatch_id,
            dispatch_people::seq,
            dispatch_people::told_at.is_not_null(),
            dispatch_people::own_told_at.is_not_null(),
        ));
    type Line = (String, String, String, i64, bool, bool);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(attendee, notice, dispatch, seq, is_told, is_own_told): Line| Open {
        attendee,
        notice,
        dispatch,
        seq: seq as u64,
        is_told,
        is_own_told,
    };
    Ok(lines.into_iter().map(read).collect())
}

/// A push of which it is not known yet that its device holds what it is about.
struct Unheard {
    push: String,
    device: String,
    attendee: String,
    dispatch: String,
    seq: u64,
}

fn list_unheard(
    c: &mut Connection,
    event: EventId,
    holdings: &[(DeviceId, AttendeeId, u64)],
) -> QueryResult<Vec<Unheard>> {
    let devices: BTreeSet<String> = holdings.iter().map(|(device, ..)| device.to_string()).collect();
    let is_about =
        dispatch_people::event_id.eq(pushes::event_id).and(dispatch_people::notice_id.nullable().eq(pushes::notice_id));
    let query = pushes::table
        .inner_join(dispatch_people::table.on(is_about))
        .filter(pushes::device_id.eq_any(devices))
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::holds_at.is_null())
        .select((
            pushes::id,
            pushes::device_id,
            dispatch_people::attendee_id,
            dispatch_people::dispatch_id,
            dispatch_people::seq,
        ));
    type Line = (String, String, String, String, i64);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(push, device, attendee, dispatch, seq): Line| {
        let seq = seq as u64;
        Unheard { push, device, attendee, dispatch, seq }
    };
    Ok(lines.into_iter().map(read).collect())
}

/// Which of these devices are the attendees' own, and not of who acts for them.
fn list_own(
    c: &mut Connection,
    event: EventId,
    holdings: &[(DeviceId, AttendeeId, u64)],
) -> QueryResult<BTreeSet<(String, String)>> {
    let is_theirs = attendee_accounts::account_id.eq(devices::account_id);
    let query = devices::table
        .inner_join(attendee_accounts::table.on(is_theirs))
        .filter(devices::id.eq_any(holdings.iter().map(|(device, ..)| device.to_string())))
        .filter(attendee_accounts::event_id.eq(event.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true))
        .select((devices::id, attendee_accounts::attendee_id));
    let own: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(own.into_iter().collect())
}
