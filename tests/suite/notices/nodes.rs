//! Two nodes that share the work.

use std::collections::BTreeMap;

use cumbre::database::schema::{dispatch_people, dispatches, notices, push_devices};
use cumbre::notify::{mail, push, run_due};
use cumbre::{app::App, on};
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::json;

use super::cast::{PAUSE_MS, move_session, path, phone_that_stars};
use super::pushing::{mails_settled, reached_at, settled_lines};
use crate::harness::{Actor, run_with_services_on_postgres};

const DEVICES: usize = 60;

/// Every node's loops, in lock step and against one another.
async fn drive(app: &App) {
    for _ in 0..20 {
        run_due(app).await.unwrap();
        push::run_due(app).await.unwrap();
        mail::run_due(app).await.unwrap();
    }
}

#[tokio::test]
async fn two_nodes_send_each_notice_once_and_give_dead_addresses_up_once() {
    run_with_services_on_postgres(async |site, services| {
        let olga = site.organiser().await;
        let second = site.start_second_node().await;
        for name in ["ana", "bruno", "carla"] {
            phone_that_stars(site, name, "reality").await;
        }
        for number in 0..DEVICES {
            let who = ["ana", "bruno", "carla"][number % 3];
            reached_at(site, who, &services.browsers.subscribe(&format!("browser-{number}"))).await;
        }
        for number in 0..DEVICES / 10 {
            services.browsers.forget(&format!("browser-{number}"));
        }
        for round in 1..=5 {
            let room = if round % 2 == 1 { "cinema" } else { "library" };
            move_session(site, &olga, "reality", json!({ "room": site.week.id(room) })).await;
            site.clock.advance_ms(PAUSE_MS);
            tokio::join!(drive(site.node.app()), drive(second.app()));
            super::cast::work(site).await;
            settled_lines(site).await;
            let count = |c: &mut cumbre::database::Connection| {
                let (out, told) = (dispatches::table.count(), dispatch_people::table.count());
                let (inbox, dead) =
                    (notices::table.count(), push_devices::table.filter(push_devices::failed_at.is_not_null()).count());
                on!(c, |c| QueryResult::Ok([
                    out.get_result::<i64>(&mut *c)?,
                    told.get_result(&mut *c)?,
                    inbox.get_result(&mut *c)?,
                    dead.get_result(c)?
                ]))
            };
            assert_eq!(site.node.app().readers.read(count).await.unwrap(), [round, 3 * round, 3 * round, 6]);
            let mut by_browser: BTreeMap<String, i64> = BTreeMap::new();
            for pushed in services.browsers.taken() {
                *by_browser.entry(pushed.browser).or_default() += 1;
            }
            assert_eq!(by_browser.len(), DEVICES - DEVICES / 10);
            assert!(by_browser.values().all(|count| *count == round), "each once: {by_browser:?}");
        }
        for number in 0..DEVICES / 10 {
            assert_eq!(services.browsers.count_attempts(&format!("browser-{number}")), 1);
        }
        // After ten minutes the mails: one to each of the three, and to the assistant of two, for each change
        // that is still so.
        site.clock.advance_ms(11 * 60_000);
        tokio::join!(drive(site.node.app()), drive(second.app()));
        mails_settled(site).await;
        let ids: Vec<String> = site.post.letters().into_iter().map(|letter| letter.message_id).collect();
        let once: std::collections::BTreeSet<_> = ids.iter().collect();
        assert!(!ids.is_empty() && once.len() == ids.len(), "no mail twice: {ids:?}");
        second.stop().await;
    })
    .await;
}

#[tokio::test]
async fn another_node_shows_what_is_held_at_once() {
    run_with_services_on_postgres(async |site, _| {
        let olga = site.organiser().await;
        let second = site.start_second_node().await;
        let there = Actor::sign_in(second.app(), &second.base(), site.week.account("olga")).await;
        let held = path(site, "/notices/held");
        assert_eq!(there.get(&held).await.expect(200).json()["changes"], json!([]));
        for room in ["cinema", "patio", "cinema", "patio"] {
            move_session(site, &olga, "reality", json!({ "room": site.week.id(room) })).await;
            let told = there.get(&held).await.expect(200).json();
            assert_eq!(told["changes"][0]["after"]["room"], json!(site.week.id(room)), "{told}");
        }
        second.stop().await;
    })
    .await;
}
