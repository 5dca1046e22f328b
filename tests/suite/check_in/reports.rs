//! How it goes at the checkpoints: arrivals, who is inside, who is missing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use uuid::Uuid;

use super::cast::{check, guests, lunch, upload};
use crate::enrolment::cast::{area, checkpoint};
use crate::people::cast::{category, delegation, on_duty, path, registration, with_role};

on_both! {
    async fn arrivals_are_counted_by_the_hour_and_each_guest_once(site) {
        let (people, lunch) = (guests(site, 3).await, lunch(site, 1).await);
        let dana = with_role(site, "dana", Role::Desk).await;
        check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await;
        check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await;
        site.clock.advance_ms(3_600_000);
        let dana = site.sign_in("olga").await;
        for guest in &people[1..] {
            check(site, &dana, &lunch.doors[0], json!({ "code": guest.code })).await;
        }
        let report = |rest: &str| path(site, &format!("/check-in/arrivals{rest}"));
        let hours = dana.get(&report("?area=lunch")).await.expect(200).json();
        let counts: Vec<&Value> = hours["hours"].as_array().unwrap().iter().map(|hour| &hour["count"]).collect();
        assert_eq!(counts, [&json!(1), &json!(2)]);
        dana.get(&report("?area=nowhere")).await.expect(404);
        dana.get(&report("?limit=0&what=1")).await.expect(400);
        site.sign_in("ana").await.get(&report("")).await.expect(404);
    }

    async fn occupancy_counts_who_is_inside_and_whom_a_hand_counter_counted(site) {
        let people = guests(site, 2).await;
        let hall = area(site, "hall", json!({ "rule": "in_and_out" })).await;
        let door = checkpoint(site, "hall-door", &hall).await;
        let dana = with_role(site, "dana", Role::Desk).await;
        for guest in &people {
            check(site, &dana, &door, json!({ "code": guest.code })).await;
        }
        check(site, &dana, &door, json!({ "code": people[0].code, "direction": "out" })).await;
        let count = |number: u128, count: u32, direction: &str| json!({ "id": Uuid::from_u128(number), "checkpoint": door,
            "area": hall, "at": { "wall": "2018-11-26T15:00:00.000Z" }, "count": count, "direction": direction });
        upload(site, &dana, &[&count(1, 12, "in"), &count(2, 5, "out"), &count(3, 70, "in")]).await;
        let mut undo = count(4, 0, "in");
        (undo["undoes"], undo["count"]) = (json!(Uuid::from_u128(3)), json!(null));
        upload(site, &dana, &[&undo]).await;
        let uses = dana.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!(uses["uses"], json!([{ "area": hall, "admitted": 2, "guests": 1, "counted": 7 }]));
        site.sign_in("ana").await.get(&path(site, "/check-in/occupancy")).await.expect(404);
    }

    async fn who_is_expected_and_has_not_come_is_named(site) {
        let (people, lunch) = (guests(site, 3).await, lunch(site, 1).await);
        let (olga, chile) = (site.organiser().await, delegation(site, "chile", json!({})).await);
        let second = registration(site, &people[1].attendee);
        let observers = category(site, "observers", json!({})).await;
        olga.patch(&second, &json!({ "category": observers, "delegation": chile })).await.expect(200);
        check(site, &olga, &lunch.doors[0], json!({ "code": people[0].code })).await;
        let missing = |rest: &str| path(site, &format!("/check-in/missing{rest}"));
        let all = olga.get(&missing("?area=lunch")).await.expect(200).json();
        assert_eq!((&all["expected"], &all["admitted"]), (&json!(3), &json!(1)));
        let names = |report: &Value| report["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
        assert_eq!(names(&all), ["Guest 0001", "Guest 0002"]);
        let of_chile = olga.get(&missing("?area=lunch&delegation=chile")).await.expect(200).json();
        assert_eq!((names(&of_chile), &of_chile["expected"]), (vec![json!("Guest 0001")], &json!(1)));
        let closed = olga.get(&missing("?session=round-table")).await.expect(200).json();
        assert_eq!((&closed["expected"], names(&closed)), (&json!(0), vec![]), "nobody of them is invited");
        let page = olga.get(&missing("?area=lunch&limit=1")).await.expect(200).json();
        let next = format!("?area=lunch&limit=1&cursor={}", page["next"].as_str().unwrap());
        let rest = olga.get(&missing(&next)).await.expect(200).json();
        assert_eq!((names(&page), names(&rest), rest.get("next")), (vec![json!("Guest 0001")], vec![json!("Guest 0002")], None));
        // A cursor is a part of addresses, which are logged: it names nobody. Who it stands for may come meanwhile.
        let cursor = URL_SAFE_NO_PAD.decode(page["next"].as_str().unwrap()).unwrap();
        assert_eq!(String::from_utf8(cursor).unwrap(), people[1].attendee);
        check(site, &olga, &lunch.doors[0], json!({ "code": people[1].code })).await;
        assert_eq!(names(&olga.get(&missing(&next)).await.expect(200).json()), vec![json!("Guest 0002")]);
        let nobody = URL_SAFE_NO_PAD.encode(uuid::Uuid::nil().to_string());
        for odd in [nobody.as_str(), "R3Vlc3Q"] {
            let refused = olga.get(&missing(&format!("?cursor={odd}"))).await;
            assert_eq!(refused.expect_problem(400, "invalid_request").json()["field"], "cursor");
        }
        site.sign_in("ana").await.get(&missing("")).await.expect(404);
    }
    async fn who_looks_after_a_delegation_is_told_who_of_it_has_not_come(site) {
        let (people, lunch) = (guests(site, 3).await, lunch(site, 1).await);
        let (olga, chile) = (site.organiser().await, delegation(site, "chile", json!({})).await);
        delegation(site, "peru", json!({})).await;
        for guest in &people[..2] {
            olga.patch(&registration(site, &guest.attendee), &json!({ "delegation": chile })).await.expect(200);
        }
        check(site, &olga, &lunch.doors[0], json!({ "code": people[0].code })).await;
        let missing = |rest: &str| path(site, &format!("/check-in/missing{rest}"));
        for duty in [DelegationDuty::FocalPoint, DelegationDuty::Liaison] {
            let name = if duty == DelegationDuty::Liaison { "luis" } else { "fabiola" };
            let carer = on_duty(site, name, (&chile, duty)).await;
            let found = carer.get(&missing("?delegation=chile")).await.expect(200).json();
            let names: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
            assert_eq!((names, &found["admitted"]), (vec![&json!("Guest 0001")], &json!(1)));
            for others in ["", "?area=lunch", "?delegation=peru", "?delegation=nowhere"] {
                carer.get(&missing(others)).await.expect(404);
            }
            carer.get(&path(site, "/check-in/arrivals?delegation=chile")).await.expect(404);
        }
    }
}
