//! What is odd about scans, at a desk.

use serde_json::json;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::people::cast::category;

on_both! {
    async fn a_desk_lead_sees_what_is_odd_and_settles_it_with_the_cable_out(site) {
        let lunch = area(site, "lunch", json!({ "rule": "once" })).await;
        let door = checkpoint(site, "lunch-door", &lunch).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let olga = site.organiser().await;
        let check = path(site, &format!("/checkpoints/{door}/check"));
        let offline = Desk::enrol(site, "door", &door).await;
        olga.post(&check, &json!({ "code": ana })).await.expect(200);
        assert!(offline.says(&[&ana])[0].starts_with("YES "), "it has not heard of the first");
        offline.sync().await;
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let said = desk.says(&[":incidents", ":resolve 1"]);
        assert!(said[0].starts_with("1. Used twice: ana: lunch-door ") && said.len() == 2, "{said:?}");
        assert_eq!(said[1], "This device does not settle incidents: ask a desk lead.");
        let enrolled = olga.get(&path(site, "/enrolments")).await.expect(200).json();
        let device = enrolled["items"].as_array().unwrap().iter().find(|one| one["profile"] == "full").unwrap();
        let device = device["device"].as_str().unwrap();
        olga.patch(&path(site, &format!("/enrolments/{device}")), &json!({ "is_lead": true })).await.expect(200);
        desk.sync().await;
        let said = desk.says(&[":resolve 1", ":incidents", ":resolve 2", ":resolve 1 Two plates.", ":incidents"]);
        assert!(said[0].contains(":resolve NUMBER") && said[2].contains(":resolve NUMBER"), "{said:?}");
        assert_eq!((said[3].as_str(), said[4].as_str()), ("Noted.", "Nothing is odd."));
        desk.sync().await;
        let settled = olga.get(&path(site, "/incidents?state=resolved")).await.expect(200).json();
        assert_eq!(settled["items"][0]["note"], "Two plates.");
        assert_eq!(desk.says(&[":incidents", ":refused"]), ["Nothing is odd.", "Nothing was refused."]);
    }
}
