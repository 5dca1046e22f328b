//! What desks and doors hold of guests, that it follows them, and what a stolen device tells.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::admission::{DoorGuest, SealedGuest};
use shared::programme::Collection;

use super::cast::{claims, confirm, keys, on_phone, rows};
use crate::enrolment::cast::{area, door, enrol, held};
use crate::harness::{Device, Site};
use crate::people::cast::{delegation, path, registration};

async fn desk(site: &Site) -> Device {
    let mut desk = enrol(site, json!({ "name": "Desk", "profile": "full" })).await;
    desk.sync().await;
    desk
}

fn claim<'a>(person: &'a Value, object: &Value) -> Option<&'a Value> {
    person["guest"]["claims"].as_array()?.iter().find(|claim| claim["object"] == *object)
}

async fn person(site: &Site, desk: &mut Device, name: &str) -> Value {
    desk.sync().await;
    desk.find("desk_people", site.week.attendee(name)).unwrap()
}

/// What a device that follows holds of guests is what one holds that has just come.
async fn agree(site: &Site, device: &mut Device) {
    device.sync().await;
    let mut fresh = desk(site).await;
    let people = |device: &mut Device| {
        let lines = held(device, "roster:full").into_iter();
        lines.filter(|line| line.starts_with("desk_people") || line.starts_with("void")).collect::<Vec<_>>()
    };
    assert_eq!(people(device), people(&mut fresh));
}

