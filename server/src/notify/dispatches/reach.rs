//! What is known of a dispatch having reached people. Somebody is told when a device of theirs, or of somebody
//! who acts for them, holds the notice or shows that it was seen, when a mail server took the mail, or when a
//! human says so. That a push service took a push says nothing of a person.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use serde::Serialize;
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::time::Timestamp;
use uuid::Uuid;

use super::store::CHUNK;
use super::{rows, store};
use crate::app::App;
use crate::database::Connection;
use crate::database::schema::{attendee_accounts, dispatch_officers, dispatch_people, dispatches, pushes};
use crate::due::DueError;
use crate::on;
use crate::sync::change_log::{Relation, Unit};

/// How often the row of a dispatch is written anew at most: it is to be there two seconds after the fact.
const EVERY_MS: i64 = 1_500;

/// By which way somebody was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Channel {
    /// A device holds it.
    Device,
    /// By mail.
    Mail,
    /// By a human.
    ByHand,
}

impl Channel {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Mail => "mail",
            Self::ByHand => "by_hand",
        }
    }
}

/// Whom a dispatch reached, in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Reach {
    /// People whom it concerns.
    pub people: i64,
    /// Those who were told.
    pub told: i64,
    /// Those who were not.
    pub not_told: i64,
    /// Those whom somebody is still to tell: who was not told, and whose duty it is and who did not say that they
    /// know.
    pub must_still_be_told: i64,
    /// Those who saw it.
    pub seen: i64,
    /// Those who said that they know.
    pub acknowledged: i64,
    /// Those whom a human told.
    pub by_hand: i64,
    /// Those who were told, by the way that told them first.
    pub by_channel: BTreeMap<String, i64>,
    /// The devices that it was pushed to.
    pub devices: DeviceReach,
}

/// What became of the pushes of a dispatch, in numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DeviceReach {
    /// Devices that are reached by push.
    pub concerned: i64,
    /// Those whose push was handed to the provider, which took it or refused it for good.
    pub sent: i64,
    /// Those whose push the provider took.
    pub accepted: i64,
    /// Those that hold the notice.
    pub holding: i64,
    /// Those that could not be reached.
    pub failed: i64,
    /// Those of which it is not known whether they hold it: they have not said since what they hold. Of officers, who
    /// have no inbox, no device holds a notice, and none ever says so.
    pub unheard: i64,
}

/// Counts whom a dispatch reached.
pub fn count_reach(c: &mut Connection, event: EventId, dispatch: Uuid) -> QueryResult<Reach> {
    type Line = (Option<String>, Option<i64>, Option<i64>, Option<i64>, bool);
    let people = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
        .select((
            dispatch_people::channel,
            dispatch_people::seen_at,
            dispatch_people::acknowledged_at,
            dispatch_people::by_hand_at,
            dispatch_people::must_acknowledge,
        ));
    let pushed = pushes::table
        .filter(pushes::event_id.eq(event.to_string()))
        .filter(pushes::dispatch_id.eq(dispatch.to_string()))
        .select((
            pushes::device_id,
            pushes::state,
            pushes::holds_at,
            pushes::attempt_count,
            pushes::notice_id.is_not_null(),
        ));
    let officers = dispatch_officers::table
        .filter(dispatch_officers::event_id.eq(event.to_string()))
        .filter(dispatch_officers::dispatch_id.eq(dispatch.to_string()))
        .select((dispatch_officers::channel, dispatch_officers::by_hand_at));
    type Officer = (Option<String>, Option<i64>);
    let (mut people, officers, pushed): (Vec<Line>, Vec<Officer>, Vec<Pushed>) =
        on!(c, |c| QueryResult::Ok((people.load(&mut *c)?, officers.load(&mut *c)?, pushed.load(c)?)))?;
    // Who has no inbox cannot say there that they know.
    people.extend(officers.into_iter().map(|(channel, by_hand)| (channel, None, None, by_hand, false)));
    let mut reach = Reach::default();
    for (channel, seen, acknowledged, by_hand, must) in people {
        reach.people += 1;
        reach.told += i64::from(channel.is_some());
        reach.seen += i64::from(seen.is_some());
        reach.acknowledged += i64::from(acknowledged.is_some());
        reach.by_hand += i64::from(by_hand.is_some());
        let is_settled = acknowledged.is_some() || by_hand.is_some();
        reach.must_still_be_told += i64::from(channel.is_none() || (must && !is_settled));
        if let Some(channel) = channel {
            *reach.by_channel.entry(channel).or_default() += 1;
        }
    }
    reach.not_told = reach.people - reach.told;
    reach.devices = count_devices(&pushed);
    Ok(reach)
}

