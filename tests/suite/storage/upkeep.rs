//! What storage forgets by itself.

use cumbre::database::schema::{commits, event_counters};
use cumbre::on;
use cumbre::sync::SYSTEM;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::database::Database;
use super::stage::open;

#[tokio::test]
async fn old_commits_of_no_event_are_forgotten_and_new_ones_kept() {
    let database = Database::sqlite();
    let app = open(&database).await;
    for _ in 0..600 {
        app.writer.system(|_| Ok(())).await.unwrap();
    }
    app.writer.close().await;
    let mut connection = database.connect();
    let kept: Vec<i64> = on!(&mut connection, |c| commits::table
        .filter(commits::event_id.eq(SYSTEM.to_string()))
        .order(commits::seq)
        .select(commits::seq)
        .load(c))
    .unwrap();
    let head = event_counters::table.find(SYSTEM.to_string()).select(event_counters::seq);
    let head: i64 = on!(&mut connection, |c| head.first(c)).unwrap();
    assert_eq!(head, 600);
    assert_eq!(kept, (257..=600).collect::<Vec<_>>());
}
