//! What carries badges.

use std::collections::BTreeSet;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::badge::{CarrierKind, VoidCarrier, VoidReason};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::time::Timestamp;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{badge_carriers, badges, ended_carriers};
use crate::on;

/// A carrier as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stored {
    /// Its number at the event.
    pub carrier: u32,
    /// Whose it is.
    pub attendee: AttendeeId,
    /// What it is.
    pub kind: CarrierKind,
    /// The number of the key that signs it.
    pub key: u8,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom; none where it came with the registration.
    pub issued_by: Option<AccountId>,
    /// Until when it is valid.
    pub expires_at: Timestamp,
    /// When it was handed to the person.
    pub handed_out_at: Option<Timestamp>,
    /// When it stopped counting, and why.
    pub voided: Option<(Timestamp, VoidReason)>,
}

impl Stored {
    /// Whether it counts.
    pub fn is_live(&self) -> bool {
        self.voided.is_none()
    }
}

#[derive(Insertable)]
#[diesel(table_name = badge_carriers, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    carrier: i64,
    attendee_id: String,
    kind: &'static str,
    key_number: i64,
    issued_at: i64,
    issued_by: Option<String>,
    expires_at: i64,
    handed_out_at: Option<i64>,
    voided_at: Option<i64>,
    void_reason: Option<&'static str>,
}

type Line = (i64, String, (String, i64), (i64, Option<String>, i64), Option<i64>, (Option<i64>, Option<String>));

type Columns = (
    badge_carriers::carrier,
    badge_carriers::attendee_id,
    (badge_carriers::kind, badge_carriers::key_number),
    (badge_carriers::issued_at, badge_carriers::issued_by, badge_carriers::expires_at),
    badge_carriers::handed_out_at,
    (badge_carriers::voided_at, badge_carriers::void_reason),
);

const COLUMNS: Columns = (
    badge_carriers::carrier,
    badge_carriers::attendee_id,
    (badge_carriers::kind, badge_carriers::key_number),
    (badge_carriers::issued_at, badge_carriers::issued_by, badge_carriers::expires_at),
    badge_carriers::handed_out_at,
    (badge_carriers::voided_at, badge_carriers::void_reason),
);

fn read(line: Line) -> QueryResult<Stored> {
    let (carrier, attendee, (kind, key), (issued_at, issued_by, expires_at), handed_out_at, voided) = line;
    let voided = match voided {
        (Some(at), Some(reason)) => Some((Timestamp(at), reason.parse().ok())),
        _ => None,
    };
    let stored = || {
        Some(Stored {
            carrier: carrier.try_into().ok()?,
            attendee: attendee.parse().ok()?,
            kind: kind.parse().ok()?,
            key: key.try_into().ok()?,
            issued_at: Timestamp(issued_at),
            issued_by: issued_by.and_then(|account| account.parse().ok()),
            expires_at: Timestamp(expires_at),
            handed_out_at: handed_out_at.map(Timestamp),
            voided: match voided {
                Some((at, reason)) => Some((at, reason?)),
                None => None,
            },
        })
    };
    stored().ok_or_else(|| damaged("carrier of a badge"))
}

