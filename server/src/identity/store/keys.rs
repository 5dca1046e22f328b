//! Signing keys and shared secrets.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::time::Timestamp;

use crate::database::Connection;
use crate::database::schema::{secrets, signing_keys};
use crate::identity::keys::StoredKey;
use crate::on;

/// Every signing key, the oldest first.
pub fn list_keys(conn: &mut Connection) -> QueryResult<Vec<StoredKey>> {
    let query = signing_keys::table.order((signing_keys::created_at, signing_keys::kid)).select((
        signing_keys::kid,
        signing_keys::private_key,
        signing_keys::created_at,
        signing_keys::retired_at,
    ));
    let rows: Vec<(String, String, i64, Option<i64>)> = on!(conn, |c| query.load(c))?;
    let read = |(kid, private_key, created_at, retired_at): (_, _, _, Option<i64>)| StoredKey {
        kid,
        private_key,
        created_at: Timestamp(created_at),
        retired_at: retired_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Stores a new signing key.
pub fn add_key(conn: &mut Connection, key: &StoredKey) -> QueryResult<()> {
    let row = (
        signing_keys::kid.eq(&key.kid),
        signing_keys::private_key.eq(&key.private_key),
        signing_keys::created_at.eq(key.created_at.0),
        signing_keys::retired_at.eq(key.retired_at.map(|at| at.0)),
    );
    on!(conn, |c| diesel::insert_into(signing_keys::table).values(row).execute(c))?;
    Ok(())
}

/// Retires every key but one, and deletes those retired before `out`.
pub fn retire_keys(conn: &mut Connection, but: &str, now: Timestamp, out: Timestamp) -> QueryResult<()> {
    let others = signing_keys::table.filter(signing_keys::kid.ne(but)).filter(signing_keys::retired_at.is_null());
    let old = signing_keys::table.filter(signing_keys::retired_at.lt(out.0));
    on!(conn, |c| {
        diesel::update(others).set(signing_keys::retired_at.eq(now.0)).execute(c)?;
        diesel::delete(old).execute(c)?;
        Ok(())
    })
}

/// The secret of that name; `mint` where there is none.
pub fn load_or_mint_secret(conn: &mut Connection, name: &str, mint: &str) -> QueryResult<String> {
    let row = (secrets::name.eq(name), secrets::value.eq(mint));
    let query = secrets::table.filter(secrets::name.eq(name)).select(secrets::value);
    on!(conn, |c| {
        diesel::insert_into(secrets::table).values(row).on_conflict_do_nothing().execute(c)?;
        query.first(c)
    })
}
