//! Forgetting commits and answers so old that no device can mean them any more.
//!
//! A device whose position is of a forgotten commit is reset in that scope. A mutation whose answer
//! is forgotten would be run again, so what is kept must outlive what a device may still send.

use std::sync::Arc;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, RunQueryDsl, sql_query};
use shared::ids::EventId;
use shared::time::Timestamp;

use super::feed::Events;
use super::{EventWriter, SYSTEM, WriteError};
use crate::database::Connection;
use crate::on;

/// Lines that one transaction deletes, so that nobody waits long behind it.
const CHUNK: i64 = 2_000;

/// A scope's head stays: devices that hold it are up to date, however long ago it was written. The
/// event's own is among them or newer than all of them.
const FORGET_COMMITS: &str = "DELETE FROM commits WHERE event_id = $1 AND seq IN (SELECT seq FROM commits AS old \
     WHERE old.event_id = $1 AND old.at < $2 \
     AND old.seq NOT IN (SELECT seq FROM scope_heads WHERE event_id = $1) \
     AND old.seq NOT IN (SELECT seq FROM event_counters WHERE event_id = $1) \
     ORDER BY old.seq LIMIT $3)";

const FORGET_RESULTS: &str = "DELETE FROM mutation_results WHERE (account_id, device_id, mutation_id) IN \
     (SELECT account_id, device_id, mutation_id FROM mutation_results WHERE event_id = $1 AND at < $2 LIMIT $3)";

/// Forgets what was written before `before`, in all events and in what belongs to none. How many
/// lines went.
pub async fn forget(events: &Arc<Events>, writer: &EventWriter, before: Timestamp) -> Result<usize, WriteError> {
    let mut count = 0;
    for event in events.list().iter().map(|cell| cell.id).chain([SYSTEM]) {
        for statement in [FORGET_COMMITS, FORGET_RESULTS] {
            loop {
                let went = writer
                    .unit(event, move |unit| Ok(forget_some(unit.connection, statement, (event, before))?))
                    .await?;
                count += went.value;
                if (went.value as i64) < CHUNK {
                    break;
                }
            }
        }
    }
    Ok(count)
}

fn forget_some(
    connection: &mut Connection,
    statement: &str,
    (event, before): (EventId, Timestamp),
) -> QueryResult<usize> {
    let statement =
        sql_query(statement).bind::<Text, _>(event.to_string()).bind::<BigInt, _>(before.0).bind::<BigInt, _>(CHUNK);
    on!(connection, |c| statement.execute(c))
}
