//! What the stories of notices begin with.

use cumbre::database::Connection;
use cumbre::database::schema::{dispatches, held_changes};
use cumbre::notify::run_due;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::{Value, json};
use shared::sync::MutationResult;

use crate::harness::{Actor, Device, Site};

/// Longer than the pause in which further edits merge.
pub const PAUSE_MS: i64 = 10_000;

/// An address of the week's event.
pub fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// Does what is due, and waits until what the node's own loop has begun is done as well.
pub async fn work(site: &Site) {
    let app = site.node.app();
    let now = site.clock.now().0;
    let working = async {
        loop {
            run_due(app).await.unwrap();
            let due = held_changes::table.filter(held_changes::due_at.le(now));
            let held = due.filter(held_changes::is_untold.eq(false)).count();
            let sending = dispatches::table.filter(dispatches::state.eq("sending")).count();
            let open = move |c: &mut Connection| {
                on!(c, |c| QueryResult::Ok(held.get_result::<i64>(&mut *c)? + sending.get_result::<i64>(c)?))
            };
            if app.readers.read(open).await.unwrap() == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), working).await.unwrap();
}

/// Lets the pause pass, and does what is due.
pub async fn after_the_pause(site: &Site) {
    site.clock.advance_ms(PAUSE_MS);
    work(site).await;
}

/// Moves a session.
pub async fn move_session(site: &Site, olga: &Actor, session: &str, to: Value) {
    let target = path(site, &format!("/sessions/{}/move", site.week.id(session)));
    olga.post(&target, &to).await.expect(200);
}

/// Somebody's phone that stars a session.
pub async fn phone_that_stars(site: &Site, name: &str, session: &str) -> Device {
    let mut phone = site.device(name).await;
    phone.sync().await;
    phone.star(site.week.attendee(name), site.week.id(session), true);
    assert!(matches!(phone.sync().await[0], MutationResult::Applied { .. }));
    phone
}

/// The notices that a phone shows, the oldest first, with their ids.
pub async fn notices(phone: &mut Device) -> Vec<(String, Value)> {
    phone.sync().await;
    let rows = phone.list("notices");
    let mut notices: Vec<(String, Value)> =
        rows.into_iter().map(|row| (row.id, serde_json::from_str(&row.value).unwrap())).collect();
    notices.sort_by(|a, b| a.0.cmp(&b.0));
    notices
}

/// The one notice that a phone shows.
pub async fn notice(phone: &mut Device) -> (String, Value) {
    let mut notices = notices(phone).await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

/// The newest dispatch, as the organiser reads it.
pub async fn newest_dispatch(site: &Site, olga: &Actor) -> Value {
    let page = olga.get(&path(site, "/dispatches")).await.expect(200).json();
    let id = page["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no dispatch in {page}")).to_owned();
    olga.get(&path(site, &format!("/dispatches/{id}"))).await.expect(200).json()
}

/// How many dispatches there are.
pub async fn dispatch_count(site: &Site) -> usize {
    let page = site.organiser().await.get(&path(site, "/dispatches")).await.expect(200).json();
    page["items"].as_array().unwrap().len()
}

/// The address of a dispatch.
pub fn address(site: &Site, dispatch: &Value, rest: &str) -> String {
    path(site, &format!("/dispatches/{}{rest}", dispatch["id"].as_str().unwrap()))
}

/// An empty body.
pub fn nothing() -> Value {
    json!({})
}
