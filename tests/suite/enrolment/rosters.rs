//! What rosters hold of the programme, and that they follow it.

use serde_json::json;
use shared::programme::Collection;
use shared::sync::{Profile, ResetReason, Scope};

use super::cast::{area, checkpoint, door, enrol, held, path, slugs};
use crate::harness::{Device, Site};

/// A device that is enrolled for the door of one session, and holds its roster.
async fn protocol(site: &Site, session: &str) -> Device {
    let body = json!({ "name": "A minister's door", "profile": "protocol", "session": site.week.id(session) });
    let mut device = enrol(site, body).await;
    device.sync().await;
    device
}

fn protocol_scope(site: &Site, session: &str) -> String {
    Scope::Roster(Profile::Protocol(site.week.id(session))).to_string()
}

/// The door of the briefing, which an area guards by its room.
async fn protocol_of_briefing(site: &Site) -> Device {
    area(site, "patio-area", json!({ "room": site.week.id("patio") })).await;
    protocol(site, "briefing").await
}

/// What a device that follows holds is what one holds that has just come.
async fn agree(site: &Site, device: &mut Device) {
    device.sync().await;
    let mut fresh = door(site).await;
    let rows = |device: &mut Device| {
        held(device, "roster:door").into_iter().filter(|line| !line.starts_with("roster_devices")).collect::<Vec<_>>()
    };
    assert_eq!(rows(device), rows(&mut fresh));
}

