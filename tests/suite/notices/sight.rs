//! What stays in an inbox of somebody who lost sight of what they were told.

use serde_json::json;
use shared::programme::Collection;

use super::cast::{after_the_pause, move_session, newest_dispatch, notice, notices, path, phone_that_stars};
use crate::harness::{SECRETS, Site};

/// Everything that a phone holds which somebody has just signed in on.
async fn fresh_phone(site: &Site, name: &str) -> String {
    let mut phone = site.device(name).await;
    phone.sync().await;
    phone.everything()
}

on_both! {
    async fn what_somebody_was_told_goes_with_their_sight_of_it(site) {
        let olga = site.organiser().await;
        site.week.grant(site.node.app(), "advisers", "ana").await;
        let mut phone = phone_that_stars(site, "ana", "reality").await;
        for session in ["quiet-lunch", "reality"] {
            move_session(site, &olga, session, json!({ "room": site.week.id("cinema") })).await;
        }
        after_the_pause(site).await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("library") })).await;
        after_the_pause(site).await;
        let told = notices(&mut phone).await;
        assert_eq!((told.len(), &told[0].1["kind"], &told[1].1["kind"]), (2, &json!("changes"), &json!("room")));
        site.week.withdraw(site.node.app(), "advisers", "ana").await;
        let (_, left) = notice(&mut phone).await;
        assert_eq!((&left["kind"], left["changes"].as_array().unwrap().len()), (&json!("room"), 1));
        let export = olga.get(&path(site, &format!("/attendees/{}/data", site.week.attendee("ana")))).await.expect(200).text();
        for held in [phone.everything(), fresh_phone(site, "ana").await, export] {
            let tells = |secret: &str| held.contains(secret);
            assert!(!SECRETS.iter().any(|secret| tells(secret)) && !tells(&site.week.id("quiet-lunch").to_string()), "{held}");
        }
        assert!(fresh_phone(site, "carla").await.contains(SECRETS[1]), "she is an adviser still");
    }

    async fn whom_nobody_told_before_they_lost_sight_of_it_nobody_is_to_tell(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("carla").await;
        phone.edit("notice.mail", Some(site.week.attendee("carla")), json!({ "on": false }));
        phone.sync().await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["people"], 1);
        site.week.withdraw(site.node.app(), "advisers", "carla").await;
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["people"], 0);
    }

    async fn of_what_is_listed_now_an_inbox_tells_when_and_of_what_is_hidden_nothing(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "ana", "reality").await;
        let to = json!({ "room": site.week.id("cinema"), "starts_at": "2018-11-26T18:30:00-03:00", "ends_at": "2018-11-26T20:00:00-03:00" });
        move_session(site, &olga, "reality", to).await;
        after_the_pause(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["changes"][0]["kinds"], told["changes"][0]["after"].get("room").is_some()), (&json!(["time", "room"]), true));
        let hide = async |visibility: &str| {
            let admission = json!({ "admission": { "policy": "by_invitation", "visibility": visibility, "audiences": [site.week.id("advisers")] } });
            site.week.patch(site.node.app(), (Collection::Sessions, "reality"), admission).await;
        };
        hide("listed").await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["kind"], told["changes"][0]["after"].get("room")), (&json!("time"), None));
        hide("hidden").await;
        assert_eq!(notices(&mut phone).await, []);
        assert!(!fresh_phone(site, "ana").await.contains("The Internal Reality"));
    }
}
