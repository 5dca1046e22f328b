//! How full a session is, for everybody: a word, where the session may be known, not too often.

use serde_json::{Value, json};
use shared::replica::RowFilter;

use super::hall::Hall;
use crate::harness::{Device, Site};

fn label(device: &mut Device, site: &Site, session: &str) -> Option<String> {
    let row = device.find("session_fills", site.week.id(session))?;
    assert_eq!(row.as_object().unwrap().len(), 1, "a word and nothing else");
    Some(row["label"].as_str().unwrap().to_owned())
}

async fn scopes_of_fills(device: &mut Device) -> Vec<String> {
    device.sync().await;
    let rows = device.replica.list_held(&RowFilter::of_collection("session_fills")).unwrap();
    rows.into_iter().map(|row| row.scope).collect()
}

on_both! {
    async fn the_label_says_how_full_a_session_is_and_changes_at_most_once_in_ten_seconds(site) {
        let hall = Hall::of(site, 8).await;
        let visit = site.week.id("visit");
        let (mut bruno, sol) = (site.device("bruno").await, site.sign_in("sol").await);
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("open"));
        let crowd = hall.crowd(9, json!({})).await;
        for attendee in &crowd[..3] {
            hall.ask(&sol, *attendee, visit).await.expect(200);
        }
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("open"), "it was said a moment ago");
        hall.wait_ms(9_999).await;
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("open"));
        hall.wait_ms(1).await;
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("few"));
        for attendee in &crowd[3..] {
            hall.ask(&sol, *attendee, visit).await.expect(200);
        }
        hall.wait_ms(9_999).await;
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("few"));
        hall.wait_ms(1).await;
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("waitlist"));
        hall.wait_ms(60_000).await;
        hall.patch("visit", json!({ "sign_up": { "has_no_waitlist": true } })).await;
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("full"), "after a while it is said at once");
    }

    async fn a_label_that_comes_and_goes_within_ten_seconds_is_never_said(site) {
        let hall = Hall::of(site, 6).await;
        let (visit, mut bruno) = (site.week.id("visit"), site.device("bruno").await);
        bruno.sync().await;
        let before = bruno.everything();
        hall.take("ana", visit).await;
        hall.give_back("ana", visit).await;
        hall.wait_ms(10_000).await;
        bruno.sync().await;
        assert_eq!(bruno.everything(), before, "nothing is read anew");
    }

    async fn the_label_lies_where_the_session_lies_and_moves_with_it_at_once(site) {
        let hall = Hall::of(site, 9).await;
        let (mut bruno, mut carla) = (site.device("bruno").await, site.device("carla").await);
        assert_eq!(scopes_of_fills(&mut bruno).await, ["public"]);
        let visit = site.week.id("visit");
        let to = |visibility: &str| json!({ "policy": "by_invitation", "visibility": visibility, "audiences": [site.week.id("advisers")] });
        for visibility in ["hidden", "listed"] {
            hall.patch("visit", json!({ "admission": to(visibility) })).await;
            assert_eq!(scopes_of_fills(&mut bruno).await, Vec::<String>::new(), "{visibility}");
            assert_eq!(scopes_of_fills(&mut carla).await, [site.week.gate("visit")], "{visibility}");
        }
        hall.patch("visit", json!({ "admission": null, "part": site.week.id("dialogue") })).await;
        assert_eq!(scopes_of_fills(&mut carla).await, Vec::<String>::new());
        assert_eq!(scopes_of_fills(&mut site.device("ana").await).await, [site.week.gate("dialogue")]);
        hall.patch("visit", json!({ "part": null })).await;
        assert_eq!(scopes_of_fills(&mut bruno).await, ["public"]);
        hall.patch("visit", json!({ "state": "draft" })).await;
        assert_eq!(scopes_of_fills(&mut bruno).await, Vec::<String>::new());
        hall.patch("visit", json!({ "state": "published" })).await;
        assert_eq!(label(&mut bruno, site, "visit"), None);
        bruno.sync().await;
        assert_eq!(label(&mut bruno, site, "visit").as_deref(), Some("open"));
        let path = hall.world.path(&format!("/sessions/{visit}"));
        hall.world.olga.patch(&path, &json!({ "seats": null })).await.expect(200);
        assert_eq!(scopes_of_fills(&mut bruno).await, Vec::<String>::new());
    }

    async fn labels_are_read_by_rest_as_far_as_the_sessions_are(site) {
        let hall = Hall::of(site, 9).await;
        hall.patch("quiet-lunch", json!({ "seats": 3 })).await;
        let (lunch, visit) = (site.week.id("quiet-lunch"), site.week.id("visit"));
        let list = hall.world.path("/session-fills");
        let ids = |page: Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(site.anonymous().get(&list).await.expect(200).json()), [visit.to_string()]);
        let mut all = ids(site.sign_in("carla").await.get(&list).await.expect(200).json());
        all.sort();
        let mut expected = [lunch.to_string(), visit.to_string()];
        expected.sort();
        assert_eq!(all, expected);
        let one = site.anonymous().get(&format!("{list}/{visit}")).await.expect(200).json();
        assert_eq!(one["label"], "open");
        site.sign_in("bruno").await.get(&format!("{list}/{lunch}")).await.expect_problem(404, "not_found");
    }
}
