//! Somebody takes a place for good: what goes to them, what ends, and who is told.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::{Collection, DelegationDuty};
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, move_to, newcomer, on_duty, path, put, registration, text, with_role};
use crate::harness::{Actor, Answer, Device, Site};

fn replace(site: &Site, attendee: &str) -> String {
    path(site, &format!("/attendees/{attendee}/replace"))
}

/// Registers somebody new by the organiser, with an account; their id.
async fn enter(site: &Site, name: &str, fields: Value) -> String {
    let mut body = json!({ "name": name, "email": format!("{name}@example.org") });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    text(&site.organiser().await.post(&path(site, "/registrations"), &body).await.expect(201), "attendee")
}

/// Carla Díaz takes the place; her registration.
async fn by_carla(site: &Site, actor: &Actor, attendee: &str) -> Answer {
    let details = json!({ "position": "Vice-Minister", "country": "CL" });
    let body =
        json!({ "name": "Carla Díaz", "email": "carla.diaz@example.org", "details": details, "reason": "The vote." });
    actor.post(&replace(site, attendee), &body).await
}

async fn status_of(site: &Site, attendee: &str) -> Value {
    site.organiser().await.get(&registration(site, attendee)).await.expect(200).json()
}

/// What somebody's inbox says, by kind and reason.
async fn told(site: &Site, actor: &Actor) -> Vec<(String, Value)> {
    let mut phone = Device::new(actor.clone(), &site.week.slug, &site.clock);
    phone.sync().await;
    let rows = phone.list("notices");
    let notices = rows.iter().map(|row| serde_json::from_str::<Value>(&row.value).unwrap());
    notices.map(|notice| (notice["kind"].as_str().unwrap().to_owned(), notice["details"]["reason"].clone())).collect()
}

/// Who holds what in the visit, by attendee.
async fn seats(site: &Site) -> Vec<(String, String)> {
    let page = site.organiser().await.get(&path(site, "/sessions/visit/sign-ups")).await.expect(200).json();
    let one =
        |item: &Value| (item["attendee"].as_str().unwrap().to_owned(), item["state"].as_str().unwrap().to_owned());
    let live = page["items"].as_array().unwrap().iter().filter(|item| item["state"] != "cancelled");
    live.map(one).collect()
}

async fn take_seat(site: &Site, attendee: &str) {
    let target = path(site, &format!("/attendees/{attendee}/sign-ups/visit"));
    site.organiser().await.send((Method::PUT, &target), &[], &json!({})).await.expect(200);
}

