//! Phones and paper: each by itself.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::admission::DoorGuest;
use shared::badge::Access;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{act, badges, carrier, claims, confirm, keys, list, on_phone, paper};
use crate::enrolment::cast::{door, enrol};
use crate::harness::Site;
use crate::people::cast::{move_to, path, put, with_role};

async fn rotate(site: &Site) -> Value {
    act(&site.organiser().await, &path(site, "/badge-keys/rotate")).await.expect(200).json()
}

on_both! {
    async fn who_is_confirmed_has_a_badge_on_the_phone_without_asking(site) {
        let mut phone = site.device("ana").await;
        phone.sync().await;
        assert_eq!(phone.list("badges").len(), 0);
        confirm(site, &["ana"]).await;
        phone.sync().await;
        let badge = on_phone(&mut phone);
        assert_eq!((&badge["kind"], badge["token"].as_str().unwrap().len()), (&json!("phone"), 153));
        let said = claims(&keys(site, &mut door(site).await), &badge);
        assert_eq!(json!(said.carrier), badge["carrier"]);
        assert!(said.access.has(Access::CONFIRMED) && !said.access.has(Access::COMPANION));
        assert!(said.check_time(site.clock.now()).is_ok());
    }

    async fn printing_paper_leaves_the_badge_of_the_phone_good(site) {
        confirm(site, &["ana"]).await;
        let (mut phone, dan) = (site.device("ana").await, with_role(site, "dan", Role::Desk).await);
        phone.sync().await;
        let before = on_phone(&mut phone);
        let printed = paper(site, &dan, "ana").await;
        phone.sync().await;
        assert_eq!(on_phone(&mut phone), before);
        let verified = keys(site, &mut door(site).await);
        let (one, other) = (claims(&verified, &before), claims(&verified, &printed));
        assert_eq!((one.secret, one.carrier == other.carrier), (other.secret, false));
        act(&dan, &carrier(site, &printed, "hand-out")).await.expect(200);
        let void = dan.post(&carrier(site, &printed, "void"), &json!({ "reason": "damaged" })).await.expect(200).json();
        assert_eq!((&void["void_reason"], void.get("token"), void.get("pdf")), (&json!("damaged"), None, None));
        phone.sync().await;
        assert_eq!(on_phone(&mut phone), before);
        act(&dan, &carrier(site, &printed, "hand-out")).await.expect_problem(409, "wrong_state");
        let again = dan.post(&carrier(site, &printed, "void"), &json!({ "reason": "lost" })).await.expect(200).json();
        assert_eq!(again["void_reason"], "damaged", "the first reason stays");
    }

    async fn a_lost_phone_gets_another_badge_and_the_old_one_is_in_the_rosters(site) {
        confirm(site, &["ana"]).await;
        let (ana, mut phone, mut device) = (site.sign_in("ana").await, site.device("ana").await, door(site).await);
        phone.sync().await;
        let lost = on_phone(&mut phone);
        act(&ana, &carrier(site, &lost, "report")).await.expect(200);
        phone.sync().await;
        let new = on_phone(&mut phone);
        assert_ne!((&new["carrier"], &new["token"]), (&lost["carrier"], &lost["token"]));
        device.sync().await;
        let void = super::cast::rows(&mut device, "void_badges");
        assert_eq!((void.len(), &void[0]["carrier"], &void[0]["reason"]), (1, &lost["carrier"], &json!("stolen")));
        let read = claims(&keys(site, &mut device), &new);
        let row = device.find("door_guests", read.secret.index()).unwrap();
        let row: DoorGuest = serde_json::from_value(row).unwrap();
        assert!(row.open(&read.secret, site.week.event).unwrap().guest.is_reported_stolen);
        assert_eq!(json!(claims(&keys(site, &mut device), &new).secret.index()), void[0]["guest"]);
    }

    async fn keys_rotate_and_what_the_old_one_signed_stays_valid(site) {
        confirm(site, &["ana"]).await;
        let (mut phone, olga) = (site.device("ana").await, site.organiser().await);
        phone.sync().await;
        let old = on_phone(&mut phone);
        let listed = rotate(site).await;
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert!(listed["items"][0].get("retired_at").is_some() && listed["items"][1].get("retired_at").is_none());
        let new = paper(site, &olga, "ana").await;
        let mut device = door(site).await;
        let verified = keys(site, &mut device);
        assert_eq!((claims(&verified, &old).key, claims(&verified, &new).key), (0, 1));
        phone.sync().await;
        assert_eq!(on_phone(&mut phone), old);
        rotate(site).await;
        device.sync().await;
        assert_eq!(super::cast::rows(&mut device, "badge_keys").len(), 3, "a roster follows");
    }

    async fn who_does_not_come_has_nothing_that_counts_and_who_comes_instead_has_their_own(site) {
        confirm(site, &["ana", "bruno"]).await;
        let (olga, mut device) = (site.organiser().await, door(site).await);
        let (ana, bruno) = (site.week.attendee("ana").to_string(), site.week.attendee("bruno").to_string());
        let printed = paper(site, &olga, "ana").await;
        move_to(site, &olga, &ana, "cancelled").await.expect(200);
        let kept = list(site, &olga, "ana").await;
        assert!(kept.iter().all(|one| one["void_reason"] == "registration_ended"), "{kept:?}");
        olga.post(&badges(site, "ana"), &json!({})).await.expect_problem(409, "not_registered");
        olga.get(&carrier(site, &printed, "pdf")).await.expect_problem(409, "wrong_state");
        let carla = olga.post(&path(site, &format!("/attendees/{bruno}/replace")), &json!({ "name": "Carla Díaz" })).await;
        let carla = carla.expect(201).json()["attendee"].as_str().unwrap().to_owned();
        assert!(list(site, &olga, "bruno").await.iter().all(|one| one["void_reason"] == "replaced"));
        let theirs = olga.get(&path(site, &format!("/attendees/{carla}/badges"))).await.expect(200).json();
        assert_eq!((theirs["items"].as_array().unwrap().len(), &theirs["items"][0]["kind"]), (1, &json!("phone")));
        device.sync().await;
        assert_eq!(super::cast::rows(&mut device, "void_badges").len(), 3);
        move_to(site, &olga, &ana, "confirmed").await.expect(200);
        let live: Vec<Value> = list(site, &olga, "ana").await.into_iter().filter(|one| one.get("token").is_some()).collect();
        assert_eq!((live.len(), &live[0]["kind"]), (1, &json!("phone")), "what is void stays so");
    }

    async fn an_enrolled_desk_issues_and_hands_out_without_a_network(site) {
        confirm(site, &["ana"]).await;
        let ana = site.week.attendee("ana");
        let mut desk = enrol(site, json!({ "name": "Desk 1", "profile": "full" })).await;
        desk.sync().await;
        desk.edit("badge.issue", Some(ana), json!({}));
        let results = desk.sync().await;
        let [MutationResult::Applied { outcome: Some(number), .. }] = &results[..] else { panic!("{results:?}") };
        desk.edit("badge.hand_out", Some(ana), json!({ "carrier": number.parse::<u32>().unwrap() }));
        desk.edit("badge.void", Some(ana), json!({ "carrier": 7, "reason": "lost" }));
        desk.edit("badge.void", Some(ana), json!({ "carrier": number.parse::<u32>().unwrap(), "reason": "replaced" }));
        let results = desk.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        for (result, expected) in results[1..].iter().zip(["unknown_reference", "invalid_value"]) {
            assert!(matches!(result, MutationResult::Rejected { reason, .. } if reason == expected), "{results:?}");
        }
        let person = desk.find("desk_people", ana).unwrap();
        let carried: Vec<&Value> = person["carriers"].as_array().unwrap().iter().filter(|one| one["kind"] == "paper").collect();
        assert!(carried.len() == 1 && carried[0].get("handed_out_at").is_some(), "{person}");
        let mut door = door(site).await;
        door.edit("badge.issue", Some(ana), json!({}));
        let results = door.sync().await;
        assert!(matches!(&results[0], MutationResult::Rejected { reason, .. } if reason == "forbidden"), "{results:?}");
    }

    async fn people_see_their_own_badges_and_nobody_elses(site) {
        confirm(site, &["ana", "bruno"]).await;
        let (ana, olga) = (site.sign_in("ana").await, site.organiser().await);
        let theirs = list(site, &ana, "ana").await;
        assert_eq!(theirs, list(site, &olga, "ana").await);
        let other = list(site, &olga, "bruno").await.remove(0);
        ana.get(&badges(site, "bruno")).await.expect_problem(404, "not_found");
        ana.get(&carrier(site, &other, "pdf")).await.expect_problem(404, "not_found");
        act(&ana, &carrier(site, &other, "report")).await.expect_problem(404, "not_found");
        let never = json!({ "carrier": 4_000_000_000_u32 });
        for target in ["report", "hand-out"] {
            act(&olga, &carrier(site, &never, target)).await.expect_problem(404, "not_found");
        }
        ana.post(&badges(site, "ana"), &json!({})).await.expect_problem(403, "forbidden");
        act(&ana, &carrier(site, &theirs[0], "hand-out")).await.expect_problem(403, "forbidden");
        ana.post(&path(site, "/badges/print"), &json!({})).await.expect_problem(403, "forbidden");
        act(&ana, &path(site, "/badge-keys/rotate")).await.expect_problem(403, "forbidden");
        ana.get(&path(site, "/badge-keys")).await.expect_problem(403, "forbidden");
        ana.get(&carrier(site, &theirs[0], "pdf")).await.expect(200);
    }

    async fn what_cannot_be_is_refused_with_its_field(site) {
        confirm(site, &["ana"]).await;
        let olga = site.organiser().await;
        let phone = list(site, &olga, "ana").await.remove(0);
        for (target, body, status, field) in [
            (badges(site, "ana"), json!({ "kind": "phone" }), 422, "/kind"),
            (badges(site, "ana"), json!({ "kind": "stone" }), 400, "/kind"),
            (badges(site, "ana"), json!({ "colour": 1 }), 400, "/colour"),
            (carrier(site, &phone, "void"), json!({ "reason": "replaced" }), 422, "/reason"),
            (carrier(site, &phone, "void"), json!({}), 400, "/reason"),
            (path(site, "/badges/print"), json!({ "attendees": [Uuid::new_v4()] }), 422, "/attendees/0"),
            (path(site, "/badges/print"), json!({ "attendees": [] }), 422, "/attendees"),
            (path(site, "/badges/print"), json!({ "language": "!" }), 400, "/language"),
            (path(site, "/badges/print"), json!({ "delegation": Uuid::new_v4() }), 422, ""),
        ] {
            let answer = olga.post(&target, &body).await.expect(status);
            assert_eq!(answer.json()["field"].as_str().unwrap_or_default(), field, "{}", answer.text());
        }
        act(&olga, &carrier(site, &phone, "hand-out")).await.expect_problem(409, "wrong_state");
        for query in ["format=a3", "paper=bark", "language=!", "size=1"] {
            olga.get(&format!("{}?{query}", carrier(site, &phone, "pdf"))).await.expect_problem(400, "invalid_request");
        }
        for number in ["-1", "4294967296", "x"] {
            olga.get(&path(site, &format!("/badges/{number}/pdf"))).await.expect(404);
        }
        put(site, &olga, site.week.attendee("bruno"), json!({ "category": Uuid::new_v4() })).await.expect(422);
    }

    async fn issuing_under_a_key_is_done_once(site) {
        confirm(site, &["ana"]).await;
        let olga = site.organiser().await;
        let key = Uuid::new_v4().to_string();
        let headers = [("idempotency-key", key.as_str())];
        let mut numbers = Vec::new();
        for _ in 0..2 {
            let made = olga.send((reqwest::Method::POST, &badges(site, "ana")), &headers, &json!({})).await.expect(201);
            numbers.push(made.json()["carrier"].clone());
        }
        assert_eq!((numbers[0] == numbers[1], list(site, &olga, "ana").await.len()), (true, 2));
    }
}
