//! Enrolled devices as organisers see them, suspend and revoke them.

use cumbre::enrolment::write_due;
use reqwest::Method;
use serde_json::{Value, json};
use shared::sync::DeskState;
use uuid::Uuid;

use super::cast::{address, area, checkpoint, door, enrol, path, slugs};
use crate::harness::{Device, Site};

/// Does something with a device as the organiser; the answer.
async fn order(site: &Site, device: &Device, what: &str) -> Value {
    site.organiser().await.post(&address(site, device, what), &json!(null)).await.expect(200).json()
}

fn has_roster(device: &mut Device) -> bool {
    device.scopes().contains(&"roster:door".to_owned())
}

on_both! {
    async fn a_suspended_device_holds_no_roster_until_it_is_resumed(site) {
        let (mut suspended, mut other) = (door(site).await, door(site).await);
        assert_eq!(order(site, &suspended, "/suspend").await["state"], "suspended");
        let applied = suspended.exchange().await;
        assert_eq!(applied.gone, ["roster:door"]);
        assert!(!suspended.everything().contains("roster_sessions"));
        other.sync().await;
        assert!(has_roster(&mut other));
        assert_eq!(order(site, &suspended, "/resume").await["state"], "active");
        suspended.sync().await;
        assert!(has_roster(&mut suspended));
        assert_eq!(slugs(&mut suspended, "roster_sessions"), slugs(&mut other, "roster_sessions"));
    }

    async fn a_revoked_device_never_holds_a_roster_again_and_goes_on_exchanging(site) {
        let mut device = door(site).await;
        assert_eq!(order(site, &device, "/revoke").await["state"], "revoked");
        device.sync().await;
        assert_eq!(device.scopes(), ["public"]);
        let organiser = site.organiser().await;
        for what in ["/resume", "/suspend"] {
            organiser.post(&address(site, &device, what), &json!(null)).await.expect_problem(409, "wrong_state");
        }
        organiser.patch(&address(site, &device, ""), &json!({ "name": "Again" })).await.expect_problem(409, "wrong_state");
        assert_eq!(order(site, &device, "/revoke").await["state"], "revoked");
        device.sync().await;
        assert_eq!(device.scopes(), ["public"]);
    }

    async fn a_suspended_device_is_told_at_once_by_its_live_stream(site) {
        let mut device = door(site).await;
        let mut live = device.listen().await;
        order(site, &device, "/suspend").await;
        while !device.follow(&mut live).await.unwrap().1.needs_exchange {}
        device.sync().await;
        assert!(!has_roster(&mut device));
    }

    async fn a_device_learns_where_it_checks_and_what_it_is_called(site) {
        let library = area(site, "library-area", json!({ "room": site.week.id("library") })).await;
        let (first, second) = (checkpoint(site, "first", &library).await, checkpoint(site, "second", &library).await);
        let mut device = enrol(site, json!({ "name": "Door 1", "profile": "door", "checkpoints": [first] })).await;
        device.sync().await;
        let id = device.actor.device();
        assert_eq!(device.find("roster_devices", id), Some(json!({ "name": "Door 1", "checkpoints": [first] })));
        let organiser = site.organiser().await;
        let change = json!({ "name": "Door 2", "checkpoints": [second] });
        let told = organiser.patch(&address(site, &device, ""), &change).await.expect(200).json();
        assert_eq!((&told["name"], &told["checkpoints"]), (&json!("Door 2"), &json!([second])));
        device.sync().await;
        assert_eq!(device.find("roster_devices", id), Some(change));
        organiser.patch(&address(site, &device, ""), &json!({ "checkpoints": [Uuid::new_v4()] })).await.expect_problem(422, "unknown_reference");
        organiser.patch(&address(site, &device, ""), &json!({ "profile": "full" })).await.expect_problem(400, "invalid_request");
        device.sync().await;
        assert_eq!(device.find("roster_devices", id).unwrap()["name"], "Door 2");
    }

    async fn only_a_desks_device_is_made_a_desk_leads_and_it_hears_of_it(site) {
        let organiser = site.organiser().await;
        let offer = json!({ "name": "Door", "profile": "door", "is_lead": true });
        let refused = organiser.post(&path(site, "/enrolments"), &offer).await;
        assert_eq!(refused.json()["field"], "/is_lead");
        refused.expect_problem(422, "invalid_value");
        let door = door(site).await;
        organiser.patch(&address(site, &door, ""), &json!({ "is_lead": true })).await.expect_problem(422, "invalid_value");
        let mut desk = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
        desk.sync().await;
        let id = desk.actor.device();
        assert_eq!(desk.find("roster_devices", id).unwrap().get("is_lead"), None);
        let told = organiser.patch(&address(site, &desk, ""), &json!({ "is_lead": true })).await.expect(200).json();
        desk.sync().await;
        assert_eq!((&told["is_lead"], &desk.find("roster_devices", id).unwrap()["is_lead"]), (&json!(true), &json!(true)));
        let told = organiser.patch(&address(site, &desk, ""), &json!({ "is_lead": false })).await.expect(200).json();
        desk.sync().await;
        assert_eq!((told.get("is_lead"), desk.find("roster_devices", id).unwrap().get("is_lead")), (None, None));
    }

    async fn the_list_shows_what_devices_say_of_themselves(site) {
        let mut device = enrol(site, json!({ "name": "Door 1", "profile": "door" })).await;
        let organiser = site.organiser().await;
        let silent = organiser.get(&address(site, &device, "")).await.expect(200).json();
        assert_eq!((silent.get("last_seen_at"), &silent["is_up_to_date"]), (None, &json!(false)));
        let desk = DeskState { app_version: Some("cumbre 0.1.0".to_owned()), unsent_scans: Some(12), clock_skew_ms: Some(-600_000) };
        device.limits.desk = Some(desk);
        device.sync().await;
        device.exchange().await;
        let told = organiser.get(&address(site, &device, "")).await.expect(200).json();
        let expected = json!({ "last_seen_at": site.clock.now(), "app_version": "cumbre 0.1.0", "unsent_scans": 12, "clock_skew_ms": -600_000, "is_up_to_date": true });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&told[field], value, "{field}");
        }
        area(site, "later", json!({})).await;
        let behind = organiser.get(&address(site, &device, "")).await.expect(200).json();
        assert_eq!(behind["is_up_to_date"], json!(false));
        assert_eq!(behind["holds_roster_up_to"], told["holds_roster_up_to"]);
    }

    async fn metrics_count_devices_and_name_none(site) {
        let mut device = enrol(site, json!({ "name": "Door of the library", "profile": "door" })).await;
        device.sync().await;
        let metrics = site.anonymous().get("/metrics").await.expect(200);
        for counted in ["cumbre_desks_connected", "cumbre_desk_scans_unsent"] {
            assert!(metrics.mentions(counted), "{counted}");
        }
        for name in ["Door of the library", &device.actor.device().to_string(), &device.actor.account().to_string()] {
            assert!(!metrics.mentions(name), "{name}");
        }
    }

    async fn what_a_device_says_is_written_once_a_minute(site) {
        let mut device = enrol(site, json!({ "name": "Door 1", "profile": "door" })).await;
        let app = site.node.app();
        let written = async || {
            let read = |connection: &mut cumbre::database::Connection| Ok(crate::harness::dump(connection));
            let lines = app.readers.read(read).await.unwrap();
            lines.into_iter().filter(|line| line.starts_with("enrolment_reports")).collect::<Vec<_>>()
        };
        let mut say = async |unsent: u32| {
            device.limits.desk = Some(DeskState { unsent_scans: Some(unsent), ..DeskState::default() });
            device.exchange().await;
            write_due(app).await.unwrap();
        };
        say(71).await;
        let first = written().await;
        assert!(first.len() == 1 && first[0].contains("| 71"), "{first:?}");
        site.clock.advance_ms(59_000);
        say(72).await;
        assert_eq!(written().await, first);
        site.clock.advance_ms(1_000);
        say(73).await;
        let second = written().await;
        assert!(second.len() == 1 && second[0].contains("| 73"), "{second:?}");
    }

    async fn a_version_that_is_no_line_of_text_is_refused_with_its_field(site) {
        let mut device = door(site).await;
        for version in ["", "two\nlines", &"v".repeat(101)] {
            device.limits.desk = Some(DeskState { app_version: Some(version.to_owned()), ..DeskState::default() });
            let (_, outgoing) = device.prepare();
            let answer = device.transmit(&outgoing).await.unwrap().expect_problem(400, "invalid_request");
            assert_eq!(answer.json()["field"], "/desk/app_version");
            device.replica.abandon_request().unwrap();
        }
    }

    async fn devices_are_listed_in_pages_and_changed_once_under_a_key(site) {
        let mut made = Vec::new();
        for number in 0..5 {
            let device = enrol(site, json!({ "name": format!("Door {number}"), "profile": "door" })).await;
            made.push(device.actor.device().to_string());
        }
        made.sort();
        let organiser = site.organiser().await;
        let listed = organiser.list_by_pages(&path(site, "/enrolments"), 2).await;
        assert_eq!(listed.iter().map(|item| item["device"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), made);
        let (target, key) = (path(site, &format!("/enrolments/{}/suspend", made[0])), Uuid::new_v4().to_string());
        for replayed in ["", "true"] {
            let answer = organiser.send((Method::POST, &target), &[("idempotency-key", &key)], &json!(null)).await.expect(200);
            assert_eq!(answer.header("idempotency-replayed"), replayed);
        }
        let audit = organiser.get(&path(site, "/audit?limit=500")).await.expect(200).json();
        let count = |operation: &str| audit["items"].as_array().unwrap().iter().filter(|line| line["operation"] == operation).count();
        assert_eq!((count("enrolment.redeem"), count("enrolment.state")), (5, 1));
    }

    async fn a_device_of_another_event_and_one_that_never_was_are_the_same(site) {
        let device = door(site).await;
        let otto = site.sign_in("otto").await;
        for id in [device.actor.device().to_string(), Uuid::new_v4().to_string()] {
            let there = format!("/v1/events/other-2018/enrolments/{id}");
            otto.get(&there).await.expect_problem(404, "not_found");
            otto.patch(&there, &json!({ "name": "Mine" })).await.expect_problem(404, "not_found");
            for what in ["suspend", "resume", "revoke"] {
                otto.post(&format!("{there}/{what}"), &json!(null)).await.expect_problem(404, "not_found");
            }
        }
    }
}