on_both! {
    async fn the_new_person_has_the_place_and_both_are_told(site) {
        let delegates = category(site, "delegates", json!({ "capacity": 1 })).await;
        let chile = delegation(site, "chile", json!({ "capacity": 1 })).await;
        let minister = enter(site, "minister", json!({ "category": delegates, "delegation": chile, "delegation_role": "head" })).await;
        let waiting = enter(site, "waiting", json!({ "category": delegates })).await;
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let made = by_carla(site, &fay, &minister).await.expect(201);
        let carla = text(&made, "attendee");
        let made = made.json();
        assert_eq!((&made["status"], &made["delegation_role"], &made["replaces"]), (&json!("confirmed"), &json!("head"), &json!(minister)));
        assert_eq!((&made["delegation"], &made["details"]["position"]), (&json!(chile), &json!("Vice-Minister")));
        let left = status_of(site, &minister).await;
        assert_eq!((&left["status"], &left["replaced_by"]), (&json!("cancelled"), &json!(carla)));
        assert_eq!(status_of(site, &waiting).await["status"], "waitlisted", "no place became free");
        assert_eq!(told(site, &newcomer(site, "minister").await).await.last().unwrap(), &("place_replaced".to_owned(), json!("The vote.")));
        assert_eq!(told(site, &newcomer(site, "carla.diaz").await).await, [("place_confirmed".to_owned(), Value::Null)]);
        let audit = site.organiser().await.get(&path(site, "/audit?limit=500")).await.expect(200).json();
        let lines: Vec<&Value> = audit["items"].as_array().unwrap().iter().filter(|line| line["operation"] == "registration.replace").collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["seq"], lines[1]["seq"], "one commit");
        assert!(lines.iter().all(|line| line["account"] == json!(fay.account())));
    }

    async fn the_number_in_the_waitlist_goes_with_the_place(site) {
        let press = category(site, "press", json!({ "capacity": 1 })).await;
        let first = enter(site, "first", json!({ "category": press })).await;
        let second = enter(site, "second", json!({ "category": press })).await;
        let third = enter(site, "third", json!({ "category": press })).await;
        let olga = site.organiser().await;
        let carla = by_carla(site, &olga, &second).await.expect(201).json();
        assert_eq!((&carla["status"], &carla["waitlist_number"]), (&json!("waitlisted"), &json!(1)));
        move_to(site, &olga, &first, "cancelled").await.expect(200);
        assert_eq!(status_of(site, carla["attendee"].as_str().unwrap()).await["status"], "confirmed");
        assert_eq!(status_of(site, &third).await["waitlist_number"], 2);
    }

    async fn seats_and_places_in_line_go_to_the_new_person_and_what_does_not_let_them_in_ends(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "seats": 1 })).await;
        let holder = enter(site, "holder", json!({ "category": delegates })).await;
        let waiting = enter(site, "waiting", json!({ "category": delegates })).await;
        let behind = enter(site, "behind", json!({ "category": delegates })).await;
        for attendee in [&holder, &waiting, &behind] {
            take_seat(site, attendee).await;
        }
        let carla = text(&by_carla(site, &olga, &holder).await.expect(201), "attendee");
        let ben = text(&olga.post(&replace(site, &waiting), &json!({ "name": "Ben" })).await.expect(201), "attendee");
        let pair = |id: &str, state: &str| (id.to_owned(), state.to_owned());
        let mut held = seats(site).await;
        held.sort();
        let mut expected = vec![pair(&carla, "confirmed"), pair(&ben, "waitlisted"), pair(&behind, "waitlisted")];
        expected.sort();
        assert_eq!(held, expected);
        move_to(site, &olga, &carla, "cancelled").await.expect(200);
        assert!(seats(site).await.contains(&pair(&ben, "confirmed")), "the place in the line was handed on");
    }

    async fn what_a_list_of_names_opens_stays_with_the_names(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        put(site, &olga, site.week.attendee("ana"), json!({ "category": delegates })).await.expect(200);
        let ana = site.week.attendee("ana").to_string();
        let carla = text(&by_carla(site, &olga, &ana).await.expect(201), "attendee");
        let mut phone = Device::new(newcomer(site, "carla.diaz").await, &site.week.slug, &site.clock);
        phone.sync().await;
        assert!(phone.scopes().contains(&format!("own:{carla}")));
        assert!(!phone.scopes().contains(&site.week.gate("dialogue")), "ana is among the ministers by name");
    }

    async fn what_a_delegation_is_invited_to_the_new_person_is_invited_to(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        let minister = enter(site, "minister", json!({ "category": delegates, "delegation": chile })).await;
        let list = json!({ "collection": "parts", "object": site.week.id("dialogue"), "invitee_collection": "delegations", "invitee": chile });
        olga.post(&path(site, "/invitation-lists"), &list).await.expect(201);
        let carla = text(&by_carla(site, &olga, &minister).await.expect(201), "attendee");
        let invited = olga.get(&path(site, &format!("/attendees/{carla}/invitations"))).await.expect(200).json();
        let invited: Vec<&Value> = invited["items"].as_array().unwrap().iter().map(|item| &item["object"]).collect();
        assert_eq!(invited, [&json!(site.week.id("dialogue"))]);
    }

    async fn who_comes_back_is_replaced_by_nobody(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        let minister = enter(site, "minister", json!({ "category": delegates })).await;
        by_carla(site, &olga, &minister).await.expect(201);
        by_carla(site, &olga, &minister).await.expect_problem(409, "wrong_state");
        move_to(site, &olga, &minister, "invited").await.expect(200);
        move_to(site, &olga, &minister, "confirmed").await.expect(200);
        let back = status_of(site, &minister).await;
        assert_eq!((&back["status"], back.get("replaced_by")), (&json!("confirmed"), None));
    }

    async fn a_focal_point_gives_a_place_without_a_network(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        let minister = enter(site, "minister", json!({ "category": delegates, "delegation": chile, "delegation_role": "head" })).await;
        let other = enter(site, "other", json!({ "category": delegates, "delegation": peru })).await;
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = Device::new(fay, &site.week.slug, &site.clock);
        phone.sync().await;
        let id = |text: &str| AttendeeId(text.parse().unwrap());
        let carla = AttendeeId(Uuid::new_v4());
        let with = |by: AttendeeId| json!({ "by": by, "name": "Carla Díaz", "access_needs": { "needs": ["captions"] }, "reason": "The vote." });
        phone.edit("registration.replace", Some(id(&minister)), with(id(&other)));
        phone.edit("registration.replace", Some(id(&other)), with(AttendeeId(Uuid::new_v4())));
        phone.edit("registration.replace", Some(id(&minister)), json!({ "name": "Carla Díaz" }));
        phone.edit("registration.replace", Some(id(&minister)), with(carla));
        phone.edit("registration.replace", Some(id(&minister)), with(AttendeeId(Uuid::new_v4())));
        let results = phone.sync().await;
        let refused = |index: usize| match &results[index] {
            MutationResult::Rejected { reason, .. } => reason.as_str(),
            other => panic!("{other:?}"),
        };
        assert_eq!((refused(0), refused(1), refused(2)), ("forbidden", "forbidden", "invalid_request"), "nobody takes over who is there, or elsewhere");
        assert!(matches!(&results[3], MutationResult::Applied { outcome: Some(outcome), .. } if outcome == "confirmed"), "{results:?}");
        assert_eq!(refused(4), "wrong_state", "a place is given once");
        let row = phone.find("delegation_members", carla).unwrap();
        assert_eq!((&row["name"], &row["replaces"], &row["delegation_role"]), (&json!("Carla Díaz"), &json!(minister), &json!("head")));
        assert_eq!(phone.find("access_needs", carla), Some(json!({ "needs": ["captions"] })));
        assert_eq!(phone.find("delegation_members", id(&minister)).unwrap()["status"], "cancelled");
        assert_eq!(status_of(site, &other).await["status"], "confirmed");
    }

    async fn a_replacement_is_made_once_by_who_decides_that(site) {
        let form = json!([{ "key": "diet", "label": { "en": "Diet" }, "kind": "text", "is_required": true }]);
        let delegates = category(site, "delegates", json!({ "form": form })).await;
        let chile = delegation(site, "chile", json!({})).await;
        let minister = enter(site, "minister", json!({ "category": delegates, "delegation": chile })).await;
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let never = Uuid::new_v4().to_string();
        by_carla(site, &lia, &minister).await.expect_problem(403, "forbidden");
        by_carla(site, &newcomer(site, "minister").await, &minister).await.expect_problem(403, "forbidden");
        for stranger in [site.sign_in("bruno").await, site.sign_in("otto").await, with_role(site, "desk", Role::Desk).await] {
            for id in [&minister, &never] {
                by_carla(site, &stranger, id).await.expect_problem(404, "not_found");
            }
        }
        by_carla(site, &fay, &minister).await.expect_problem(422, "invalid_value");
        let body = json!({ "name": "Carla", "answers": { "diet": "none" } });
        let faults = [("name", json!(" "), 422), ("email", json!("nowhere"), 422), ("shares", json!([]), 400), ("reason", json!("two\nlines"), 422)];
        for (field, value, status) in faults {
            let mut faulty = body.clone();
            faulty[field] = value;
            let answer = fay.post(&replace(site, &minister), &faulty).await.expect(status);
            assert_eq!(answer.json()["field"], format!("/{field}"), "{}", answer.text());
        }
        assert_eq!(status_of(site, &minister).await["status"], "confirmed", "nothing has changed");
        let key = Uuid::new_v4().to_string();
        let send = || async { fay.send((Method::POST, &replace(site, &minister)), &[("idempotency-key", &key)], &body).await.expect(201) };
        let (first, second) = (send().await, send().await);
        assert_eq!(first.json()["attendee"], second.json()["attendee"]);
        assert_eq!(second.header("idempotency-replayed"), "true");
    }
}
