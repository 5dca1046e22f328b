//! Issuing what carries badges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use chrono_tz::Tz;
use diesel::QueryResult;
use shared::badge::{BadgeSecret, CarrierKind};
use shared::ids::{AccountId, AttendeeId};
use shared::programme::Programme;
use shared::time::Timestamp;

use super::keys::{Signers, ensure_signers, random};
use super::store::{self, Stored};
use crate::privacy::is_over;
use crate::sync::change_log::Unit;

/// For how many days after the event's last day badges are valid: it may be longer than planned.
const VALID_AFTER_DAYS: u64 = 7;

/// What is to be issued to whom.
pub struct Wanted {
    /// To whom.
    pub attendees: Vec<AttendeeId>,
    /// What.
    pub kind: CarrierKind,
    /// By whom; none where it comes with the registration.
    pub issued_by: Option<AccountId>,
}

/// Issues a carrier to each, with the badge itself to who has none yet.
pub fn issue(unit: &mut Unit<'_>, wanted: &Wanted) -> QueryResult<Vec<Stored>> {
    if wanted.attendees.is_empty() {
        return Ok(Vec::new());
    }
    let signers: Signers = ensure_signers(unit)?;
    ensure_secrets(unit, &wanted.attendees)?;
    let (now, expires_at) = (unit.group.now, expiry(unit.group.programme(), unit.group.now));
    let numbers = draw_numbers(unit, wanted.attendees.len())?;
    let carriers: Vec<Stored> = wanted
        .attendees
        .iter()
        .zip(numbers)
        .map(|(attendee, carrier)| Stored {
            carrier,
            attendee: *attendee,
            kind: wanted.kind,
            key: signers.newest(),
            issued_at: now,
            issued_by: wanted.issued_by,
            expires_at,
            handed_out_at: None,
            voided: None,
        })
        .collect();
    store::put_carriers(unit.connection, unit.group.event, &carriers)?;
    wanted.attendees.iter().for_each(|attendee| unit.group.attendee_changed(*attendee));
    Ok(carriers)
}

/// Whether badges are still issued: the event's last day is not over.
pub fn is_issuing(programme: &Programme, now: Timestamp) -> bool {
    programme.event().is_some_and(|(_, event)| !is_over(event, now))
}

fn ensure_secrets(unit: &mut Unit<'_>, attendees: &[AttendeeId]) -> QueryResult<()> {
    let event = unit.group.event;
    let known = store::list_secrets(unit.connection, event, attendees)?;
    let mut new = BTreeMap::new();
    for attendee in attendees.iter().filter(|attendee| !known.contains_key(attendee)) {
        new.insert(*attendee, BadgeSecret(random()?));
    }
    store::put_secrets(unit.connection, event, &new, unit.group.now)
}

/// Numbers that no carrier of the event has. They are drawn, not counted: after a restore a number is
/// not given to somebody else while the paper with it hangs on a neck.
fn draw_numbers(unit: &mut Unit<'_>, count: usize) -> QueryResult<Vec<u32>> {
    let mut drawn: BTreeSet<u32> = BTreeSet::new();
    while drawn.len() < count {
        let mut fresh = Vec::new();
        for _ in drawn.len()..count {
            fresh.push(u32::from_be_bytes(random()?));
        }
        let taken = store::list_taken(unit.connection, unit.group.event, &fresh)?;
        drawn.extend(fresh.into_iter().filter(|number| !taken.contains(number)));
    }
    Ok(drawn.into_iter().collect())
}

fn expiry(programme: &Programme, now: Timestamp) -> Timestamp {
    let end = programme.event().and_then(|(_, event)| {
        let day = event.ends_on.0.checked_add_days(Days::new(VALID_AFTER_DAYS + 1))?;
        Timestamp::start_of_day(day, event.time_zone.parse().unwrap_or(Tz::UTC))
    });
    end.unwrap_or(now)
}
