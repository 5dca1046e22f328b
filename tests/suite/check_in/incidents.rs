//! What only comes out later, and how it is settled.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::programme::Collection;
use uuid::Uuid;

use super::cast::{Guest, Lunch, check, guests, index, lunch, rows, scan, upload};
use crate::desk_work::cast::{outcome, refusal};
use crate::enrolment::cast::{address, area, checkpoint, door, enrol};
use crate::harness::{Actor, Device, Site};
use crate::people::cast::{path, with_role};

/// What is open, as somebody reads it.
async fn open(site: &Site, actor: &Actor) -> Value {
    actor.get(&path(site, "/incidents")).await.expect(200).json()
}

/// Each of these guests went in twice, by a door that was offline.
async fn twice(site: &Site, lunch: &Lunch, people: &[Guest]) {
    let mut door = door(site).await;
    for (number, guest) in (0..).zip(people) {
        let guest = index(site, &mut door, guest);
        let at = (lunch.doors[0].as_str(), lunch.area.as_str());
        let scans =
            [0, 1].map(|entry: u128| scan(2 * number + entry, at, &guest, &format!("2018-11-26T15:0{entry}:00.000Z")));
        upload(site, &door.actor, &[&scans[0], &scans[1]]).await;
    }
}

on_both! {
    async fn a_desk_lead_settles_an_incident_and_a_desk_does_not(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let (dana, lea) = (with_role(site, "dana", Role::Desk).await, with_role(site, "lea", Role::DeskLead).await);
        check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await;
        check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await;
        assert_eq!(open(site, &dana).await["items"], json!([]), "who was refused went in once");
        let by_hand = json!({ "code": people[0].code, "by_hand": "Comes back from the car." });
        check(site, &dana, &lunch.doors[0], by_hand).await;
        assert_eq!(open(site, &dana).await["items"], json!([]), "who was let in again by hand was so by a person who knew");
        twice(site, &lunch, &people).await;
        let listed = open(site, &dana).await;
        let resolve = path(site, &format!("/incidents/{}/resolve", listed["items"][0]["id"].as_str().unwrap()));
        dana.post(&resolve, &json!({})).await.expect_problem(403, "forbidden");
        lea.post(&resolve, &json!({ "note": "\u{0}" })).await.expect_problem(422, "invalid_value");
        lea.post(&path(site, &format!("/incidents/{}/resolve", Uuid::from_u128(9))), &json!({})).await.expect(404);
        let settled = lea.post(&resolve, &json!({ "note": "Seen." })).await.expect(200).json();
        assert_eq!((&settled["note"], &settled["resolved_by"]), (&json!("Seen."), &json!(lea.account())));
        assert_eq!(lea.post(&resolve, &json!({ "note": "Again." })).await.expect(200).json(), settled);
        assert_eq!(open(site, &lea).await["items"], json!([]));
        let done = lea.get(&path(site, "/incidents?state=resolved")).await.expect(200).json();
        assert_eq!(done["items"], json!([settled]));
        site.sign_in("ana").await.get(&path(site, "/incidents")).await.expect(404);
        site.sign_in("ana").await.post(&resolve, &json!({})).await.expect(403);
    }

    async fn an_incident_is_settled_offline_at_a_desk_that_was_enrolled_for_who_leads(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        twice(site, &lunch, &people).await;
        let mut lead = enrol(site, json!({ "name": "Lead", "profile": "full", "is_lead": true })).await;
        let mut desk = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
        let odd = rows(&mut lead, "incidents").await;
        assert_eq!((odd.len(), open(site, &desk.actor).await["items"].as_array().map(Vec::len)), (2, Some(2)));
        let said = |odd: &Value| json!({ "id": odd["id"], "note": "Two plates." });
        assert_eq!(outcome(&mut lead, "incident.resolve", None, said(&odd[0])).await, "resolved");
        let settled = rows(&mut desk, "incidents").await.remove(0);
        assert_eq!((&settled["note"], &settled["resolved_by"]), (&json!("Two plates."), &json!(lead.actor.account())));
        assert_eq!(outcome(&mut lead, "incident.resolve", None, json!({ "id": odd[0]["id"] })).await, "resolved");
        assert_eq!(rows(&mut desk, "incidents").await[0], settled, "the first settlement stays");
        let refused = async |device: &mut Device, args: Value| refusal(device, "incident.resolve", None, args).await;
        let forbidden = ("forbidden".to_owned(), String::new());
        assert_eq!(refused(&mut desk, said(&odd[1])).await, forbidden);
        desk.actor.post(&path(site, &format!("/incidents/{}/resolve", odd[1]["id"].as_str().unwrap())), &json!({})).await.expect_problem(403, "forbidden");
        assert_eq!(refused(&mut lead, json!({ "id": Uuid::from_u128(9) })).await.0, "not_found");
        assert_eq!(refused(&mut lead, json!({ "id": odd[1]["id"], "note": " " })).await, ("invalid_value".to_owned(), "/note".to_owned()));
        assert_eq!(refused(&mut lead, json!({ "id": "x" })).await, ("invalid_request".to_owned(), "/id".to_owned()));
        // What it may ends with its enrolment.
        olga.post(&address(site, &lead, "/suspend"), &json!(null)).await.expect(200);
        assert_eq!(outcome(&mut lead, "incident.resolve", None, said(&odd[1])).await, "held");
        let mut door = door(site).await;
        assert_eq!(refused(&mut door, said(&odd[1])).await, forbidden);
        door.actor.get(&path(site, "/incidents")).await.expect(404);
        let open = open(site, &olga).await;
        let mut left: Vec<&Value> = open["items"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        left.sort_by_key(|kind| kind.to_string());
        assert_eq!(left, ["late_work", "second_use"], "it stays open, and what was noted too late is kept");
        let audit = olga.get(&path(site, "/audit?limit=500")).await.expect(200).text();
        assert_eq!(audit.matches("incident.resolve").count(), 1, "{audit}");
    }

    async fn a_badge_at_two_venues_sooner_than_one_can_get_there_is_an_incident(site) {
        let people = guests(site, 1).await;
        let olga = site.organiser().await;
        let venue = json!({ "slug": "far", "name": { "en": "Far" }, "travel_times": [{ "to": site.week.id("club"), "minutes": 20 }] });
        let made = olga.post(&path(site, "/venues"), &venue).await.expect(201).json();
        let hall = json!({ "slug": "hall", "name": { "en": "Hall" }, "venue": made["id"] });
        let hall = olga.post(&path(site, "/rooms"), &hall).await.expect(201).json();
        let here = area(site, "here", json!({ "room": site.week.id("library") })).await;
        let there = area(site, "there", json!({ "room": hall["id"] })).await;
        let (near, away) = (checkpoint(site, "near", &here).await, checkpoint(site, "away", &there).await);
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let guest = index(site, &mut desk, &people[0]);
        let scans = [
            scan(1, (&near, &here), &guest, "2018-11-26T15:00:00.000Z"),
            scan(2, (&away, &there), &guest, "2018-11-26T15:19:00.000Z"),
            scan(3, (&near, &here), &guest, "2018-11-26T15:40:00.000Z"),
        ];
        upload(site, &desk.actor, &[&scans[2], &scans[1], &scans[0]]).await;
        let incidents = rows(&mut desk, "incidents").await;
        assert_eq!((incidents.len(), &incidents[0]["kind"]), (1, &json!("two_places")));
        assert_eq!(incidents[0]["scans"].as_array().unwrap().len(), 2);
    }

    async fn a_badge_that_was_void_by_then_is_an_incident_when_the_scan_arrives(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let guest = index(site, &mut desk, &people[0]);
        let badges = path(site, &format!("/attendees/{}/badges", people[0].attendee));
        let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
        olga.post(&path(site, &format!("/badges/{}/void", paper["carrier"])), &json!({ "reason": "lost" })).await.expect(200);
        site.clock.advance_ms(600_000);
        let at = site.clock.now().plus_minutes(-5).to_string();
        let mut entered = scan(1, (&lunch.doors[0], &lunch.area), &guest, &at);
        entered["carrier"] = paper["carrier"].clone();
        upload(site, &desk.actor, &[&entered]).await;
        let incidents = rows(&mut desk, "incidents").await;
        assert_eq!((incidents.len(), &incidents[0]["kind"]), (1, &json!("void_carrier")));
    }

    async fn an_area_that_gets_another_rule_is_looked_at_anew(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 2).await);
        let mut door = door(site).await;
        let guest = index(site, &mut door, &people[0]);
        let scans = [1, 2].map(|number: u128| {
            let at = format!("2018-11-26T15:0{number}:00.000Z");
            scan(number, (&lunch.doors[0], &lunch.area), &guest, &at)
        });
        upload(site, &door.actor, &[&scans[0], &scans[1]]).await;
        let olga = site.organiser().await;
        let open = path(site, "/incidents");
        assert_eq!(olga.get(&open).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        olga.patch(&path(site, "/access-areas/lunch"), &json!({ "rule": null })).await.expect(200);
        assert_eq!(olga.get(&open).await.expect(200).json()["items"], json!([]));
        assert_eq!(rows(&mut door, "admissions").await.len(), 1);
        olga.patch(&path(site, "/access-areas/lunch"), &json!({ "rule": "once" })).await.expect(200);
        assert_eq!(olga.get(&open).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
        site.week.patch(site.node.app(), (Collection::Rooms, "patio"), json!({ "capacity": 41 })).await;
        assert_eq!(olga.get(&open).await.expect(200).json()["items"].as_array().map(Vec::<Value>::len), Some(1));
    }

    async fn a_badge_that_is_reported_stolen_is_put_before_a_desk_lead_without_a_word_at_the_door(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let badges = path(site, &format!("/attendees/{}/badges", people[0].attendee));
        let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
        olga.post(&path(site, &format!("/badges/{}/report", paper["carrier"])), &json!({})).await.expect(200);
        let shown = check(site, &olga, &lunch.doors[0], json!({ "code": paper["token"] })).await;
        assert_eq!((&shown["verdict"]["reason"], &shown["verdict"]["is_reported_stolen"]), (&json!("badge_void"), &json!(true)));
        let incidents = open(site, &olga).await;
        assert_eq!(incidents["items"][0]["kind"], "stolen_shown");
        assert_eq!(incidents["items"].as_array().unwrap().len(), 1);
        // The person's own badge is no incident.
        check(site, &olga, &lunch.doors[0], json!({ "code": people[0].code })).await;
        assert_eq!(open(site, &olga).await["items"].as_array().unwrap().len(), 1);
    }

    async fn what_is_odd_about_somebody_who_was_erased_stays_when_a_scan_comes_late(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let mut door = door(site).await;
        let guest = index(site, &mut door, &people[0]);
        let badges = path(site, &format!("/attendees/{}/badges", people[0].attendee));
        let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
        olga.post(&path(site, &format!("/badges/{}/report", paper["carrier"])), &json!({})).await.expect(200);
        check(site, &olga, &lunch.doors[0], json!({ "code": paper["token"] })).await;
        twice(site, &lunch, &people).await;
        let kinds = async || {
            let mut kinds: Vec<Value> = open(site, &olga).await["items"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
            kinds.sort_by_key(Value::to_string);
            kinds
        };
        assert_eq!(kinds().await, ["second_use", "stolen_shown"]);
        olga.delete(&path(site, &format!("/attendees/{}", people[0].attendee))).await.expect(204);
        let late = scan(9, (&lunch.doors[0], &lunch.area), &guest, "2018-11-26T14:00:00.000Z");
        assert_eq!(upload(site, &door.actor, &[&late]).await, ["recorded"]);
        assert_eq!(kinds().await, ["second_use", "stolen_shown"]);
    }

    async fn a_seat_that_two_sit_on_comes_out_when_it_is_arranged_after_both_came(site) {
        let people = guests(site, 2).await;
        let olga = site.organiser().await;
        let session = json!({ "slug": "dinner", "title": { "en": "Dinner" }, "kind": "session", "state": "published",
            "starts_at": "2018-11-27T20:00:00Z", "ends_at": "2018-11-27T22:00:00Z",
            "admission": { "policy": "by_invitation" } });
        let session = olga.post(&path(site, "/sessions"), &session).await.expect(201).json();
        let invitation = json!({ "attendee": people[0].attendee, "collection": "sessions", "object": session["id"] });
        olga.post(&path(site, "/invitations"), &invitation).await.expect(201);
        let dinner = area(site, "dinner", json!({ "session": session["id"] })).await;
        let door = checkpoint(site, "dinner-door", &dinner).await;
        for guest in &people {
            check(site, &olga, &door, json!({ "code": guest.code, "by_hand": "known" })).await;
        }
        assert_eq!(open(site, &olga).await["items"], json!([]));
        let arranged = json!({ "stand_in": people[1].attendee, "session": session["id"] });
        olga.post(&path(site, &format!("/attendees/{}/stand-ins", people[0].attendee)), &arranged).await.expect(201);
        let incidents = open(site, &olga).await;
        assert_eq!(incidents["items"][0]["kind"], "seat_twice", "{incidents}");
    }

    async fn the_door_of_one_session_asks_for_its_own_guests_alone(site) {
        let people = guests(site, 2).await;
        let olga = site.organiser().await;
        let session = json!({ "slug": "dinner", "title": { "en": "Dinner" }, "kind": "session", "state": "published",
            "starts_at": "2018-11-26T10:00:00Z", "ends_at": "2018-11-26T22:00:00Z",
            "admission": { "policy": "by_invitation" } });
        let session = olga.post(&path(site, "/sessions"), &session).await.expect(201).json();
        let invitation = json!({ "attendee": people[0].attendee, "collection": "sessions", "object": session["id"] });
        olga.post(&path(site, "/invitations"), &invitation).await.expect(201);
        let dinner = area(site, "dinner", json!({ "session": session["id"] })).await;
        let door = checkpoint(site, "dinner-door", &dinner).await;
        let device = enrol(site, json!({ "name": "Dinner", "profile": "protocol", "session": session["id"] })).await;
        let known = check(site, &device.actor, &door, json!({ "attendee": people[0].attendee })).await;
        assert_eq!((&known["is_let_through"], known["details"]["name"].is_string()), (&json!(true), true));
        let other = check(site, &device.actor, &door, json!({ "attendee": people[1].attendee })).await;
        assert_eq!((&other["verdict"]["reason"], other.get("details")), (&json!("unknown"), None));
    }
}
