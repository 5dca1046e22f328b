//! Scans in bulk: none is refused, whatever it says, and what is odd is kept and shown.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{guests, index, lunch, rows, scan, upload};
use crate::enrolment::cast::{door, enrol};
use crate::people::cast::{path, with_role};

on_both! {
    async fn what_cannot_be_read_is_kept_and_shown_to_a_person(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let mut door = door(site).await;
        let guest = index(site, &mut door, &people[0]);
        let good = scan(1, (&lunch.doors[0], &lunch.area), &guest, "2018-11-26T15:00:00.000Z");
        let mut odd = good.clone();
        odd["at"] = json!({ "wall": "yesterday" });
        let (rubbish, nothing) = (json!({ "id": "\u{0}", "text": "x".repeat(20_000) }), json!(null));
        let body = json!({ "scans": [odd, good, rubbish, nothing] });
        let answer = door.actor.post(&path(site, "/scans"), &body).await.expect(200).json();
        let words: Vec<&str> = answer["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
        assert_eq!(words, ["not_understood", "recorded", "not_understood", "not_understood"]);
        assert_eq!(answer["results"][0]["field"], "/at/wall");
        door.edit("scan.record", None, json!({ "what": "is this" }));
        let results = door.sync().await;
        assert_eq!(serde_json::to_value(&results).unwrap()[0]["outcome"], "not_understood");
        let olga = site.organiser().await;
        let incidents = olga.list_by_pages(&path(site, "/incidents"), 2).await;
        assert_eq!(incidents.iter().filter(|one| one["kind"] == "not_understood").count(), 4);
        // A lead is shown what came, from where and when, and what is wrong with it; not more than one reads.
        let came: Vec<&Value> = incidents.iter().map(|one| &one["came"]).collect();
        let wall = came.iter().find(|came| came["field"] == "/at/wall").unwrap();
        assert_eq!((&wall["device"], &wall["device_name"]), (&json!(door.actor.device()), &json!("A door")));
        assert_eq!((&wall["account"], &wall["received_at"]), (&json!(door.actor.account()), &json!(site.clock.now())));
        assert!(wall["text"].as_str().unwrap().contains("yesterday") && wall["problem"].is_string(), "{wall}");
        let longest = came.iter().map(|came| came["text"].as_str().unwrap().chars().count()).max();
        assert_eq!(longest, Some(1_000));
        assert!(came.iter().all(|came| came["problem"].as_str().unwrap().chars().count() <= 300));
        // The same again is no other incident, and changes nothing.
        site.clock.advance_ms(1_000);
        door.actor.post(&path(site, "/scans"), &json!({ "scans": [odd] })).await.expect(200);
        assert_eq!(olga.list_by_pages(&path(site, "/incidents"), 2).await, incidents);
        let many = json!({ "id": Uuid::from_u128(3), "checkpoint": lunch.doors[0], "area": lunch.area,
            "at": { "wall": "2018-11-26T15:00:00.000Z" }, "count": 10_001 });
        let answer = door.actor.post(&path(site, "/scans"), &json!({ "scans": [many] })).await.expect(200).json();
        assert_eq!((&answer["results"][0]["status"], &answer["results"][0]["field"]), (&json!("not_understood"), &json!("/count")));
    }

    async fn two_scans_with_one_id_are_both_kept_and_marked(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let mut desk = enrol(site, json!({ "name": "A desk", "profile": "full" })).await;
        desk.sync().await;
        let at = (lunch.doors[0].as_str(), lunch.area.as_str());
        let scans = [0, 1].map(|number: usize| {
            let guest = index(site, &mut desk, &people[number]);
            scan(7, at, &guest, "2018-11-26T15:00:00.000Z")
        });
        assert_eq!(upload(site, &desk.actor, &[&scans[0], &scans[1], &scans[0]]).await, ["recorded", "reused", "duplicate"]);
        assert_eq!(rows(&mut desk, "admissions").await.len(), 2);
        let incidents = rows(&mut desk, "incidents").await;
        assert_eq!((incidents.len(), &incidents[0]["kind"], incidents[0]["guests"].as_array().unwrap().len()), (1, &json!("id_reused"), 2));
    }

    async fn only_who_has_to_do_with_checkpoints_hands_in_scans_and_bounds_hold(site) {
        let olga = site.organiser().await;
        for name in ["ana", "bruno"] {
            site.sign_in(name).await.post(&path(site, "/scans"), &json!({ "scans": [] })).await.expect_problem(403, "forbidden");
        }
        site.sign_in("otto").await.post(&path(site, "/scans"), &json!({ "scans": [] })).await.expect(403);
        site.anonymous().post(&path(site, "/scans"), &json!({ "scans": [] })).await.expect(401);
        assert_eq!(upload(site, &olga, &[]).await, Vec::<String>::new());
        let many: Vec<Value> = (0..5_001).map(|_| json!({})).collect();
        olga.post(&path(site, "/scans"), &json!({ "scans": many })).await.expect_problem(413, "too_large");
        olga.post(&path(site, "/scans"), &json!({ "scans": {} })).await.expect(400);
        olga.post(&path(site, "/scans"), &json!([])).await.expect(400);
        let mut phone = site.device("ana").await;
        phone.edit("scan.record", None, json!({ "id": Uuid::from_u128(1) }));
        let results = phone.sync().await;
        assert_eq!(serde_json::to_value(&results).unwrap()[0]["reason"], "forbidden");
    }

    async fn scans_are_given_out_as_a_file(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let dana = with_role(site, "dana", Role::Desk).await;
        super::cast::check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await;
        let by_hand = json!({ "attendee": people[0].attendee, "by_hand": "=1+1" });
        super::cast::check(site, &dana, &lunch.doors[0], by_hand).await;
        super::cast::check(site, &dana, &lunch.doors[0], json!({ "code": "menu" })).await;
        let file = dana.get(&path(site, "/scans/export?format=csv&area=lunch")).await.expect(200);
        let text = file.text();
        let lines: Vec<&str> = text.trim_end().lines().collect();
        assert_eq!((lines.len(), lines[0].contains("received_at")), (4, true));
        assert_eq!(lines.iter().filter(|line| line.contains("Guest 0000")).count(), 2);
        assert!(lines.iter().any(|line| line.contains("already_used") && line.contains("yes")), "{text}");
        assert!(!text.contains(",=1+1"), "no cell becomes a formula");
        dana.get(&path(site, "/scans/export?format=xlsx")).await.expect(200);
        dana.get(&path(site, "/scans/export?format=csv&area=nowhere")).await.expect(404);
        site.sign_in("ana").await.get(&path(site, "/scans/export?format=csv")).await.expect(404);
    }

    async fn of_what_cannot_be_read_a_row_shows_the_beginning_and_its_own_address_all_that_is_kept(site) {
        let (olga, mut desk) = (site.organiser().await, enrol(site, json!({ "name": "Desk", "profile": "full" })).await);
        let odd = json!({ "id": "no uuid", "what": "x".repeat(9_000) });
        assert_eq!(upload(site, &olga, &[&odd]).await, ["not_understood"]);
        let held = rows(&mut desk, "incidents").await;
        assert_eq!(held[0]["came"]["text"].as_str().unwrap().len(), 1_000);
        let listed = olga.get(&path(site, "/incidents")).await.expect(200).json();
        assert_eq!(listed["items"][0]["came"], held[0]["came"]);
        let own = path(site, &format!("/incidents/{}", listed["items"][0]["id"].as_str().unwrap()));
        let whole = desk.actor.get(&own).await.expect(200).json();
        assert_eq!(whole["came"]["text"], odd.to_string()[..8_000]);
        assert_eq!(whole["came"]["problem"], held[0]["came"]["problem"]);
        site.sign_in("ana").await.get(&own).await.expect_problem(404, "not_found");
        olga.get(&path(site, "/incidents/0192f1aa-7a10-7000-8000-000000005000")).await.expect_problem(404, "not_found");
    }

    async fn who_is_erased_leaves_scans_of_nobody(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let mut door = door(site).await;
        let by_hand = json!({ "attendee": people[0].attendee, "by_hand": "Known to Mr Soto." });
        super::cast::check(site, &olga, &lunch.doors[0], by_hand).await;
        assert_eq!(rows(&mut door, "admissions").await.len(), 1);
        olga.delete(&path(site, &format!("/attendees/{}", people[0].attendee))).await.expect(204);
        assert_eq!(rows(&mut door, "admissions").await, Vec::<Value>::new());
        let text = olga.get(&path(site, "/scans/export?format=csv")).await.expect(200).text();
        assert!(text.contains("admitted") && !text.contains("Guest 0000") && !text.contains("Soto"), "{text}");
    }
}
