//! Which servers run on a PostgreSQL database: each holds a lock, shared with the others, on the connection on which it
//! hears of their commits. What must not happen beside a running server takes the lock for itself. (On SQLite the file
//! beside the database says so.)

use diesel::sql_types::Bool;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// The lock: any number will do, as long as it is always this one; with the schema, since there may be one deployment in
/// each.
const LOCK: &str = "7131986, hashtext(current_schema())";

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// Says, as long as the connection lives, that a server runs on the database; waits for what may not happen meanwhile.
pub fn announce_presence(connection: &mut PgConnection) -> QueryResult<()> {
    use diesel::connection::SimpleConnection;
    connection.batch_execute(&format!("SELECT pg_advisory_lock_shared({LOCK})"))
}

/// Keeps servers from running on the database as long as the connection lives; false where one does.
pub fn keep_servers_away(connection: &mut PgConnection) -> QueryResult<bool> {
    let query = sql_query(format!("SELECT pg_try_advisory_lock({LOCK}) AS taken"));
    Ok(query.get_result::<Taken>(connection)?.taken)
}
