//! What is kept of badges goes with the person.

use serde_json::{Value, json};

use super::cast::{act, badges, carrier, confirm, list, paper, rows};
use crate::enrolment::cast::{door, enrol};
use crate::people::cast::path;

on_both! {
    async fn an_attendee_who_is_erased_or_taken_away_leaves_nothing_in_rosters(site) {
        confirm(site, &["ana", "bruno", "carla"]).await;
        let olga = site.organiser().await;
        let (mut desk, mut device) = (enrol(site, json!({ "name": "Desk", "profile": "full" })).await, door(site).await);
        for who in ["ana", "bruno"] {
            let printed = paper(site, &olga, who).await;
            act(&olga, &carrier(site, &printed, "report")).await.expect(200);
        }
        desk.sync().await;
        device.sync().await;
        assert_eq!((rows(&mut desk, "desk_people").len(), rows(&mut device, "void_badges").len()), (3, 2));
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let erase = path(site, &format!("/attendees/{ana}/erase"));
        olga.post(&erase, &json!({ "confirm": ana })).await.expect(200);
        olga.delete(&path(site, &format!("/attendees/{bruno}"))).await.expect(204);
        desk.sync().await;
        device.sync().await;
        let left = rows(&mut desk, "desk_people");
        assert_eq!((left.len(), &left[0]["details"]["name"]), (1, &json!("carla")));
        assert_eq!(rows(&mut device, "door_guests").len(), 1);
        let voids = rows(&mut device, "void_badges");
        assert_eq!(voids.len(), 4, "both badges of both open nothing, and say of nobody whose they were: {voids:?}");
        assert_eq!(list(site, &olga, "ana").await, Vec::<Value>::new());
        olga.get(&badges(site, "bruno")).await.expect_problem(404, "not_found");
    }

    async fn people_read_what_is_held_of_their_badges(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.sign_in("ana").await);
        let printed = paper(site, &olga, "ana").await;
        let data = path(site, &format!("/attendees/{}/data", site.week.attendee("ana")));
        let held = ana.get(&data).await.expect(200).json();
        let kinds: Vec<&Value> = held["badges"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds.len(), 2);
        let issued = held["badges"].as_array().unwrap().iter().find(|one| one["carrier"] == printed["carrier"]).unwrap();
        assert_eq!(issued["issued_by"], json!(olga.account()));
        assert!(!ana.get(&data).await.mentions(printed["token"].as_str().unwrap()));
    }
}
