//! Incidents.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl,
};
use serde::{Deserialize, Serialize};
use shared::admission::{Incident, IncidentKind};
use shared::ids::{AccountId, EventId, GuestIndex};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::incidents;
use crate::on;

/// An incident with what became of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StoredIncident {
    /// What is odd.
    #[serde(flatten)]
    pub incident: Incident,
    /// When it was found.
    pub found_at: Timestamp,
    /// When somebody said that it is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved_by: Option<AccountId>,
    /// What they noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = incidents, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    id: String,
    kind: &'static str,
    guest: Option<String>,
    other_guest: Option<String>,
    found_at: i64,
    body: String,
}

type Line = (String, i64, (Option<i64>, Option<String>, Option<String>));

type Columns =
    (incidents::body, incidents::found_at, (incidents::resolved_at, incidents::resolved_by, incidents::note));

const COLUMNS: Columns =
    (incidents::body, incidents::found_at, (incidents::resolved_at, incidents::resolved_by, incidents::note));

/// The kinds that are derived of guests' scans.
pub(super) const DERIVED: [IncidentKind; 8] = [
    IncidentKind::SecondUse,
    IncidentKind::TwoPlaces,
    IncidentKind::VoidCarrier,
    IncidentKind::StolenShown,
    IncidentKind::SeatTwice,
    IncidentKind::RevokedKey,
    IncidentKind::Unregistered,
    IncidentKind::Unauthorised,
];

pub(super) fn read((body, found_at, (resolved_at, resolved_by, note)): Line) -> QueryResult<StoredIncident> {
    let incident = serde_json::from_str(&body).map_err(|_| damaged("incident"))?;
    let resolved_by = resolved_by.map(|account| account.parse().map_err(|_| damaged("incident"))).transpose()?;
    let (found_at, resolved_at) = (Timestamp(found_at), resolved_at.map(Timestamp));
    Ok(StoredIncident { incident, found_at, resolved_at, resolved_by, note })
}

/// One incident.
pub fn find_incident(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Option<StoredIncident>> {
    let query = incidents::table.find((event.to_string(), id.to_string())).select(COLUMNS);
    let line: Option<Line> = on!(c, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// The incidents with these ids.
pub fn list_by_id(c: &mut Connection, event: EventId, ids: &[Uuid]) -> QueryResult<Vec<StoredIncident>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = incidents::table
            .filter(incidents::event_id.eq(event.to_string()))
            .filter(incidents::id.eq_any(chunk.iter().map(ToString::to_string)))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// What is odd about any of these guests, of the kinds that are derived of them.
pub fn list_about(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<Vec<StoredIncident>> {
    let mut found = Vec::new();
    for chunk in guests.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = incidents::table
            .filter(incidents::event_id.eq(event.to_string()))
            .filter(incidents::guest.eq_any(ids.clone()).or(incidents::other_guest.eq_any(ids)))
            .filter(incidents::kind.eq_any(DERIVED.map(IncidentKind::as_str)))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// The incidents of a kind, settled ones too.
pub fn list_of_kind(c: &mut Connection, event: EventId, kind: IncidentKind) -> QueryResult<Vec<StoredIncident>> {
    let query = incidents::table
        .filter(incidents::event_id.eq(event.to_string()))
        .filter(incidents::kind.eq(kind.as_str()))
        .order(incidents::id)
        .select(COLUMNS);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

/// The incidents that are open, or those that are settled, behind an id and by id, at most `limit`.
pub fn list_incidents(
    c: &mut Connection,
    event: EventId,
    is_open: bool,
    (after, limit): (&str, usize),
) -> QueryResult<Vec<StoredIncident>> {
    let query = incidents::table
        .filter(incidents::event_id.eq(event.to_string()))
        .filter(incidents::id.gt(after))
        .order(incidents::id)
        .limit(limit as i64)
        .select(COLUMNS);
    let lines: Vec<Line> = on!(c, |c| match is_open {
        true => query.filter(incidents::resolved_at.is_null()).load(c),
        false => query.filter(incidents::resolved_at.is_not_null()).load(c),
    })?;
    lines.into_iter().map(read).collect()
}

/// Writes incidents; what became of those that are there already stays.
pub fn put_incidents(c: &mut Connection, event: EventId, found: &[&Incident], now: Timestamp) -> QueryResult<()> {
    let line = |one: &Incident| {
        let guest = |place: usize| one.guests.get(place).map(ToString::to_string);
        Ok(NewLine {
            event_id: event.to_string(),
            id: one.id.to_string(),
            kind: one.kind.as_str(),
            guest: guest(0),
            other_guest: guest(1),
            found_at: now.0,
            body: serde_json::to_string(one).map_err(|_| damaged("incident"))?,
        })
    };
    for chunk in found.chunks(CHUNK) {
        let lines = chunk.iter().map(|one| line(one)).collect::<QueryResult<Vec<_>>>()?;
        on!(&mut *c, |c| diesel::insert_into(incidents::table)
            .values(&lines)
            .on_conflict((incidents::event_id, incidents::id))
            .do_update()
            .set(incidents::body.eq(diesel::upsert::excluded(incidents::body)))
            .execute(c))?;
    }
    Ok(())
}

/// Takes incidents away.
pub fn delete_incidents(c: &mut Connection, event: EventId, ids: &[Uuid]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let lines = incidents::table
            .filter(incidents::event_id.eq(event.to_string()))
            .filter(incidents::id.eq_any(chunk.iter().map(ToString::to_string)));
        on!(&mut *c, |c| diesel::delete(lines).execute(c))?;
    }
    Ok(())
}

/// Says what became of an incident.
pub fn resolve_incident(c: &mut Connection, event: EventId, stored: &StoredIncident) -> QueryResult<()> {
    let line = incidents::table.find((event.to_string(), stored.incident.id.to_string()));
    let settled = (
        incidents::resolved_at.eq(stored.resolved_at.map(|at| at.0)),
        incidents::resolved_by.eq(stored.resolved_by.map(|account| account.to_string())),
        incidents::note.eq(stored.note.clone()),
    );
    on!(c, |c| diesel::update(line).set(settled).execute(c))?;
    Ok(())
}
