//! Whom a change concerns, and for whom it is not.

use serde_json::{Value, json};
use shared::programme::Collection;

use super::cast::{after_the_pause, move_session, newest_dispatch, notice, notices, path, phone_that_stars, work};
use crate::harness::SECRETS;
use crate::people::cast::{category, delegation, move_to, put};

on_both! {
    async fn a_change_in_a_part_for_everybody_registered_concerns_everybody_registered(site) {
        let olga = site.organiser().await;
        let app = site.node.app();
        site.week.patch(app, (Collection::Parts, "clinic"), json!({ "admission": { "policy": "registered" } })).await;
        let delegates = category(site, "delegates", json!({})).await;
        for name in ["bruno", "carla"] {
            put(site, &olga, site.week.attendee(name), json!({ "category": delegates })).await.expect(200);
        }
        move_to(site, &olga, &site.week.attendee("carla").to_string(), "cancelled").await.expect(200);
        let (mut brunos, mut carlas) = (site.device("bruno").await, site.device("carla").await);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!(held["concerns"], json!({ "people": 1, "by_reason": { "part": 1 } }));
        after_the_pause(site).await;
        let of_changes = async |phone: &mut crate::harness::Device| {
            let told = notices(phone).await.into_iter().map(|(_, row)| row);
            told.filter(|row| row.get("dispatch").is_some()).map(|row| row["reasons"].clone()).collect::<Vec<Value>>()
        };
        assert_eq!((of_changes(&mut brunos).await, of_changes(&mut carlas).await), (vec![json!(["part"])], vec![]));
        // What has an admission of its own is not for all of them.
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "part": site.week.id("clinic") })).await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(of_changes(&mut brunos).await.len(), 1);
    }

    async fn what_is_for_a_delegation_concerns_its_members_for_that_reason(site) {
        let olga = site.organiser().await;
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        put(site, &olga, site.week.attendee("bruno"), json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let audience = json!({ "slug": "chileans", "title": { "en": "Chileans" }, "rules": [{ "delegations": [chile] }] });
        let audience = olga.post(&path(site, "/audiences"), &audience).await.expect(201).json();
        let admission = json!({ "policy": "by_invitation", "visibility": "hidden", "audiences": [audience["id"]] });
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "admission": admission })).await;
        after_the_pause(site).await;
        let mut phone = site.device("bruno").await;
        move_session(site, &olga, "visit", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let of_change = notices(&mut phone).await.pop().unwrap().1;
        assert_eq!(of_change["reasons"], json!(["invited", "delegation"]));
        let message = json!({ "texts": { "en": { "title": "Bus", "text": "At nine." } }, "audience": { "delegations": [chile] } });
        olga.post(&path(site, "/announcements"), &message).await.expect(201);
        work(site).await;
        assert_eq!(notices(&mut phone).await.pop().unwrap().1["reasons"], json!(["delegation"]));
    }

    async fn nobody_is_told_of_what_they_may_not_see(site) {
        let olga = site.organiser().await;
        // Carla is an adviser, and has the hidden lunch; ana was one until a minute ago.
        site.week.grant(site.node.app(), "advisers", "ana").await;
        let mut anas = phone_that_stars(site, "ana", "quiet-lunch").await;
        let (mut carlas, mut brunos) = (site.device("carla").await, site.device("bruno").await);
        site.week.withdraw(site.node.app(), "advisers", "ana").await;
        site.clock.advance_ms(60_000);
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(notice(&mut carlas).await.1["reasons"], json!(["invited"]));
        assert_eq!((notices(&mut anas).await, notices(&mut brunos).await), (vec![], vec![]));
        let letters = site.post.wait_for(1).await;
        assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["carla@example.org"]);
        for phone in [&mut anas, &mut brunos] {
            let held = phone.everything();
            assert!(!SECRETS.iter().any(|secret| held.contains(secret)), "{held}");
        }
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["reach"]["people"], 1);
    }

    async fn who_sees_that_it_is_listed_is_told_when_and_not_where(site) {
        let olga = site.organiser().await;
        // The round table is the ministers'; bruno sees that there is one, and starred it.
        let (mut brunos, mut anas) = (phone_that_stars(site, "bruno", "briefing").await, site.device("carla").await);
        let to = json!({ "room": site.week.id("cinema"), "starts_at": "2018-11-26T15:00:00-03:00", "ends_at": "2018-11-26T15:30:00-03:00" });
        move_session(site, &olga, "briefing", to).await;
        after_the_pause(site).await;
        let (_, listed) = notice(&mut brunos).await;
        assert_eq!((&listed["kind"], &listed["changes"][0]["kinds"]), (&json!("time"), &json!(["time"])));
        assert!(!listed.to_string().contains(&site.week.id("cinema").to_string()), "{listed}");
        let (_, whole) = notice(&mut anas).await;
        assert_eq!((&whole["kind"], &whole["changes"][0]["kinds"]), (&json!("changes"), &json!(["time", "room"])));
        let letters = site.post.wait_for(3).await;
        for letter in letters.iter().filter(|letter| !letter.to.starts_with("carla")) {
            assert!(!letter.plain.contains("Cinema") && !letter.plain.contains("Patio"), "{}", letter.plain);
        }
    }

    async fn a_new_session_of_a_gated_part_is_told_to_those_who_belong_there(site) {
        let olga = site.organiser().await;
        let (mut anas, mut brunos) = (site.device("ana").await, site.device("bruno").await);
        let body = json!({ "slug": "second-table", "kind": "session", "state": "published", "part": site.week.id("dialogue"),
            "title": { "en": "Second table" }, "starts_at": "2018-11-27T09:00:00-03:00", "ends_at": "2018-11-27T10:00:00-03:00" });
        olga.post(&path(site, "/sessions"), &body).await.expect(201);
        after_the_pause(site).await;
        let (_, told) = notice(&mut anas).await;
        assert_eq!((&told["kind"], &told["reasons"]), (&json!("new_in_part"), &json!(["part"])));
        assert_eq!(notices(&mut brunos).await, []);
    }
}
