//! A stranger's view of every address: whoever is not let in learns nothing of what is hidden, by
//! no byte of any answer.

use cumbre::routes::ROUTES;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::harness::{Answer, SECRETS, Site};

/// Everything that only the hidden session, its person and its paper are known by.
fn list_secrets(site: &Site) -> Vec<String> {
    let ids = ["quiet-lunch", "dora", "paper", "cell", "lunches", "advisers", "draft-idea"]
        .map(|name| site.week.id(name).to_string());
    SECRETS.iter().map(|secret| (*secret).to_owned()).chain(ids).collect()
}

/// The addresses of a route: for each parameter, names that are there, that are hidden, that are not.
fn list_addresses(site: &Site, path: &str) -> Vec<String> {
    let event = path.replace("{event}", &site.week.slug);
    if !event.contains('{') {
        return vec![event];
    }
    let mut names: Vec<String> =
        ["quiet-lunch", "dora", "paper", "cell", "lunches", "advisers", "visit", "library", "briefing", "dialogue"]
            .map(|name| site.week.id(name).to_string())
            .into();
    names.extend(["quiet-lunch", "dora-stillwater", "paper-quiet-lunch", "nowhere"].map(str::to_owned));
    names.push(Uuid::new_v4().to_string());
    names.iter().map(|name| fill(&event, name)).collect()
}

/// The path with this name for each of its parameters.
fn fill(path: &str, name: &str) -> String {
    let segment = |segment: &str| if segment.starts_with('{') { name.to_owned() } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// Nothing of what is hidden is in the answer but what the asker wrote into the address.
fn expect_no_secret(site: &Site, who: &str, answer: &Answer) {
    for secret in list_secrets(site).iter().filter(|secret| !answer.request.contains(secret.as_str())) {
        assert!(!answer.mentions(secret), "{who} learns {secret} from {}: {}", answer.request, answer.text());
    }
}

on_both! {
    async fn no_get_tells_a_stranger_of_the_hidden_session(site) {
        let strangers = [
            ("anonymous", site.anonymous()),
            ("bruno", site.sign_in("bruno").await),
            ("ana", site.sign_in("ana").await),
            ("sol", site.sign_in("sol").await),
            ("otto", site.sign_in("otto").await),
        ];
        for route in ROUTES.iter().filter(|route| route.method == "GET") {
            for address in list_addresses(site, route.path) {
                for (who, stranger) in &strangers {
                    let answer = stranger.get(&address).await;
                    expect_no_secret(site, who, &answer);
                }
            }
        }
    }

    async fn what_is_hidden_is_answered_like_what_never_was(site) {
        let hidden = [("sessions", "quiet-lunch"), ("documents", "paper"), ("overview-entries", "cell"), ("choice-groups", "lunches"), ("people", "dora"), ("audiences", "advisers"), ("sessions", "draft-idea")];
        for name in ["bruno", "otto"] {
            let stranger = site.sign_in(name).await;
            for (collection, record) in hidden {
                let base = format!("/v1/events/{}/{collection}", site.week.slug);
                let there = stranger.get(&format!("{base}/{}", site.week.id(record))).await.expect_problem(404, "not_found");
                let never = stranger.get(&format!("{base}/{}", Uuid::new_v4())).await.expect_problem(404, "not_found");
                let without_id = |answer: &Answer| {
                    let mut body = answer.json();
                    body.as_object_mut().unwrap().remove("request_id");
                    body
                };
                assert_eq!(without_id(&there), without_id(&never));
            }
        }
    }

    async fn no_write_of_a_stranger_tells_or_changes_anything(site) {
        let olga = site.organiser().await;
        let export = format!("/v1/events/{}/export", site.week.slug);
        let before = olga.get(&export).await.expect(200);
        let strangers = [("anonymous", site.anonymous()), ("bruno", site.sign_in("bruno").await), ("otto", site.sign_in("otto").await)];
        let outside = |path: &str| !path.starts_with("/v1/events/");
        for route in ROUTES.iter().filter(|route| route.method != "GET" && !outside(route.path)) {
            let method: Method = route.method.parse().unwrap();
            for address in list_addresses(site, route.path) {
                for (who, stranger) in &strangers {
                    let answer = stranger.send((method.clone(), &address), &[], &json!({ "room": site.week.id("patio") })).await;
                    assert!((400..500).contains(&answer.status), "{who} {}: {}", answer.request, answer.text());
                    expect_no_secret(site, who, &answer);
                }
            }
        }
        assert_eq!(olga.get(&export).await.expect(200).body, before.body);
    }

    async fn filters_and_searches_do_not_tell_of_what_is_hidden(site) {
        let bruno = site.sign_in("bruno").await;
        let base = format!("/v1/events/{}", site.week.slug);
        let patio = format!("{base}/sessions?room=patio");
        assert_eq!(bruno.get(&patio).await.expect(200).json()["items"], json!([]));
        let of_part = |part: &str| format!("{base}/sessions?part={part}");
        let hidden = bruno.get(&of_part(&site.week.id("dialogue").to_string())).await.expect(200);
        let never = bruno.get(&of_part(&Uuid::new_v4().to_string())).await.expect(200);
        assert_eq!(hidden.json()["items"], never.json()["items"]);
        let day = bruno.get(&format!("{base}/sessions?day=2018-11-26&kind=meal")).await.expect(200);
        expect_no_secret(site, "bruno", &day);
    }

    async fn a_draft_event_is_known_to_its_organiser_alone(site) {
        let olga = site.organiser().await;
        olga.patch(&format!("/v1/events/{}", site.week.slug), &json!({ "state": "draft" })).await.expect(200);
        for stranger in [site.anonymous(), site.sign_in("otto").await] {
            stranger.get(&format!("/v1/events/{}", site.week.slug)).await.expect_problem(404, "not_found");
            stranger.get(&format!("/v1/events/{}/sync/public", site.week.slug)).await.expect_problem(404, "not_found");
            assert!(!stranger.get("/v1/events").await.expect(200).mentions(&site.week.slug));
        }
    }

    async fn metrics_name_published_events_by_their_ids_and_drafts_not_at_all(site) {
        let (olga, event) = (site.organiser().await, site.week.event.to_string());
        let published = site.anonymous().get("/metrics").await.expect(200);
        assert!(published.text().contains(&format!("cumbre_event_head{{event=\"{event}\"}} ")), "{}", published.text());
        olga.patch(&format!("/v1/events/{}", site.week.slug), &json!({ "state": "draft" })).await.expect(200);
        let metrics = site.anonymous().get("/metrics").await.expect(200);
        for name in [&event, &site.week.slug] {
            assert!(!metrics.mentions(name), "{name}");
        }
    }

    async fn metrics_name_nobody_and_nothing(site) {
        let mut carla = site.device("carla").await;
        carla.sync().await;
        let metrics = site.anonymous().get("/metrics").await.expect(200);
        expect_no_secret(site, "anonymous", &metrics);
        for name in ["carla", &site.week.attendee("carla").to_string()] {
            assert!(!metrics.mentions(name), "{name}");
        }
    }
}
