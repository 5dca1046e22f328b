//! Times for somebody whose own clock shows another time.

use cumbre::notify::push;
use reqwest::Method;
use serde_json::json;

use super::cast::{after_the_pause, move_session, phone_that_stars};
use crate::harness::PushService;

on_both! {
    async fn a_push_tells_times_by_the_events_clock_and_by_the_readers_own(site) {
        let olga = site.organiser().await;
        let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
        let service = PushService::open(keys["web_push"].as_str().unwrap()).await;
        let phone = phone_that_stars(site, "bruno", "reality").await;
        let put = |path: &'static str, body: serde_json::Value| {
            let actor = phone.actor.clone();
            async move { actor.send((Method::PUT, path), &[], &body).await }
        };
        put("/v1/account/push", service.subscribe("bruno")).await.expect(200);
        put("/v1/account/push/preferences", json!({ "time_zone": "Mars/Olympus" })).await.expect_problem(400, "invalid_request");
        put("/v1/account/push/preferences", json!({ "language": "en", "time_zone": "Europe/Lisbon" })).await.expect(200);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        push::run_due(site.node.app()).await.unwrap();
        let says = service.wait_for(1).await.remove(0).says;
        let text = says["text"].as_str().unwrap();
        assert!(text.contains("Monday 26 November, 18:00–19:00 (21:00–22:00 in Lisbon)"), "{text}");
    }
}
