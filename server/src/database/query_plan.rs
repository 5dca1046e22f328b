//! How SQLite goes about a query, for tests that nothing is looked for among all lines.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::{Connection, DatabaseUrl, migrate};
use crate::on;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A database in memory with the whole schema and nothing else.
pub fn open_empty() -> Connection {
    let mut connection = Connection::open(&DatabaseUrl::Sqlite(":memory:".into())).unwrap();
    migrate(&mut connection).unwrap();
    connection
}

/// The steps in which tables are read, such as `SEARCH scans USING INDEX scans_by_guest (event_id=? AND guest=?)`.
pub fn list_reads(connection: &mut Connection, query: &str) -> Vec<String> {
    let explain = sql_query(format!("EXPLAIN QUERY PLAN {query}"));
    let steps: Vec<Step> = on!(connection, |c| explain.load(c)).unwrap();
    let is_read = |step: &String| step.starts_with("SEARCH ") || step.starts_with("SCAN ");
    steps.into_iter().map(|step| step.detail).filter(is_read).collect()
}
