//! What is kept for a time goes when the time is over.

use cumbre::app::App;
use cumbre::database::Connection;
use cumbre::database::schema::event_counters;
use cumbre::on;
use cumbre::privacy::{Swept, run_due};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::zoraida::{Zoraida, find_words, path};
use crate::harness::Site;

/// Noon, so many days after the week's last one, 30 November 2018.
fn days_after(days: i64) -> Timestamp {
    Timestamp(1_543_590_000_000 + days * 86_400_000)
}

async fn run(app: &App, days: i64) -> Swept {
    run_due(app, days_after(days)).await.unwrap()
}

async fn data(site: &Site, zoraida: &Zoraida) -> Value {
    site.organiser().await.get(&zoraida.path(site, "/data")).await.expect(200).json()
}

on_both! {
    async fn nothing_goes_before_its_time(site) {
        let zoraida = Zoraida::come(site).await;
        let before = zoraida.actor().get(&zoraida.path(site, "/data")).await.expect(200).json();
        assert_eq!(run(site.node.app(), 7).await, Swept::default());
        assert_eq!(zoraida.actor().get(&zoraida.path(site, "/data")).await.expect(200).json(), before);
    }

    async fn each_goes_when_its_own_days_are_over(site) {
        let mut zoraida = Zoraida::come(site).await;
        let app = site.node.app();
        let has = |data: &Value| -> Vec<bool> {
            let answered = |key: &str| data["answers"].as_array().unwrap().iter().any(|answer| answer["key"] == key);
            let some = |list: &str| !data[list].as_array().unwrap().is_empty();
            vec![answered("diet"), data.get("access_needs").is_some(), some("notices"), some("mails"), some("notes"),
                 data["registration"]["details"].get("phone").is_some(), answered("seat")]
        };
        assert_eq!(has(&data(site, &zoraida).await), [true; 7]);
        run(app, 8).await;
        assert_eq!(has(&data(site, &zoraida).await), [false, true, true, true, true, true, true]);
        run(app, 31).await;
        assert_eq!(has(&data(site, &zoraida).await), [false, false, true, true, true, true, true]);
        assert_eq!(find_words(site, &["a ramp at the stage", "gluten-intolerant"]).await, Vec::<String>::new());
        run(app, 91).await;
        assert_eq!(has(&data(site, &zoraida).await), [false, false, false, false, true, true, true]);
        let swept = run(app, 366).await;
        assert_eq!(swept, Swept { line_count: 1, registration_count: 1 });
        assert_eq!(has(&data(site, &zoraida).await), [false, false, false, false, false, false, true]);
        assert_eq!(find_words(site, &["+56 9 8765 4321", "her brother drives"]).await, Vec::<String>::new());
        assert_eq!(run(app, 367).await, Swept::default(), "what is gone is not erased again");
        zoraida.phone.sync().await;
        assert_eq!(zoraida.phone.list("notes").len(), 0);
    }

    async fn what_goes_goes_from_the_log_of_changes_too_and_the_log_tells_how_much_went(site) {
        let (olga, zoraida) = (site.organiser().await, Zoraida::come(site).await);
        run(site.node.app(), 400).await;
        let audit = olga.get(&path(site, &format!("/audit?record={}", site.week.event))).await.expect(200).json();
        let swept: Vec<(Value, Value)> = audit["items"].as_array().unwrap().iter()
            .filter(|line| line["operation"] == "retention.erase")
            .map(|line| (line["collection"].clone(), line["after"].clone()))
            .collect();
        for collection in ["access_needs", "notes", "notices", "mails", "registrations"] {
            assert!(swept.contains(&(json!(collection), json!({ "erased_count": 1 }))), "{collection}: {swept:?}");
        }
        assert_eq!(find_words(site, &["zoraida@quintanilla.example"]).await.iter().filter(|line| !line.starts_with("accounts")).count(), 0);
        assert_eq!(data(site, &zoraida).await["attendee"]["name"], "Zoraida Quintanilla", "the name stays until she is erased");
    }

    async fn a_week_that_was_imported_after_its_end_is_kept_as_long_from_then(site) {
        Zoraida::come(site).await;
        let (event, app) = (site.week.event.to_string(), site.node.app());
        let import = move |connection: &mut Connection| {
            let counter = event_counters::table.find(event.clone());
            let at = event_counters::created_at.eq(days_after(1_000).0);
            on!(connection, |c| diesel::update(counter).set(at).execute(c))
        };
        app.writer.system(import).await.unwrap();
        assert_eq!(run(app, 1_007).await, Swept::default());
        assert_eq!(run(app, 1_366).await, Swept { line_count: 4, registration_count: 1 });
    }

    async fn an_event_that_is_not_over_keeps_everything(site) {
        let zoraida = Zoraida::come(site).await;
        let olga = site.organiser().await;
        olga.patch(&format!("/v1/events/{}", site.week.slug), &json!({ "ends_on": "2019-11-30" })).await.expect(200);
        assert_eq!(run(site.node.app(), 300).await, Swept::default());
        assert_eq!(data(site, &zoraida).await["notes"].as_array().unwrap().len(), 1);
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn two_nodes_erase_once() {
    crate::harness::run_on_postgres(async |site| {
        Zoraida::come(site).await;
        let second = site.start_second_node().await;
        let runs = tokio::join!(run(site.node.app(), 400), run(second.app(), 400));
        assert_eq!(runs.0.line_count + runs.1.line_count, 4);
        assert_eq!(runs.0.registration_count + runs.1.registration_count, 1);
        second.stop().await;
    })
    .await;
}
