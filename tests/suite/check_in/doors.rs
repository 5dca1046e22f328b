//! Doors that were offline: whatever the order in which their scans arrive, the same is derived.

use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{guests, index, lunch, rows, scan, upload};
use crate::enrolment::cast::{address, door, enrol};
use crate::harness::{Device, Site};

/// A desk, which holds what doors hold and more.
async fn desk(site: &Site) -> Device {
    let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
    desk.sync().await;
    desk
}

/// What a desk holds of admissions and incidents, without when the server found them.
async fn derived(desk: &mut Device) -> (Vec<Value>, Vec<Value>) {
    let admissions = rows(desk, "admissions").await;
    let mut incidents = rows(desk, "incidents").await;
    incidents.iter_mut().for_each(|incident| incident["found_at"] = json!(null));
    (admissions, incidents)
}

on_both! {
    async fn two_offline_doors_admit_one_badge_and_both_facts_are_kept(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 2).await);
        let (mut east, mut west, mut desk) = (door(site).await, door(site).await, desk(site).await);
        let guest = index(site, &mut desk, &people[0]);
        // The clock of the western door is ten minutes ahead, and it knows.
        let early = scan(1, (&lunch.doors[0], &lunch.area), &guest, "2018-11-26T15:00:00.000Z");
        let mut late = scan(2, (&lunch.doors[1], &lunch.area), &guest, "2018-11-26T15:13:00.000Z");
        late["at"]["offset_ms"] = json!(-600_000);
        west.edit("scan.record", None, late);
        west.sync().await;
        assert_eq!(derived(&mut desk).await.0[0]["first"]["scan"], json!(Uuid::from_u128(0x5002)));
        east.edit("scan.record", None, early);
        east.sync().await;
        let (admissions, incidents) = derived(&mut desk).await;
        assert_eq!(admissions.len(), 1);
        assert_eq!(admissions[0]["first"]["scan"], json!(Uuid::from_u128(0x5001)), "by the corrected time");
        assert_eq!(admissions[0]["first"]["device"], json!(east.actor.device()));
        assert_eq!((incidents.len(), &incidents[0]["kind"]), (1, &json!("second_use")));
        let times = [&incidents[0]["scans"][0]["at"], &incidents[0]["scans"][1]["at"]];
        assert_eq!(times, ["2018-11-26T15:00:00.000Z", "2018-11-26T15:03:00.000Z"]);
        east.sync().await;
        assert_eq!(rows(&mut east, "admissions").await, admissions, "doors hold it as well");
        assert_eq!(rows(&mut east, "incidents").await, Vec::<Value>::new(), "and nothing of what is odd");
    }

    async fn any_order_and_splitting_of_the_same_scans_gives_the_same(site) {
        let (people, lunch) = (guests(site, 3).await, lunch(site, 2).await);
        let (door, mut desk) = (door(site).await.actor, desk(site).await);
        let mut scans = Vec::new();
        for (number, guest) in [0, 0, 1, 2, 2, 2].into_iter().enumerate() {
            let guest = index(site, &mut desk, &people[guest]);
            let at = format!("2018-11-26T15:{:02}:00.000Z", 40 - 5 * number);
            scans.push(scan(number as u128, (&lunch.doors[number % 2], &lunch.area), &guest, &at));
        }
        let mut undo = scan(9, (&lunch.doors[0], &lunch.area), "", "2018-11-26T16:00:00.000Z");
        undo.as_object_mut().unwrap().retain(|field, _| field != "guest" && field != "verdict");
        undo["undoes"] = scans[4]["id"].clone();
        scans.push(undo);
        let one_by_one = [6, 2, 5, 0, 4, 3, 1].map(|place: usize| &scans[place]);
        for scan in one_by_one {
            assert_eq!(upload(site, &door, &[scan]).await, ["recorded"]);
        }
        let first = derived(&mut desk).await;
        assert_eq!((first.0.len(), first.1.len()), (3, 2));
        let head = desk.last_answer().covers.clone();
        let all: Vec<&Value> = scans.iter().collect();
        assert_eq!(upload(site, &door, &all).await, ["duplicate"; 7]);
        assert_eq!(derived(&mut desk).await, first);
        assert_eq!(desk.last_answer().covers, head, "what was there already is no commit");
    }

    async fn a_device_that_was_revoked_still_hands_in_what_it_scanned_and_nothing_else(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let (mut door, mut desk) = (door(site).await, desk(site).await);
        let first = index(site, &mut desk, &people[0]);
        let second = index(site, &mut desk, &people[1]);
        let at = (lunch.doors[0].as_str(), lunch.area.as_str());
        let before = site.clock.now().to_string();
        site.clock.advance_ms(60_000);
        door.edit("scan.record", None, scan(1, at, &first, &before));
        site.organiser().await.post(&address(site, &door, "/revoke"), &json!(null)).await.expect(200);
        door.sync().await;
        assert_eq!(door.list("door_guests").len(), 0, "its roster is gone");
        let late = scan(2, at, &second, &before);
        assert_eq!(upload(site, &door.actor, &[&late]).await, ["recorded"]);
        assert_eq!(rows(&mut desk, "admissions").await.len(), 2);
    }

    async fn what_is_taken_back_lets_nobody_in_whichever_arrives_first(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let (mut door, mut desk) = (door(site).await, desk(site).await);
        let guest = index(site, &mut desk, &people[0]);
        let at = (lunch.doors[0].as_str(), lunch.area.as_str());
        let entered = scan(1, at, &guest, "2018-11-26T15:00:00.000Z");
        let undo = json!({ "id": Uuid::from_u128(0x5002), "checkpoint": at.0, "area": at.1, "undoes": entered["id"],
            "at": { "wall": "2018-11-26T15:00:09.000Z" } });
        door.edit("scan.undo", None, undo);
        door.sync().await;
        door.edit("scan.record", None, entered.clone());
        door.sync().await;
        assert_eq!(rows(&mut desk, "admissions").await, Vec::<Value>::new());
        assert_eq!(upload(site, &door.actor, &[&entered]).await, ["duplicate"]);
        let mut without = entered;
        without["undoes"] = json!(null);
        door.edit("scan.undo", None, without);
        let refused = door.sync().await;
        assert_eq!(serde_json::to_value(&refused).unwrap()[0]["field"], "/undoes");
    }
}
