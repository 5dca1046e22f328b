//! Reminders: pushed by the server, and known to a device that is offline.

use cumbre::database::schema::pushes;
use cumbre::due::run_due;
use cumbre::notify::push;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::Method;
use serde_json::{Value, json};
use shared::notice::reminder_id;
use shared::programme::Collection;
use shared::time::Timestamp;

use super::cast::{move_session, nothing, notices, path, phone_that_stars, work};
use crate::harness::{Device, PushService, Pushed, SECRETS, Site};

fn at(text: &str) -> Timestamp {
    serde_json::from_value(json!(text)).unwrap()
}

/// Sets the clock, and does what is due then. That it was looked before is what the server goes by.
async fn at_clock(site: &Site, text: &str) {
    let now = at(text);
    site.clock.advance_ms(now.0 - site.clock.now().0);
    run_due(site.node.app()).await.unwrap();
}

async fn service(site: &Site) -> PushService {
    run_due(site.node.app()).await.unwrap();
    let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
    PushService::open(&site.clock, keys["web_push"].as_str().unwrap()).await
}

/// A phone that stars a session and is reached by push, with what is wanted of it.
async fn reached(site: &Site, service: &PushService, (name, session): (&str, &str), preferences: Value) -> Device {
    let phone = phone_that_stars(site, name, session).await;
    let put = |path: &'static str, body: Value| {
        let actor = &phone.actor;
        async move { actor.send((Method::PUT, path), &[], &body).await.expect(200) }
    };
    put("/v1/account/push", service.subscribe(name)).await;
    put("/v1/account/push/preferences", preferences).await;
    phone
}

/// What was pushed of reminders, once no push waits that is due.
async fn reminders(site: &Site, service: &PushService) -> Vec<Pushed> {
    let now = site.clock.now().0;
    let settling = async {
        loop {
            push::run_due(site.node.app()).await.unwrap();
            let waiting = pushes::table
                .filter(pushes::state.eq("waiting"))
                .filter(pushes::next_attempt_at.le(now + 300_000))
                .count();
            let count: i64 = site.node.app().readers.read(move |c| on!(c, |c| waiting.get_result(c))).await.unwrap();
            if count == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), settling).await.unwrap();
    service.taken().into_iter().filter(|one| one.says["kind"] == "reminder" || one.says.get("kind").is_none()).collect()
}

