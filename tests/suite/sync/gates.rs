//! Gates granted, withdrawn and granted again.

use serde_json::json;
use shared::programme::Collection;
use shared::sync::ResetReason;

use crate::harness::SECRETS;

on_both! {
    async fn a_granted_gate_appears_whole_at_the_next_exchange(site) {
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        site.week.grant(site.node.app(), "advisers", "bruno").await;
        bruno.exchange().await;
        assert_eq!(bruno.reset_of(&site.week.gate("quiet-lunch")), Some(ResetReason::New));
        let lunch = bruno.find("sessions", site.week.id("quiet-lunch")).unwrap();
        assert_eq!(lunch["title"]["en"], "Lunch that nobody knows of");
        assert_eq!(lunch["people"][0]["name"], "Dora Stillwater");
        assert_eq!(bruno.find("documents", site.week.id("paper")).unwrap()["symbol"], "GTS/Q/doc.7");
        assert_eq!(bruno.find("session_stubs", site.week.id("briefing")), None, "the row takes the stub's place");
        assert_eq!(bruno.find("sessions", site.week.id("briefing")).unwrap()["room"], json!(site.week.id("patio")));
    }

    async fn a_withdrawn_gate_takes_its_rows_from_the_phone(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        assert!(carla.everything().contains("Dora Stillwater"));
        site.week.withdraw(site.node.app(), "advisers", "carla").await;
        let applied = carla.exchange().await;
        let mut gates = [site.week.gate("quiet-lunch"), site.week.gate("briefing")];
        gates.sort();
        let mut gone = applied.gone;
        gone.sort();
        assert_eq!(gone, gates);
        let held = carla.everything();
        assert!(SECRETS.iter().all(|secret| !held.contains(secret)));
        assert_eq!(carla.find("session_stubs", site.week.id("briefing")).unwrap()["title"]["en"], "Briefing of advisers");
    }

    async fn a_gate_granted_again_is_whole_again(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let before = carla.everything();
        let app = site.node.app();
        site.week.withdraw(app, "advisers", "carla").await;
        carla.sync().await;
        site.week.grant(app, "advisers", "carla").await;
        carla.sync().await;
        assert_eq!(carla.everything(), before);
    }

    async fn a_gate_withdrawn_and_granted_between_two_exchanges_costs_nothing(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let before = carla.everything();
        site.week.withdraw(site.node.app(), "advisers", "carla").await;
        site.week.grant(site.node.app(), "advisers", "carla").await;
        carla.sync().await;
        assert_eq!(carla.everything(), before);
    }

    async fn what_changed_while_the_gate_was_withdrawn_is_there_when_it_returns(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let app = site.node.app();
        site.week.withdraw(app, "advisers", "carla").await;
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "room": site.week.id("library") })).await;
        carla.sync().await;
        assert_eq!(carla.find("sessions", site.week.id("quiet-lunch")), None);
        site.week.grant(app, "advisers", "carla").await;
        carla.sync().await;
        assert_eq!(carla.find("sessions", site.week.id("quiet-lunch")).unwrap()["room"], json!(site.week.id("library")));
    }

    async fn a_session_that_moves_behind_a_gate_is_in_one_place(site) {
        let (mut carla, mut bruno) = (site.device("carla").await, site.device("bruno").await);
        carla.sync().await;
        bruno.sync().await;
        let admission = json!({ "policy": "by_invitation", "visibility": "hidden", "audiences": [site.week.id("advisers")] });
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "admission": admission })).await;
        carla.sync().await;
        bruno.sync().await;
        let visit = site.week.id("visit").to_string();
        let places: Vec<_> = carla.list("sessions").into_iter().filter(|row| row.id == visit).map(|row| row.scope).collect();
        assert_eq!(places, [site.week.gate("visit")]);
        assert!(!bruno.everything().contains(&visit));
    }

    async fn a_cancelled_session_stays_and_says_so(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "state": "cancelled" })).await;
        ana.sync().await;
        assert_eq!(ana.find("sessions", site.week.id("visit")).unwrap()["state"], "cancelled");
    }

    async fn a_session_taken_back_to_draft_leaves_every_phone(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "state": "draft" })).await;
        ana.sync().await;
        assert_eq!(ana.find("sessions", site.week.id("visit")), None);
    }

    async fn scopes_that_never_were_and_scopes_of_others_are_answered_alike(site) {
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        let (_, outgoing) = bruno.prepare();
        let mut request: serde_json::Value = serde_json::from_slice(&outgoing.body).unwrap();
        let position = request["holds"]["public"].clone();
        let names = [site.week.gate("quiet-lunch"), site.week.own("ana"), "organiser".to_owned(), "gate:nonsense".to_owned(),
            format!("gate:{}", uuid::Uuid::new_v4()), "roster:full".to_owned()];
        for name in &names {
            request["holds"][name] = position.clone();
        }
        let answer = bruno.actor.post(&bruno.sync_path(), &request).await.expect(200).json();
        for entry in answer["scopes"].as_array().unwrap() {
            let name = entry["scope"].as_str().unwrap().to_owned();
            assert_eq!(*entry, json!({ "scope": name, "gone": true }));
            assert!(names.contains(&name));
        }
        assert_eq!(answer["scopes"].as_array().unwrap().len(), names.len());
    }
}
