//! Who was registered at a desk.

use std::collections::BTreeMap;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::admission::WalkedIn;
use shared::ids::{AttendeeId, EventId};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::walk_ins;
use crate::on;
use crate::sync::change_log::Actor;

/// Somebody who was registered at a desk.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredWalkIn {
    /// Who.
    pub attendee: AttendeeId,
    /// By whom, and from which device.
    pub by: Actor,
    /// The badge that the desk issued.
    pub carrier: Option<u32>,
    /// Who may be the same person.
    pub may_be: Vec<AttendeeId>,
    /// When.
    pub registered_at: Timestamp,
    /// When somebody said who they are.
    pub settled_at: Option<Timestamp>,
}

impl StoredWalkIn {
    /// As desks see it; who they may be is of interest until it is settled.
    pub fn row(&self) -> WalkedIn {
        WalkedIn {
            registered_at: self.registered_at,
            device: self.by.device,
            may_be: if self.settled_at.is_none() { self.may_be.clone() } else { Vec::new() },
            settled_at: self.settled_at,
        }
    }
}

type Line = (String, (Option<String>, Option<String>), Option<i64>, String, (i64, Option<i64>));

fn read((attendee, (device, account), carrier, may_be, (registered_at, settled_at)): Line) -> Option<StoredWalkIn> {
    let attendee = attendee.parse().ok()?;
    let by = Actor {
        account: account.and_then(|account| account.parse().ok()),
        device: device.and_then(|device| device.parse().ok()),
        attendee: Some(attendee),
    };
    Some(StoredWalkIn {
        attendee,
        by,
        carrier: carrier.and_then(|carrier| u32::try_from(carrier).ok()),
        may_be: serde_json::from_str(&may_be).ok()?,
        registered_at: Timestamp(registered_at),
        settled_at: settled_at.map(Timestamp),
    })
}

/// Those of these attendees who were registered at a desk.
pub fn list_walk_ins(
    c: &mut Connection,
    event: EventId,
    attendees: &[AttendeeId],
) -> QueryResult<BTreeMap<AttendeeId, StoredWalkIn>> {
    let mut found = BTreeMap::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = walk_ins::table
            .filter(walk_ins::event_id.eq(event.to_string()))
            .filter(walk_ins::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .select((
                walk_ins::attendee_id,
                (walk_ins::device_id, walk_ins::account_id),
                walk_ins::carrier,
                walk_ins::may_be,
                (walk_ins::registered_at, walk_ins::settled_at),
            ));
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        for line in lines {
            let stored = read(line).ok_or_else(|| damaged("walk-in"))?;
            found.insert(stored.attendee, stored);
        }
    }
    Ok(found)
}

/// Writes that somebody was registered at a desk, or who they are.
pub fn put_walk_in(c: &mut Connection, event: EventId, stored: &StoredWalkIn) -> QueryResult<()> {
    let may_be = serde_json::to_string(&stored.may_be).map_err(|_| damaged("walk-in"))?;
    let line = (
        walk_ins::event_id.eq(event.to_string()),
        walk_ins::attendee_id.eq(stored.attendee.to_string()),
        walk_ins::device_id.eq(stored.by.device.map(|device| device.to_string())),
        walk_ins::account_id.eq(stored.by.account.map(|account| account.to_string())),
        walk_ins::carrier.eq(stored.carrier.map(i64::from)),
        walk_ins::may_be.eq(may_be),
        walk_ins::registered_at.eq(stored.registered_at.0),
        walk_ins::settled_at.eq(stored.settled_at.map(|at| at.0)),
    );
    on!(c, |c| diesel::insert_into(walk_ins::table)
        .values(line)
        .on_conflict((walk_ins::event_id, walk_ins::attendee_id))
        .do_update()
        .set(walk_ins::settled_at.eq(excluded(walk_ins::settled_at)))
        .execute(c))?;
    Ok(())
}
