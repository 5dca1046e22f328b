//! The rows of badges: one's own, and what desks and doors need to know of everybody.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::json;
use shared::badge::{BadgeSecret, Carrier, CarrierKind, VoidCarrier, VoidReason, carrier_row_id};
use shared::ids::{AttendeeId, EventId, GuestIndex, RecordId};
use shared::programme::Programme;
use shared::roster::protocol_sessions;
use shared::sync::{Profile, Scope};
use shared::time::Timestamp;

use super::affected::list_affected;
use super::keys::row_id;
use super::passengers::{self, Riders};
use super::rosters::{Portrait, list_rosters};
use super::standing::{Carried, Holder, list_holders};
use super::store;
use crate::database::Connection;
use crate::database::schema::{erasures, scope_rows};
use crate::on;
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Writes the rows of everybody of whom something changed, and those of rosters that came or went.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    follow_protocol(unit)?;
    let mut affected: Vec<AttendeeId> = list_affected(unit)?.into_iter().collect();
    let erased = list_erased(unit.connection, unit.group.event, &affected)?;
    affected.retain(|attendee| !erased.contains(attendee));
    if affected.is_empty() {
        return Ok(());
    }
    let (event, programme) = (unit.group.event, unit.group.programme().clone());
    let (rosters, sessions) = (list_rosters(&programme), protocol_sessions(&programme));
    let shown = list_shown(unit.connection, (event, &sessions), &affected)?;
    let riders = (Riders::of(unit.group.programme_before()), Riders::of(&programme));
    for holder in list_holders(unit.connection, (event, &programme), &affected)? {
        passengers::put_rows(unit, (&riders.0, &riders.1), &holder);
        put_own_rows(unit, &holder);
        put_void_rows(unit, &rosters, &holder);
        put_roster_rows(unit, &programme, (&holder, &sessions, &shown));
    }
    Ok(())
}

/// Those of these attendees who were erased: rosters do not count them.
fn list_erased(c: &mut Connection, event: EventId, attendees: &[AttendeeId]) -> QueryResult<BTreeSet<AttendeeId>> {
    let mut erased = BTreeSet::new();
    for chunk in attendees.chunks(CHUNK) {
        let query = erasures::table
            .filter(erasures::event_id.eq(event.to_string()))
            .filter(erasures::attendee_id.eq_any(chunk.iter().map(ToString::to_string)))
            .filter(erasures::is_applied.eq(true))
            .select(erasures::attendee_id);
        let found: Vec<String> = on!(&mut *c, |c| query.load(c))?;
        erased.extend(found.into_iter().filter_map(|id| id.parse::<AttendeeId>().ok()));
    }
    Ok(erased)
}

/// A paper says by itself what its code says; the row of a phone's says it, so that the phone can show it.
fn put_own_rows(unit: &mut Unit<'_>, holder: &Holder) {
    for one in &holder.carriers {
        let token = one.shown.token.clone().filter(|_| one.shown.kind == CarrierKind::Phone);
        let row = json!(Carrier { token, ..one.shown.clone() });
        let key = (RowCollection::Badges, carrier_row_id(unit.group.event, one.shown.carrier));
        unit.group.put_row(Scope::Own(holder.attendee.id), key, Some(&row));
    }
}

fn put_void_rows(unit: &mut Unit<'_>, rosters: &[Scope], holder: &Holder) {
    let Some(secret) = holder.secret else { return };
    for Carried { stored, .. } in &holder.carriers {
        if let Some((_, reason)) = stored.voided {
            put_void_row(unit, rosters, &VoidCarrier { carrier: stored.carrier, guest: secret.index(), reason });
        }
    }
}

fn put_void_row(unit: &mut Unit<'_>, rosters: &[Scope], void: &VoidCarrier) {
    let key = (RowCollection::VoidBadges, carrier_row_id(unit.group.event, void.carrier));
    let row = json!(void);
    rosters.iter().for_each(|roster| unit.group.put_row(*roster, key, Some(&row)));
}

type Shown = BTreeSet<(RecordId, AttendeeId)>;

fn put_roster_rows(
    unit: &mut Unit<'_>,
    programme: &Programme,
    (holder, sessions, shown): (&Holder, &BTreeSet<RecordId>, &Shown),
) {
    let (event, attendee) = (unit.group.event, holder.attendee.id);
    let Some(portrait) = Portrait::of(programme, holder) else { return };
    let key = (RowCollection::DeskPeople, attendee.0);
    unit.group.put_row(Scope::Roster(Profile::Full), key, Some(&portrait.for_desk()));
    if let Some(secret) = holder.secret {
        let row = portrait.for_door(event, &secret);
        unit.group.put_row(Scope::Roster(Profile::Door), door_key(&secret), row.as_ref());
    }
    for session in sessions {
        let row = portrait.for_protocol(*session);
        if row.is_some() || shown.contains(&(*session, attendee)) {
            let key = (RowCollection::ProtocolGuests, attendee.0);
            unit.group.put_row(Scope::Roster(Profile::Protocol(*session)), key, row.as_ref());
        }
    }
}

