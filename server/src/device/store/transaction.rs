//! What a step of the replica does, in SQL.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{SqliteConnection, sql_query};
use shared::ids::{AccountId, MutationId};
use shared::replica::{
    AccountState, DeviceState, EditState, HeldRow, Layer, ReplicaError, ReplicaTransaction, RowFilter, ScopeState,
    StoredEdit,
};
use shared::sync::{Change, Digest};

use super::fault::Fault;
use super::records::{
    AccountRecord, DeviceRecord, EditRecord, HeldRecord, NewHeld, NewStaged, ScopeRecord, name_of, narrow, unsigned,
};
use super::schema::{accounts, device, edits, held, scopes, staged};

/// How many rows one statement writes: six values a row, far below SQLite's limit of 32,766.
const BATCH_ROWS: usize = 500;

const MERGE: &str = "INSERT OR REPLACE INTO held (scope, collection, id, rev, checksum, value)
    SELECT scope, collection, id, rev, checksum, value FROM staged WHERE scope = $1 AND value IS NOT NULL";

const DELETE_GONE: &str = "DELETE FROM held WHERE scope = $1 AND (collection, id) IN
    (SELECT collection, id FROM staged WHERE scope = $1 AND value IS NULL)";

const DIGEST: &str = "SELECT count(*) AS total, coalesce(sum(checksum), 0) & 4294967295 AS checksum
    FROM held WHERE scope = $1";

/// One local transaction.
pub struct SqliteTransaction<'a> {
    pub conn: &'a mut SqliteConnection,
}

#[derive(QueryableByName)]
struct DigestRecord {
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    checksum: i64,
}

#[derive(QueryableByName)]
struct CountRecord {
    #[diesel(sql_type = Text)]
    collection: String,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

impl SqliteTransaction<'_> {
    fn hold(&mut self, scope: &str, changes: &[Change]) -> Result<(), Fault> {
        for part in changes.chunks(BATCH_ROWS) {
            let mut rows = Vec::with_capacity(part.len());
            for change in part {
                match &change.value {
                    Some(value) => rows.push(NewHeld::new(scope, change, value.get())?),
                    None => {
                        let key = (scope, change.collection.as_str(), change.id.as_str());
                        diesel::delete(held::table.find(key)).execute(self.conn)?;
                    }
                }
            }
            diesel::replace_into(held::table).values(&rows).execute(self.conn)?;
        }
        Ok(())
    }

    fn stage(&mut self, scope: &str, changes: &[Change]) -> Result<(), Fault> {
        for part in changes.chunks(BATCH_ROWS) {
            let rows = part.iter().map(|change| NewStaged::new(scope, change)).collect::<Result<Vec<_>, _>>()?;
            diesel::replace_into(staged::table).values(&rows).execute(self.conn)?;
        }
        Ok(())
    }

    fn run(&mut self, sql: &str, scope: &str) -> Result<(), Fault> {
        sql_query(sql).bind::<Text, _>(scope).execute(self.conn)?;
        Ok(())
    }

    fn next_place(&mut self, account: AccountId) -> Result<u64, Fault> {
        let of_account = edits::table.filter(edits::account.eq(account.to_string()));
        let last: Option<i64> = of_account.select(diesel::dsl::max(edits::place)).first(self.conn)?;
        unsigned(last.unwrap_or(0).saturating_add(1))
    }
}

