//! One change of the programme, from the organiser to every device that may see it.

use reqwest::Method;
use serde_json::{Value, json};
use shared::programme::Collection;
use shared::replica::LiveEvent;

use crate::harness::{Cable, Fate, SECRETS};

on_both! {
    async fn a_room_change_reaches_every_device_that_may_see_it(site) {
        let mut phones = [site.device("ana").await, site.device("bruno").await, site.device("otto").await];
        for phone in &mut phones {
            phone.sync().await;
            assert_eq!(phone.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id("library")));
        }
        site.week.patch(site.node.app(), (Collection::Sessions, "reality"), json!({ "room": site.week.id("cinema") })).await;
        for phone in &mut phones {
            let applied = phone.exchange().await;
            assert!(!applied.more);
            let entries: Vec<_> = phone.last_answer().scopes.iter().map(|entry| (entry.scope.as_str(), entry.changes.len())).collect();
            assert_eq!(entries, [("public", 1)], "one row travels");
            assert_eq!(phone.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id("cinema")));
        }
    }

    async fn a_change_behind_a_gate_reaches_those_alone_who_hold_it(site) {
        let (mut ana, mut bruno) = (site.device("ana").await, site.device("bruno").await);
        ana.sync().await;
        bruno.sync().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "round-table"), json!({ "room": site.week.id("patio") })).await;
        ana.exchange().await;
        assert_eq!(ana.find("sessions", site.week.id("round-table")).unwrap()["room"], json!(site.week.id("patio")));
        bruno.exchange().await;
        assert_eq!(bruno.last_answer().scopes.len(), 0, "not even a position moves");
        assert_eq!(bruno.find("sessions", site.week.id("round-table")), None);
    }

    async fn a_first_sync_brings_what_the_person_may_see_and_nothing_else(site) {
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        assert_eq!(bruno.scopes(), [site.week.own("bruno"), "public".to_owned()]);
        let shown = |rows: Vec<shared::replica::ShownRow>| {
            let mut slugs: Vec<_> = rows
                .iter()
                .map(|row| serde_json::from_str::<Value>(&row.value).unwrap()["slug"].as_str().unwrap_or_default().to_owned())
                .collect();
            slugs.sort();
            slugs
        };
        assert_eq!(shown(bruno.list("sessions")), ["opening", "reality", "visit"]);
        assert_eq!(bruno.list("part_stubs").len(), 1);
        let stub = bruno.find("session_stubs", site.week.id("briefing")).unwrap();
        assert_eq!(stub["title"]["en"], "Briefing of advisers");
        assert_eq!(stub.get("room"), None, "a stub says when, not where");
        let held = bruno.everything();
        for secret in SECRETS.iter().chain(&["Max Rodante", "An idea for later", "Ministers"]) {
            assert!(!held.contains(secret), "{secret}");
        }
        assert!(held.contains("Alba Openshaw"), "who speaks in public is in the session's row");
    }

    async fn an_organiser_holds_drafts_and_people_as_well(site) {
        let mut olga = site.device("olga").await;
        olga.sync().await;
        assert_eq!(olga.find("sessions", site.week.id("draft-idea")).unwrap()["title"]["en"], "An idea for later");
        assert_eq!(olga.find("people", site.week.id("dora")).unwrap()["name"], "Dora Stillwater");
        let mut otto = site.device("otto").await;
        otto.sync().await;
        assert_eq!(otto.scopes(), ["public"], "who organises another event is a stranger here");
    }

    async fn pages_of_three_rows_make_the_same_whole(site) {
        let (mut large, mut small) = (site.device("carla").await, site.device("carla").await);
        small.limits.page_rows = Some(3);
        large.sync().await;
        small.sync().await;
        assert!(small.answers().len() > 3, "it took several pages");
        assert_eq!(small.everything(), large.everything());
    }

    async fn an_exchange_without_news_is_empty(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        ana.exchange().await;
        let answer = ana.last_answer();
        assert_eq!((answer.scopes.len(), answer.results.len(), answer.more), (0, 0, false));
    }

    async fn a_waiting_exchange_is_answered_when_something_changes(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        ana.limits.wait_s = Some(25);
        let (token, outgoing) = ana.prepare();
        let change = site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 40 }));
        let (answer, ()) = tokio::join!(ana.transmit(&outgoing), change);
        let answer = answer.unwrap().expect(200).read();
        ana.replica.apply_answer(token, &answer, site.clock.now()).unwrap();
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["seats"], 40);
    }

    async fn the_live_stream_sends_each_change_as_it_commits(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let mut live = ana.listen().await;
        let (first, _) = ana.follow(&mut live).await.unwrap();
        assert!(matches!(first, LiveEvent::Covers(_)), "nothing was missing");
        for room in ["cinema", "patio"] {
            site.week.patch(site.node.app(), (Collection::Sessions, "reality"), json!({ "room": site.week.id(room) })).await;
            let (event, outcome) = ana.follow(&mut live).await.unwrap();
            assert!(matches!(event, LiveEvent::Covers(_)) && outcome.has_changed && !outcome.needs_exchange);
            assert_eq!(ana.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id(room)));
        }
        ana.exchange().await;
        assert_eq!(ana.last_answer().scopes.len(), 0, "the stream left nothing out");
    }

    async fn what_the_live_stream_sends_waits_for_the_exchange_under_way(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let mut live = ana.listen().await;
        ana.follow(&mut live).await.unwrap();
        let cable = Cable::to(site.node.address()).await;
        ana.connect_to(&cable.base());
        cable.set(Fate::AnswerHeld);
        let (token, outgoing) = ana.prepare();
        let (sender, path) = (ana.actor.clone(), ana.sync_path());
        let asked = tokio::spawn(async move { sender.send_bytes((Method::POST, &path), &[], outgoing.body).await });
        cable.answer_is_held().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 40 })).await;
        let (_, outcome) = ana.follow(&mut live).await.unwrap();
        assert!(!outcome.has_changed, "the answer comes first");
        cable.release();
        let answer = asked.await.unwrap().expect(200).read();
        ana.replica.apply_answer(token, &answer, site.clock.now()).unwrap();
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["seats"], 40);
        ana.exchange().await;
        assert_eq!(ana.last_answer().scopes.len(), 0);
    }

    async fn the_live_stream_of_a_device_that_holds_nothing_begins_with_everything(site) {
        let (mut fresh, mut synced) = (site.device("carla").await, site.device("carla").await);
        synced.sync().await;
        let mut live = fresh.listen().await;
        fresh.follow(&mut live).await.unwrap();
        assert_eq!(fresh.everything(), synced.everything());
    }

    async fn the_live_stream_says_when_the_scopes_change(site) {
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        let mut live = bruno.listen().await;
        bruno.follow(&mut live).await.unwrap();
        site.week.grant(site.node.app(), "ministers", "bruno").await;
        let (event, outcome) = bruno.follow(&mut live).await.unwrap();
        assert!(matches!(event, LiveEvent::Scopes) && outcome.needs_exchange);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("round-table")).unwrap()["slug"], "round-table");
    }

    async fn the_live_stream_ends_when_its_device_is_signed_out(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let mut live = ana.listen().await;
        ana.follow(&mut live).await.unwrap();
        ana.actor.post("/v1/sign-out", &json!({})).await.expect(204);
        assert!(ana.follow(&mut live).await.is_none());
    }
}
