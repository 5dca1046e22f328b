//! Rows as the last commit left them: from memory where their scope is loaded, else from the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::QueryResult;
use shared::sync::Scope;

use super::events::EventCell;
use super::load;
use crate::database::Connection;
use crate::sync::row::{Row, RowKey};

/// The rows and tombstones with these keys, scope by scope. The caller writes to the event, so that its
/// memory is at the head. Those of all scopes that are not loaded are read at once.
pub fn stored_rows(
    connection: &mut Connection,
    cell: &EventCell,
    wanted: &BTreeMap<Scope, Vec<RowKey>>,
) -> QueryResult<BTreeMap<Scope, BTreeMap<RowKey, Arc<Row>>>> {
    let mut found: BTreeMap<Scope, BTreeMap<RowKey, Arc<Row>>> = BTreeMap::new();
    let mut unloaded: Vec<(Scope, RowKey)> = Vec::new();
    {
        let memory = cell.read();
        for (scope, keys) in wanted {
            // A scope that has no head has no rows.
            let Some(held) = memory.scope(scope) else { continue };
            match &held.log {
                Some(log) => {
                    let here = keys.iter().filter_map(|key| Some((*key, Arc::clone(log.find(*key)?))));
                    found.insert(*scope, here.collect());
                }
                None => unloaded.extend(keys.iter().map(|key| (*scope, *key))),
            }
        }
    }
    for (scope, row) in load::load_rows(connection, cell.id, &unloaded)? {
        found.entry(scope).or_default().insert(row.key, row);
    }
    Ok(found)
}
