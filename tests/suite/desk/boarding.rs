//! Coaches: who is missing, and where.

use serde_json::json;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, path};
use crate::people::cast::category;

on_both! {
    async fn a_steward_sees_who_is_missing_and_how_many_are_in_the_coach(site) {
        let olga = site.organiser().await;
        let transfer = json!({ "slug": "to-the-mine", "title": { "en": "To the mine" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
        let transfer = olga.post(&path(site, "/sessions"), &transfer).await.expect(201).json();
        let out = area(site, "out", json!({ "session": transfer["id"], "rule": "once" })).await;
        let coach = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "session": transfer["id"], "seats": 2 });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "kind": "bus", "area": out, "vehicle": coach["id"] });
        let bus = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        let experts = category(site, "experts", json!({})).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let carla = guest(site, "carla", &experts).await;
        let desk = Desk::enrol(site, "full", bus["id"].as_str().unwrap()).await;
        let said = desk.says(&[&ana, ":missing", &bruno, &carla, ":missing"]);
        assert_eq!(said[1], "1 of 3. Coach 3: 1 of 2. Missing: bruno; carla.");
        assert!(said[3].starts_with("NO ") && said[3].contains("no room"), "{said:?}");
        assert_eq!(said[4], "2 of 3. Coach 3: 2 of 2. Missing: carla.");
        let door = Desk::enrol(site, "door", bus["id"].as_str().unwrap()).await;
        desk.sync().await;
        door.sync().await;
        assert_eq!(door.says(&[":missing"]), ["2 of 3. Coach 3: 2 of 2. Missing: 1 (without a name here)."]);
    }

    async fn the_device_of_a_coach_names_who_is_missing_at_which_stop_and_no_one_else(site) {
        let olga = site.organiser().await;
        let transfer = json!({ "slug": "to-the-mine", "title": { "en": "To the mine" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
        let transfer = olga.post(&path(site, "/sessions"), &transfer).await.expect(201).json();
        let out = area(site, "out", json!({ "session": transfer["id"], "rule": "once" })).await;
        let experts = category(site, "experts", json!({})).await;
        let (ana, _, _) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await, guest(site, "carla", &experts).await);
        let rides = |who: &str, stop: u32| json!({ "attendee": site.week.attendee(who), "stop": stop });
        let coach = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "session": transfer["id"], "seats": 45,
            "stops": [{ "place": { "en": "Hotel Sur" }, "at": "2018-11-26T11:10:00Z" }, { "place": { "en": "Hotel Norte" } }],
            "passengers": [rides("ana", 0), rides("bruno", 0), rides("carla", 1)] });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-3", "name": { "en": "Coach 3" }, "kind": "bus", "area": out, "vehicle": coach["id"] });
        let bus = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        let (bus, told) = (bus["id"].as_str().unwrap(), "1 of 3. Coach 3: 1 of 45. Hotel Sur 08:10: 1 of 2. Hotel Norte: 0 of 1. \
             Missing: bruno [Hotel Sur 08:10]; carla [Hotel Norte].");
        for profile in ["door", "full"] {
            let desk = Desk::enrol(site, profile, bus).await;
            let said = desk.says(&[&ana, ":missing"]);
            assert_eq!(said[1], told, "{profile}");
        }
        // The way back awaits who came, by the names of the way there.
        let back = json!({ "slug": "from-the-mine", "title": { "en": "Back" }, "kind": "transfer", "state": "published",
            "starts_at": "2018-11-26T20:00:00Z", "ends_at": "2018-11-26T21:00:00Z" });
        let back = olga.post(&path(site, "/sessions"), &back).await.expect(201).json();
        let home = area(site, "home", json!({ "session": back["id"], "rule": "once", "way_back_of": out })).await;
        let coach = json!({ "slug": "coach-4", "name": { "en": "Coach 4" }, "session": back["id"], "seats": 45 });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let bus = json!({ "slug": "coach-4", "name": { "en": "Coach 4" }, "kind": "bus", "area": home, "vehicle": coach["id"] });
        let last = olga.post(&path(site, "/checkpoints"), &bus).await.expect(201).json();
        olga.post(&path(site, "/checkpoints/coach-3/check"), &json!({ "code": ana })).await.expect(200);
        let desk = Desk::enrol(site, "door", last["id"].as_str().unwrap()).await;
        assert_eq!(desk.says(&[":missing"]), ["0 of 1. Coach 4: 0 of 45. Missing: ana [Hotel Sur 08:10]."]);
    }
}
