//! `/v1/events`, `/v1/events/{event}`: events as a whole.

use cumbre::database::TABLES_OF_EVENTS;
use cumbre::on;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use reqwest::Method;
use serde_json::json;
use shared::ids::EventId;
use shared::replica::LiveEvent;
use shared::sync::{MutationResult, ResetReason};
use uuid::Uuid;

use crate::harness::{Actor, Site};

fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// Cancels the week and removes it.
async fn remove_week(site: &Site, olga: &Actor) {
    olga.post(&path(site, "/cancel"), &json!({})).await.expect(200);
    olga.delete(&path(site, &format!("?confirm={}", site.week.slug))).await.expect(204);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows of each table are the event's, where there are any.
async fn list_rows_of(site: &Site, event: EventId) -> Vec<(&'static str, i64)> {
    let count = move |connection: &mut cumbre::database::Connection| {
        let of_table = |table: &&'static str| {
            let query = sql_query(format!("SELECT count(*) AS rows FROM {table} WHERE event_id = $1"));
            let query = query.bind::<Text, _>(event.to_string());
            let count: Count = on!(&mut *connection, |c| query.get_result(c))?;
            Ok((*table, count.rows))
        };
        TABLES_OF_EVENTS.iter().map(of_table).collect::<diesel::QueryResult<Vec<_>>>()
    };
    let counts = site.node.app().readers.read(count).await.unwrap();
    counts.into_iter().filter(|(_, rows)| *rows > 0).collect()
}

on_both! {
    async fn a_cancelled_event_is_removed_with_everything_that_is_its(site) {
        let (olga, otto, mut ana) = (site.organiser().await, site.sign_in("otto").await, site.device("ana").await);
        ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        ana.sync().await;
        let others = list_rows_of(site, site.week.other).await;
        remove_week(site, &olga).await;
        assert_eq!(list_rows_of(site, site.week.event).await, []);
        assert_eq!(list_rows_of(site, site.week.other).await, others);
        for actor in [&olga, &ana.actor, &otto, &site.anonymous()] {
            actor.get(&path(site, "")).await.expect_problem(404, "not_found");
            assert!(!actor.get("/v1/events").await.expect(200).mentions(&site.week.slug));
        }
        assert!(!olga.get("/v1/account").await.expect(200).mentions(&site.week.event.to_string()));
        otto.get("/v1/events/other-2018/export").await.expect(200);
    }

    async fn a_device_that_held_a_removed_event_is_told_that_it_is_not_there(site) {
        let (olga, mut ana, mut bruno) = (site.organiser().await, site.device("ana").await, site.device("bruno").await);
        ana.sync().await;
        bruno.sync().await;
        let mut live = bruno.listen().await;
        bruno.follow(&mut live).await.unwrap();
        olga.post(&path(site, "/cancel"), &json!({})).await.expect(200);
        ana.sync().await;
        ana.limits.wait_s = Some(25);
        let (_, waiting) = ana.prepare();
        let removal = path(site, &format!("?confirm={}", site.week.slug));
        let (answer, removed) = tokio::join!(ana.transmit(&waiting), olga.delete(&removal));
        removed.expect(204);
        answer.unwrap().expect_problem(404, "not_found");
        let (_, outgoing) = bruno.prepare();
        bruno.transmit(&outgoing).await.unwrap().expect_problem(404, "not_found");
        let mut last = None;
        while let Some((event, _)) = bruno.follow(&mut live).await {
            last = Some(event);
        }
        assert!(matches!(last, Some(LiveEvent::Exchange)), "the stream says that there is news, and ends");
    }

    async fn an_event_under_the_slug_of_a_removed_one_is_another_one_to_devices(site) {
        let (olga, otto, mut ana) = (site.organiser().await, site.sign_in("otto").await, site.device("ana").await);
        ana.sync().await;
        let body = olga.get(&path(site, "")).await.expect(200).json();
        remove_week(site, &olga).await;
        let mut anew = body.as_object().unwrap().clone();
        anew.retain(|field, _| field != "id" && field != "rev");
        let made = otto.post("/v1/events", &json!(anew)).await.expect(201).json();
        assert_ne!(made["id"], body["id"]);
        let (attendee, session) = (site.week.attendee("ana"), site.week.id("visit"));
        ana.star(attendee, session, true);
        let results = ana.sync().await;
        assert!(matches!(&results[..], [MutationResult::Rejected { .. }]), "{results:?}");
        let resets: Vec<_> = ana.answers().iter().flat_map(|answer| &answer.scopes).filter_map(|entry| entry.reset).collect();
        assert!(matches!(resets.last(), Some(ResetReason::Unknown | ResetReason::Ahead)), "{resets:?}");
        assert_eq!(ana.scopes(), ["public"]);
        assert_eq!((ana.list("events").len(), ana.list("sessions").len()), (1, 0));
    }

    async fn an_event_made_under_a_key_is_made_once(site) {
        let (otto, key) = (site.sign_in("otto").await, Uuid::new_v4().to_string());
        let make = async |slug: &str| {
            let body = json!({ "slug": slug, "title": { "en": "Another week" }, "starts_on": "2019-11-25", "ends_on": "2019-11-29",
                "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "draft" });
            otto.send((Method::POST, "/v1/events"), &[("idempotency-key", &key)], &body).await
        };
        let (first, second) = tokio::join!(make("week-2019"), make("week-2019"));
        let (first, second) = (first.expect(201), second.expect(201));
        assert_eq!(first.json(), second.json());
        let third = make("week-2019").await.expect(201);
        assert_eq!((third.json(), third.header("idempotency-replayed")), (first.json(), "true"));
        make("week-2020").await.expect_problem(422, "id_reused");
        otto.get("/v1/events/week-2020").await.expect_problem(404, "not_found");
        otto.delete("/v1/events/week-2019?confirm=week-2019").await.expect(204);
        assert_ne!(make("week-2019").await.expect(201).json()["id"], first.json()["id"], "what was removed is made anew");
    }

    async fn an_event_is_removed_only_by_its_name_and_never_while_it_is_published(site) {
        let olga = site.organiser().await;
        let before = olga.get(&path(site, "/export")).await.expect(200);
        let named = path(site, &format!("?confirm={}", site.week.slug));
        olga.delete(&named).await.expect_problem(409, "wrong_state");
        olga.post(&path(site, "/cancel"), &json!({})).await.expect(200);
        for wrong in ["", "?confirm=", "?confirm=other-2018"] {
            let refused = olga.delete(&path(site, wrong)).await.expect_problem(400, "invalid_request");
            assert_eq!(refused.json()["field"], "confirm");
        }
        olga.post(&path(site, "/restore"), &json!({})).await.expect(200);
        assert_eq!(olga.get(&path(site, "/export")).await.expect(200).body, before.body);
        olga.patch(&path(site, ""), &json!({ "state": "draft" })).await.expect(200);
        olga.delete(&named).await.expect(204);
    }

    async fn nobody_but_its_organisers_removes_an_event(site) {
        let (olga, named) = (site.organiser().await, path(site, &format!("?confirm={}", site.week.slug)));
        olga.post(&path(site, "/cancel"), &json!({})).await.expect(200);
        site.anonymous().delete(&named).await.expect_problem(401, "unauthenticated");
        for name in ["ana", "sol", "otto"] {
            site.sign_in(name).await.delete(&named).await.expect_problem(403, "forbidden");
        }
        olga.patch(&path(site, ""), &json!({ "state": "draft" })).await.expect(200);
        site.sign_in("otto").await.delete(&named).await.expect_problem(404, "not_found");
        olga.get(&path(site, "")).await.expect(200);
    }
}