on_both! {
    async fn a_door_holds_every_session_and_part_that_is_no_draft(site) {
        let mut device = door(site).await;
        let sessions = ["briefing", "opening", "quiet-lunch", "reality", "round-table", "visit"];
        assert_eq!(slugs(&mut device, "roster_sessions"), sessions);
        assert_eq!(slugs(&mut device, "roster_parts"), ["clinic", "dialogue"]);
        let row = |device: &mut Device, name: &str| device.find("roster_sessions", site.week.id(name)).unwrap();
        let lunch = row(&mut device, "quiet-lunch");
        assert_eq!(lunch["restricted_by"], json!({ "collection": "sessions", "id": site.week.id("quiet-lunch") }));
        assert_eq!(lunch["terms"]["policy"], "by_invitation");
        let table = row(&mut device, "round-table");
        assert_eq!(table["restricted_by"], json!({ "collection": "parts", "id": site.week.id("dialogue") }));
        assert_eq!(row(&mut device, "opening").get("restricted_by"), None);
        let everything = device.everything();
        for secret in ["Dora Stillwater", "GTS/Q/doc.7", "An unwritten understanding", "audiences"] {
            assert!(!everything.contains(secret), "{secret}");
        }
    }

    async fn rosters_follow_what_happens_on_the_day(site) {
        let (app, olga) = (site.node.app(), site.organiser().await);
        let mut device = door(site).await;
        let find = |device: &mut Device, name: &str| device.find("roster_sessions", site.week.id(name));
        site.week.patch(app, (Collection::Sessions, "reality"), json!({ "room": site.week.id("cinema") })).await;
        device.exchange().await;
        assert_eq!(find(&mut device, "reality").unwrap()["room"], json!(site.week.id("cinema")));
        olga.post(&path(site, "/sessions/opening/cancel"), &json!(null)).await.expect(200);
        device.exchange().await;
        let opening = find(&mut device, "opening").unwrap();
        assert_eq!((&opening["state"], &opening["terms"]["state"]), (&json!("cancelled"), &json!("cancelled")));
        olga.post(&path(site, "/parts/dialogue/cancel"), &json!(null)).await.expect(200);
        device.exchange().await;
        let table = find(&mut device, "round-table").unwrap();
        assert_eq!((&table["state"], &table["terms"]["state"]), (&json!("cancelled"), &json!("cancelled")), "with its part");
        site.week.patch(app, (Collection::Sessions, "visit"), json!({ "state": "draft" })).await;
        device.exchange().await;
        assert_eq!(find(&mut device, "visit"), None);
        site.week.patch(app, (Collection::Parts, "clinic"), json!({ "state": "draft" })).await;
        device.exchange().await;
        assert_eq!((find(&mut device, "reality"), device.find("roster_parts", site.week.id("clinic"))), (None, None));
        site.week.patch(app, (Collection::Parts, "clinic"), json!({ "state": "published", "starts_on": "2018-11-27" })).await;
        agree(site, &mut device).await;
        for slug in ["fair", "gala"] {
            let part = json!({ "slug": slug, "title": { "en": slug }, "state": "published" });
            olga.post(&path(site, "/parts"), &part).await.expect(201);
        }
        agree(site, &mut device).await;
        olga.delete(&path(site, "/parts/fair")).await.expect(204);
        agree(site, &mut device).await;
        olga.patch(&format!("/v1/events/{}", site.week.slug), &json!({ "time_zone": "America/Lima" })).await.expect(200);
        agree(site, &mut device).await;
    }

    async fn areas_and_checkpoints_come_change_and_go(site) {
        let olga = site.organiser().await;
        let mut device = door(site).await;
        let library = area(site, "library-area", json!({ "room": site.week.id("library"), "opens_minutes_before": 20 })).await;
        let at = checkpoint(site, "library-door", &library).await;
        device.exchange().await;
        assert_eq!(device.find("access_areas", &library).unwrap()["opens_minutes_before"], 20);
        assert_eq!(device.find("checkpoints", &at).unwrap()["area"], json!(library));
        olga.patch(&path(site, "/access-areas/library-area"), &json!({ "rule": "once", "capacity": 80 })).await.expect(200);
        device.exchange().await;
        assert_eq!(device.find("access_areas", &library).unwrap()["rule"], "once");
        olga.delete(&path(site, "/access-areas/library-area")).await.expect_problem(409, "still_referenced");
        olga.delete(&path(site, "/checkpoints/library-door")).await.expect(204);
        olga.delete(&path(site, "/access-areas/library-area")).await.expect(204);
        device.exchange().await;
        assert_eq!((device.find("checkpoints", &at), device.find("access_areas", &library)), (None, None));
    }

    async fn the_door_of_one_session_holds_that_session_and_nothing_else(site) {
        let patio = area(site, "patio-area", json!({ "room": site.week.id("patio") })).await;
        let lunch = area(site, "lunch-area", json!({ "session": site.week.id("quiet-lunch"), "rule": "once" })).await;
        let whole = area(site, "week-area", json!({})).await;
        let (at_patio, at_lunch) = (checkpoint(site, "patio-door", &patio).await, checkpoint(site, "lunch-door", &lunch).await);
        checkpoint(site, "desk", &whole).await;
        let mut device = protocol(site, "briefing").await;
        assert_eq!(device.scopes(), ["public".to_owned(), protocol_scope(site, "briefing")]);
        assert_eq!(slugs(&mut device, "roster_sessions"), ["briefing"]);
        assert_eq!((slugs(&mut device, "access_areas"), slugs(&mut device, "checkpoints")), (vec!["patio-area".to_owned()], vec!["patio-door".to_owned()]));
        assert!(!device.everything().contains("Lunch that nobody knows of"));
        let mut device = protocol(site, "quiet-lunch").await;
        assert_eq!(slugs(&mut device, "access_areas"), ["lunch-area", "patio-area"]);
        assert!(device.find("checkpoints", &at_patio).is_some() && device.find("checkpoints", &at_lunch).is_some());
        assert_eq!(slugs(&mut device, "roster_sessions"), ["quiet-lunch"]);
    }

    async fn the_roster_of_a_session_follows_its_room_and_its_areas(site) {
        let (app, olga) = (site.node.app(), site.organiser().await);
        area(site, "patio-area", json!({ "room": site.week.id("patio") })).await;
        let lunch = area(site, "lunch-area", json!({ "session": site.week.id("quiet-lunch") })).await;
        let mut device = protocol(site, "quiet-lunch").await;
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "room": site.week.id("cinema") })).await;
        device.exchange().await;
        assert_eq!(slugs(&mut device, "access_areas"), ["lunch-area"]);
        olga.delete(&path(site, &format!("/access-areas/{lunch}"))).await.expect(204);
        device.exchange().await;
        assert!(slugs(&mut device, "access_areas").is_empty() && slugs(&mut device, "roster_sessions").is_empty());
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "room": site.week.id("patio") })).await;
        device.exchange().await;
        assert_eq!((slugs(&mut device, "access_areas"), slugs(&mut device, "roster_sessions")), (vec!["patio-area".to_owned()], vec!["quiet-lunch".to_owned()]));
        let open = json!({ "policy": "open", "visibility": "public" });
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "admission": open })).await;
        device.exchange().await;
        assert!(slugs(&mut device, "roster_sessions").is_empty(), "everybody may enter now");
    }

    async fn vehicles_are_on_every_device_and_their_drivers_on_desks_alone(site) {
        let olga = site.organiser().await;
        let lunch = site.week.id("quiet-lunch");
        area(site, "lunch-area", json!({ "session": lunch })).await;
        let coach = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "session": lunch, "plate": "BB-CL-42",
            "driver": "Luis, +56 2 2345 6789", "seats": 45, "stops": [{ "place": { "en": "Hotel" } }] });
        let made = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let mut shown = coach.clone();
        shown.as_object_mut().unwrap().remove("driver");
        let mut desk = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
        desk.sync().await;
        assert_eq!(desk.find("vehicles", made["id"].as_str().unwrap()), Some(coach));
        for mut device in [door(site).await, protocol(site, "quiet-lunch").await] {
            assert_eq!(device.find("vehicles", made["id"].as_str().unwrap()), Some(shown.clone()));
        }
        let mut elsewhere = protocol_of_briefing(site).await;
        assert_eq!(elsewhere.list("vehicles"), []);
        site.sign_in("ana").await.get(&path(site, "/vehicles/coach-3")).await.expect_problem(404, "not_found");
        olga.delete(&path(site, "/vehicles/coach-3")).await.expect(204);
        desk.sync().await;
        assert_eq!(desk.list("vehicles"), []);
    }

    async fn nobody_but_enrolled_devices_holds_a_roster(site) {
        let names = ["roster:full", "roster:door", &protocol_scope(site, "briefing")].map(str::to_owned);
        area(site, "patio-area", json!({ "room": site.week.id("patio") })).await;
        for name in ["olga", "ana", "carla", "sol", "otto"] {
            let mut device = site.device(name).await;
            device.sync().await;
            assert!(device.scopes().iter().all(|scope| !scope.starts_with("roster")), "{name}");
            let holds: serde_json::Map<_, _> = names.iter().map(|name| (name.clone(), json!(null))).collect();
            let body = json!({ "device": device.actor.device(), "schema": 1, "holds": holds });
            let answer = device.actor.post(&device.sync_path(), &body).await.expect(200).json();
            let gone = |name: &String| answer["scopes"].as_array().unwrap().iter().any(|entry| entry["scope"] == json!(name) && entry["gone"] == json!(true));
            assert!(names.iter().all(gone), "{name}: {answer}");
        }
    }

    async fn a_device_of_one_profile_holds_that_of_no_other(site) {
        area(site, "patio-area", json!({ "room": site.week.id("patio") })).await;
        for (body, own) in [
            (json!({ "name": "Desk", "profile": "full" }), "roster:full".to_owned()),
            (json!({ "name": "Door", "profile": "door" }), "roster:door".to_owned()),
            (json!({ "name": "Minister", "profile": "protocol", "session": site.week.id("briefing") }), protocol_scope(site, "briefing")),
        ] {
            let mut device = enrol(site, body).await;
            device.exchange().await;
            assert_eq!(device.reset_of(&own), Some(ResetReason::New));
            device.sync().await;
            assert_eq!(device.scopes(), ["public".to_owned(), own]);
        }
    }

    async fn a_draft_event_has_its_rosters_ready(site) {
        site.organiser().await.patch(&format!("/v1/events/{}", site.week.slug), &json!({ "state": "draft" })).await.expect(200);
        let mut device = door(site).await;
        assert_eq!(slugs(&mut device, "sessions"), Vec::<String>::new());
        assert_eq!(device.find("roster_sessions", site.week.id("opening")).unwrap()["terms"]["state"], "draft");
    }
}
