//! What pushes do not say, and where they do not go.

use std::net::TcpListener;

use cumbre::app::App;
use cumbre::clock::Clock;
use cumbre::config::Config;
use serde_json::{Value, json};

use super::cast::{after_the_pause, move_session, nothing, path, work};
use super::pushing::{mails_settled, reached_at, register, settled_lines};
use crate::harness::{PushServices, SECRETS, Site, Whim};

/// All that was said to the four services, as one text.
fn everything_said(services: &PushServices) -> String {
    let browsers = services.browsers.taken().into_iter().map(|pushed| pushed.says.to_string());
    let fcm = services.fcm.taken().into_iter().map(|message| message.to_string());
    let apns = services.apns.taken().into_iter().map(|message| message.payload.to_string());
    let webhook = services.webhook.taken().into_iter().map(|body| body.to_string());
    browsers.chain(fcm).chain(apns).chain(webhook).collect::<Vec<_>>().join("\n")
}

fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn reach_by_all(site: &Site, services: &PushServices, name: &str) {
    let addresses = [
        services.browsers.subscribe(name),
        services.fcm.register(name),
        services.apns.register(name),
        json!({ "provider": "webhook", "to": name }),
    ];
    for address in addresses {
        reached_at(site, name, &address).await;
    }
}

on_both_with_services! {
    async fn of_a_gated_session_no_provider_learns_more_than_that_there_is_something(site, services) {
        let olga = site.organiser().await;
        for name in ["ana", "bruno", "carla"] {
            reach_by_all(site, services, name).await;
        }
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let lines = settled_lines(site).await;
        assert_eq!(lines.len(), 4, "carla alone is an adviser");
        assert_eq!(fields(&services.browsers.taken()[0].says), ["spread_s", "tag", "event", "covers"]);
        let android = services.fcm.taken().remove(0);
        assert_eq!((fields(&android), fields(&android["data"])), (vec!["token", "data", "android"], vec!["spread_s", "tag", "event", "covers"]));
        assert_eq!(android["android"]["collapse_key"], "wake_up", "one of them is as good as all");
        let iphone = services.apns.taken().remove(0);
        assert_eq!(fields(&iphone.payload), ["spread_s", "tag", "event", "covers", "aps"]);
        assert_eq!((&iphone.payload["aps"], iphone.headers["apns-push-type"].as_str()), (&json!({ "content-available": 1 }), "background"));
        assert_eq!(fields(&services.webhook.taken()[0]), ["id", "to", "expires_in_s", "spread_s", "tag", "event", "covers"]);
        let said = everything_said(services);
        assert!(!SECRETS.iter().any(|secret| said.contains(secret)) && !said.contains("Cinema"), "{said}");
        // Whoever has a device gets a mail when none has told them in ten minutes.
        site.clock.advance_ms(600_000);
        mails_settled(site).await;
        let letters = site.post.letters();
        assert_eq!(letters.len(), 1);
        assert!(letters.iter().all(|letter| letter.to == "carla@example.org"));
    }

    async fn what_is_for_those_of_a_gated_session_alone_passes_through_no_provider(site, services) {
        let olga = site.organiser().await;
        reach_by_all(site, services, "carla").await;
        let texts = json!({ "en": { "title": "Understanding", "text": "Bring the draft." } });
        let say = async |audience: Value| {
            let body = json!({ "texts": texts, "audience": audience });
            olga.post(&path(site, "/announcements"), &body).await.expect(201);
            work(site).await;
            settled_lines(site).await.len()
        };
        assert_eq!(say(json!({ "sessions": [site.week.id("quiet-lunch")] })).await, 4);
        assert_eq!(say(json!({ "audiences": [site.week.id("advisers")] })).await, 8);
        let said = everything_said(services);
        assert!(said.contains("covers") && !said.contains("Understanding") && !said.contains("Bring"), "{said}");
        assert_eq!(say(json!({ "attendees": [site.week.attendee("carla")] })).await, 12);
        assert!(everything_said(services).contains("Understanding"));
    }

    async fn who_is_uninvited_while_a_push_waits_gets_it_no_more(site, services) {
        let olga = site.organiser().await;
        site.week.grant(site.node.app(), "advisers", "ana").await;
        reach_by_all(site, services, "ana").await;
        let busy = [Whim::Answer(503, None)];
        services.browsers.expect_whims(&busy);
        services.fcm.expect_whims(&busy);
        services.apns.expect_whims(&busy);
        services.webhook.expect_whims(&busy);
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert!(settled_lines(site).await.iter().all(|line| line.state == "waiting" && line.attempts == 1));
        site.week.withdraw(site.node.app(), "advisers", "ana").await;
        site.clock.advance_ms(60_000);
        let states: Vec<_> = settled_lines(site).await.into_iter().map(|line| line.state).collect();
        assert_eq!(states, ["dropped"; 4]);
        assert_eq!(everything_said(services), "");
        site.clock.advance_ms(3_600_000);
        work(site).await;
        mails_settled(site).await;
        assert!(site.post.letters().iter().all(|letter| letter.to != "ana@example.org"), "{:?}", site.post.letters());
    }
}

/// Pushes a message to try out, and says why it was not taken.
async fn try_out(site: &Site, address: &Value) -> String {
    let actor = site.sign_in("bruno").await;
    register(&actor, address).await.expect(200);
    actor.post("/v1/account/push/test", &nothing()).await.expect(202);
    settled_lines(site).await.pop().unwrap().failure.unwrap()
}

/// A port inside, and whether anybody came there.
struct Inside(TcpListener);

impl Inside {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn was_asked(&self) -> bool {
        self.0.accept().is_ok()
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_never_asked() {
    let (endpoint, gateway) = (Inside::open(), Inside::open());
    let site = Site::on_sqlite_with(vec![
        ("push_private_networks", String::new()),
        ("push_webhook_url", format!("https://localhost:{}/messages", gateway.port())),
        ("push_webhook_secret", "between us two".to_owned()),
    ])
    .await;
    let subscription = json!({ "provider": "web_push", "endpoint": format!("https://localhost:{}/push/x", endpoint.port()),
        "keys": { "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg" } });
    assert_eq!(try_out(&site, &subscription).await, "the provider cannot be reached");
    assert_eq!(try_out(&site, &json!({ "provider": "webhook", "to": "x" })).await, "the provider cannot be reached");
    assert!(!endpoint.was_asked() && !gateway.was_asked());
    site.close().await;
}

#[tokio::test]
async fn a_webhook_inside_is_refused_at_the_start_unless_its_network_is_configured() {
    let folder = tempfile::TempDir::new().unwrap();
    let open = async |networks: &str| {
        let url = format!("sqlite:{}", folder.path().join("cumbre.sqlite3").display());
        let data = folder.path().display().to_string();
        let settings = [
            ("database_url", url.as_str()),
            ("data_folder", data.as_str()),
            ("push_webhook_url", "http://10.1.2.3/messages"),
            ("push_webhook_secret", "between us two"),
            ("push_private_networks", networks),
        ];
        App::open(Config::of_pairs(settings).unwrap(), Clock::system()).await.map(drop)
    };
    let refused = open("").await.unwrap_err().to_string();
    assert_eq!(refused, "push_webhook_url is no https address outside private networks");
    open("10.0.0.0/8").await.unwrap();
}