/// A carrier by its number.
pub fn find_carrier(c: &mut Connection, event: EventId, carrier: u32) -> QueryResult<Option<Stored>> {
    let query = badge_carriers::table.find((event.to_string(), i64::from(carrier))).select(COLUMNS);
    let line: Option<Line> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// The carriers of these attendees, void ones too, by the time and number at which they were issued.
pub fn list_carriers(c: &mut Connection, event: EventId, attendees: &[AttendeeId]) -> QueryResult<Vec<Stored>> {
    let mut found = Vec::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = badge_carriers::table
            .filter(badge_carriers::event_id.eq(event.to_string()))
            .filter(badge_carriers::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .order((badge_carriers::issued_at, badge_carriers::carrier))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// Every void carrier of an event, those of people who were taken away among them.
pub fn list_void(c: &mut Connection, event: EventId) -> QueryResult<Vec<VoidCarrier>> {
    use diesel::{BoolExpressionMethods, JoinOnDsl, NullableExpressionMethods};
    let is_theirs =
        badges::event_id.eq(badge_carriers::event_id).and(badges::attendee_id.eq(badge_carriers::attendee_id));
    let query = badge_carriers::table
        .inner_join(badges::table.on(is_theirs))
        .filter(badge_carriers::event_id.eq(event.to_string()))
        .filter(badge_carriers::voided_at.is_not_null())
        .select((badge_carriers::carrier, badges::guest, badge_carriers::void_reason.assume_not_null()));
    let ended = ended_carriers::table.filter(ended_carriers::event_id.eq(event.to_string())).select((
        ended_carriers::carrier,
        ended_carriers::guest,
        ended_carriers::void_reason,
    ));
    let lines: [Vec<(i64, String, String)>; 2] =
        on!(c, |c| QueryResult::Ok([query.load(&mut *c)?, ended.load(&mut *c)?]))?;
    let read = |(carrier, guest, reason): (i64, String, String)| {
        Some(VoidCarrier {
            carrier: carrier.try_into().ok()?,
            guest: guest.parse().ok()?,
            reason: reason.parse().ok()?,
        })
    };
    lines.into_iter().flatten().map(|line| read(line).ok_or_else(|| damaged("carrier of a badge"))).collect()
}

/// Those of these numbers that carriers have or had.
pub fn list_taken(c: &mut Connection, event: EventId, numbers: &[u32]) -> QueryResult<BTreeSet<u32>> {
    let mut taken = BTreeSet::new();
    for chunk in numbers.chunks(CHUNK) {
        let query = badge_carriers::table
            .filter(badge_carriers::event_id.eq(event.to_string()))
            .filter(badge_carriers::carrier.eq_any(chunk.iter().map(|number| i64::from(*number))))
            .select(badge_carriers::carrier);
        let ended = ended_carriers::table
            .filter(ended_carriers::event_id.eq(event.to_string()))
            .filter(ended_carriers::carrier.eq_any(chunk.iter().map(|number| i64::from(*number))))
            .select(ended_carriers::carrier);
        let found: [Vec<i64>; 2] = on!(&mut *c, |c| QueryResult::Ok([query.load(&mut *c)?, ended.load(&mut *c)?]))?;
        taken.extend(found.into_iter().flatten().filter_map(|number| u32::try_from(number).ok()));
    }
    Ok(taken)
}

/// Writes carriers: new ones, and what became of others.
pub fn put_carriers(c: &mut Connection, event: EventId, carriers: &[Stored]) -> QueryResult<()> {
    let line = |stored: &Stored| NewLine {
        event_id: event.to_string(),
        carrier: i64::from(stored.carrier),
        attendee_id: stored.attendee.to_string(),
        kind: stored.kind.as_str(),
        key_number: i64::from(stored.key),
        issued_at: stored.issued_at.0,
        issued_by: stored.issued_by.map(|account| account.to_string()),
        expires_at: stored.expires_at.0,
        handed_out_at: stored.handed_out_at.map(|at| at.0),
        voided_at: stored.voided.map(|(at, _)| at.0),
        void_reason: stored.voided.map(|(_, reason)| reason.as_str()),
    };
    for chunk in carriers.chunks(CHUNK) {
        let lines: Vec<NewLine> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(badge_carriers::table)
            .values(&lines)
            .on_conflict((badge_carriers::event_id, badge_carriers::carrier))
            .do_update()
            .set((
                badge_carriers::handed_out_at.eq(excluded(badge_carriers::handed_out_at)),
                badge_carriers::voided_at.eq(excluded(badge_carriers::voided_at)),
                badge_carriers::void_reason.eq(excluded(badge_carriers::void_reason)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Keeps that carriers are void after their people were forgotten: a badge of a desk, or an old roster, is believed
/// by itself.
pub fn put_ended(c: &mut Connection, event: EventId, ended: &[(VoidCarrier, Timestamp)]) -> QueryResult<()> {
    let line = |(void, at): &(VoidCarrier, Timestamp)| {
        (
            ended_carriers::event_id.eq(event.to_string()),
            ended_carriers::carrier.eq(i64::from(void.carrier)),
            ended_carriers::guest.eq(void.guest.to_string()),
            ended_carriers::voided_at.eq(at.0),
            ended_carriers::void_reason.eq(void.reason.as_str()),
        )
    };
    for chunk in ended.chunks(CHUNK) {
        let lines: Vec<_> = chunk.iter().map(line).collect();
        on!(&mut *c, |c| diesel::insert_into(ended_carriers::table).values(lines.clone()).execute(c))?;
    }
    Ok(())
}

/// Forgets the badge of an attendee and everything that carries it.
pub fn delete_of_attendee(c: &mut Connection, event: EventId, attendee: AttendeeId) -> QueryResult<()> {
    let carriers = badge_carriers::table
        .filter(badge_carriers::event_id.eq(event.to_string()))
        .filter(badge_carriers::attendee_id.eq(attendee.to_string()));
    let badge = badges::table.find((event.to_string(), attendee.to_string()));
    on!(c, |c| {
        diesel::delete(carriers).execute(c)?;
        diesel::delete(badge).execute(c)
    })?;
    Ok(())
}

/// Those whose badges a key signed.
pub fn list_of_key(c: &mut Connection, event: EventId, key: u8) -> QueryResult<Vec<AttendeeId>> {
    let query = badge_carriers::table
        .filter(badge_carriers::event_id.eq(event.to_string()))
        .filter(badge_carriers::key_number.eq(i64::from(key)))
        .select(badge_carriers::attendee_id)
        .distinct()
        .order(badge_carriers::attendee_id);
    let found: Vec<String> = on!(c, |c| query.load(c))?;
    found.iter().map(|id| id.parse().map_err(|_| damaged("carrier of a badge"))).collect()
}
