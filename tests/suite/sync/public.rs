//! The public scope by GET, for apps without an account and for caches.

use serde_json::{Value, json};
use shared::programme::Collection;
use shared::sync::Digest;

use crate::harness::{Answer, SECRETS, Site};

fn path(site: &Site) -> String {
    format!("/v1/events/{}/sync/public", site.week.slug)
}

fn entry(answer: &Answer) -> Value {
    answer.json()["scopes"][0].clone()
}

on_both! {
    async fn anybody_reads_the_public_scope_and_everybody_the_same_bytes(site) {
        let stranger = site.anonymous().get(&path(site)).await.expect(200);
        assert_eq!(stranger.header("content-type"), "application/json");
        assert_eq!(stranger.header("cache-control"), "public, max-age=5, stale-while-revalidate=30");
        let ana = site.sign_in("ana").await.get(&path(site)).await.expect(200);
        let olga = site.organiser().await.get(&format!("/v1/events/{}/sync/public", site.week.event)).await.expect(200);
        assert_eq!((&stranger.body, &stranger.body), (&ana.body, &olga.body));
        assert_eq!(stranger.header("etag"), olga.header("etag"));
        assert!(SECRETS.iter().all(|secret| !stranger.mentions(secret)));
        let entry = entry(&stranger);
        assert_eq!((&entry["scope"], &entry["reset"]), (&json!("public"), &json!("new")));
        let rows = entry["changes"].as_array().unwrap();
        let mut digest = Digest::default();
        rows.iter().for_each(|row| digest.add(row["check"].as_u64().unwrap() as u32));
        assert_eq!(entry["digest"], json!(digest));
    }

    async fn what_a_reader_has_is_not_sent_again(site) {
        let reader = site.anonymous();
        let first = reader.get(&path(site)).await.expect(200);
        let tag = first.header("etag").to_owned();
        let again = reader.get_with(&path(site), &[("if-none-match", &tag)]).await.expect(304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), tag);
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 40 })).await;
        let changed = reader.get_with(&path(site), &[("if-none-match", &tag)]).await.expect(200);
        assert_ne!(changed.header("etag"), tag);
    }

    async fn a_reader_with_a_position_gets_what_changed_since(site) {
        let reader = site.anonymous();
        let to = entry(&reader.get(&path(site)).await)["to"].as_str().unwrap().to_owned();
        let since = format!("{}?since={to}", path(site));
        let nothing = entry(&reader.get(&since).await.expect(200));
        assert_eq!((&nothing["changes"], &nothing["from"]), (&json!([]), &nothing["to"]));
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "expected_people": 40 })).await;
        let delta = entry(&reader.get(&since).await.expect(200));
        assert_eq!((&delta["from"], delta.get("reset")), (&json!(to), None));
        let rows = delta["changes"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["id"]), (1, &json!(site.week.id("visit"))));
        let min = format!("{since}&min={}", delta["to"].as_str().unwrap());
        let settled = reader.get(&min).await.expect(200);
        assert_eq!(settled.header("cache-control"), "public, max-age=86400, immutable");
    }

    async fn answers_are_compressed_as_the_reader_likes(site) {
        let reader = site.anonymous();
        let plain = reader.get_with(&path(site), &[("accept-encoding", "identity")]).await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        for coding in ["gzip", "br"] {
            let answer = reader.get_with(&path(site), &[("accept-encoding", coding)]).await.expect(200);
            assert_eq!((answer.header("content-encoding"), answer.header("vary")), (coding, "Accept-Encoding"));
            assert!(answer.body.len() < plain.body.len() / 2, "{coding}");
        }
    }

    async fn pages_lead_through_the_whole_scope(site) {
        let reader = site.anonymous();
        let whole = entry(&reader.get(&path(site)).await.expect(200));
        let mut rows = Vec::new();
        let mut since = String::new();
        loop {
            let answer = reader.get(&format!("{}?limit=2{since}", path(site))).await.expect(200).json();
            let page = &answer["scopes"][0];
            rows.extend(page["changes"].as_array().unwrap().clone());
            since = format!("&since={}", page["to"].as_str().unwrap());
            if answer["more"] == false {
                break;
            }
        }
        assert_eq!(json!(rows), whole["changes"]);
    }

    async fn a_query_that_cannot_be_read_is_refused_by_its_code(site) {
        let reader = site.anonymous();
        for (query, status, code) in [
            ("?since=nonsense", 400, "malformed_position"),
            ("?min=1.2", 400, "malformed_position"),
            ("?since=00000001.5.zz", 400, "malformed_position"),
            ("?limit=0", 400, "invalid_request"),
            ("?limit=-1", 400, "invalid_request"),
            ("?limit=99999999999", 400, "invalid_request"),
            ("?colour=red", 400, "invalid_request"),
        ] {
            let refused = reader.get(&format!("{}{query}", path(site))).await.expect_problem(status, code);
            assert_eq!(refused.header("cache-control"), "no-store");
        }
        reader.get("/v1/events/nowhere/sync/public").await.expect_problem(404, "not_found");
    }

    async fn a_position_of_another_life_of_the_database_is_answered_in_full(site) {
        let reader = site.anonymous();
        let to = entry(&reader.get(&path(site)).await)["to"].as_str().unwrap().to_owned();
        let (epoch, rest) = to.split_once('.').unwrap();
        let (seq, nonce) = rest.split_once('.').unwrap();
        let foreign = if epoch == "00000001" { "00000002" } else { "00000001" };
        let other_nonce = if nonce == "0000000a" { "0000000b" } else { "0000000a" };
        for (since, reason) in [
            (format!("{foreign}.{rest}"), "epoch"),
            (format!("{epoch}.{seq}.{other_nonce}"), "unknown"),
            (format!("{epoch}.999999.{nonce}"), "ahead"),
        ] {
            let answer = reader.get(&format!("{}?since={since}", path(site))).await.expect(200);
            assert_eq!(entry(&answer)["reset"], reason, "{since}");
        }
    }
}
