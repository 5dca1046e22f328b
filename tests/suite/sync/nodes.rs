//! Two servers on one PostgreSQL database.

use serde_json::json;
use shared::programme::Collection;
use shared::replica::LiveEvent;
use shared::sync::MutationResult;

use crate::harness::{Site, run_on_postgres};

/// Runs a test on a site whose database has a second server.
async fn run_on_two(test: impl AsyncFnOnce(&Site, &crate::harness::Node)) {
    run_on_postgres(async |site| {
        let second = site.start_second_node().await;
        test(site, &second).await;
        second.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_one_node_wrote_the_other_answers_to_a_device_that_has_seen_it() {
    run_on_two(async |site, second| {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        for room in ["cinema", "patio", "library"] {
            let change = json!({ "room": site.week.id(room) });
            site.week.patch(site.node.app(), (Collection::Sessions, "reality"), change).await;
            ana.connect_to(&site.node.base());
            ana.sync().await;
            // The device has seen the change; no node may take it back, however far behind it is.
            ana.connect_to(&second.base());
            ana.sync().await;
            assert_eq!(ana.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id(room)));
        }
    })
    .await;
}

#[tokio::test]
async fn both_nodes_write_and_both_tell_everybody() {
    run_on_two(async |site, second| {
        let (mut phone, mut tablet) = (site.device("ana").await, site.device("ana").await);
        tablet.connect_to(&second.base());
        let ana = site.week.attendee("ana");
        for (n, name) in ["opening", "reality", "visit", "round-table"].into_iter().enumerate() {
            let device = if n % 2 == 0 { &mut phone } else { &mut tablet };
            device.star(ana, site.week.id(name), true);
            assert!(matches!(device.sync().await[0], MutationResult::Applied { .. }));
        }
        for device in [&mut phone, &mut tablet] {
            for base in [site.node.base(), second.base()] {
                device.connect_to(&base);
                device.sync().await;
            }
        }
        // Each has seen what either node had at the end of the other's round.
        phone.sync().await;
        assert_eq!((phone.list("favourites").len(), tablet.list("favourites").len()), (4, 4));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_asked_for_at_the_other_node_has_one_effect() {
    run_on_two(async |site, second| {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        let (_, outgoing) = ana.prepare();
        ana.transmit(&outgoing).await.unwrap().expect(200);
        ana.replica.abandon_request().unwrap();
        ana.connect_to(&second.base());
        let results = ana.sync().await;
        assert!(matches!(&results[0], MutationResult::Duplicate { .. }), "{results:?}");
        assert_eq!(ana.list("favourites").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_live_stream_of_one_node_sends_what_the_other_commits() {
    run_on_two(async |site, second| {
        let mut ana = site.device("ana").await;
        ana.connect_to(&second.base());
        ana.sync().await;
        let mut live = ana.listen().await;
        ana.follow(&mut live).await.unwrap();
        let change = json!({ "room": site.week.id("cinema") });
        site.week.patch(site.node.app(), (Collection::Sessions, "reality"), change).await;
        let (event, outcome) = ana.follow(&mut live).await.unwrap();
        assert!(matches!(event, LiveEvent::Covers(_)) && outcome.has_changed);
        assert_eq!(ana.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id("cinema")));
    })
    .await;
}

#[tokio::test]
async fn a_gate_withdrawn_on_one_node_is_gone_on_the_other() {
    run_on_two(async |site, second| {
        let mut carla = site.device("carla").await;
        carla.connect_to(&second.base());
        carla.sync().await;
        let mut live = carla.listen().await;
        carla.follow(&mut live).await.unwrap();
        site.week.withdraw(site.node.app(), "advisers", "carla").await;
        let (event, _) = carla.follow(&mut live).await.unwrap();
        assert!(matches!(event, LiveEvent::Scopes));
        carla.sync().await;
        assert_eq!(carla.find("sessions", site.week.id("quiet-lunch")), None);
    })
    .await;
}

#[tokio::test]
async fn a_device_signed_out_on_one_node_is_signed_out_on_the_other() {
    run_on_two(async |site, second| {
        let mut ana = site.device("ana").await;
        ana.connect_to(&second.base());
        ana.sync().await;
        let mut live = ana.listen().await;
        ana.follow(&mut live).await.unwrap();
        ana.actor.at(&site.node.base()).post("/v1/sign-out", &json!({})).await.expect(204);
        assert!(ana.follow(&mut live).await.is_none(), "the other node ends the stream");
        ana.actor.get("/v1/account").await.expect_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn an_event_removed_on_one_node_is_gone_on_the_other() {
    run_on_two(async |site, second| {
        let (olga, mut ana) = (site.organiser().await, site.device("ana").await);
        ana.connect_to(&second.base());
        ana.sync().await;
        let mut live = ana.listen().await;
        ana.follow(&mut live).await.unwrap();
        let event = format!("/v1/events/{}", site.week.slug);
        olga.post(&format!("{event}/cancel"), &json!({})).await.expect(200);
        olga.delete(&format!("{event}?confirm={}", site.week.slug)).await.expect(204);
        while ana.follow(&mut live).await.is_some() {}
        let (_, outgoing) = ana.prepare();
        ana.transmit(&outgoing).await.unwrap().expect_problem(404, "not_found");
        let there = olga.at(&second.base());
        there.get(&event).await.expect_problem(404, "not_found");
        assert!(!there.get("/v1/events").await.expect(200).mentions(&site.week.slug));
    })
    .await;
}

#[tokio::test]
async fn a_node_that_has_not_heard_of_a_removal_writes_nothing_to_the_event() {
    run_on_two(async |site, second| {
        let (olga, mut ana) = (site.organiser().await, site.device("ana").await);
        ana.connect_to(&second.base());
        ana.sync().await;
        ana.star(site.week.attendee("ana"), site.week.id("visit"), true);
        let (_, outgoing) = ana.prepare();
        let event = format!("/v1/events/{}", site.week.slug);
        olga.post(&format!("{event}/cancel"), &json!({})).await.expect(200);
        olga.delete(&format!("{event}?confirm={}", site.week.slug)).await.expect(204);
        // At once, before the other node has had its round.
        let there = olga.at(&second.base());
        let (tracks, track) =
            (format!("{event}/tracks"), json!({ "slug": "deterrence", "title": { "en": "Deterrence" } }));
        let (sent, written) = tokio::join!(ana.transmit(&outgoing), there.post(&tracks, &track));
        sent.unwrap().expect_problem(404, "not_found");
        written.expect_problem(404, "not_found");
    })
    .await;
}
