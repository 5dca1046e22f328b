//! Enrolled devices where two servers share a database.

use cumbre::enrolment::write_due;
use serde_json::json;
use shared::sync::DeskState;

use super::cast::{address, code, device_of, door, redeem};
use crate::harness::{Device, Node, Site, run_on_postgres};

async fn run_on_two(test: impl AsyncFnOnce(&Site, &Node)) {
    run_on_postgres(async |site| {
        let second = site.start_second_node().await;
        test(site, &second).await;
        second.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_revoked_on_one_node_is_gone_on_the_other() {
    run_on_two(async |site, second| {
        let mut device = door(site).await;
        device.connect_to(&second.base());
        device.sync().await;
        assert_eq!(device.scopes(), ["public", "roster:door"]);
        let organiser = site.organiser().await;
        let covers = organiser.post(&address(site, &device, "/revoke"), &json!(null)).await.expect(200);
        assert_eq!(covers.json()["state"], "revoked");
        // A node looks at the database at least once a second; the clock says that it has not.
        site.clock.advance_ms(1_001);
        device.sync().await;
        assert_eq!(device.scopes(), ["public"]);
    })
    .await;
}

#[tokio::test]
async fn a_code_that_one_node_told_is_good_on_the_other_and_once_on_both() {
    run_on_two(async |site, second| {
        let told = code(site, &json!({ "name": "Door", "profile": "door" })).await;
        let body = json!({ "code": told["code"], "device": { "name": "Tablet" } });
        let elsewhere = site.anonymous().at(&second.base());
        let mut device = device_of(site, &elsewhere.post("/v1/enrolments/redeem", &body).await.expect(201));
        redeem(site, json!({ "code": told["code"] })).await.expect_problem(401, "credential_refused");
        device.sync().await;
        assert_eq!(device.scopes(), ["public", "roster:door"], "the first node knows it at once");
    })
    .await;
}

#[tokio::test]
async fn an_event_that_one_node_made_has_its_desks_enrolled_by_the_other_at_once() {
    run_on_two(async |site, second| {
        let (here, there) = (site.organiser().await, site.organiser().await.at(&second.base()));
        let body = json!({ "title": { "en": "Dialogue" }, "starts_on": "2019-05-06", "ends_on": "2019-05-07",
            "state": "draft", "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en" });
        for (number, (maker, other)) in [(&here, &there), (&there, &here)].into_iter().enumerate() {
            let mut body = body.clone();
            body["slug"] = json!(format!("dialogue-{number}"));
            let made = maker.post("/v1/events", &body).await.expect(201).json();
            assert_eq!(made["state"], "draft");
            let enrolments = format!("/v1/events/dialogue-{number}/enrolments");
            let told = other.post(&enrolments, &json!({ "name": "Door", "profile": "door" })).await.expect(201).json();
            let shown = json!({ "code": told["code"], "device": { "name": "Tablet" } });
            let enrolled = maker.post("/v1/enrolments/redeem", &shown).await.expect(201).json();
            let mut tablet = other.clone();
            tablet.take_tokens(&enrolled);
            let mut tablet = Device::new(tablet, &format!("dialogue-{number}"), &site.clock);
            tablet.sync().await;
            assert_eq!(tablet.scopes(), ["public", "roster:door"]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_device_told_one_node_the_other_lists() {
    run_on_two(async |site, second| {
        let mut device = door(site).await;
        device.limits.desk = Some(DeskState { unsent_scans: Some(3), ..DeskState::default() });
        device.exchange().await;
        write_due(site.node.app()).await.unwrap();
        let organiser = site.organiser().await.at(&second.base());
        let told = organiser.get(&address(site, &device, "")).await.expect(200).json();
        assert_eq!((&told["unsent_scans"], &told["last_seen_at"]), (&json!(3), &json!(site.clock.now())));
    })
    .await;
}