on_both! {
    async fn who_starred_a_session_is_reminded_once_on_devices_that_want_it(site) {
        let service = service(site).await;
        reached(site, &service, ("bruno", "reality"), json!({})).await;
        reached(site, &service, ("carla", "reality"), json!({ "kinds": { "reminder": "off" } })).await;
        at_clock(site, "2018-11-26T17:44:59-03:00").await;
        assert_eq!(reminders(site, &service).await, []);
        at_clock(site, "2018-11-26T17:45:00-03:00").await;
        let pushed = reminders(site, &service).await;
        let says = &pushed[0].says;
        let id = reminder_id(site.week.attendee("bruno"), site.week.id("reality"), at("2018-11-26T18:00:00-03:00"));
        assert_eq!((pushed.len(), pushed[0].browser.as_str(), &says["notice"]), (1, "bruno", &json!(id)));
        assert_eq!(says["title"], "Pronto: The Internal Reality", "he reads Spanish");
        assert_eq!(says["text"], "The Internal Reality: lunes 26 de noviembre, 18:00–19:00, Library, Military Club.");
        assert_eq!(pushed[0].headers["ttl"], "900", "it is of no use once the session has begun");
        at_clock(site, "2018-11-26T17:46:00-03:00").await;
        assert_eq!(reminders(site, &service).await.len(), 1);
        let mut phone = site.device("bruno").await;
        assert_eq!(notices(&mut phone).await, [], "it is no row of the inbox");
        assert_eq!(site.post.letters().len(), 0, "nor a mail");
    }

    async fn a_reminder_moves_with_its_session_and_goes_with_it(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let mut phone = reached(site, &service, ("bruno", "reality"), json!({ "kinds": { "time": "off" } })).await;
        let later = json!({ "starts_at": "2018-11-26T18:25:00-03:00", "ends_at": "2018-11-26T19:25:00-03:00" });
        move_session(site, &olga, "reality", later).await;
        work(site).await;
        phone.sync().await;
        let known = phone.replica.list_reminders(site.clock.now()).unwrap();
        assert_eq!(known.iter().map(|one| one.at).collect::<Vec<_>>(), [at("2018-11-26T18:10:00-03:00")]);
        at_clock(site, "2018-11-26T17:45:00-03:00").await;
        at_clock(site, "2018-11-26T18:09:59-03:00").await;
        assert_eq!(reminders(site, &service).await, []);
        at_clock(site, "2018-11-26T18:10:00-03:00").await;
        let pushed = reminders(site, &service).await;
        assert_eq!((pushed.len(), &pushed[0].says["notice"]), (1, &json!(known[0].id)), "the device knows it by the same id");
    }

    async fn of_what_is_cancelled_nobody_is_reminded(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let mut phone = reached(site, &service, ("bruno", "reality"), json!({ "kinds": { "cancelled": "off" } })).await;
        let cancel = path(site, &format!("/sessions/{}/cancel", site.week.id("reality")));
        olga.post(&cancel, &nothing()).await.expect(200);
        phone.sync().await;
        assert_eq!(phone.replica.list_reminders(site.clock.now()).unwrap(), []);
        at_clock(site, "2018-11-26T17:45:00-03:00").await;
        assert_eq!(reminders(site, &service).await, []);
    }

    async fn everybody_chooses_how_long_before(site) {
        let (olga, service) = (site.organiser().await, service(site).await);
        let mut brunos = reached(site, &service, ("bruno", "reality"), json!({})).await;
        let mut carlas = reached(site, &service, ("carla", "reality"), json!({})).await;
        let event = path(site, "");
        let headers = [("content-type", "application/merge-patch+json")];
        let usual = json!({ "reminders": { "starred": 30 } });
        olga.send((Method::PATCH, &event), &headers, &usual).await.expect(200);
        let faulty = json!({ "reminders": { "starred": 2000 } });
        olga.send((Method::PATCH, &event), &headers, &faulty).await.expect_problem(422, "invalid_value");
        brunos.edit("reminders.set", Some(site.week.attendee("bruno")), json!({ "starred": 60 }));
        assert!(matches!(brunos.sync().await[0], shared::sync::MutationResult::Applied { .. }));
        let own = brunos.find("reminder_choices", site.week.attendee("bruno")).unwrap();
        assert_eq!(own, json!({ "starred": 60 }));
        carlas.edit("reminders.set", Some(site.week.attendee("carla")), json!({ "starred": "never" }));
        let refused = carlas.sync().await.remove(0);
        let shared::sync::MutationResult::Rejected { reason, field, .. } = refused else { panic!("{refused:?}") };
        assert_eq!((reason.as_str(), field.as_deref()), ("invalid_request", Some("/starred")));
        let minute = |device: &mut Device| device.replica.list_reminders(at("2018-11-26T16:00:00-03:00")).unwrap()[0].at;
        assert_eq!(minute(&mut brunos), at("2018-11-26T17:00:00-03:00"));
        assert_eq!(minute(&mut carlas), at("2018-11-26T17:30:00-03:00"));
        at_clock(site, "2018-11-26T17:00:00-03:00").await;
        assert_eq!(reminders(site, &service).await.iter().map(|one| one.browser.as_str()).collect::<Vec<_>>(), ["bruno"]);
        at_clock(site, "2018-11-26T17:30:00-03:00").await;
        let told: Vec<_> = reminders(site, &service).await.into_iter().map(|one| one.browser).collect();
        assert_eq!(told, ["bruno", "carla"]);
        brunos = site.device("bruno").await;
        brunos.sync().await;
        brunos.edit("reminders.set", Some(site.week.attendee("bruno")), json!({}));
        brunos.sync().await;
        assert_eq!(brunos.find("reminder_choices", site.week.attendee("bruno")), None);
    }

    async fn who_is_invited_to_what_is_hidden_is_woken_and_nobody_else(site) {
        let service = service(site).await;
        let mut carlas = reached(site, &service, ("carla", "visit"), json!({ "kinds": { "reminder": "on" } })).await;
        reached(site, &service, ("ana", "visit"), json!({})).await;
        let lunch = site.week.id("quiet-lunch");
        let known = carlas.replica.list_reminders(site.clock.now()).unwrap();
        let own = known.iter().find(|one| one.session == lunch).expect("an adviser has the lunch");
        at_clock(site, &own.at.to_string()).await;
        let pushed = reminders(site, &service).await;
        assert_eq!((pushed.len(), pushed[0].browser.as_str(), pushed[0].says.get("title")), (1, "carla", None));
        assert!(!SECRETS.iter().any(|secret| pushed[0].says.to_string().contains(secret)));
    }

    async fn a_change_of_clocks_moves_no_reminder_by_an_hour(site) {
        let service = service(site).await;
        // On 7 April 2019, when clocks in Santiago went back at midnight.
        for (session, from, to) in [
            ("visit", "2019-04-06T09:00:00-03:00", "2019-04-06T10:00:00-03:00"),
            ("reality", "2019-04-07T09:00:00-04:00", "2019-04-07T10:00:00-04:00"),
        ] {
            let times = json!({ "starts_at": from, "ends_at": to });
            site.week.patch(site.node.app(), (Collection::Sessions, session), times).await;
        }
        let mut phone = reached(site, &service, ("bruno", "reality"), json!({})).await;
        phone.star(site.week.attendee("bruno"), site.week.id("visit"), true);
        phone.sync().await;
        let known: Vec<_> = phone.replica.list_reminders(site.clock.now()).unwrap().into_iter().map(|one| one.at).collect();
        let moments = ["2019-04-06T08:45:00-03:00", "2019-04-07T08:45:00-04:00"];
        assert_eq!(known, moments.map(at));
        for (number, moment) in moments.into_iter().enumerate() {
            at_clock(site, &Timestamp(at(moment).0 - 1_000).to_string()).await;
            assert_eq!(reminders(site, &service).await.len(), number);
            at_clock(site, moment).await;
            let pushed = reminders(site, &service).await;
            assert_eq!(pushed.len(), number + 1);
            assert!(pushed[number].says["text"].as_str().unwrap().contains("09:00–10:00"), "{:?}", pushed[number].says);
        }
    }
}
