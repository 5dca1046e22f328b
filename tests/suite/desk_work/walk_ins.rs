//! People who walk in.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};

use super::cast::{desk, newcomer, outcome, refusal, visitors};
use crate::check_in::cast::{check, reason, rows, scan, upload};
use crate::enrolment::cast::{area, checkpoint, door, path};
use crate::people::cast::{category, with_role};

fn person(badge: Option<&str>, (name, category): (&str, &str)) -> Value {
    let mut args = json!({ "name": name, "category": category });
    if let Some(badge) = badge {
        args["badge"] = json!(badge);
    }
    args
}

on_both! {
    async fn whoever_walks_in_offline_is_let_in_at_once_and_registered_later_with_what_was_scanned(site) {
        let visitors = visitors(site, json!({})).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let mut desk = desk(site, 1).await;
        let mut tablet = door(site).await;
        let (badge, secret) = desk.print(site, (7, &visitors));
        // The desk is offline: nobody else knows of the person, and every door takes the badge.
        let olga = site.organiser().await;
        let answer = check(site, &olga, &entrance, json!({ "code": badge })).await;
        assert_eq!((reason(&answer), &answer["verdict"]["is_by_badge_alone"]), ("admitted", &json!(true)));
        let guest = secret.index().to_string();
        let earlier = scan(1, (&entrance, &week), &guest, &site.clock.now().to_string());
        upload(site, &olga, &[&earlier]).await;
        let args = person(Some(&badge), ("José Núñez", &visitors));
        let registered = outcome(&mut desk.device, "walk_in.register", Some(newcomer(1)), args).await;
        assert_eq!(registered, "confirmed");
        let people = rows(&mut desk.device, "desk_people").await;
        let jose = people.iter().find(|row| row["details"]["name"] == "José Núñez").unwrap();
        assert_eq!(jose["index"], json!(guest), "the secret is the registration's");
        let kinds: Vec<&Value> = jose["carriers"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert!(kinds.contains(&&json!("provisional")) && kinds.contains(&&json!("phone")), "{kinds:?}");
        assert!(jose["walk_in"]["device"].is_string(), "{jose}");
        let guests = rows(&mut tablet, "door_guests").await;
        assert_eq!(guests.iter().filter(|row| row["guest"]["status"] == "confirmed").count(), 1, "{guests:?}");
        let answer = check(site, &olga, &entrance, json!({ "code": badge })).await;
        assert_eq!((reason(&answer), answer["details"]["name"].as_str()), ("admitted", Some("José Núñez")));
        let admissions = rows(&mut tablet, "admissions").await;
        assert_eq!(admissions.len(), 1, "what was scanned before counts as theirs: {admissions:?}");
    }

    async fn what_cannot_be_a_walk_in_is_refused_and_changes_nothing(site) {
        let open = visitors(site, json!({})).await;
        let closed = category(site, "ministers", json!({})).await;
        let (mut one, other) = (desk(site, 1).await, desk(site, 2).await);
        let (foreign, _) = other.print(site, (3, &open));
        let (of_closed, _) = one.print(site, (4, &closed));
        for (args, expected) in [
            (person(None, ("Ana", &closed)), ("closed", "/category")),
            (person(Some(&foreign), ("Ana", &open)), ("invalid_value", "/badge")),
            (person(Some(&of_closed), ("Ana", &open)), ("invalid_value", "/badge")),
            (person(Some("A MENU"), ("Ana", &open)), ("invalid_value", "/badge")),
            (person(None, ("", &open)), ("invalid_value", "/name")),
            (json!({ "category": open }), ("invalid_request", "/name")),
        ] {
            let refused = refusal(&mut one.device, "walk_in.register", Some(newcomer(1)), args.clone()).await;
            assert_eq!((refused.0.as_str(), refused.1.as_str()), expected, "{args}");
        }
        let mut tablet = door(site).await;
        let refused = refusal(&mut tablet, "walk_in.register", Some(newcomer(1)), person(None, ("Ana", &open))).await;
        assert_eq!(refused.0, "forbidden");
        let people = rows(&mut one.device, "desk_people").await;
        assert!(people.iter().all(|row| row.get("walk_in").is_none()), "{people:?}");
    }

    async fn a_walk_in_who_was_registered_is_shown_as_such_and_ends_for_the_one_that_stays(site) {
        let visitors = visitors(site, json!({})).await;
        let olga = site.organiser().await;
        let known = json!({ "name": "José Núñez", "category": visitors, "email": "jose@example.org" });
        let known = olga.post(&path(site, "/registrations"), &known).await.expect(201).json();
        let mut desk = desk(site, 1).await;
        let (badge, _) = desk.print(site, (7, &visitors));
        let mut args = person(Some(&badge), ("Nunez, Jose", &visitors));
        args["email"] = json!("jose@example.org");
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(1)), args).await, "confirmed");
        let people = rows(&mut desk.device, "desk_people").await;
        let walked_in = people.iter().find(|row| row.get("walk_in").is_some()).unwrap();
        assert_eq!(walked_in["walk_in"]["may_be"], json!([known["attendee"]]));
        let same = json!({ "same_as": known["attendee"] });
        assert_eq!(outcome(&mut desk.device, "walk_in.settle", Some(newcomer(1)), same).await, "cancelled");
        let voids = rows(&mut desk.device, "void_badges").await;
        assert!(voids.iter().any(|void| void["carrier"] == 1_007 && void["reason"] == "replaced"), "{voids:?}");
        let people = rows(&mut desk.device, "desk_people").await;
        let walked_in = people.iter().find(|row| row.get("walk_in").is_some()).unwrap();
        assert!(walked_in["walk_in"].get("may_be").is_none() && walked_in["walk_in"]["settled_at"].is_string());
        // What was said first stays.
        assert_eq!(outcome(&mut desk.device, "walk_in.settle", Some(newcomer(1)), json!({})).await, "cancelled");
        let refused = refusal(&mut desk.device, "walk_in.settle", Some(newcomer(9)), json!({})).await;
        assert_eq!(refused, ("forbidden".to_owned(), "/for".to_owned()), "no such walk-in");
    }

    async fn a_connected_desk_registers_by_rest_and_waits_where_there_is_no_room(site) {
        let visitors = visitors(site, json!({ "capacity": 1 })).await;
        let dora = with_role(site, "dora", Role::Desk).await;
        let body = json!({ "name": "José Núñez", "category": visitors, "email": "jose@example.org" });
        let first = dora.post(&path(site, "/walk-ins"), &body).await.expect(201).json();
        assert_eq!((&first["status"], &first["may_be"]), (&json!("confirmed"), &json!([])));
        let badges = path(site, &format!("/attendees/{}/badges", first["attendee"].as_str().unwrap()));
        let badges = dora.get(&badges).await.expect(200).json();
        assert!(badges["items"].as_array().unwrap().iter().any(|one| one["carrier"] == first["carrier"] && one["kind"] == "paper"));
        let next = dora.post(&path(site, "/walk-ins"), &json!({ "name": "Ana Soto", "category": visitors })).await;
        let next = next.expect(201).json();
        assert_eq!((&next["status"], next.get("carrier")), (&json!("waitlisted"), None));
        site.sign_in("ana").await.post(&path(site, "/walk-ins"), &body).await.expect_problem(403, "forbidden");
        site.anonymous().post(&path(site, "/walk-ins"), &body).await.expect(401);
        let settle = path(site, &format!("/walk-ins/{}/settle", next["attendee"].as_str().unwrap()));
        let nobody = json!({ "same_as": newcomer(77) });
        dora.post(&settle, &nobody).await.expect_problem(422, "unknown_reference");
        assert_eq!(dora.post(&settle, &json!({})).await.expect(200).json()["status"], "waitlisted");
    }
}
