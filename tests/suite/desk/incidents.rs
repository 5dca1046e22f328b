//! What is odd about scans, at a desk.

use serde_json::json;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::harness::Site;
use crate::people::cast::category;

/// Ends the first desk of all.
async fn revoke_first(site: &Site) {
    let olga = site.organiser().await;
    let enrolled = olga.get(&path(site, "/enrolments")).await.expect(200).json();
    let revoke = path(site, &format!("/enrolments/{}/revoke", enrolled["items"][0]["device"].as_str().unwrap()));
    olga.post(&revoke, &json!({})).await.expect(200);
}

/// Lets the desk that is in use lead.
async fn let_lead(site: &Site) {
    let olga = site.organiser().await;
    let enrolled = olga.get(&path(site, "/enrolments")).await.expect(200).json();
    let device = enrolled["items"].as_array().unwrap().iter().find(|one| one["state"] == "active").unwrap();
    let own = path(site, &format!("/enrolments/{}", device["device"].as_str().unwrap()));
    olga.patch(&own, &json!({ "is_lead": true })).await.expect(200);
}

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

    async fn what_a_desk_did_that_was_revoked_meanwhile_a_leads_desk_does_in_its_place(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[":find ana", ":note 1 Ask for the letter.", ":lend 1 receiver R-9"]);
        assert_eq!(said[1], "Noted.");
        revoke_first(site).await;
        desk.sync().await;
        let lead = Desk::enrol(site, "full", &door).await;
        let said = lead.says(&[":incidents", ":do 1", ":loans", &ana]);
        assert!(said[0].starts_with("1. Done at a desk that was not in use any more: ana: "), "{said:?}");
        assert!(said[0].ends_with("Desk 1: door_note.put {\"text\":\"Ask for the letter.\"}"), "{said:?}");
        assert_eq!(said[1], "This device does not settle incidents: ask a desk lead.");
        assert_eq!(said[2], "receiver R-9: ana", "what was lent is out, whoever lent it");
        assert!(!said[3].contains("Ask for the letter."), "{said:?}");
        let_lead(site).await;
        lead.sync().await;
        let said = lead.says(&[":do 1", ":incidents", ":do 2", ":do 1", ":incidents"]);
        assert!(said[0].contains(":do NUMBER") && said[2].contains(":do NUMBER"), "nothing was listed: {said:?}");
        assert_eq!((said[3].as_str(), said[4].as_str()), ("Noted.", "Nothing is odd."));
        lead.sync().await;
        let said = lead.says(&[&ana, ":refused"]);
        assert!(said[0].contains("Ask for the letter."), "{said:?}");
        assert_eq!(said[1], "Nothing was refused.");
        let settled = site.organiser().await.get(&path(site, "/incidents?state=resolved")).await.expect(200).json();
        assert_eq!(settled["items"][0]["kind"], "late_work");
    }

    async fn what_the_server_refuses_of_it_stays_open(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        assert_eq!(desk.says(&[":find ana", ":seat 1 opening"])[1], "Noted.", "no seats are given there, as the server knows");
        revoke_first(site).await;
        desk.sync().await;
        let lead = Desk::enrol(site, "full", &door).await;
        let_lead(site).await;
        lead.sync().await;
        let said = lead.says(&[":incidents", ":do 1", ":incidents"]);
        assert!(said[0].starts_with("1. ") && said[0].contains("ana"), "{said:?}");
        assert_eq!((said[1].as_str(), said[2].as_str()), ("Noted.", "Nothing is odd."));
        lead.sync().await;
        let said = lead.says(&[":incidents", ":refused"]);
        assert!(said[0].starts_with("1. ") && said[0].contains("ana"), "{said:?}");
        assert_ne!(said[1], "Nothing was refused.");
        let open = site.organiser().await.get(&path(site, "/incidents?state=open")).await.expect(200).json();
        assert_eq!(open["items"].as_array().unwrap().len(), 1);
    }
}
