//! Making an event's rows anew after the program has changed what they look like.
//!
//! A row whose bytes stay the same keeps its rev. Rows that are not projected from anything else
//! (stars, notes, notices) are left as they are.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId};
use shared::programme::Collection;
use shared::sync::Scope;

use super::WriteError;
use super::change_log::{Group, Unit};
use super::projection;
use super::row::{RowCollection, RowKey};
use crate::app::App;
use crate::database::schema::{attendees, event_counters, scope_rows};
use crate::database::{Connection, ROWS_VERSION};
use crate::on;

/// Attendees whose rows are made in one commit.
const CHUNK: i64 = 500;

/// Makes the rows of every event anew that another version of the projection wrote.
pub async fn run_due(app: &App) -> Result<(), WriteError> {
    let unavailable = |_| WriteError::Unavailable;
    for event in app.readers.read(list_due).await.map_err(unavailable)? {
        tracing::info!(event = %event, version = ROWS_VERSION, "making the rows of an event anew");
        let mut last = String::new();
        loop {
            let after = std::mem::take(&mut last);
            let renewed = app.writer.unit(event, move |unit| Ok(renew_people(unit, &after)?)).await?;
            let Some(reached) = renewed.value else { break };
            last = reached;
        }
        app.writer.unit(event, move |unit| Ok(renew_programme(unit)?)).await?;
    }
    Ok(())
}

fn list_due(connection: &mut Connection) -> QueryResult<Vec<EventId>> {
    let query =
        event_counters::table.filter(event_counters::rows_version.ne(ROWS_VERSION)).select(event_counters::event_id);
    let ids: Vec<String> = on!(connection, |c| query.load(c))?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).filter(|id| *id != super::SYSTEM).collect())
}

/// The rows of some attendees, in the order of their ids; the id reached, or none behind the last.
fn renew_people(unit: &mut Unit<'_>, after: &str) -> QueryResult<Option<String>> {
    let query = attendees::table
        .filter(attendees::event_id.eq(unit.group.event.to_string()))
        .filter(attendees::id.gt(after))
        .order(attendees::id)
        .limit(CHUNK)
        .select(attendees::id);
    let ids: Vec<String> = on!(&mut *unit.connection, |c| query.load(c))?;
    for id in ids.iter().filter_map(|id| id.parse::<AttendeeId>().ok()) {
        unit.group.attendee_changed(id);
        unit.group.guest_changed(id);
    }
    Ok(ids.last().cloned())
}

fn renew_programme(unit: &mut Unit<'_>) -> QueryResult<()> {
    unit.group.renew_rows();
    let counter = event_counters::table.find(unit.group.event.to_string());
    on!(&mut *unit.connection, |c| diesel::update(counter)
        .set(event_counters::rows_version.eq(ROWS_VERSION))
        .execute(c))?;
    Ok(())
}

/// The collections whose rows are projected from the records of the programme.
fn projected_collections() -> BTreeSet<RowCollection> {
    let full = Collection::ALL.iter().map(|collection| projection::row_collection(*collection));
    let others = [
        RowCollection::SessionStubs,
        RowCollection::PartStubs,
        RowCollection::DocumentStubs,
        RowCollection::DelegationDetails,
        RowCollection::RosterCategories,
        RowCollection::RosterDelegations,
        RowCollection::RosterParts,
        RowCollection::RosterSessions,
    ];
    full.chain(others).collect()
}

/// Every row of the programme as it is to be, with those that are stored and are not to be.
pub(super) fn wanted_rows(
    connection: &mut Connection,
    group: &Group,
) -> QueryResult<BTreeMap<(Scope, RowKey), Option<String>>> {
    let programme = group.programme();
    let keys = programme.iter().map(|(key, _)| *key).collect();
    let rows = projection::project(programme, &keys);
    let collections: Vec<&str> = projected_collections().into_iter().map(RowCollection::as_str).collect();
    let query = scope_rows::table
        .filter(scope_rows::event_id.eq(group.event.to_string()))
        .filter(scope_rows::collection.eq_any(collections))
        .filter(scope_rows::value.is_not_null())
        .select((scope_rows::scope, scope_rows::collection, scope_rows::id));
    let stored: Vec<(String, String, String)> = on!(connection, |c| query.load(c))?;
    let gone = stored
        .into_iter()
        .filter_map(|(scope, collection, id)| Some((scope.parse().ok()?, (collection.parse().ok()?, id.parse().ok()?))))
        .filter(|at: &(Scope, RowKey)| !rows.contains_key(at))
        .map(|at| (at, None))
        .collect::<BTreeMap<_, _>>();
    Ok(rows.into_iter().map(|(at, value)| (at, Some(value))).chain(gone).collect())
}
