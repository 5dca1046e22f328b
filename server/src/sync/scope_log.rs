//! One scope's rows in memory, in the order that devices read them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::row::{Row, RowCollection, RowKey};

/// What a row costs beside its JSON, roughly, in bytes.
const ROW_OVERHEAD: usize = 180;

/// All rows and tombstones of one scope above its floor.
#[derive(Default, Debug)]
pub struct ScopeLog {
    by_rev: BTreeMap<(u64, RowKey), Arc<Row>>,
    revs: HashMap<RowKey, u64>,
    bytes: usize,
}

/// Some rows in order, and whether more follow.
pub struct Slice {
    /// The rows.
    pub rows: Vec<Arc<Row>>,
    /// Whether more follow.
    pub more: bool,
}

/// How much a page may hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PageLimit {
    /// Rows.
    pub rows: usize,
    /// Bytes of JSON; a page holds at least one row.
    pub bytes: usize,
}

impl ScopeLog {
    /// Puts a row in the place of the one with its key.
    pub fn put(&mut self, row: Arc<Row>) {
        self.forget(row.key);
        self.bytes += weight(&row);
        self.revs.insert(row.key, row.rev);
        self.by_rev.insert((row.rev, row.key), row);
    }

    /// Drops tombstones up to and including the commit `floor`.
    pub fn purge_tombstones(&mut self, floor: u64) {
        let gone: Vec<RowKey> = self
            .by_rev
            .values()
            .take_while(|row| row.rev <= floor)
            .filter(|row| row.value.is_none())
            .map(|row| row.key)
            .collect();
        gone.into_iter().for_each(|key| self.forget(key));
    }

    /// The row or tombstone with this key.
    pub fn find(&self, key: RowKey) -> Option<&Arc<Row>> {
        self.by_rev.get(&(*self.revs.get(&key)?, key))
    }

    /// Roughly how much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The live rows, in order.
    pub fn live(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.by_rev.values().filter(|row| row.value.is_some())
    }

    /// What follows `after`: whole commits up to a number, or a place inside one. Tombstones up to
    /// and including `tombstones_after` are left out.
    pub fn slice(&self, after: After, tombstones_after: u64, limit: PageLimit) -> Slice {
        let start = match after {
            After::Commit(u64::MAX) => return Slice { rows: Vec::new(), more: false },
            After::Commit(rev) => Bound::Included((rev + 1, MIN_KEY)),
            After::Place(rev, key) => Bound::Excluded((rev, key)),
        };
        let mut slice = Slice { rows: Vec::new(), more: false };
        let mut bytes = 0;
        for row in self.by_rev.range((start, Bound::Unbounded)).map(|(_, row)| row) {
            if row.value.is_none() && row.rev <= tombstones_after {
                continue;
            }
            let size = row.value.as_deref().map_or(0, str::len) + 100;
            let is_full = slice.rows.len() >= limit.rows || bytes + size > limit.bytes;
            if is_full && !slice.rows.is_empty() {
                slice.more = true;
                break;
            }
            bytes += size;
            slice.rows.push(Arc::clone(row));
        }
        slice
    }

    fn forget(&mut self, key: RowKey) {
        if let Some(rev) = self.revs.remove(&key)
            && let Some(row) = self.by_rev.remove(&(rev, key))
        {
            self.bytes -= weight(&row);
        }
    }
}

/// Where a slice begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum After {
    /// Behind a whole commit; `Commit(0)` is the beginning.
    Commit(u64),
    /// Behind one row of a commit.
    Place(u64, RowKey),
}

/// Before every other key of a commit.
const MIN_KEY: RowKey = (RowCollection::ALL[0], uuid::Uuid::nil());

fn weight(row: &Row) -> usize {
    row.value.as_deref().map_or(0, str::len) + ROW_OVERHEAD
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_follows_a_commit_begins_with_the_first_row_of_the_next() {
        let mut log = ScopeLog::default();
        for collection in RowCollection::ALL {
            log.put(Arc::new(Row::new((*collection, Uuid::nil()), 5, Some("{}".into()))));
        }
        let limit = PageLimit { rows: 100, bytes: 1_000_000 };
        let slice = log.slice(After::Commit(4), 0, limit);
        let collections: Vec<_> = slice.rows.iter().map(|row| row.key.0).collect();
        assert_eq!(collections, RowCollection::ALL);
    }
}
