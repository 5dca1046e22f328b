//! One collection of the roster in memory, kept up with the store row by row: what has not changed since is
//! not read again, however many people the event has.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use shared::replica::ReplicaError;

use super::super::store::SqliteStore;

/// The rows of a collection. One of a form that this version does not know is counted and not shown, and the
/// desk goes on.
pub struct Table<T> {
    collection: &'static str,
    rows: HashMap<String, Option<T>>,
    rev: Option<u64>,
}

impl<T: DeserializeOwned> Table<T> {
    /// A collection of which nothing was read yet.
    pub fn new(collection: &'static str) -> Self {
        Self { collection, rows: HashMap::new(), rev: None }
    }

    /// Reads what has changed; whether anything had. `turn` is told what each row was and is.
    ///
    /// # Errors
    ///
    /// The store fails.
    pub fn follow(
        &mut self,
        store: &mut SqliteStore,
        mut turn: impl FnMut(&str, Option<&T>, Option<&T>),
    ) -> Result<bool, ReplicaError> {
        let (count, newest) = store.count_rows(self.collection)?;
        if count == self.rows.len() && self.rev.is_some_and(|rev| newest <= rev) {
            return Ok(false);
        }
        for row in store.list_newer(self.collection, self.rev)? {
            let value = serde_json::from_str(&row.value).ok();
            self.rev = self.rev.max(Some(row.rev));
            let former = self.rows.insert(row.id.clone(), value).flatten();
            turn(&row.id, former.as_ref(), self.rows.get(&row.id).and_then(Option::as_ref));
        }
        self.rev = self.rev.or(Some(0));
        if self.rows.len() != count {
            let there = store.list_ids(self.collection)?;
            self.rows.retain(|id, row| {
                let stays = there.contains(id);
                if !stays {
                    turn(id, row.as_ref(), None);
                }
                stays
            });
        }
        Ok(true)
    }

    /// A row by its id.
    pub fn find(&self, id: &str) -> Option<&T> {
        self.rows.get(id)?.as_ref()
    }

    /// The rows with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.rows.iter().filter_map(|(id, row)| Some((id.as_str(), row.as_ref()?)))
    }
}

impl<T: DeserializeOwned + Clone> Table<T> {
    /// The rows by their ids, as they are read from the text.
    pub fn by_id<K: std::str::FromStr + Ord>(&self) -> std::collections::BTreeMap<K, T> {
        self.iter().filter_map(|(id, row)| Some((id.parse().ok()?, row.clone()))).collect()
    }
}
