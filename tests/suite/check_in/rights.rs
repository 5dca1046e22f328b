//! By what right something was scanned or taken back: a device that is out of use changes nothing any more, and what it
//! did before is not lost.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};

use super::cast::{guests, index, lunch, rows, scan, upload};
use crate::enrolment::cast::{address, door, enrol};
use crate::harness::{Actor, Device, Site};
use crate::people::cast::{path, with_role};

/// What takes a scan back.
fn undo(number: u128, of: &Value, at: &str) -> Value {
    let mut undo = scan(number, ("", ""), "", at);
    for field in ["checkpoint", "area", "guest"] {
        undo[field] = of[field].clone();
    }
    undo["undoes"] = of["id"].clone();
    undo.as_object_mut().unwrap().remove("verdict");
    undo
}

/// Who was let in, as a desk knows.
async fn let_in(desk: &mut Device) -> Vec<String> {
    let mut guests: Vec<String> =
        rows(desk, "admissions").await.iter().map(|row| row["guest"].as_str().unwrap().to_owned()).collect();
    guests.sort();
    guests
}

/// What is open, by kind, with how many scans show it.
async fn open(site: &Site, actor: &Actor) -> Vec<(String, usize)> {
    let found = actor.get(&path(site, "/incidents")).await.expect(200).json();
    let line = |one: &Value| (one["kind"].as_str().unwrap().to_owned(), one["scans"].as_array().unwrap().len());
    let mut lines: Vec<(String, usize)> = found["items"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

fn sorted(mut guests: Vec<&String>) -> Vec<String> {
    guests.sort();
    guests.into_iter().cloned().collect()
}

on_both! {
    async fn a_revoked_device_lets_nobody_in_and_takes_nothing_back_and_what_it_scanned_before_counts(site) {
        let (people, lunch) = (guests(site, 4).await, lunch(site, 2).await);
        let olga = site.organiser().await;
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let (mut stolen, other) = (door(site).await, door(site).await);
        let who: Vec<String> = people.iter().map(|guest| index(site, &mut desk, guest)).collect();
        let (here, there) = ((lunch.doors[0].as_str(), lunch.area.as_str()), (lunch.doors[1].as_str(), lunch.area.as_str()));
        let before = site.clock.now().plus_minutes(1).to_string();
        let (own, others) = (scan(1, here, &who[0], &before), scan(2, there, &who[1], &before));
        upload(site, &stolen.actor, &[&own]).await;
        upload(site, &other.actor, &[&others]).await;
        site.clock.advance_ms(180_000);
        olga.post(&address(site, &stolen, "/revoke"), &json!(null)).await.expect(200);
        site.clock.advance_ms(60_000);
        let now = site.clock.now().to_string();
        let honest = scan(3, here, &who[2], &before);
        let mut counted = scan(6, here, "", &now);
        counted.as_object_mut().unwrap().retain(|field, _| !["guest", "verdict"].contains(&field.as_str()));
        counted["count"] = 500.into();
        let forged = [undo(4, &others, &now), scan(5, here, &who[3], &now), counted, undo(7, &own, &now)];
        let all: Vec<&Value> = forged.iter().chain([&honest]).collect();
        assert_eq!(upload(site, &stolen.actor, &all).await, ["recorded"; 5], "no fact is refused or lost");
        assert_eq!(let_in(&mut desk).await, sorted(vec![&who[0], &who[1], &who[2]]));
        let expected = [("unauthorised".to_owned(), 1), ("unauthorised".to_owned(), 1), ("unauthorised".to_owned(), 2), ("unauthorised".to_owned(), 2)];
        assert_eq!(open(site, &olga).await, expected);
        let occupancy = olga.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!((&occupancy["uses"][0]["guests"], &occupancy["uses"][0]["counted"]), (&json!(3), &json!(0)));
        // By mutation it is the same, and a lead settles what came out.
        stolen.edit("scan.undo", None, undo(8, &others, &now));
        stolen.sync().await;
        assert_eq!(let_in(&mut desk).await.len(), 3);
        let lea = with_role(site, "lea", Role::DeskLead).await;
        let odd = lea.get(&path(site, "/incidents")).await.expect(200).json();
        for one in odd["items"].as_array().unwrap() {
            let resolve = path(site, &format!("/incidents/{}/resolve", one["id"].as_str().unwrap()));
            lea.post(&resolve, &json!({ "note": "The stolen tablet." })).await.expect(200);
        }
        assert_eq!(open(site, &olga).await, []);
    }

    async fn a_suspended_device_lets_nobody_in_until_it_is_resumed(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let lost = door(site).await;
        let who: Vec<String> = people.iter().map(|guest| index(site, &mut desk, guest)).collect();
        let here = (lunch.doors[0].as_str(), lunch.area.as_str());
        site.clock.advance_ms(60_000);
        olga.post(&address(site, &lost, "/suspend"), &json!(null)).await.expect(200);
        site.clock.advance_ms(60_000);
        let now = site.clock.now().to_string();
        upload(site, &lost.actor, &[&scan(1, here, &who[0], &now)]).await;
        assert_eq!(let_in(&mut desk).await, Vec::<String>::new());
        olga.post(&address(site, &lost, "/resume"), &json!(null)).await.expect(200);
        upload(site, &lost.actor, &[&scan(2, here, &who[1], &now)]).await;
        assert_eq!(let_in(&mut desk).await, [who[1].clone()]);
        assert_eq!(open(site, &olga).await, [("unauthorised".to_owned(), 1)]);
    }

    async fn a_door_scans_where_it_stands_and_what_it_scanned_where_it_stood_before_counts(site) {
        let (people, lunch) = (guests(site, 3).await, lunch(site, 2).await);
        let olga = site.organiser().await;
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let who: Vec<String> = people.iter().map(|guest| index(site, &mut desk, guest)).collect();
        let (here, there) = ((lunch.doors[0].as_str(), lunch.area.as_str()), (lunch.doors[1].as_str(), lunch.area.as_str()));
        let device = enrol(site, json!({ "name": "A door", "profile": "door", "checkpoints": [lunch.doors[0]] })).await;
        site.clock.advance_ms(60_000);
        let before = site.clock.now().to_string();
        upload(site, &device.actor, &[&scan(1, there, &who[0], &before)]).await;
        assert_eq!((let_in(&mut desk).await.len(), open(site, &olga).await), (0, vec![("unauthorised".to_owned(), 1)]));
        site.clock.advance_ms(60_000);
        olga.patch(&address(site, &device, ""), &json!({ "checkpoints": [lunch.doors[1]] })).await.expect(200);
        site.clock.advance_ms(60_000);
        let now = site.clock.now().to_string();
        let scans = [scan(2, here, &who[1], &before), scan(3, here, &who[2], &now)];
        upload(site, &device.actor, &[&scans[0], &scans[1]]).await;
        assert_eq!(let_in(&mut desk).await, [who[1].clone()]);
        assert_eq!(open(site, &olga).await.len(), 2);
    }

    async fn a_door_takes_back_its_own_scans_and_a_desk_takes_back_everybodys(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let who = index(site, &mut desk, &people[0]);
        let (one, other) = (door(site).await, door(site).await);
        let at = site.clock.now().to_string();
        let entered = scan(1, (&lunch.doors[0], &lunch.area), &who, &at);
        // What takes it back may arrive first.
        upload(site, &other.actor, &[&undo(2, &entered, &at)]).await;
        upload(site, &one.actor, &[&entered]).await;
        assert_eq!(let_in(&mut desk).await, std::slice::from_ref(&who));
        let olga = site.organiser().await;
        assert_eq!(open(site, &olga).await, [("unauthorised".to_owned(), 2)]);
        upload(site, &one.actor, &[&undo(3, &entered, &at)]).await;
        assert_eq!((let_in(&mut desk).await.len(), open(site, &olga).await.len()), (0, 0));
        let again = scan(4, (&lunch.doors[0], &lunch.area), &who, &at);
        upload(site, &one.actor, &[&again]).await;
        assert_eq!(let_in(&mut desk).await.len(), 1);
        let actor = desk.actor.clone();
        upload(site, &actor, &[&undo(5, &again, &at)]).await;
        assert_eq!(let_in(&mut desk).await.len(), 0);
    }
}
