//! Coaches: who is in which, who is missing, and the way back.

use serde_json::{Value, json};

use crate::check_in::cast::{check, guests, reason, rows};
use crate::enrolment::cast::{address, area, enrol, path};
use crate::harness::{Device, Site};
use crate::people::cast::move_to;

/// Makes a transfer; its id.
async fn transfer(site: &Site, slug: &str) -> String {
    let body = json!({ "slug": slug, "title": { "en": slug }, "kind": "transfer", "state": "published",
        "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
    let made = site.organiser().await.post(&path(site, "/sessions"), &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// Makes a coach of a transfer with so many seats, and its door; the door's id.
async fn coach(site: &Site, (slug, session, area): (&str, &str, &str), seats: u32) -> String {
    let olga = site.organiser().await;
    let vehicle = json!({ "slug": slug, "name": { "en": slug }, "session": session, "seats": seats });
    let vehicle = olga.post(&path(site, "/vehicles"), &vehicle).await.expect(201).json();
    let door = json!({ "slug": format!("{slug}-door"), "name": { "en": slug }, "kind": "bus", "area": area,
        "vehicle": vehicle["id"] });
    let door = olga.post(&path(site, "/checkpoints"), &door).await.expect(201).json();
    door["id"].as_str().unwrap().to_owned()
}

async fn report(site: &Site, session: &str) -> Value {
    let at = path(site, &format!("/check-in/boarding?session={session}"));
    site.organiser().await.get(&at).await.expect(200).json()
}

fn aboard(report: &Value) -> Vec<u64> {
    report["vehicles"].as_array().unwrap().iter().map(|one| one["boarded"].as_u64().unwrap()).collect()
}

on_both! {
    async fn coaches_fill_up_name_who_is_missing_and_await_the_same_people_back(site) {
        let (people, olga) = (guests(site, 3).await, site.organiser().await);
        let (out, back) = (transfer(site, "to-the-mine").await, transfer(site, "from-the-mine").await);
        let there = area(site, "there", json!({ "session": out, "rule": "once" })).await;
        let one = coach(site, ("coach-1", &out, &there), 1).await;
        let two = coach(site, ("coach-2", &out, &there), 45).await;
        let home = area(site, "home", json!({ "session": back, "rule": "once", "way_back_of": there })).await;
        let last = coach(site, ("coach-3", &back, &home), 45).await;
        let say = |door: &str, place: usize| {
            let (door, code, olga) = (door.to_owned(), people[place].code.clone(), &olga);
            async move { check(site, olga, &door, json!({ "code": code })).await }
        };
        assert_eq!(reason(&say(&one, 0).await), "admitted");
        let full = say(&one, 1).await;
        assert_eq!((reason(&full), &full["verdict"]["limit"]), ("full", &json!({ "of": "vehicle", "inside": 1, "at_most": 1 })));
        assert_eq!(reason(&say(&two, 1).await), "admitted");
        assert_eq!(reason(&say(&two, 0).await), "already_used", "they sit in the other coach");
        let told = report(site, &out).await;
        assert_eq!((aboard(&told), &told["boarded"]), (vec![1, 1], &json!(2)));
        let missing: Vec<&Value> = told["missing"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert!(missing.contains(&&json!("Guest 0002")) && !missing.contains(&&json!("Guest 0000")), "{missing:?}");
        // Only those are awaited who came.
        let told = report(site, &back).await;
        assert_eq!((&told["expected"], &told["boarded"]), (&json!(2), &json!(0)));
        assert_eq!(reason(&say(&last, 0).await), "admitted");
        let told = report(site, "from-the-mine").await;
        assert_eq!((aboard(&told), told["missing"].as_array().unwrap().len()), (vec![1], 1));
        assert_eq!(told["missing"][0]["name"], "Guest 0001");
        site.sign_in("ana").await.get(&path(site, "/check-in/boarding?session=to-the-mine")).await.expect(404);
    }

    async fn a_coach_waits_at_each_stop_for_those_who_were_told_that_it_is_theirs(site) {
        let (people, olga) = (guests(site, 4).await, site.organiser().await);
        let (out, back) = (transfer(site, "to-the-mine").await, transfer(site, "from-the-mine").await);
        let there = area(site, "there", json!({ "session": out, "rule": "once" })).await;
        let one = coach(site, ("coach-1", &out, &there), 45).await;
        let two = coach(site, ("coach-2", &out, &there), 45).await;
        let home = area(site, "home", json!({ "session": back, "rule": "once", "way_back_of": there })).await;
        let last = coach(site, ("coach-3", &back, &home), 45).await;
        let stops = json!([{ "place": { "en": "Hotel Sur" }, "at": "2018-11-26T11:10:00Z" }, { "place": { "en": "Hotel Norte" } }]);
        let rides = |of: &[(usize, u32)]| of.iter().map(|(place, stop)| json!({ "attendee": people[*place].attendee, "stop": stop })).collect::<Vec<_>>();
        let bad = json!({ "stops": stops, "passengers": rides(&[(0, 2)]) });
        let at = |slug: &str| path(site, &format!("/vehicles/{slug}"));
        olga.patch(&at("coach-1"), &bad).await.expect_problem(422, "invalid_value");
        olga.patch(&at("coach-1"), &json!({ "stops": stops, "passengers": rides(&[(0, 0), (1, 0)]) })).await.expect(200);
        olga.patch(&at("coach-2"), &json!({ "stops": stops, "passengers": rides(&[(2, 1)]) })).await.expect(200);
        // The one who is named for none of them is not awaited, and may come all the same.
        check(site, &olga, &one, json!({ "code": people[0].code })).await;
        assert_eq!(reason(&check(site, &olga, &two, json!({ "code": people[3].code })).await), "admitted");
        let told = report(site, &out).await;
        assert_eq!((&told["expected"], &told["boarded"]), (&json!(3), &json!(1)));
        let counts = |report: &Value, place: usize| report["vehicles"][place]["stops"].as_array().unwrap().iter()
            .map(|stop| (stop["expected"].as_u64().unwrap(), stop["boarded"].as_u64().unwrap())).collect::<Vec<_>>();
        assert_eq!((counts(&told, 0), counts(&told, 1)), (vec![(2, 1), (0, 0)], vec![(0, 0), (1, 0)]));
        let missing: Vec<(&str, &Value)> =
            told["missing"].as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), &one["stop"])).collect();
        assert_eq!(missing, [("Guest 0001", &json!(0)), ("Guest 0002", &json!(1))]);
        // On the way back those are awaited who came, in whichever coach they were to ride.
        check(site, &olga, &last, json!({ "code": people[3].code })).await;
        let told = report(site, &back).await;
        assert_eq!((&told["expected"], &told["missing"][0]["name"], &told["missing"][0]["stop"]), (&json!(2), &json!("Guest 0000"), &json!(0)));
    }

    async fn the_device_of_a_bus_has_the_names_of_those_who_ride_in_it_and_of_nobody_else(site) {
        let (people, olga) = (guests(site, 3).await, site.organiser().await);
        let (out, back) = (transfer(site, "to-the-mine").await, transfer(site, "from-the-mine").await);
        let there = area(site, "there", json!({ "session": out, "rule": "once" })).await;
        let one = coach(site, ("coach-1", &out, &there), 45).await;
        let two = coach(site, ("coach-2", &out, &there), 45).await;
        let home = area(site, "home", json!({ "session": back, "rule": "once", "way_back_of": there })).await;
        let last = coach(site, ("coach-3", &back, &home), 45).await;
        let mut devices = Vec::new();
        for door in [Some(&one), Some(&two), Some(&last), None] {
            let mut body = json!({ "name": "Tablet", "profile": "door" });
            if let Some(door) = door {
                body["checkpoints"] = json!([door]);
            }
            devices.push(enrol(site, body).await);
        }
        let at = |slug: &str| path(site, &format!("/vehicles/{slug}"));
        let stops = json!([{ "place": { "en": "Hotel Sur" } }]);
        let riders = |of: &[usize]| of.iter().map(|place| json!({ "attendee": people[*place].attendee, "stop": 0 })).collect::<Vec<_>>();
        olga.patch(&at("coach-1"), &json!({ "stops": stops, "passengers": riders(&[0]) })).await.expect(200);
        olga.patch(&at("coach-2"), &json!({ "stops": stops, "passengers": riders(&[1]) })).await.expect(200);
        assert_eq!(named(&mut devices).await, [vec!["Guest 0000"], vec!["Guest 0001"], vec!["Guest 0000", "Guest 0001"], vec![]]);
        for device in &mut devices {
            let everything = device.everything();
            assert!(!everything.contains("Guest 0002"), "who rides nowhere is named nowhere");
            let own = device.list("passengers").iter().map(|row| row.id.clone()).collect::<Vec<_>>();
            for person in people.iter().filter(|person| !own.contains(&person.attendee)) {
                assert!(!everything.contains(&person.attendee), "nor is who rides elsewhere");
            }
        }
        let row = rows(&mut devices[0], "passengers").await.remove(0);
        assert_eq!((&row["stop"], row["vehicle"].is_string(), row["index"].is_string()), (&json!(0), true, true));
        // Who moves to another coach, does not come any more or is called otherwise is so at once.
        olga.patch(&at("coach-1"), &json!({ "passengers": null })).await.expect(200);
        olga.patch(&at("coach-2"), &json!({ "passengers": riders(&[1, 2]) })).await.expect(200);
        move_to(site, &olga, &people[2].attendee, "cancelled").await.expect(200);
        olga.post(&path(site, &format!("/attendees/{}/corrections", people[1].attendee)), &json!({ "name": "Ana Soto" })).await.expect(200);
        assert_eq!(named(&mut devices).await, [vec![], vec!["Ana Soto"], vec!["Ana Soto"], vec![]]);
        // A way back with passengers of its own has their names alone.
        olga.patch(&at("coach-3"), &json!({ "passengers": [{ "attendee": people[0].attendee }] })).await.expect(200);
        assert_eq!(named(&mut devices).await[2], ["Guest 0000"]);
        // A device that is suspended has nobody's.
        olga.post(&address(site, &devices[1], "/suspend"), &json!(null)).await.expect(200);
        assert_eq!(named(&mut devices).await[1], Vec::<String>::new());
        // Whoever is erased rides nowhere.
        let erase = path(site, &format!("/attendees/{}/erase", people[0].attendee));
        olga.post(&erase, &json!({ "confirm": people[0].attendee })).await.expect(200);
        assert_eq!(named(&mut devices).await[2], ["Ana Soto"]);
        let vehicle = olga.get(&at("coach-3")).await.expect(200).json();
        assert_eq!(vehicle.get("passengers"), None);
    }
}

/// Whom each device has by name.
async fn named(devices: &mut [Device]) -> Vec<Vec<String>> {
    let mut named = Vec::new();
    for device in devices {
        let mut names: Vec<String> = rows(device, "passengers")
            .await
            .iter()
            .map(|row| row["details"]["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        named.push(names);
    }
    named
}