impl ReplicaTransaction for SqliteTransaction<'_> {
    fn list_scopes(&mut self) -> Result<Vec<(String, ScopeState)>, ReplicaError> {
        let records: Vec<ScopeRecord> = scopes::table.order(scopes::scope).load(self.conn).map_err(Fault::from)?;
        Ok(records.into_iter().map(ScopeRecord::read).collect::<Result<_, _>>()?)
    }

    fn put_scope(&mut self, scope: &str, state: &ScopeState) -> Result<(), ReplicaError> {
        let record = ScopeRecord::new(scope, state)?;
        diesel::replace_into(scopes::table).values(&record).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }

    fn remove_scope(&mut self, scope: &str) -> Result<(), ReplicaError> {
        self.clear_rows(Layer::Held, scope)?;
        self.clear_rows(Layer::Staged, scope)?;
        diesel::delete(scopes::table.find(scope)).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }

    fn put_rows(&mut self, layer: Layer, scope: &str, changes: &[Change]) -> Result<(), ReplicaError> {
        Ok(match layer {
            Layer::Held => self.hold(scope, changes),
            Layer::Staged => self.stage(scope, changes),
        }?)
    }

    fn clear_rows(&mut self, layer: Layer, scope: &str) -> Result<(), ReplicaError> {
        let deleted = match layer {
            Layer::Held => diesel::delete(held::table.filter(held::scope.eq(scope))).execute(self.conn),
            Layer::Staged => diesel::delete(staged::table.filter(staged::scope.eq(scope))).execute(self.conn),
        };
        deleted.map(drop).map_err(|error| Fault::from(error).into())
    }

    fn merge_staged(&mut self, scope: &str) -> Result<(), ReplicaError> {
        self.run(DELETE_GONE, scope)?;
        self.run(MERGE, scope)?;
        self.clear_rows(Layer::Staged, scope)
    }

    fn digest_of(&mut self, scope: &str) -> Result<Digest, ReplicaError> {
        let found: DigestRecord =
            sql_query(DIGEST).bind::<Text, _>(scope).get_result(self.conn).map_err(Fault::from)?;
        Ok(Digest(unsigned(found.total)?, narrow(found.checksum)?))
    }

    fn list_rows(&mut self, filter: &RowFilter) -> Result<Vec<HeldRow>, ReplicaError> {
        let mut query = held::table.order((held::scope, held::collection, held::id)).into_boxed();
        if let Some(scope) = &filter.scope {
            query = query.filter(held::scope.eq(scope));
        }
        if let Some(collection) = &filter.collection {
            query = query.filter(held::collection.eq(collection));
        }
        let records: Vec<HeldRecord> = query.load(self.conn).map_err(Fault::from)?;
        Ok(records.into_iter().map(HeldRecord::read).collect::<Result<_, _>>()?)
    }

    fn count_collections(&mut self) -> Result<Vec<(String, u64)>, ReplicaError> {
        let sql = "SELECT collection, count(*) AS total FROM held GROUP BY collection ORDER BY collection";
        let counts: Vec<CountRecord> = sql_query(sql).load(self.conn).map_err(Fault::from)?;
        Ok(counts
            .into_iter()
            .map(|count| Ok((count.collection, unsigned(count.total)?)))
            .collect::<Result<_, Fault>>()?)
    }

    fn load_device(&mut self) -> Result<DeviceState, ReplicaError> {
        let found: Option<DeviceRecord> = device::table.find(1).first(self.conn).optional().map_err(Fault::from)?;
        Ok(found.map(DeviceRecord::read).transpose()?.unwrap_or_default())
    }

    fn put_device(&mut self, state: &DeviceState) -> Result<(), ReplicaError> {
        let record = DeviceRecord::new(state);
        diesel::replace_into(device::table).values(&record).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }

    fn load_account(&mut self, account: AccountId) -> Result<AccountState, ReplicaError> {
        let found: Option<AccountRecord> =
            accounts::table.find(account.to_string()).first(self.conn).optional().map_err(Fault::from)?;
        Ok(found.map(AccountRecord::read).transpose()?.unwrap_or_default())
    }

    fn put_account(&mut self, account: AccountId, state: &AccountState) -> Result<(), ReplicaError> {
        let record = AccountRecord::new(account, state);
        diesel::replace_into(accounts::table).values(&record).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }

    fn list_edits(
        &mut self,
        account: AccountId,
        state: Option<EditState>,
        limit: usize,
    ) -> Result<Vec<StoredEdit>, ReplicaError> {
        let mut query = edits::table
            .filter(edits::account.eq(account.to_string()))
            .order(edits::place)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .into_boxed();
        if let Some(state) = state {
            query = query.filter(edits::state.eq(name_of(state)));
        }
        let records: Vec<EditRecord> = query.load(self.conn).map_err(Fault::from)?;
        Ok(records.into_iter().map(EditRecord::read).collect::<Result<_, _>>()?)
    }

    fn add_edit(&mut self, account: AccountId, id: MutationId, encoded: &str) -> Result<(), ReplicaError> {
        let edit = StoredEdit {
            order: self.next_place(account)?,
            id,
            encoded: encoded.to_owned(),
            state: EditState::Waiting,
            is_shown: true,
            settled_at: None,
            result: None,
        };
        let record = EditRecord::new(account, &edit)?;
        let added =
            diesel::insert_or_ignore_into(edits::table).values(&record).execute(self.conn).map_err(Fault::from)?;
        if added == 1 { Ok(()) } else { Err(ReplicaError::IdInUse(id)) }
    }

    fn put_edit(&mut self, account: AccountId, edit: &StoredEdit) -> Result<(), ReplicaError> {
        let record = EditRecord::new(account, edit)?;
        diesel::replace_into(edits::table).values(&record).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }

    fn remove_edit(&mut self, account: AccountId, id: MutationId) -> Result<(), ReplicaError> {
        let which = edits::table.filter(edits::account.eq(account.to_string()).and(edits::id.eq(id.to_string())));
        diesel::delete(which).execute(self.conn).map_err(Fault::from)?;
        Ok(())
    }
}