on_both! {
    async fn a_desk_finds_everybody_by_name_with_what_lets_them_in(site) {
        confirm(site, &["ana", "carla"]).await;
        let chile = delegation(site, "chile", json!({})).await;
        let (olga, mut desk) = (site.organiser().await, desk(site).await);
        let target = registration(site, &site.week.attendee("ana").to_string());
        olga.patch(&target, &json!({ "delegation": chile })).await.expect(200);
        let ana = person(site, &mut desk, "ana").await;
        assert_eq!(ana["details"], json!({ "name": "ana", "delegation_name": { "en": "chile" } }));
        assert_eq!((&ana["guest"]["status"], &ana["guest"]["delegation"]), (&json!("confirmed"), &json!(chile)));
        olga.patch(&path(site, "/delegations/chile"), &json!({ "name": { "en": "Republic of Chile" } })).await.expect(200);
        assert_eq!(person(site, &mut desk, "ana").await["details"]["delegation_name"]["en"], "Republic of Chile");
        let lunch = json!(site.week.id("quiet-lunch"));
        let carla = person(site, &mut desk, "carla").await;
        assert_eq!(claim(&carla, &lunch).unwrap()["is_in_audience"], true);
        assert_eq!(claim(&ana, &lunch), None);
        agree(site, &mut desk).await;
    }

    async fn rosters_follow_invitations_audiences_seats_and_stand_ins(site) {
        confirm(site, &["ana", "bruno", "carla"]).await;
        let (olga, mut desk) = (site.organiser().await, desk(site).await);
        let attendee = |name: &str| site.week.attendee(name);
        let lunch = json!(site.week.id("quiet-lunch"));
        let invite = json!({ "attendee": attendee("ana"), "collection": "sessions", "object": lunch });
        let invitation = olga.post(&path(site, "/invitations"), &invite).await.expect(201).json();
        let ana = person(site, &mut desk, "ana").await;
        assert_eq!(claim(&ana, &lunch).unwrap()["invitations"], json!([{ "answer": "pending" }]));
        let stand_in = json!({ "stand_in": attendee("bruno"), "session": lunch });
        olga.post(&path(site, &format!("/attendees/{}/stand-ins", attendee("ana"))), &stand_in).await.expect(201);
        let bruno = person(site, &mut desk, "bruno").await;
        assert_eq!(claim(&bruno, &lunch).unwrap()["sits_in_for"][0]["guest"], ana["index"]);
        assert_eq!(claim(&person(site, &mut desk, "ana").await, &lunch).unwrap()["stood_in_by"][0]["guest"], bruno["index"]);
        let withdraw = path(site, &format!("/invitations/{}/withdraw", invitation["id"].as_str().unwrap()));
        olga.post(&withdraw, &json!({})).await.expect(200);
        let bruno = person(site, &mut desk, "bruno").await;
        assert_eq!(claim(&bruno, &lunch).unwrap()["sits_in_for"][0]["has"]["invitations"][0]["is_withdrawn"], true);
        agree(site, &mut desk).await;
        let member = path(site, &format!("/audiences/{}/members/{}", site.week.id("advisers"), attendee("carla")));
        olga.delete(&member).await.expect(204);
        assert_eq!(claim(&person(site, &mut desk, "carla").await, &lunch), None);
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 1 })).await;
        let visit = json!(site.week.id("visit"));
        let seat = path(site, &format!("/attendees/{}/sign-ups/visit", attendee("carla")));
        olga.send((reqwest::Method::PUT, &seat), &[], &json!({})).await.expect(200);
        assert_eq!(claim(&person(site, &mut desk, "carla").await, &visit).unwrap()["seat"], "confirmed");
        olga.delete(&seat).await.expect(204);
        assert_eq!(claim(&person(site, &mut desk, "carla").await, &visit), None);
        agree(site, &mut desk).await;
    }

    async fn rosters_follow_what_decides_over_a_session(site) {
        confirm(site, &["carla"]).await;
        let mut desk = desk(site).await;
        let lunch = json!(site.week.id("quiet-lunch"));
        assert!(claim(&person(site, &mut desk, "carla").await, &lunch).is_some());
        let open = json!({ "admission": { "policy": "by_invitation", "audiences": [site.week.id("ministers")] } });
        site.week.patch(site.node.app(), (Collection::Sessions, "quiet-lunch"), open).await;
        assert_eq!(claim(&person(site, &mut desk, "carla").await, &lunch), None);
        agree(site, &mut desk).await;
    }

    async fn a_stolen_door_device_names_nobody_without_the_badge(site) {
        confirm(site, &["ana", "carla"]).await;
        let olga = site.organiser().await;
        let details = json!({ "badge_name": "Ana Belén Unmistakable", "position": "Minister of Secrets", "organisation": "Ministry Z", "email": "ana@ministry.example", "phone": "+56 2 2345 6789" });
        let target = registration(site, &site.week.attendee("ana").to_string());
        olga.patch(&target, &json!({ "details": details })).await.expect(200);
        let note = path(site, &format!("/attendees/{}/door-note", site.week.attendee("ana")));
        olga.send((reqwest::Method::PUT, &note), &[], &json!({ "text": "Ask for the sealed letter." })).await.expect(204);
        let category = olga.get(&target).await.expect(200).json()["category"].clone();
        let (mut device, mut phone) = (door(site).await, site.device("ana").await);
        phone.sync().await;
        let everything = device.everything();
        for secret in ["Unmistakable", "Secrets", "Ministry Z", "ministry.example", "2345", "sealed letter", &site.week.attendee("ana").to_string()] {
            assert!(!everything.contains(secret), "{secret}");
        }
        // The category is the event's to know, and whose it is the badge's.
        let known = rows(&mut device, "door_guests");
        assert!(known.iter().all(|row| !row.to_string().contains(category.as_str().unwrap())), "{known:?}");
        let said = claims(&keys(site, &mut device), &on_phone(&mut phone));
        let row = device.find("door_guests", said.secret.index()).unwrap();
        let read = |row: &Value| serde_json::from_value::<DoorGuest>(row.clone()).unwrap();
        let SealedGuest { details, guest } = read(&row).open(&said.secret, site.week.event).unwrap();
        assert_eq!((details.name.as_str(), details.position.as_deref()), ("Ana Belén Unmistakable", Some("Minister of Secrets")));
        assert_eq!((guest.note.as_deref(), json!(guest.category)), (Some("Ask for the sealed letter."), json!(category)));
        let other = rows(&mut device, "door_guests").into_iter().find(|one| one["sealed"] != row["sealed"]).unwrap();
        assert_eq!(read(&other).open(&said.secret, site.week.event), None);
    }

    async fn the_door_of_a_session_knows_its_few_guests_by_name_and_nobody_else(site) {
        confirm(site, &["ana", "carla"]).await;
        let lunch = site.week.id("quiet-lunch");
        area(site, "lunch", json!({ "session": lunch })).await;
        let mut device = enrol(site, json!({ "name": "The minister's door", "profile": "protocol", "session": lunch })).await;
        device.sync().await;
        let guests = rows(&mut device, "protocol_guests");
        assert_eq!((guests.len(), &guests[0]["details"]["name"]), (1, &json!("carla")));
        assert!(!rows(&mut device, "badge_keys").is_empty());
        let olga = site.organiser().await;
        let invite = json!({ "attendee": site.week.attendee("ana"), "collection": "sessions", "object": lunch });
        let invitation = olga.post(&path(site, "/invitations"), &invite).await.expect(201).json();
        device.sync().await;
        assert_eq!(rows(&mut device, "protocol_guests").len(), 2);
        let withdraw = path(site, &format!("/invitations/{}/withdraw", invitation["id"].as_str().unwrap()));
        olga.post(&withdraw, &json!({})).await.expect(200);
        device.sync().await;
        assert_eq!(rows(&mut device, "protocol_guests").len(), 1);
        assert_eq!((rows(&mut device, "desk_people").len(), rows(&mut device, "door_guests").len()), (0, 0));
    }

    async fn the_mark_of_a_part_stays_and_is_never_another_parts(site) {
        let (olga, mut tablet) = (site.organiser().await, door(site).await);
        let mut ids = Vec::new();
        for slug in ["one", "two", "three"] {
            let body = json!({ "slug": slug, "title": { "en": slug }, "state": "published", "mark": 0 });
            ids.push(olga.post(&path(site, "/parts"), &body).await.expect(201).json()["id"].clone());
        }
        let before = marks(&mut tablet).await;
        let distinct: BTreeSet<u64> = before.values().copied().collect();
        assert_eq!(distinct.len(), before.len(), "{before:?}");
        olga.delete(&path(site, &format!("/parts/{}", ids[1].as_str().unwrap()))).await.expect(204);
        let change = json!({ "title": { "en": "Three" }, "mark": 0 });
        olga.patch(&path(site, &format!("/parts/{}", ids[2].as_str().unwrap())), &change).await.expect(200);
        let body = json!({ "slug": "four", "title": { "en": "four" }, "state": "published" });
        olga.post(&path(site, "/parts"), &body).await.expect(201);
        let after = marks(&mut tablet).await;
        assert_eq!((after["one"], after["three"]), (before["one"], before["three"]));
        assert!(!distinct.contains(&after["four"]), "{after:?}");
    }
}

/// The marks of parts, by their slugs.
async fn marks(device: &mut Device) -> BTreeMap<String, u64> {
    device.sync().await;
    let rows = rows(device, "roster_parts").into_iter();
    rows.map(|row| (row["slug"].as_str().unwrap().to_owned(), row["mark"].as_u64().unwrap())).collect()
}
