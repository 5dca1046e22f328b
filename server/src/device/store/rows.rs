//! Reading what has changed of a collection, for a program that keeps it in memory. These reads wait for no
//! writer: the file's readers see the last commit.

use std::collections::BTreeSet;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use shared::replica::ReplicaError;
use shared::sync::Position;

use super::SqliteStore;
use super::fault::Fault;
use super::records::{signed, unsigned};
use super::schema::{held, scopes};

/// A row as a program in memory takes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewerRow {
    /// The id within the collection.
    pub id: String,
    /// The commit that last changed it.
    pub rev: u64,
    /// The row as JSON.
    pub value: String,
}

impl SqliteStore {
    /// How far the device has got in the roster that it holds; none where it holds none as a whole.
    pub fn find_roster_position(&mut self) -> Result<Option<Position>, ReplicaError> {
        let query = scopes::table.filter(scopes::scope.like("roster:%")).select(scopes::position);
        let found: Option<Option<String>> = query.first(&mut self.connection).optional().map_err(Fault::from)?;
        Ok(found.flatten().map(|position| position.parse().map_err(Fault::unreadable)).transpose()?)
    }

    /// How far the names are held of those who ride behind the device's doors, door by door.
    pub fn list_boarding_positions(&mut self) -> Result<Vec<String>, ReplicaError> {
        let query = scopes::table.filter(scopes::scope.like("boarding:%")).order(scopes::scope);
        let found: Vec<(String, Option<String>)> =
            query.select((scopes::scope, scopes::position)).load(&mut self.connection).map_err(Fault::from)?;
        Ok(found.into_iter().map(|(scope, position)| scope + &position.unwrap_or_default()).collect())
    }

    /// How many rows of a collection there are, and the newest commit among them.
    pub fn count_rows(&mut self, collection: &str) -> Result<(usize, u64), ReplicaError> {
        let query = held::table.filter(held::collection.eq(collection)).select((count_star(), max(held::rev)));
        let (count, newest): (i64, Option<i64>) = query.first(&mut self.connection).map_err(Fault::from)?;
        Ok((usize::try_from(count).unwrap_or(0), unsigned(newest.unwrap_or(0))?))
    }

    /// The rows of a collection that changed behind a commit.
    pub fn list_newer(&mut self, collection: &str, behind: Option<u64>) -> Result<Vec<NewerRow>, ReplicaError> {
        let of = held::table.filter(held::collection.eq(collection)).select((held::id, held::rev, held::value));
        let rows: Vec<(String, i64, String)> = match behind {
            Some(rev) => of.filter(held::rev.gt(signed(rev)?)).load(&mut self.connection).map_err(Fault::from)?,
            None => of.load(&mut self.connection).map_err(Fault::from)?,
        };
        let read = |(id, rev, value)| Ok(NewerRow { id, rev: unsigned(rev)?, value });
        Ok(rows.into_iter().map(read).collect::<Result<_, Fault>>()?)
    }

    /// The ids of the rows of a collection.
    pub fn list_ids(&mut self, collection: &str) -> Result<BTreeSet<String>, ReplicaError> {
        let query = held::table.filter(held::collection.eq(collection)).select(held::id);
        let ids: Vec<String> = query.load(&mut self.connection).map_err(Fault::from)?;
        Ok(ids.into_iter().collect())
    }
}
