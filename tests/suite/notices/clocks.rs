//! Times for somebody whose own clock shows another time, and a server whose own stands in another year.

use cumbre::clock::Clock;
use cumbre::database::Connection;
use cumbre::database::schema::devices;
use cumbre::notify::inbox::tell;
use cumbre::notify::push;
use cumbre::on;
use cumbre::sync::change_log::Unit;
use cumbre::sync::row::RowCollection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::Method;
use serde_json::json;
use shared::notice::NoticeKind;

use super::cast::{after_the_pause, move_session, nothing, path, phone_that_stars};
use super::pushing::{all_addresses, prefer, reached_at};
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

    async fn mails_tell_times_by_the_clock_of_the_device_that_was_used_last_as_well(site) {
        let olga = site.organiser().await;
        let phone = phone_that_stars(site, "bruno", "reality").await;
        // Another device of his stands at home, and has not been used since.
        for (actor, zone) in [(&site.sign_in("bruno").await, "Asia/Tokyo"), (&phone.actor, "Europe/Lisbon")] {
            prefer(actor, json!({ "time_zone": zone })).await;
        }
        let (used, account) = (phone.actor.device().to_string(), phone.actor.account().to_string());
        let write = move |c: &mut Connection| {
            let others = devices::table.filter(devices::account_id.eq(&account)).filter(devices::id.ne(&used));
            on!(c, |c| diesel::update(others).set(devices::last_seen_at.eq(0)).execute(c))
        };
        site.node.app().writer.system(write).await.unwrap();
        let seat = (site.week.attendee("bruno"), (RowCollection::Sessions, site.week.id("reality").0));
        let told = move |unit: &mut Unit<'_>| {
            tell(unit, seat.0, NoticeKind::SeatGiven, (Some(seat.1), json!({})));
            Ok(())
        };
        site.node.app().writer.unit(site.week.event, told).await.unwrap();
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        // Who acts for him has the same, by the event's clock alone.
        let letters = site.post.wait_for(4).await;
        let (his, others): (Vec<_>, Vec<_>) = letters.iter().partition(|letter| letter.to == "bruno@example.org");
        assert_eq!((his.len(), others.len()), (2, 2));
        assert!(others.iter().all(|letter| !letter.plain.contains("Lisbon")));
        for letter in his {
            assert!(letter.plain.contains("18:00–19:00") && letter.plain.contains("(21:00–22:00 en Lisbon)"), "{}", letter.plain);
        }
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