type Pushed = (String, String, Option<i64>, i64, bool);

/// A device counts once, however often it was pushed to.
fn count_devices(pushed: &[Pushed]) -> DeviceReach {
    let mut by_device: BTreeMap<&str, [bool; 5]> = BTreeMap::new();
    for (device, state, holds_at, attempts, has_notice) in pushed {
        let is_failed = matches!(state.as_str(), "failed" | "expired");
        let [sent, accepted, holding, failed, is_asked] = by_device.entry(device).or_default();
        *sent |= state == "accepted" || (state == "failed" && *attempts > 0);
        *accepted |= state == "accepted";
        *holding |= holds_at.is_some();
        *failed |= is_failed;
        *is_asked |= has_notice;
    }
    let count = |is_so: fn(&[bool; 5]) -> bool| by_device.values().filter(|ends| is_so(ends)).count() as i64;
    DeviceReach {
        concerned: by_device.len() as i64,
        sent: count(|ends| ends[0]),
        accepted: count(|ends| ends[1]),
        holding: count(|ends| ends[2]),
        failed: count(|ends| ends[3] && !ends[1] && !ends[2]),
        unheard: count(|ends| ends[4] && !ends[2] && (ends[1] || !ends[3])),
    }
}

/// Writes anew the rows of dispatches of which more is known than they say.
///
/// # Errors
///
/// The database does not answer; the rows stay due.
pub async fn renew_due(app: &App) -> Result<(), DueError> {
    let now = app.clock.now();
    let find = move |connection: &mut Connection| {
        let query = dispatches::table
            .filter(dispatches::reach_due_at.le(now.0))
            .select((dispatches::event_id, dispatches::id))
            .limit(100);
        let lines: Vec<(String, String)> = on!(connection, |c| query.load(c))?;
        QueryResult::Ok(
            lines.into_iter().filter_map(|(event, id)| Some((event.parse().ok()?, id.parse().ok()?))).collect(),
        )
    };
    let due: Vec<(EventId, Uuid)> = app.readers.read(find).await?;
    for (event, id) in due {
        app.writer.unit(event, move |unit| Ok(renew(unit, id)?)).await?;
    }
    Ok(())
}

fn renew(unit: &mut Unit<'_>, id: Uuid) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let due = dispatches::table.find((event.to_string(), id.to_string())).filter(dispatches::reach_due_at.le(now.0));
    let changed = on!(&mut *unit.connection, |c| {
        diesel::update(due).set(dispatches::reach_due_at.eq(None::<i64>)).execute(c)
    })?;
    if changed == 0 {
        return Ok(());
    }
    match store::find(unit.connection, event, id)? {
        Some(dispatch) => rows::write(unit, &dispatch),
        None => Ok(()),
    }
}

/// Says that more is known of dispatches than their rows say; they follow within two seconds.
pub fn mark_reach(c: &mut Connection, event: EventId, ids: &BTreeSet<String>, now: Timestamp) -> QueryResult<()> {
    for chunk in ids.iter().collect::<Vec<_>>().chunks(CHUNK) {
        let marked = dispatches::table
            .filter(dispatches::event_id.eq(event.to_string()))
            .filter(dispatches::id.eq_any(chunk.iter().copied()))
            .filter(dispatches::reach_due_at.is_null());
        on!(&mut *c, |c| diesel::update(marked).set(dispatches::reach_due_at.eq(now.0 + EVERY_MS)).execute(c))?;
    }
    Ok(())
}

/// The dispatches of lines that concern people and are not told yet.
fn mark_of(c: &mut Connection, event: EventId, notices: &[String], now: Timestamp) -> QueryResult<()> {
    let mut ids = BTreeSet::new();
    for chunk in notices.chunks(CHUNK) {
        let query = dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::notice_id.eq_any(chunk))
            .select(dispatch_people::dispatch_id)
            .distinct();
        let found: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        ids.extend(found);
    }
    mark_reach(c, event, &ids, now)
}

