//! Purging tombstones once nobody needs them.

use std::sync::Arc;

use chrono::Days;
use diesel::dsl::{max, min};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::EventId;
use shared::sync::Scope;
use shared::time::Timestamp;

use super::feed::{EventCell, Events};
use super::{EventWriter, WriteError};
use crate::database::schema::{commits, scope_heads, scope_rows};
use crate::database::{Connection, Readers};
use crate::on;

/// For how many days after an event's end, and after they were made, tombstones are kept.
const KEPT_DAYS: u64 = 90;

const DAY_MS: i64 = 86_400_000;

/// Purges the tombstones of the commits up to `up_to`, and raises the floor of each scope that had
/// some to the newest one purged: a device below it is reset, in that scope alone.
pub async fn purge(
    events: &Arc<Events>,
    writer: &EventWriter,
    (cell, up_to): (&Arc<EventCell>, u64),
) -> Result<usize, WriteError> {
    let event = cell.id;
    let purged = writer.unit(event, move |unit| Ok(purge_stored(unit.connection, event, up_to)?)).await?;
    events.raise_floors(cell, &purged.value);
    Ok(purged.value.len())
}

fn purge_stored(connection: &mut Connection, event: EventId, up_to: u64) -> QueryResult<Vec<(Scope, u64)>> {
    let event = event.to_string();
    let floors: Vec<(String, Option<i64>)> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(&event))
        .filter(scope_rows::value.is_null())
        .filter(scope_rows::rev.le(up_to as i64))
        .group_by(scope_rows::scope)
        .select((scope_rows::scope, max(scope_rows::rev)))
        .load(c))?;
    on!(connection, |c| diesel::delete(
        scope_rows::table
            .filter(scope_rows::event_id.eq(&event))
            .filter(scope_rows::value.is_null())
            .filter(scope_rows::rev.le(up_to as i64))
    )
    .execute(c))?;
    let mut raised = Vec::with_capacity(floors.len());
    for (scope, floor) in floors {
        let floor = floor.unwrap_or_default();
        on!(connection, |c| diesel::update(scope_heads::table.find((&event, &scope)))
            .set(scope_heads::floor.eq(floor))
            .execute(c))?;
        if let Ok(scope) = scope.parse() {
            raised.push((scope, floor as u64));
        }
    }
    Ok(raised)
}

/// Purges in every event that ended long enough ago the tombstones that are old enough themselves:
/// an event may be imported, and changed, after its end.
pub async fn purge_due(
    events: &Arc<Events>,
    (readers, writer): (&Readers, &EventWriter),
    now: Timestamp,
) -> Result<(), WriteError> {
    for cell in events.list() {
        let Ok(programme) = events.programme(&cell).await else { continue };
        let is_due = programme.event().is_some_and(|(_, event)| {
            let due = event.ends_on.0.checked_add_days(Days::new(KEPT_DAYS));
            due.is_some_and(|due| due < now.to_utc().date_naive())
        });
        if !is_due {
            continue;
        }
        let event = cell.id;
        let since = Timestamp(now.0 - KEPT_DAYS as i64 * DAY_MS);
        let up_to = readers
            .read(move |connection| find_purgeable(connection, event, since))
            .await
            .map_err(|_| WriteError::Unavailable)?;
        if let Some(up_to) = up_to {
            purge(events, writer, (&cell, up_to)).await?;
        }
    }
    Ok(())
}

/// The newest commit before `since`, if there is a tombstone of it or an older one.
fn find_purgeable(connection: &mut Connection, event: EventId, since: Timestamp) -> QueryResult<Option<u64>> {
    let event = event.to_string();
    let first_kept: Option<i64> = on!(connection, |c| commits::table
        .filter(commits::event_id.eq(&event))
        .filter(commits::at.ge(since.0))
        .select(min(commits::seq))
        .first(c))?;
    let up_to = first_kept.map_or(i64::MAX, |seq| seq - 1);
    let newest: Option<i64> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(&event))
        .filter(scope_rows::value.is_null())
        .filter(scope_rows::rev.le(up_to))
        .select(max(scope_rows::rev))
        .first(c))?;
    Ok(newest.map(i64::unsigned_abs))
}