fn door_key(secret: &BadgeSecret) -> (RowCollection, uuid::Uuid) {
    (RowCollection::DoorGuests, secret.index().0)
}

/// Which of these attendees have rows in which of these sessions' rosters.
fn list_shown(
    c: &mut Connection,
    (event, sessions): (EventId, &BTreeSet<RecordId>),
    attendees: &[AttendeeId],
) -> QueryResult<Shown> {
    let mut shown = Shown::new();
    for session in sessions {
        let scope = Scope::Roster(Profile::Protocol(*session)).to_string();
        for chunk in attendees.chunks(CHUNK) {
            let query = scope_rows::table
                .filter(scope_rows::event_id.eq(event.to_string()))
                .filter(scope_rows::scope.eq(&scope))
                .filter(scope_rows::collection.eq(RowCollection::ProtocolGuests.as_str()))
                .filter(scope_rows::id.eq_any(chunk.iter().map(ToString::to_string)))
                .filter(scope_rows::value.is_not_null())
                .select(scope_rows::id);
            let found: Vec<String> = on!(&mut *c, |c| query.load(c))?;
            shown.extend(found.into_iter().filter_map(|id| Some((*session, id.parse().ok()?))));
        }
    }
    Ok(shown)
}

/// A session that has a roster from now on gets keys and void carriers; one that has none any more
/// loses every row that is written here.
fn follow_protocol(unit: &mut Unit<'_>) -> QueryResult<()> {
    if unit.group.changed_records().is_empty() {
        return Ok(());
    }
    let (was, is) = (protocol_sessions(unit.group.programme_before()), protocol_sessions(unit.group.programme()));
    let event = unit.group.event;
    if is.difference(&was).next().is_some() {
        write_key_rows(unit)?;
        let rosters = list_rosters(unit.group.programme());
        for void in store::list_void(unit.connection, event)? {
            put_void_row(unit, &rosters, &void);
        }
    }
    for session in was.difference(&is) {
        let scope = Scope::Roster(Profile::Protocol(*session));
        for key in list_written(unit.connection, event, &scope)? {
            unit.group.put_row(scope, key, None);
        }
    }
    Ok(())
}

/// The rows of a scope that this domain writes.
fn list_written(c: &mut Connection, event: EventId, scope: &Scope) -> QueryResult<Vec<(RowCollection, uuid::Uuid)>> {
    let ours = [RowCollection::ProtocolGuests, RowCollection::BadgeKeys, RowCollection::VoidBadges];
    let query = scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::scope.eq(scope.to_string()))
        .filter(scope_rows::collection.eq_any(ours.map(RowCollection::as_str)))
        .filter(scope_rows::value.is_not_null())
        .select((scope_rows::collection, scope_rows::id));
    let found: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(found.into_iter().filter_map(|(of, id)| Some((of.parse().ok()?, id.parse().ok()?))).collect())
}

/// Writes the rows of the event's keys into every roster.
pub fn write_key_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let rosters = list_rosters(unit.group.programme());
    for stored in store::list_keys(unit.connection, unit.group.event)? {
        let (key, row) = ((RowCollection::BadgeKeys, row_id(unit, stored.key.number)), json!(stored.key));
        rosters.iter().for_each(|roster| unit.group.put_row(*roster, key, Some(&row)));
    }
    Ok(())
}

/// Takes everything away that rosters say of somebody, but for what is void: no badge of theirs is to be good
/// again because nobody knows them.
pub fn take_away(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let event = unit.group.event;
    let rosters = list_rosters(unit.group.programme());
    for secret in store::list_secrets(unit.connection, event, &[attendee])?.values() {
        unit.group.put_row(Scope::Roster(Profile::Door), door_key(secret), None);
        end_carriers(unit, &rosters, (attendee, secret.index()))?;
    }
    for roster in rosters.into_iter().filter(|roster| *roster != Scope::Roster(Profile::Door)) {
        let collection = match roster {
            Scope::Roster(Profile::Full) => RowCollection::DeskPeople,
            _ => RowCollection::ProtocolGuests,
        };
        unit.group.put_row(roster, (collection, attendee.0), None);
    }
    Ok(())
}

fn end_carriers(
    unit: &mut Unit<'_>,
    rosters: &[Scope],
    (attendee, guest): (AttendeeId, GuestIndex),
) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    let carriers = store::list_carriers(unit.connection, event, &[attendee])?.into_iter();
    let ended: Vec<(VoidCarrier, Timestamp)> = carriers
        .map(|one| {
            let (at, reason) = one.voided.unwrap_or((now, VoidReason::RegistrationEnded));
            (VoidCarrier { carrier: one.carrier, guest, reason }, at)
        })
        .collect();
    store::put_ended(unit.connection, event, &ended)?;
    ended.iter().for_each(|(void, _)| put_void_row(unit, rosters, void));
    Ok(())
}