/// Whom it was to reach by notices that are gone, and whom nobody told, it does not concern any more.
pub fn forget_untold(c: &mut Connection, event: EventId, notices: &[Uuid], now: Timestamp) -> QueryResult<()> {
    let ids: Vec<String> = notices.iter().map(Uuid::to_string).collect();
    mark_of(c, event, &ids, now)?;
    for chunk in ids.chunks(CHUNK) {
        let untold = dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::notice_id.eq_any(chunk))
            .filter(dispatch_people::told_at.is_null());
        on!(&mut *c, |c| diesel::delete(untold).execute(c))?;
    }
    Ok(())
}

/// How it stands with somebody who is told of a notice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The number of the commit that wrote what it says.
    pub seq: i64,
    /// Whether they themselves were told of that, beside whoever acts for them.
    pub is_own_told: bool,
}

/// How it stands with whoever is told of a notice; none where it came with no dispatch.
pub fn find_standing(c: &mut Connection, event: EventId, notice: Uuid) -> QueryResult<Option<Standing>> {
    let query = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::notice_id.eq(notice.to_string()))
        .select((dispatch_people::seq, dispatch_people::own_told_at));
    let line: Option<(i64, Option<i64>)> = on!(c, |c| query.first(c).optional())?;
    Ok(line.map(|(seq, told_at)| Standing { seq, is_own_told: told_at.is_some() }))
}

/// Whether the account is the attendee's own.
fn is_own_account(
    c: &mut Connection,
    (event, attendee, account): (EventId, AttendeeId, Option<AccountId>),
) -> QueryResult<bool> {
    let Some(account) = account else { return Ok(false) };
    let query = attendee_accounts::table
        .find((event.to_string(), attendee.to_string(), account.to_string()))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .filter(attendee_accounts::active.eq(true));
    let count: i64 = on!(c, |c| query.count().get_result(c))?;
    Ok(count > 0)
}

/// Writes down that notices of an attendee's were seen, or acknowledged, by an account.
pub fn note_seen(
    c: &mut Connection,
    (event, attendee, account): (EventId, AttendeeId, Option<AccountId>),
    notices: &[Uuid],
    (now, is_acknowledged): (Timestamp, bool),
) -> QueryResult<()> {
    let ids: Vec<String> = notices.iter().map(Uuid::to_string).collect();
    let theirs = || {
        dispatch_people::table
            .filter(dispatch_people::event_id.eq(event.to_string()))
            .filter(dispatch_people::notice_id.eq_any(&ids))
    };
    let told = (dispatch_people::told_at.eq(now.0), dispatch_people::channel.eq(Channel::Device.as_str()));
    let is_own = is_own_account(c, (event, attendee, account))?;
    on!(&mut *c, |c| {
        let unseen = theirs().filter(dispatch_people::seen_at.is_null());
        diesel::update(unseen).set(dispatch_people::seen_at.eq(now.0)).execute(&mut *c)?;
        diesel::update(theirs().filter(dispatch_people::told_at.is_null())).set(told).execute(&mut *c)?;
        if is_own {
            let untold = theirs().filter(dispatch_people::own_told_at.is_null());
            diesel::update(untold).set(dispatch_people::own_told_at.eq(now.0)).execute(&mut *c)?;
        }
        if is_acknowledged {
            let open = theirs().filter(dispatch_people::acknowledged_at.is_null());
            diesel::update(open).set(dispatch_people::acknowledged_at.eq(now.0)).execute(c)?;
        }
        QueryResult::Ok(())
    })?;
    mark_of(c, event, &ids, now)
}

/// Writes down that a mail was taken which said of a notice what the commit `seq` wrote.
pub fn note_mailed(c: &mut Connection, event: EventId, (notice, seq): (Uuid, i64), now: Timestamp) -> QueryResult<()> {
    // What was corrected while the mail was under way is not what it said.
    let theirs = dispatch_people::table
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::notice_id.eq(notice.to_string()))
        .filter(dispatch_people::seq.eq(seq))
        .filter(dispatch_people::told_at.is_null());
    let told = (dispatch_people::told_at.eq(now.0), dispatch_people::channel.eq(Channel::Mail.as_str()));
    let changed = on!(&mut *c, |c| diesel::update(theirs).set(told).execute(c))?;
    if changed > 0 { mark_of(c, event, &[notice.to_string()], now) } else { Ok(()) }
}
