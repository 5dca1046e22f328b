//! Input that cannot be meant: a clear problem with its code, nothing changed, never a 5xx.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Actor, Site};

fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// Everything that an organiser holds, to be the same afterwards.
async fn read_all(olga: &Actor, site: &Site) -> Vec<u8> {
    olga.get(&path(site, "/export")).await.expect(200).body.to_vec()
}

on_both! {
    async fn malformed_bodies_are_refused_wherever_a_body_is_read(site) {
        let olga = site.organiser().await;
        let before = read_all(&olga, site).await;
        let targets = [
            (Method::POST, path(site, "/sessions")),
            (Method::PATCH, path(site, "/sessions/visit")),
            (Method::PATCH, path(site, "")),
            (Method::POST, path(site, "/sessions/visit/move")),
            (Method::POST, path(site, "/sessions/visit/progress")),
            (Method::POST, path(site, "/sessions/swap")),
            (Method::POST, path(site, "/sessions/shift")),
            (Method::POST, path(site, "/rooms/library/close")),
            (Method::POST, path(site, "/sync")),
            (Method::POST, path(site, "/live")),
            (Method::POST, "/v1/events".to_owned()),
            (Method::POST, "/v1/sign-in".to_owned()),
            (Method::POST, "/v1/sign-in/codes".to_owned()),
            (Method::POST, "/v1/tokens/refresh".to_owned()),
            (Method::PATCH, "/v1/account".to_owned()),
            (Method::PUT, "/v1/account/password".to_owned()),
        ];
        let bodies: [&[u8]; 12] = [b"", b"{", b"{\"a\":}", b"nul", b"\xff\xfe", b"[]", b"3", b"\"text\"", b"null", b"{\"a\":1}", b"{\"slug\":{\"$gt\":\"\"}}",
            b"{\"state\":\"published\",\"kind\":\"dance\"}"];
        for (method, target) in targets {
            for body in bodies {
                let refused = olga.send_bytes((method.clone(), &target), &[], body.to_vec()).await;
                let shown = format!("{method} {target} {:?}: {}", String::from_utf8_lossy(body), refused.text());
                assert!((400..500).contains(&refused.status), "{shown}");
                assert_ne!(refused.problem().1, "", "{shown}");
            }
            let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)).into_bytes();
            let refused = olga.send_bytes((method.clone(), &target), &[], deep).await;
            assert!([400, 422].contains(&refused.status), "{method} {target} {}", refused.status);
            let text = [("content-type", "text/plain")];
            let refused = olga.send_bytes((method.clone(), &target), &text, b"{}".to_vec()).await;
            assert_eq!(refused.problem(), (415, "unsupported_media_type".to_owned()), "{method} {target}");
        }
        assert_eq!(read_all(&olga, site).await, before);
    }

    async fn huge_bodies_are_refused_before_they_are_read(site) {
        let olga = site.organiser().await;
        let huge = json!({ "slug": "x".repeat(300 * 1024) }).to_string().into_bytes();
        for (method, target) in [(Method::POST, path(site, "/sessions")), (Method::POST, path(site, "/sync")),
            (Method::POST, path(site, "/live")), (Method::POST, "/v1/sign-in".to_owned())]
        {
            let refused = olga.send_bytes((method, &target), &[], huge.clone()).await;
            assert_eq!(refused.problem(), (413, "too_large".to_owned()), "{target}");
        }
    }

    async fn values_that_cannot_be_are_refused_with_their_field(site) {
        let olga = site.organiser().await;
        let before = read_all(&olga, site).await;
        let cases: Vec<(&str, Value, &str)> = vec![
            ("/sessions/visit", json!({ "room": Uuid::new_v4() }), "/room"),
            ("/sessions/visit", json!({ "room": "library" }), "/room"),
            ("/sessions/visit", json!({ "starts_at": "yesterday" }), "/starts_at"),
            ("/sessions/visit", json!({ "starts_at": "9999-01-01T00:00:00Z" }), "/starts_at"),
            ("/sessions/visit", json!({ "starts_at": "2018-11-26T25:00:00Z" }), "/starts_at"),
            ("/sessions/visit", json!({ "ends_at": "2018-11-25T10:00:00Z" }), "/ends_at"),
            ("/sessions/visit", json!({ "slug": "No slug" }), "/slug"),
            ("/sessions/visit", json!({ "slug": "" }), "/slug"),
            ("/sessions/visit", json!({ "title": "plain" }), "/title"),
            ("/sessions/visit", json!({ "title": { "en": "" } }), "/title"),
            ("/sessions/visit", json!({ "title": { "en": "bell \u{7}" } }), "/title"),
            ("/sessions/visit", json!({ "title": { "en": "nul \u{0}" } }), "/title"),
            ("/sessions/visit", json!({ "title": { "english": "long tag" } }), "/title"),
            ("/sessions/visit", json!({ "kind": "dance" }), "/kind"),
            ("/sessions/visit", json!({ "seats": -1 }), "/seats"),
            ("/sessions/visit", json!({ "seats": 1.5 }), "/seats"),
            ("/sessions/visit", json!({ "seats": 99_999_999_999_u64 }), "/seats"),
            ("/sessions/visit", json!({ "colour": "red" }), "/colour"),
            ("/sessions/visit", json!({ "state": "gone" }), "/state"),
            ("/sessions/visit", json!({ "people": [{ "person": Uuid::new_v4(), "role": "host" }] }), "/people/0/person"),
            ("/sessions/visit", json!({ "people": [{ "person": site.week.id("alba"), "role": "king" }] }), "/people/0/role"),
            ("/sessions/visit", json!({ "people": [[site.week.id("alba"), "host"]] }), "/people/0"),
            ("/sessions/visit", json!({ "people": [{ "person": site.week.id("alba") }] }), "/people/0/role"),
            ("/sessions/visit", json!({ "admission": ["open"] }), "/admission"),
            ("/rooms/library", json!({ "venue": null }), "/venue"),
            ("/rooms/library", json!({ "capacity": "many" }), "/capacity"),
            ("/venues/club", json!({ "country": "Chile" }), "/country"),
            ("/venues/club", json!({ "latitude": 91.0 }), "/latitude"),
            ("", json!({ "time_zone": "Mars/Olympus" }), "/time_zone"),
            ("", json!({ "time_zone": "" }), "/time_zone"),
            ("", json!({ "starts_on": "2018-13-01" }), "/starts_on"),
            ("", json!({ "starts_on": "1492-10-12" }), "/starts_on"),
            ("", json!({ "ends_on": "2018-11-01" }), "/ends_on"),
            ("", json!({ "languages": [] }), "/languages"),
            ("", json!({ "fallback_language": "fr" }), "/fallback_language"),
        ];
        for (target, patch, field) in cases {
            let refused = olga.patch(&path(site, target), &patch).await;
            let shown = format!("{target} {patch}: {}", refused.text());
            assert!([400, 422].contains(&refused.status), "{shown}");
            let body = refused.json();
            let named = body["field"].as_str().map(str::to_owned).or_else(|| Some(body["errors"][0]["field"].as_str()?.to_owned()));
            assert!(named.as_deref().unwrap_or_default().starts_with(field), "{shown}");
        }
        assert_eq!(read_all(&olga, site).await, before);
    }

    async fn what_is_not_there_is_not_found(site) {
        let olga = site.organiser().await;
        for rest in ["/sessions/nowhere", "/sessions/%00", "/sessions/..%2f..", "/sessions/\u{5e9}", "/nothing", "/sessions/a/b/c"] {
            olga.get(&path(site, rest)).await.expect_problem(404, "not_found");
        }
        for rest in [format!("/sessions/{}", Uuid::new_v4()), format!("/rooms/{}", site.week.id("visit"))] {
            olga.get(&path(site, &rest)).await.expect_problem(404, "not_found");
        }
        olga.get("/v1/events/nowhere").await.expect_problem(404, "not_found");
        olga.get(&format!("/v1/events/{}", Uuid::new_v4())).await.expect_problem(404, "not_found");
    }

    async fn envelopes_of_exchanges_that_cannot_be_are_refused_whole(site) {
        let ana = site.sign_in("ana").await;
        let device = ana.device();
        let good = json!({ "id": Uuid::new_v4(), "op": "favourite.set", "for": site.week.attendee("ana"),
            "args": { "session": site.week.id("visit"), "on": true } });
        let many: Vec<Value> = (0..201).map(|_| json!({ "id": Uuid::new_v4(), "op": "x" })).collect();
        let cases = [
            (json!({ "schema": 1 }), 400, "invalid_request"),
            (json!({ "device": device }), 400, "invalid_request"),
            (json!({ "device": "phone", "schema": 1 }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 0 }), 426, "upgrade_required"),
            (json!({ "device": device, "schema": -1 }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "at_least": "nonsense", "mutations": [good] }), 400, "malformed_position"),
            (json!({ "device": device, "schema": 1, "holds": { "public": "1.2.3" }, "mutations": [good] }), 400, "malformed_position"),
            (json!({ "device": device, "schema": 1, "holds": [], "mutations": [good] }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "wait_s": -5 }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "limit": "all" }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "limit": 0, "mutations": [good] }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "mutations": [good, { "id": "counter-7", "op": "x" }] }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "mutations": [[Uuid::new_v4(), "x"]] }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "clock": [0, 1, "b1"], "mutations": [good] }), 400, "invalid_request"),
            (json!({ "device": device, "schema": 1, "mutations": many }), 413, "too_large"),
        ];
        for (body, status, code) in cases {
            let refused = ana.post(&path(site, "/sync"), &body).await;
            assert_eq!(refused.problem(), (status, code.to_owned()), "{body}: {}", refused.text());
        }
        let mut phone = site.device("ana").await;
        phone.sync().await;
        assert_eq!(phone.list("favourites").len(), 0, "nothing of a refused envelope was done");
    }

    async fn the_field_at_fault_of_an_exchange_is_named_by_its_pointer(site) {
        let ana = site.sign_in("ana").await;
        let counter = json!({ "id": "counter-7", "op": "x" });
        let cases = [
            (json!({ "holds": { "public": "1.2.3" } }), "/holds/public"),
            (json!({ "holds": { "a.b/c": "1.2.3" } }), "/holds/a.b~1c"),
            (json!({ "mutations": [{ "id": Uuid::new_v4(), "op": "x" }, counter] }), "/mutations/1/id"),
            (json!({ "wait_s": -5 }), "/wait_s"),
        ];
        for (mut body, field) in cases {
            body["device"] = json!(ana.device());
            body["schema"] = json!(1);
            let refused = ana.post(&path(site, "/sync"), &body).await.json();
            assert_eq!(refused["field"], field, "{refused}");
        }
    }

    async fn positions_that_nobody_was_given_cost_a_reset_and_nothing_more(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let (_, outgoing) = ana.prepare();
        let request: Value = serde_json::from_slice(&outgoing.body).unwrap();
        let real = request["holds"]["public"].as_str().unwrap().to_owned();
        let epoch = real.split_once('.').unwrap().0;
        let big = i64::MAX;
        for held in [format!("{epoch}.{big}.0000000a"), format!("{epoch}.1.0000000a:1.sessions.{}", Uuid::new_v4()),
            format!("{real}:{big}.sessions.{}:{big}.0000000a", Uuid::new_v4()), format!("{real}:1.nonsense.x"), format!("{epoch}.0.0")]
        {
            let mut request = request.clone();
            request["holds"]["public"] = json!(held);
            let answer = ana.actor.post(&ana.sync_path(), &request).await.expect(200).json();
            assert_eq!(answer["scopes"][0]["scope"], "public", "{held}");
        }
    }

    async fn right_to_left_names_and_emoji_are_names(site) {
        let olga = site.organiser().await;
        let title = json!({ "ar": "الحوار الإقليمي", "he": "שלום", "en": "Dialogue 🎉 \u{2067}الحوار\u{2069}" });
        let patched = olga.patch(&path(site, "/sessions/visit"), &json!({ "title": title })).await.expect(200).json();
        assert_eq!(patched["title"], title);
        let read = site.anonymous().get(&path(site, "/sessions/visit")).await.expect(200).json();
        assert_eq!(read["title"], title);
        let turned = json!({ "title": { "en": "Dialogue \u{202e}denrut\u{202c}" } });
        let refused = olga.patch(&path(site, "/sessions/visit"), &turned).await.expect_problem(422, "invalid_value").json();
        assert_eq!((&refused["field"], &refused["detail"]), (&json!("/title"), &json!("/title: in en has the control character U+202E.")));
    }
}
