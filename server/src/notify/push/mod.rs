//! Pushes: which devices are reached how, what is to be sent to them, and sending it. A push is a hint; the
//! row in the inbox is the message.

mod answers;
mod apns;
mod compose;
mod fcm;
mod guard;
mod message;
mod operations;
mod pem;
mod provider;
mod providers;
mod rests;
mod retry;
mod store;
mod web_push;
mod webhook;
mod worker;

pub use operations::{PushError, find_device, find_test, remove_address, set_address, set_preferences, test};
pub use providers::{Address, Providers, PushSettingsError};
pub use store::{
    PushDevice, PushEnd, PushState, forget, forget_dispatch, list_devices, list_of_dispatch, load_or_mint_key,
};
pub use web_push::mint_key;
pub use worker::{LEASE_MS, run, run_due};

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use diesel::QueryResult;
use shared::ids::{AccountId, AttendeeId};
use shared::notice::{Delivery, Notice, Preferences, Urgency};
use shared::programme::State;
use shared::time::Timestamp;
use uuid::Uuid;

use crate::sync::change_log::Unit;
use store::{NewPush, Push, ReachedDevice};

/// Devices in a second that a push may bring back at once.
const DEVICES_A_SECOND: usize = 200;

/// The longest time over which devices spread their exchanges.
const LONGEST_SPREAD_S: u32 = 60;

/// How long a push is tried that says nothing of its end.
const LIFE_MS: i64 = 24 * 3_600_000;

/// How long a push about a session is tried that has no time.
const LIFE_OF_CHANGE_MS: i64 = 4 * 3_600_000;

/// Over how many seconds so many people's devices spread their exchanges.
pub fn spread_for(people: usize) -> u32 {
    u32::try_from(people / DEVICES_A_SECOND).unwrap_or(LONGEST_SPREAD_S).min(LONGEST_SPREAD_S)
}

/// Writes a push for every device of those who are or act for somebody who is told something, as they chose.
/// Which accounts are reached, of or for whom.
pub fn follow(
    unit: &mut Unit<'_>,
    notices: &[(Uuid, Notice)],
    spread_s: u32,
) -> QueryResult<BTreeSet<(AttendeeId, AccountId)>> {
    let Some(zone) = zone_of_published(unit) else { return Ok(BTreeSet::new()) };
    let attendees: BTreeSet<AttendeeId> = notices.iter().map(|(_, notice)| notice.attendee).collect();
    let devices = store::list_devices(unit.connection, unit.group.event, &attendees)?;
    let mut by_attendee: BTreeMap<AttendeeId, Vec<_>> = BTreeMap::new();
    for (attendee, device) in devices {
        by_attendee.entry(attendee).or_default().push(device);
    }
    let (mut pushes, mut reached) = (Vec::new(), BTreeSet::new());
    for (id, notice) in notices {
        for device in by_attendee.get(&notice.attendee).into_iter().flatten() {
            let about = (Some(*id), Some(notice.attendee));
            let Some((push, is_quiet)) = push_to(unit, device, notice, (about, zone, spread_s)) else { continue };
            if !is_quiet {
                reached.insert((notice.attendee, device.account));
            }
            pushes.push(push);
        }
    }
    store::insert(unit.connection, unit.group.event, &pushes)?;
    Ok(reached)
}

/// Writes a push for every device of accounts without an inbox that are told something of a dispatch.
pub fn follow_officers(unit: &mut Unit<'_>, told: &[(AccountId, Notice)]) -> QueryResult<()> {
    let Some(zone) = zone_of_published(unit) else { return Ok(()) };
    let accounts: BTreeSet<AccountId> = told.iter().map(|(account, _)| *account).collect();
    let devices = store::list_devices_of(unit.connection, &accounts)?;
    let mut pushes = Vec::new();
    for (account, notice) in told {
        let theirs = devices.iter().filter(|device| device.account == *account);
        let new = theirs.filter_map(|device| push_to(unit, device, notice, ((None, None), zone, 0)));
        pushes.extend(new.map(|(push, _)| push));
    }
    store::insert(unit.connection, unit.group.event, &pushes).map(drop)
}

/// The zone of the event, unless it is a draft, of which nobody hears.
fn zone_of_published(unit: &Unit<'_>) -> Option<Tz> {
    let (_, event) = unit.group.programme().event()?;
    (event.state != State::Draft).then(|| event.time_zone.parse().unwrap_or(Tz::UTC))
}

/// The push of a notice to a device, and whether that is to be left alone now; none where its user wants none.
fn push_to(
    unit: &Unit<'_>,
    device: &ReachedDevice,
    notice: &Notice,
    ((id, attendee), zone, spread_s): ((Option<Uuid>, Option<AttendeeId>), Tz, u32),
) -> Option<(NewPush, bool)> {
    let now = unit.group.now;
    if device.preferences.delivery(notice.kind, notice.urgency) == Delivery::Off {
        return None;
    }
    let quiet_until = quiet_until(&device.preferences, notice, (now, zone));
    let push = Push {
        dispatch: notice.dispatch,
        notice: id,
        attendee,
        device: device.device,
        covers: format!("{}.{}", unit.group.next.seq, unit.group.next.nonce),
        spread_s,
        is_urgent: is_urgent(notice, now),
        expires_at: expiry(notice, now),
    };
    let (provider, next_attempt_at) = (device.provider.clone(), quiet_until.unwrap_or(now));
    Some((NewPush { push, provider, next_attempt_at, now }, quiet_until.is_some()))
}

/// Until when a device wants to be left alone with a notice; none where it may be told now. Emergencies pass.
fn quiet_until(preferences: &Preferences, notice: &Notice, (now, zone): (Timestamp, Tz)) -> Option<Timestamp> {
    let quiet = preferences.quiet_hours.as_ref().filter(|_| notice.urgency != Urgency::Emergency);
    quiet.and_then(|quiet| quiet.end_after(now, zone))
}

/// Whether a push is to wake a device that saves its battery.
fn is_urgent(notice: &Notice, now: Timestamp) -> bool {
    let begins_soon = |at: Timestamp| at.0 - now.0 <= 3_600_000;
    notice.urgency >= Urgency::Urgent || notice.changes.iter().filter_map(|c| c.first_start()).any(begins_soon)
}

/// When a push is of no more use: when what changed is over.
fn expiry(notice: &Notice, now: Timestamp) -> Timestamp {
    let ends = notice.changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let last = ends.filter_map(|slot| slot.ends_at.or(slot.starts_at)).max().filter(|end| *end > now);
    let life = if notice.changes.is_empty() { LIFE_MS } else { LIFE_OF_CHANGE_MS };
    last.unwrap_or(Timestamp(now.0 + life))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_devices_come_at_once_and_many_over_a_minute_at_most() {
        assert_eq!([0, 199, 640, 10_000, 1_000_000].map(spread_for), [0, 0, 3, 50, 60]);
    }
}
