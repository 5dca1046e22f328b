//! A provider that does not answer delays nobody who is reached by another.

use std::time::Duration;

use cumbre::clock::Clock;
use cumbre::database::schema::pushes;
use cumbre::on;
use diesel::{QueryDsl, RunQueryDsl};
use serde_json::json;

use super::cast::{move_session, nothing, path, phone_that_stars, work};
use super::pushing::{PushLine, all_addresses, list_pushes, reached_at, register, settled_lines};
use crate::harness::{MORNING, PushServices, Site, Whim};

/// The services, in the order of their addresses.
const BROWSERS: usize = 0;
const GOOGLE: usize = 1;
const APPLE: usize = 2;
const WEBHOOK: usize = 3;

/// Sends a change at once.
async fn tell(site: &Site, room: &str) {
    let olga = site.organiser().await;
    move_session(site, &olga, "reality", json!({ "room": site.week.id(room) })).await;
    olga.post(&path(site, "/notices/held/send"), &nothing()).await.expect(202);
    work(site).await;
}

/// Waits until a service was asked so often.
async fn wait_for_attempts(services: &PushServices, service: usize, count: usize) {
    match service {
        BROWSERS => services.browsers.wait_for_attempts(count).await,
        GOOGLE => services.fcm.wait_for_attempts(count).await,
        APPLE => services.apns.wait_for_attempts(count).await,
        _ => services.webhook.wait_for_attempts(count).await,
    }
}

/// One device at each service is told of two changes; this one does not answer, and is waited for all the while.
async fn is_silent_alone(silent: usize) {
    let services = PushServices::open(&Clock::fixed(MORNING)).await;
    let mut settings = services.settings();
    settings.retain(|(name, _)| *name != "push_timeout_s");
    settings.push(("push_timeout_s", "20".to_owned()));
    let site = Site::on_sqlite_with(settings).await;
    services.browsers.believe(site.node.app().push.web_push_key());
    phone_that_stars(&site, "bruno", "reality").await;
    let mut devices = Vec::new();
    for address in all_addresses(&services) {
        devices.push(reached_at(&site, "bruno", &address).await.device().to_string());
    }
    let whims = [Whim::Silent];
    match silent {
        BROWSERS => services.browsers.expect_whims(&whims),
        GOOGLE => services.fcm.expect_whims(&whims),
        APPLE => services.apns.expect_whims(&whims),
        _ => services.webhook.expect_whims(&whims),
    }
    tell(&site, "cinema").await;
    wait_for_attempts(&services, silent, 1).await;
    tell(&site, "library").await;
    for other in (0..devices.len()).filter(|service| *service != silent) {
        wait_for_attempts(&services, other, 2).await;
    }
    let of_silent = |line: &PushLine| line.device == devices[silent];
    let lines: Vec<_> = list_pushes(&site).await.into_iter().filter(of_silent).collect();
    let stands: Vec<_> = lines.iter().map(|line| (line.state.as_str(), line.attempts, line.failure.as_ref())).collect();
    assert_eq!(stands, [("waiting", 1, None), ("waiting", 0, None)]);
    site.close().await;
}

#[tokio::test]
async fn the_service_of_a_browser_is_silent_and_everybody_else_is_told() {
    is_silent_alone(BROWSERS).await;
}

#[tokio::test]
async fn google_is_silent_and_everybody_else_is_told() {
    is_silent_alone(GOOGLE).await;
}

#[tokio::test]
async fn apple_is_silent_and_everybody_else_is_told() {
    is_silent_alone(APPLE).await;
}

#[tokio::test]
async fn the_webhook_is_silent_and_everybody_else_is_told() {
    is_silent_alone(WEBHOOK).await;
}

on_both_with_services! {
    async fn what_became_of_a_push_is_known_for_ninety_days(site, services) {
        phone_that_stars(site, "bruno", "reality").await;
        reached_at(site, "bruno", &services.fcm.register("android")).await;
        tell(site, "cinema").await;
        settled_lines(site).await;
        let day_ms = 86_400_000;
        site.clock.advance_ms(89 * day_ms);
        settled_lines(site).await;
        assert_eq!(list_pushes(site).await.len(), 1);
        site.clock.advance_ms(2 * day_ms);
        let forgetting = async {
            while !list_pushes(site).await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), forgetting).await.unwrap();
    }

    async fn what_waits_for_a_device_waits_in_the_queue_of_who_reaches_it_now(site, services) {
        phone_that_stars(site, "bruno", "reality").await;
        services.fcm.expect_whims(&[Whim::Answer(503, None)]);
        let device = reached_at(site, "bruno", &services.fcm.register("android")).await;
        tell(site, "cinema").await;
        assert_eq!(settled_lines(site).await[0].state, "waiting");
        register(&device, &services.browsers.subscribe("browser")).await.expect(200);
        let provider = pushes::table.select(pushes::provider);
        let queue: Option<String> = site.node.app().readers.read(move |c| on!(c, |c| provider.first(c))).await.unwrap();
        assert_eq!(queue.as_deref(), Some("web_push"));
        site.clock.advance_ms(10_000);
        assert_eq!(settled_lines(site).await[0].state, "accepted");
        assert_eq!((services.browsers.taken().len(), services.fcm.taken().len()), (1, 0));
    }
}
