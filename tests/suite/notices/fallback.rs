//! The mail that follows where a push does not do.

use serde_json::{Value, json};

use super::cast::{after_the_pause, move_session, newest_dispatch, notice, phone_that_stars, work};
use super::pushing::{mails_settled, reached_at, register, settled};
use crate::harness::{PushServices, Site, Whim};

async fn move_reality(site: &Site) {
    let olga = site.organiser().await;
    move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
    after_the_pause(site).await;
    settled(site).await;
    mails_settled(site).await;
}

/// Whom mails went to so far.
fn readers(site: &Site) -> Vec<String> {
    let mut readers: Vec<String> = site.post.letters().into_iter().map(|letter| letter.to).collect();
    readers.sort();
    readers
}

fn forgotten(services: &PushServices, name: &str) -> Value {
    let address = services.fcm.register(name);
    services.fcm.forget(name);
    address
}

on_both_with_services! {
    async fn whoever_is_reached_by_no_device_any_more_gets_a_mail_at_once(site, services) {
        phone_that_stars(site, "bruno", "reality").await;
        phone_that_stars(site, "ana", "reality").await;
        for name in ["bruno-phone", "bruno-tablet"] {
            reached_at(site, "bruno", &forgotten(services, name)).await;
        }
        // Of ana one of two devices is reached, and sol, who acts for both, has one.
        reached_at(site, "ana", &forgotten(services, "ana-phone")).await;
        reached_at(site, "ana", &services.browsers.subscribe("ana")).await;
        reached_at(site, "sol", &services.browsers.subscribe("sol")).await;
        move_reality(site).await;
        assert_eq!(readers(site), ["bruno@example.org"]);
        site.clock.advance_ms(600_000);
        mails_settled(site).await;
        assert_eq!(readers(site), ["ana@example.org", "bruno@example.org", "sol@example.org", "sol@example.org"]);
    }

    async fn whoever_signs_out_of_their_only_device_before_it_is_reached_gets_a_mail_at_once(site, services) {
        phone_that_stars(site, "carla", "reality").await;
        let device = reached_at(site, "carla", &services.fcm.register("carla")).await;
        services.fcm.expect_whims(&[Whim::Answer(503, None)]);
        move_reality(site).await;
        assert_eq!(readers(site), [""; 0]);
        device.delete("/v1/account/push").await.expect(204);
        site.clock.advance_ms(5_000);
        settled(site).await;
        mails_settled(site).await;
        assert_eq!(readers(site), ["carla@example.org"]);
    }

    async fn a_mail_waits_the_less_the_sooner_it_begins(site, services) {
        phone_that_stars(site, "carla", "opening").await;
        reached_at(site, "carla", &services.fcm.register("carla")).await;
        // The opening is at nine. It is half past eight.
        site.clock.advance_ms(30 * 60_000);
        let olga = site.organiser().await;
        move_session(site, &olga, "opening", json!({ "room": site.week.id("cinema") })).await;
        work(site).await;
        settled(site).await;
        site.clock.advance_ms(5 * 60_000 - 1);
        mails_settled(site).await;
        assert_eq!(readers(site), [""; 0]);
        site.clock.advance_ms(1);
        mails_settled(site).await;
        assert_eq!(readers(site), ["carla@example.org"]);
    }

    async fn an_assistants_glance_takes_the_mail_from_nobody_else(site, services) {
        let bruno = phone_that_stars(site, "bruno", "reality").await;
        register(&bruno.actor, &services.browsers.subscribe("bruno")).await.expect(200);
        let mut sols = site.device("sol").await;
        register(&sols.actor, &services.browsers.subscribe("sol")).await.expect(200);
        move_reality(site).await;
        let (id, _) = notice(&mut sols).await;
        sols.edit("notice.seen", Some(site.week.attendee("bruno")), json!({ "ids": [id] }));
        sols.sync().await;
        sols.exchange().await;
        work(site).await;
        let reach = newest_dispatch(site, &site.organiser().await).await["reach"].clone();
        assert_eq!((&reach["told"], &reach["seen"]), (&json!(1), &json!(1)));
        site.clock.advance_ms(600_000);
        mails_settled(site).await;
        assert_eq!(readers(site), ["bruno@example.org"], "his phone has not been in touch");
    }

    async fn whose_own_device_has_it_gets_no_mail_and_who_acts_for_them_does(site, services) {
        let mut bruno = phone_that_stars(site, "bruno", "reality").await;
        register(&bruno.actor, &services.browsers.subscribe("bruno")).await.expect(200);
        reached_at(site, "sol", &services.browsers.subscribe("sol")).await;
        move_reality(site).await;
        notice(&mut bruno).await;
        bruno.exchange().await;
        work(site).await;
        site.clock.advance_ms(600_000);
        mails_settled(site).await;
        assert_eq!(readers(site), ["sol@example.org"]);
    }

    async fn what_waits_for_its_provider_was_handed_to_nobody(site, services) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        reached_at(site, "bruno", &services.fcm.register("bruno")).await;
        services.fcm.expect_whims(&[Whim::Answer(503, None)]);
        move_reality(site).await;
        let devices = newest_dispatch(site, &olga).await["reach"]["devices"].clone();
        assert_eq!(devices, json!({ "concerned": 1, "sent": 0, "accepted": 0, "holding": 0, "failed": 0, "unheard": 1 }));
        site.clock.advance_ms(5_000);
        services.fcm.wait_for(1).await;
        settled(site).await;
        let devices = newest_dispatch(site, &olga).await["reach"]["devices"].clone();
        assert_eq!(devices, json!({ "concerned": 1, "sent": 1, "accepted": 1, "holding": 0, "failed": 0, "unheard": 1 }));
    }
}
