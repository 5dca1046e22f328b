//! Pushes to browsers: what they say, to whom, and that none is lost.

use cumbre::database::Connection;
use cumbre::database::schema::attendees;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;

use super::cast::{
    PAUSE_MS, after_the_pause, move_session, newest_dispatch, nothing, notice, path, phone_that_stars, work,
};
use super::pushing::{mails_settled, prefer, register, settled};
use crate::harness::{Device, PushService, SECRETS, Site, Whim};

async fn service(site: &Site) -> PushService {
    let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
    assert!(keys["providers"].as_array().unwrap().contains(&json!("web_push")));
    PushService::open(&site.clock, keys["web_push"].as_str().unwrap()).await
}

/// A phone that stars a session and is reached by push.
async fn reached(site: &Site, service: &PushService, name: &str, session: &str) -> Device {
    let phone = phone_that_stars(site, name, session).await;
    register(&phone.actor, &service.subscribe(name)).await.expect(200);
    phone
}

on_both! {
    async fn a_change_is_pushed_in_the_readers_language_with_where_to_find_it(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let mut phone = reached(site, &service, "bruno", "reality").await;
        prefer(&phone.actor, json!({ "language": "pt-BR" })).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let pushed = service.wait_for(1).await.remove(0);
        let (id, _) = notice(&mut phone).await;
        let says = &pushed.says;
        assert_eq!((&says["title"], &says["notice"], &says["kind"]), (&json!("Nova sala: The Internal Reality"), &json!(id), &json!("room")));
        assert!(says["text"].as_str().unwrap().contains("Cinema, Military Club"), "{says}");
        assert_eq!((&says["event"], &says["spread_s"]), (&json!(site.week.slug), &json!(0)));
        let covers: shared::sync::Position = serde_json::from_value(says["covers"].clone()).unwrap();
        assert!(!covers.is_newer_than(&phone.last_answer().covers), "what it names is what the phone then has");
        assert_eq!((pushed.headers["urgency"].as_str(), says["tag"].as_str()), ("normal", pushed.headers.get("topic").map(String::as_str)));
        assert_eq!(settled(site).await, [("accepted".to_owned(), 1)]);
        phone.exchange().await;
        work(site).await;
        let reach = newest_dispatch(site, &olga).await["reach"].clone();
        assert_eq!(reach["devices"], json!({ "concerned": 1, "sent": 1, "accepted": 1, "holding": 1, "failed": 0, "unheard": 0 }));
    }

    async fn pushes_and_mails_speak_the_attendees_language(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let phone = reached(site, &service, "bruno", "reality").await;
        let (event, bruno) = (site.week.event.to_string(), site.week.attendee("bruno").to_string());
        let write = move |c: &mut Connection| {
            let theirs = attendees::table.find((&event, &bruno));
            on!(c, |c| diesel::update(theirs).set(attendees::language.eq("fr")).execute(c))
        };
        site.node.app().writer.system(write).await.unwrap();
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let pushed = service.wait_for(1).await.remove(0);
        assert_eq!(pushed.says["title"], "Nouvelle salle : The Internal Reality");
        settled(site).await;
        site.clock.advance_ms(600_000);
        mails_settled(site).await;
        let letters = site.post.letters();
        let own = letters.iter().find(|letter| letter.to == "bruno@example.org").unwrap();
        assert_eq!(own.subject, "Nouvelle salle : The Internal Reality");
        drop(phone);
    }

    async fn what_one_saw_who_acts_for_somebody_is_pushed_to_that_person_all_the_same(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let mut sols = site.device("sol").await;
        reached(site, &service, "bruno", "reality").await;
        service.expect_whims(&[Whim::Answer(503, None)]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        service.wait_for_attempts(1).await;
        settled(site).await;
        let (id, _) = notice(&mut sols).await;
        sols.edit("notice.seen", Some(site.week.attendee("bruno")), json!({ "ids": [id] }));
        sols.sync().await;
        site.clock.advance_ms(60_000);
        assert_eq!(settled(site).await, [("accepted".to_owned(), 2)]);
    }

    async fn a_change_is_pushed_when_the_pause_is_over_and_the_clock_need_not_move_any_further(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        reached(site, &service, "bruno", "reality").await;
        let begun_at = site.clock.now().0;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        // Nobody calls the work: the node's own loops see to it. The time stands a moment before they may.
        site.clock.advance_ms(PAUSE_MS - 1);
        site.device("olga").await.sync().await;
        assert_eq!(service.taken().len(), 0);
        site.clock.advance_ms(1);
        // The loops that let go, write inboxes and push follow from one another, and from no time that passes: two seconds
        // are far more than they need.
        service.wait_for(1).await;
        assert_eq!(site.clock.now().0 - begun_at, PAUSE_MS);
        // What begins within the hour needs not even that.
        let mut opened = reached(site, &service, "carla", "opening").await;
        opened.sync().await;
        move_session(site, &olga, "opening", json!({ "room": site.week.id("cinema") })).await;
        service.wait_until(|taken| taken.iter().any(|pushed| pushed.browser == "carla")).await;
        assert_eq!(site.clock.now().0 - begun_at, PAUSE_MS);
    }

    async fn that_a_push_was_taken_is_on_the_organisers_screen_two_seconds_later(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        reached(site, &service, "bruno", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        site.clock.advance_ms(PAUSE_MS);
        service.wait_for(1).await;
        let mut moved = site.node.app().events.find(site.week.event).unwrap().watch();
        let mut screen = site.device("olga").await;
        // Nobody calls the work: the node's own loops see to it, by a clock that moves no further than it must.
        let shown = async {
            let mut moments = tokio::time::interval(std::time::Duration::from_millis(100));
            let mut left_ms = 2_000;
            loop {
                screen.sync().await;
                let rows = screen.list("dispatches");
                let row: Option<serde_json::Value> = rows.first().map(|row| serde_json::from_str(&row.value).unwrap());
                if row.is_some_and(|row| row["reach"]["devices"]["accepted"] == 1) {
                    return;
                }
                tokio::select! {
                    changed = moved.changed() => changed.unwrap(),
                    _ = moments.tick() => {
                        let step = 100.min(left_ms);
                        site.clock.advance_ms(step);
                        left_ms -= step;
                    }
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(15), shown).await.unwrap();
    }

    async fn what_is_gated_is_a_wake_up_alone(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        reached(site, &service, "carla", "quiet-lunch").await;
        reached(site, &service, "bruno", "reality").await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let pushed = service.wait_for(1).await;
        settled(site).await;
        assert_eq!(service.taken().len(), 1);
        let fields: Vec<_> = pushed[0].says.as_object().unwrap().keys().cloned().collect();
        assert_eq!((pushed[0].browser.as_str(), fields), ("carla", vec!["spread_s".to_owned(), "tag".to_owned(), "event".to_owned(), "covers".to_owned()]));
        assert!(!SECRETS.iter().any(|secret| pushed[0].says.to_string().contains(secret)));
    }

    async fn what_somebody_chose_holds_and_an_emergency_passes_quiet_hours(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let (bruno, carla, ana) = (
            reached(site, &service, "bruno", "reality").await,
            reached(site, &service, "carla", "reality").await,
            reached(site, &service, "ana", "reality").await,
        );
        prefer(&bruno.actor, json!({ "kinds": { "room": "off" } })).await;
        prefer(&carla.actor, json!({ "default": "wake_up" })).await;
        // It is eight in the morning.
        prefer(&ana.actor, json!({ "quiet_hours": { "from": "07:00", "to": "09:00" } })).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let pushed = service.wait_for(1).await;
        settled(site).await;
        assert_eq!((service.taken().len(), pushed[0].browser.as_str(), pushed[0].says.get("title")), (1, "carla", None));
        site.clock.advance_ms(3_600_000);
        assert_eq!(service.wait_for(2).await[1].browser, "ana");
        site.clock.advance_ms(-3_600_000);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("library") })).await;
        let emergency = json!({ "urgency": "emergency", "texts": { "en": { "title": "Leave", "text": "Leave the building." } } });
        olga.post(&path(site, "/notices/held/send"), &emergency).await.expect(202);
        work(site).await;
        let pushed = service.wait_for(5).await;
        let said: Vec<_> = pushed[2..].iter().map(|one| (one.browser.as_str(), one.says.get("title").is_some(), one.headers["urgency"].as_str())).collect();
        assert!(said.contains(&("ana", true, "high")) && said.contains(&("bruno", false, "high")), "{said:?}");
    }

    async fn what_is_not_taken_comes_later_once_and_never_to_a_dead_address(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let phone = reached(site, &service, "bruno", "reality").await;
        reached(site, &service, "carla", "reality").await;
        service.forget("carla");
        service.expect_whims(&[Whim::Cut]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        service.wait_for_attempts(2).await;
        let states: Vec<String> = settled(site).await.into_iter().map(|(state, _)| state).collect();
        assert!(states.contains(&"waiting".to_owned()) , "{states:?}");
        service.expect_whims(&[Whim::Answer(429, Some(300))]);
        site.clock.advance_ms(5_000);
        service.wait_for_attempts(3).await;
        settled(site).await;
        site.clock.advance_ms(299_000);
        settled(site).await;
        assert_eq!(service.taken().iter().filter(|one| one.browser == "bruno").count(), 0, "not before the service wants it");
        site.clock.advance_ms(200_000);
        service.wait_for(1).await;
        let mut states = settled(site).await;
        states.sort();
        assert_eq!(states.iter().map(|(state, _)| state.as_str()).collect::<Vec<_>>(), ["accepted", "failed"]);
        let dead = site.sign_in("carla").await;
        assert_eq!(dead.get("/v1/account/push").await.expect(200).json(), json!({ "preferences": { "default": "on" } }), "another device of hers");
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["failures"], json!({ "the push service answered 410": 1 }));
        assert_eq!((&dispatch["reach"]["devices"]["accepted"], &dispatch["reach"]["devices"]["failed"]), (&json!(1), &json!(1)));
        drop(phone);
    }

    async fn an_address_is_a_public_one_and_a_device_can_try_itself_out(site) {
        let (service, bruno) = (service(site).await, site.sign_in("bruno").await);
        bruno.post("/v1/account/push/test", &nothing()).await.expect_problem(409, "wrong_state");
        let good = service.subscribe("bruno");
        for endpoint in ["https://10.0.0.1/x", "http://push.example.net/x", "https://169.254.169.254/latest", "no address", "https://[::1]/x"] {
            let mut inside = good.clone();
            inside["endpoint"] = json!(endpoint);
            register(&bruno, &inside).await.expect_problem(422, "invalid_value");
        }
        let mut faulty = good.clone();
        faulty["keys"]["p256dh"] = json!("AAAA");
        register(&bruno, &faulty).await.expect_problem(422, "invalid_value");
        register(&bruno, &json!({ "provider": "fcm", "token": "x" })).await.expect_problem(422, "invalid_value");
        register(&bruno, &json!({ "provider": "pigeon" })).await.expect_problem(400, "invalid_request");
        let device = register(&bruno, &good).await.expect(200).json();
        assert_eq!(device["subscription"]["provider"], "web_push");
        let test = bruno.post("/v1/account/push/test", &nothing()).await.expect(202).json();
        assert_eq!(service.wait_for(1).await[0].says["title"], "Puede recibir avisos");
        settled(site).await;
        let address = format!("/v1/account/push/test/{}", test["id"].as_str().unwrap());
        assert_eq!(bruno.get(&address).await.expect(200).json(), json!({ "state": "accepted" }));
        site.sign_in("ana").await.get(&address).await.expect_problem(404, "not_found");
        bruno.delete("/v1/account/push").await.expect(204);
        bruno.post("/v1/account/push/test", &nothing()).await.expect_problem(409, "wrong_state");
        // Five at once, and another every five minutes.
        for _ in 0..2 {
            bruno.post("/v1/account/push/test", &nothing()).await.expect_problem(409, "wrong_state");
        }
        bruno.post("/v1/account/push/test", &nothing()).await.expect_problem(429, "too_many_requests");
        site.clock.advance_ms(5 * 60_000);
        bruno.post("/v1/account/push/test", &nothing()).await.expect_problem(409, "wrong_state");
    }

    async fn a_push_that_is_tried_again_waits_for_the_end_of_quiet_hours(site) {
        let (service, olga) = (service(site).await, site.organiser().await);
        let ana = reached(site, &service, "ana", "reality").await;
        service.expect_whims(&[Whim::Answer(503, None)]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(settled(site).await, [("waiting".to_owned(), 1)]);
        // It is eight in the morning.
        prefer(&ana.actor, json!({ "quiet_hours": { "from": "07:00", "to": "09:00" } })).await;
        site.clock.advance_ms(60_000);
        settled(site).await;
        assert_eq!(service.taken().len(), 0, "it is quiet");
        site.clock.advance_ms(3_600_000);
        service.wait_for(1).await;
    }
}
