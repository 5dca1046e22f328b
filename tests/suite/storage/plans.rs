//! How PostgreSQL looks for what it has, before anybody has told it how much that is.

use std::collections::BTreeMap;
use std::sync::Arc;

use cumbre::database::Connection;
use cumbre::sync::feed::stored_rows;
use cumbre::sync::row::RowCollection;
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{Connection as _, QueryResult, QueryableByName, RunQueryDsl, sql_query};
use parking_lot::Mutex;
use serde_json::json;
use shared::sync::{Profile, Scope};
use uuid::Uuid;

use crate::enrolment::cast::area;
use crate::harness::run_on_postgres;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    step: String,
}

/// A statement with something in the place of what is bound to it.
fn with_values(statement: &str) -> String {
    let mut parts = statement.split('$');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "'x'" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[tokio::test]
async fn rows_are_looked_up_by_their_keys_without_statistics() {
    run_on_postgres(async |site| {
        area(site, "lunch", json!({})).await;
        let (app, event) = (site.node.app(), site.week.event);
        let cell = app.events.find(event).unwrap();
        let read = move |connection: &mut Connection| -> QueryResult<Vec<String>> {
            let asked = Arc::new(Mutex::new(Vec::new()));
            let heard = Arc::clone(&asked);
            let keys = (0..1_000).map(|number| (RowCollection::DeskPeople, Uuid::from_u128(number)));
            let wanted = BTreeMap::from([(Scope::Roster(Profile::Full), keys.collect())]);
            let Connection::Postgres(c) = &mut *connection else { panic!("it is PostgreSQL") };
            c.batch_execute("ALTER TABLE scope_rows SET (autovacuum_enabled = off)")?;
            let rows = "SELECT event_id, scope, 'others', number::text, rev, repeat('x', 300)";
            c.batch_execute(&format!(
                "INSERT INTO scope_rows (event_id, scope, collection, id, rev, value)
                {rows} FROM (SELECT * FROM scope_rows LIMIT 1) AS one, generate_series(1, 20000) AS number"
            ))?;
            c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    heard.lock().push(query.to_string());
                }
            });
            stored_rows(connection, &cell, &wanted)?;
            let asked = asked.lock().remove(0);
            let statement = with_values(asked.split(" -- binds").next().unwrap_or_default());
            let Connection::Postgres(c) = connection else { panic!("it is PostgreSQL") };
            let steps: Vec<Step> = sql_query(format!("EXPLAIN {statement}")).load(&mut **c)?;
            Ok(steps.into_iter().map(|step| step.step).collect())
        };
        let plan = app.readers.read(read).await.unwrap();
        assert!(plan.iter().any(|step| step.contains("Index Scan using scope_rows_pkey")), "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("Hash") || step.contains("Seq Scan")), "{plan:#?}");
    })
    .await;
}
