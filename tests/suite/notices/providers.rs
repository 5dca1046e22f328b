//! The four ways by which devices are reached: what each is told, and what each of its answers does.

use std::time::Duration;

use serde_json::{Value, json};

use super::cast::{after_the_pause, move_session, newest_dispatch, phone_that_stars};
use super::pushing::{PushLine, all_addresses, list_pushes, reached_at, settled_lines};
use crate::harness::{Actor, ApnsService, Book, Site, Whim, fcm_error};

/// What becomes of a push, and of the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// It is taken.
    Taken,
    /// It is refused for good; the address stays.
    Refused(&'static str),
    /// It is refused for good, and the address is given up.
    Dead(&'static str),
    /// It is taken later, after so many seconds at least.
    Later(i64, &'static str),
}

struct Row {
    device: &'static str,
    whims: Vec<Whim>,
    fate: Fate,
}

fn row(device: &'static str, whim: Whim, fate: Fate) -> Row {
    Row { device, whims: vec![whim], fate }
}

/// The answer of a service in its own words.
fn says(status: u16, body: &Value) -> Whim {
    Whim::Say(status, Vec::new(), body.to_string())
}

fn apns_error(status: u16, reason: &str) -> Whim {
    says(status, &json!({ "reason": reason }))
}

/// "Not before two minutes have passed", as a date.
fn in_two_minutes(status: u16) -> Whim {
    let dates = [("date", "Mon, 26 Nov 2018 11:00:00 GMT"), ("retry-after", "Mon, 26 Nov 2018 11:02:00 GMT")];
    Whim::Say(status, dates.map(|(name, value)| (name, value.to_owned())).to_vec(), String::new())
}

const SILENT: &str = "the provider did not answer in time";
const BROKEN: &str = "the connection to the provider broke";

async fn move_to(site: &Site, olga: &Actor, room: &str) {
    move_session(site, olga, "reality", json!({ "room": site.week.id(room) })).await;
    after_the_pause(site).await;
}

/// Every row's device gets a push that is answered as there, and a second one after another change.
async fn run_table<T: Clone>(site: &Site, (book, key): (&Book<T>, fn(&str) -> String), rows: Vec<(Row, Value)>) {
    let olga = site.organiser().await;
    phone_that_stars(site, "bruno", "reality").await;
    let mut devices = Vec::new();
    for (row, address) in &rows {
        book.expect_for(&key(row.device), &row.whims);
        devices.push(reached_at(site, "bruno", address).await);
    }
    let began = site.clock.now().0 + super::cast::PAUSE_MS;
    move_to(site, &olga, "cinema").await;
    let lines = settled_lines(site).await;
    for ((Row { device, fate, .. }, _), actor) in rows.iter().zip(&devices) {
        let line = line_of(&lines, actor);
        let failure = line.failure.as_deref();
        match *fate {
            Fate::Taken => assert_eq!((line.state.as_str(), failure), ("accepted", None), "{device}"),
            Fate::Refused(reason) | Fate::Dead(reason) => {
                assert_eq!((line.state.as_str(), failure), ("failed", Some(reason)), "{device}");
            }
            Fate::Later(seconds, reason) => {
                assert_eq!((line.state.as_str(), failure), ("waiting", Some(reason)), "{device}");
                let wait = line.next_attempt_at - began;
                let least = if seconds == 0 { 1_500 } else { seconds * 1_000 };
                assert!((least..=least * 2).contains(&wait), "{device} waits {wait} ms");
            }
        }
        let view = actor.get("/v1/account/push").await.expect(200).json();
        let subscription = &view["subscription"];
        match *fate {
            Fate::Dead(reason) => {
                assert_eq!(
                    (subscription.get("provider"), &subscription["failure"]),
                    (None, &json!(reason)),
                    "{device}"
                );
            }
            _ => assert!(subscription["provider"].is_string(), "{device}: {view}"),
        }
    }
    check_reasons(site, &olga, &rows).await;
    // Those that were put off without a time come within seconds; the others not before it. A time is for
    // everybody whom that provider reaches.
    let is_paused = rows.iter().any(|(row, _)| matches!(row.fate, Fate::Later(1.., _)));
    site.clock.advance_ms(10_000);
    let lines = settled_lines(site).await;
    for ((Row { device, fate, .. }, _), actor) in rows.iter().zip(&devices) {
        let line = line_of(&lines, actor);
        match *fate {
            Fate::Later(0, _) if is_paused => {
                assert_eq!(
                    (line.state.as_str(), line.failure.as_deref()),
                    ("waiting", Some("the provider asked for a pause")),
                    "{device}"
                );
            }
            Fate::Later(0, _) => assert_eq!((line.state.as_str(), line.attempts), ("accepted", 2), "{device}"),
            Fate::Later(..) => assert_eq!((line.state.as_str(), line.attempts), ("waiting", 1), "{device}"),
            _ => assert_eq!(line.attempts, 1, "{device}"),
        }
    }
    site.clock.advance_ms(240_000);
    for line in settled_lines(site).await {
        assert!(matches!(line.state.as_str(), "accepted" | "failed"), "{line:?}");
    }
    move_to(site, &olga, "library").await;
    settled_lines(site).await;
    for (Row { device, fate, .. }, _) in &rows {
        let asked = match fate {
            Fate::Dead(_) => 1,
            Fate::Later(..) => 3,
            _ => 2,
        };
        assert_eq!(book.count_attempts(&key(device)), asked, "{device}");
    }
}

#[track_caller]
fn line_of(lines: &[PushLine], actor: &Actor) -> PushLine {
    let device = actor.device().to_string();
    lines.iter().find(|line| line.device == device).unwrap_or_else(|| panic!("no push to {device}")).clone()
}

/// The organisers read the same, counted.
async fn check_reasons(site: &Site, olga: &Actor, rows: &[(Row, Value)]) {
    let dispatch = newest_dispatch(site, olga).await;
    let told = |wanted: fn(Fate) -> Option<&'static str>| rows.iter().filter_map(move |(row, _)| wanted(row.fate));
    let any = |fate| match fate {
        Fate::Taken => None,
        Fate::Refused(reason) | Fate::Dead(reason) | Fate::Later(_, reason) => Some(reason),
    };
    let final_only = |fate| match fate {
        Fate::Refused(reason) | Fate::Dead(reason) => Some(reason),
        _ => None,
    };
    let mut failures = serde_json::Map::new();
    for reason in told(any) {
        let count = failures.get(reason).and_then(Value::as_u64).unwrap_or_default();
        failures.insert(reason.to_owned(), json!(count + 1));
    }
    assert_eq!(dispatch["failures"], Value::Object(failures));
    let taken = rows.iter().filter(|(row, _)| row.fate == Fate::Taken).count();
    // What is to be tried again was handed to nobody yet.
    let failed = told(final_only).count();
    let expected = json!({ "concerned": rows.len(), "sent": taken + failed, "accepted": taken, "holding": 0,
        "failed": failed, "unheard": rows.len() - failed });
    assert_eq!(dispatch["reach"]["devices"], expected);
}

on_both_with_services! {
    async fn every_answer_of_fcm_does_what_its_documentation_asks(site, services) {
        let spoilt = json!({ "error": { "code": 400, "status": "INVALID_ARGUMENT",
            "message": "The registration token is not a valid FCM registration token",
            "details": [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "INVALID_ARGUMENT" }] } });
        let field = json!({ "error": { "code": 400, "status": "INVALID_ARGUMENT", "message": "Request contains an invalid argument.",
            "details": [{ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{ "field": "message.token" }] }] } });
        let rows = vec![
            Row { device: "good", whims: vec![], fate: Fate::Taken },
            row("late", Whim::Late(Duration::from_millis(150)), Fate::Taken),
            row("invalid", fcm_error(400, "INVALID_ARGUMENT"), Fate::Refused("FCM answered 400 INVALID_ARGUMENT")),
            row("spoilt", says(400, &spoilt), Fate::Dead("FCM answered 400 INVALID_ARGUMENT")),
            row("faulty", says(400, &field), Fate::Dead("FCM answered 400 INVALID_ARGUMENT")),
            row("stranger", fcm_error(401, "THIRD_PARTY_AUTH_ERROR"), Fate::Later(0, "FCM answered 401 THIRD_PARTY_AUTH_ERROR")),
            row("mismatch", fcm_error(403, "SENDER_ID_MISMATCH"), Fate::Dead("FCM answered 403 SENDER_ID_MISMATCH")),
            row("denied", fcm_error(403, "PERMISSION_DENIED"), Fate::Refused("FCM answered 403 PERMISSION_DENIED")),
            Row { device: "gone", whims: vec![], fate: Fate::Dead("FCM answered 404 UNREGISTERED") },
            row("quota", Whim::Answer(429, Some(60)), Fate::Later(60, "FCM answered 429")),
            row("internal", fcm_error(500, "INTERNAL"), Fate::Later(0, "FCM answered 500 INTERNAL")),
            row("gateway", Whim::Say(502, vec![], "<html>".to_owned()), Fate::Later(0, "FCM answered 502")),
            row("unavailable", in_two_minutes(503), Fate::Later(120, "FCM answered 503")),
            row("cut", Whim::Cut, Fate::Later(0, BROKEN)),
            row("silent", Whim::Silent, Fate::Later(0, SILENT)),
        ];
        let rows = rows.into_iter().map(|row| { let address = services.fcm.register(row.device); (row, address) }).collect();
        services.fcm.forget("gone");
        run_table(site, (&*services.fcm, str::to_owned), rows).await;
        // Once at first, and once more after one was refused.
        assert_eq!(services.fcm.token_requests().taken().len(), 2);
    }

    async fn every_answer_of_apns_does_what_its_documentation_asks(site, services) {
        let since = |at: i64| says(410, &json!({ "reason": "Unregistered", "timestamp": at }));
        let now = site.clock.now().0;
        let rows = vec![
            Row { device: "good", whims: vec![], fate: Fate::Taken },
            row("late", Whim::Late(Duration::from_millis(150)), Fate::Taken),
            row("bad", apns_error(400, "BadDeviceToken"), Fate::Dead("APNs answered 400 BadDeviceToken")),
            row("foreign", apns_error(400, "DeviceTokenNotForTopic"), Fate::Dead("APNs answered 400 DeviceTokenNotForTopic")),
            row("topic", apns_error(400, "BadTopic"), Fate::Refused("APNs answered 400 BadTopic")),
            row("forbidden", apns_error(403, "Forbidden"), Fate::Refused("APNs answered 403 Forbidden")),
            row("expired", apns_error(403, "ExpiredProviderToken"), Fate::Later(0, "APNs answered 403 ExpiredProviderToken")),
            row("unsigned", apns_error(403, "InvalidProviderToken"), Fate::Later(0, "APNs answered 403 InvalidProviderToken")),
            Row { device: "gone", whims: vec![], fate: Fate::Dead("APNs answered 410 Unregistered") },
            row("since", since(now), Fate::Dead("APNs answered 410 Unregistered")),
            row("back", since(now - 1), Fate::Refused("APNs answered 410 Unregistered")),
            row("large", apns_error(413, "PayloadTooLarge"), Fate::Refused("APNs answered 413 PayloadTooLarge")),
            row("many", Whim::Say(429, vec![("retry-after", "60".to_owned())], json!({ "reason": "TooManyRequests" }).to_string()),
                Fate::Later(60, "APNs answered 429 TooManyRequests")),
            row("updates", apns_error(429, "TooManyProviderTokenUpdates"), Fate::Later(0, "APNs answered 429 TooManyProviderTokenUpdates")),
            row("internal", apns_error(500, "InternalServerError"), Fate::Later(0, "APNs answered 500 InternalServerError")),
            row("shutdown", apns_error(503, "Shutdown"), Fate::Later(0, "APNs answered 503 Shutdown")),
            row("silent", Whim::Silent, Fate::Later(0, SILENT)),
        ];
        let rows = rows.into_iter().map(|row| { let address = services.apns.register(row.device); (row, address) }).collect();
        services.apns.forget("gone");
        run_table(site, (&*services.apns, ApnsService::token_of), rows).await;
        // Apple refuses who opens a connection for each, or makes tokens more often than every twenty minutes.
        assert_eq!(services.apns.count_connections_and_tokens(), (1, 1));
        site.clock.advance_ms(51 * 60_000);
        let olga = site.organiser().await;
        move_to(site, &olga, "cinema").await;
        settled_lines(site).await;
        assert_eq!(services.apns.count_connections_and_tokens(), (1, 2), "it is not used for longer than fifty minutes");
    }

    async fn a_line_to_apns_that_is_cut_is_opened_anew(site, services) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        services.apns.expect_whims(&[Whim::CutAfter]);
        reached_at(site, "bruno", &services.apns.register("phone")).await;
        move_to(site, &olga, "cinema").await;
        let lines = settled_lines(site).await;
        assert_eq!((lines[0].state.as_str(), lines[0].failure.as_deref()), ("waiting", Some(BROKEN)));
        site.clock.advance_ms(10_000);
        assert_eq!(settled_lines(site).await[0].state, "accepted");
        let taken = services.apns.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].headers["apns-id"], taken[1].headers["apns-id"], "a repeat is known as one");
        assert_eq!(services.apns.count_connections_and_tokens(), (2, 1));
    }

    async fn every_answer_of_a_push_service_does_what_the_rfc_asks(site, services) {
        let elsewhere = Whim::Say(307, vec![("location", "http://127.0.0.1:9/".to_owned())], String::new());
        let rows = vec![
            Row { device: "good", whims: vec![], fate: Fate::Taken },
            row("late", Whim::Late(Duration::from_millis(150)), Fate::Taken),
            row("elsewhere", elsewhere, Fate::Refused("the push service answered 307")),
            row("bad", Whim::Answer(400, None), Fate::Refused("the push service answered 400")),
            row("unauthorised", Whim::Answer(401, None), Fate::Later(0, "the push service answered 401")),
            row("forbidden", Whim::Answer(403, None), Fate::Refused("the push service answered 403")),
            row("unknown", Whim::Answer(404, None), Fate::Dead("the push service answered 404")),
            Row { device: "gone", whims: vec![], fate: Fate::Dead("the push service answered 410") },
            row("large", Whim::Answer(413, None), Fate::Refused("the push service answered 413")),
            row("many", Whim::Answer(429, Some(60)), Fate::Later(60, "the push service answered 429")),
            row("internal", Whim::Answer(500, None), Fate::Later(0, "the push service answered 500")),
            row("gateway", Whim::Answer(502, None), Fate::Later(0, "the push service answered 502")),
            row("unavailable", in_two_minutes(503), Fate::Later(120, "the push service answered 503")),
            row("cut", Whim::Cut, Fate::Later(0, BROKEN)),
            row("silent", Whim::Silent, Fate::Later(0, SILENT)),
        ];
        let rows = rows.into_iter().map(|row| { let address = services.browsers.subscribe(row.device); (row, address) }).collect();
        services.browsers.forget("gone");
        run_table(site, (&*services.browsers, str::to_owned), rows).await;
    }

    async fn every_answer_of_the_webhook_does_what_it_says(site, services) {
        let rows = vec![
            Row { device: "+56-2-1", whims: vec![], fate: Fate::Taken },
            row("+56-2-2", Whim::Late(Duration::from_millis(150)), Fate::Taken),
            row("+56-2-3", Whim::Answer(400, None), Fate::Refused("the webhook answered 400")),
            row("+56-2-4", Whim::Answer(404, None), Fate::Refused("the webhook answered 404")),
            row("+56-2-5", Whim::Answer(410, None), Fate::Dead("the webhook answered 410")),
            row("+56-2-6", Whim::Answer(429, Some(60)), Fate::Later(60, "the webhook answered 429")),
            row("+56-2-7", Whim::Answer(500, None), Fate::Later(0, "the webhook answered 500")),
            row("+56-2-8", Whim::Cut, Fate::Later(0, BROKEN)),
            row("+56-2-9", Whim::Silent, Fate::Later(0, SILENT)),
        ];
        let rows = rows.into_iter().map(|row| { let address = json!({ "provider": "webhook", "to": row.device }); (row, address) }).collect();
        run_table(site, (&*services.webhook, str::to_owned), rows).await;
        let silent: Vec<Value> = services.webhook.taken().into_iter().filter(|body| body["to"] == "+56-2-9").collect();
        assert_eq!(silent[0]["id"], silent[1]["id"], "a repeat is known as one");
    }

    async fn a_token_that_google_does_not_give_is_asked_for_once_by_all_and_again_later(site, services) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        for name in ["one", "two", "three"] {
            reached_at(site, "bruno", &services.fcm.register(name)).await;
        }
        services.fcm.token_requests().expect_whims(&[Whim::Silent, Whim::Answer(503, Some(60)), Whim::Answer(400, None)]);
        move_to(site, &olga, "cinema").await;
        let reasons = |lines: Vec<PushLine>| lines.into_iter().map(|line| line.failure.unwrap()).collect::<Vec<_>>();
        assert_eq!(reasons(settled_lines(site).await), [SILENT; 3]);
        site.clock.advance_ms(5_000);
        assert_eq!(reasons(settled_lines(site).await), ["FCM gives the server no token"; 3]);
        site.clock.advance_ms(59_000);
        assert!(settled_lines(site).await.iter().all(|line| line.attempts == 2), "not before they want it");
        site.clock.advance_ms(20_000);
        assert_eq!(reasons(settled_lines(site).await), ["FCM gives the server no token"; 3]);
        site.clock.advance_ms(60_000);
        assert!(settled_lines(site).await.iter().all(|line| line.state == "accepted"));
        assert_eq!(services.fcm.token_requests().count_attempts("token"), 4);
        // A token that was taken back is asked for again, once.
        services.fcm.revoke_tokens();
        move_to(site, &olga, "library").await;
        settled_lines(site).await;
        site.clock.advance_ms(10_000);
        assert!(settled_lines(site).await.iter().all(|line| line.state == "accepted"));
        assert_eq!(services.fcm.token_requests().count_attempts("token"), 5);
    }

    async fn what_each_provider_is_told(site, services) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        let token = ApnsService::token_of("iphone");
        for address in all_addresses(services) {
            reached_at(site, "bruno", &address).await;
        }
        move_to(site, &olga, "cinema").await;
        settled_lines(site).await;
        let now_s = site.clock.now().0 / 1_000;
        // The session is over at seven in the evening.
        let ends_s = 1_543_269_600;
        let title = "Cambio de sala: The Internal Reality";

        let android = services.fcm.taken().remove(0);
        let data = &android["data"];
        assert_eq!(android.get("notification"), None, "the app is woken up, and shows it");
        assert_eq!((&data["title"], &data["kind"], &data["urgency"]), (&json!(title), &json!("room"), &json!("normal")));
        assert!(data["text"].as_str().unwrap().contains("Cinema, Military Club"), "{android}");
        assert_eq!((&data["event"], &data["spread_s"]), (&json!(site.week.slug), &json!("0")));
        assert_eq!((&android["android"]["priority"], &android["android"]["ttl"]), (&json!("NORMAL"), &json!(format!("{}s", ends_s - now_s))));
        assert_eq!((&android["android"]["collapse_key"], android["android"].get("notification")), (&data["tag"], None));

        let iphone = services.apns.taken().remove(0);
        let (headers, payload) = (&iphone.headers, &iphone.payload);
        assert_eq!((iphone.device.as_str(), headers["apns-push-type"].as_str(), headers["apns-priority"].as_str()), (token.as_str(), "alert", "5"));
        assert_eq!((&headers["apns-expiration"], &headers["apns-collapse-id"]), (&ends_s.to_string(), &payload["tag"].as_str().unwrap().to_owned()));
        assert_eq!(payload["aps"]["alert"], json!({ "title": title, "body": data["text"] }));
        assert_eq!((&payload["aps"]["interruption-level"], payload.get("title"), &payload["covers"]), (&json!("active"), None, &data["covers"]));

        let message = services.webhook.taken().remove(0);
        assert_eq!((&message["to"], &message["title"], &message["text"]), (&json!("+56-2-2345-6789"), &json!(title), &data["text"]));
        assert_eq!((&message["expires_in_s"], &message["covers"]), (&json!(ends_s - now_s), &data["covers"]));

        // What is pressing wakes every device up.
        let send = super::cast::path(site, "/notices/held/send");
        move_session(site, &olga, "reality", json!({ "room": site.week.id("library") })).await;
        olga.post(&send, &json!({ "urgency": "urgent" })).await.expect(202);
        super::cast::work(site).await;
        settled_lines(site).await;
        assert_eq!(services.fcm.taken()[1]["android"]["priority"], "HIGH");
        let iphone = services.apns.taken().remove(1);
        assert_eq!((iphone.headers["apns-priority"].as_str(), &iphone.payload["aps"]["interruption-level"]), ("10", &json!("time-sensitive")));
        assert_eq!(services.browsers.taken()[1].headers["urgency"], "high");
        assert!(list_pushes(site).await.iter().all(|line| line.state == "accepted"));
    }
}
