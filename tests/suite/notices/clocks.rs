//! Times for somebody whose own clock shows another time, and a server whose own stands in another year.

use cumbre::clock::Clock;
use cumbre::notify::push;
use reqwest::Method;
use serde_json::json;

use super::cast::{after_the_pause, move_session, nothing, path, phone_that_stars};
use super::pushing::{all_addresses, reached_at};
use crate::harness::{MORNING, PushService, PushServices, Site};

on_both! {
    async fn a_push_tells_times_by_the_events_clock_and_by_the_readers_own(site) {
        let olga = site.organiser().await;
        let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
        let service = PushService::open(&site.clock, keys["web_push"].as_str().unwrap()).await;
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

/// What is signed for others goes by their clocks: none takes what was signed years ago.
#[tokio::test]
async fn a_server_that_stands_in_the_week_of_2018_signs_pushes_for_today() {
    let services = PushServices::open(&Clock::system()).await;
    let clock = Clock::shifted_by(MORNING.0 - Clock::system().now().0);
    let site = Site::on_sqlite_by(clock, services.settings()).await;
    services.browsers.believe(site.node.app().push.web_push_key());
    let olga = site.organiser().await;
    phone_that_stars(&site, "bruno", "reality").await;
    for address in all_addresses(&services) {
        reached_at(&site, "bruno", &address).await;
    }
    move_session(&site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
    olga.post(&path(&site, "/notices/held/send"), &nothing()).await.expect(202);
    services.browsers.wait_for(1).await;
    services.fcm.wait_for(1).await;
    services.webhook.wait_for(1).await;
    let iphone = services.apns.wait_for(1).await.remove(0);
    let (expires_s, now_s) =
        (iphone.headers["apns-expiration"].parse::<i64>().unwrap(), Clock::system().now().0 / 1_000);
    // The session is over in eleven hours, by the clock of the week.
    assert!((expires_s - now_s - 11 * 3_600).abs() < 120, "{}", expires_s - now_s);
    site.close().await;
}
