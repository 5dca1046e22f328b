//! Asking for a seat, by whom and for whom, and what is in the way.

use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::programme::DelegationDuty;
use shared::signup::{SignUpState, sign_up_id};
use shared::sync::MutationResult;
use uuid::Uuid;

use super::hall::Hall;
use crate::harness::Device;

fn outcome(result: &MutationResult) -> &str {
    match result {
        MutationResult::Applied { outcome, .. } => outcome.as_deref().unwrap_or_default(),
        MutationResult::Rejected { reason, .. } => reason,
        _ => "",
    }
}

/// Asks by a mutation, and tells what came of it.
async fn send(device: &mut Device, name: &str, (op, attendee, args): (&str, shared::ids::AttendeeId, Value)) -> String {
    device.edit(op, Some(attendee), args);
    let results = device.sync().await;
    assert_eq!(results.len(), 1, "{name}");
    outcome(&results[0]).to_owned()
}

on_both! {
    async fn a_seat_asked_for_in_the_tunnel_is_requested_until_the_server_says_more(site) {
        let hall = Hall::of(site, 1).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        let (mut phone, mut tablet) = (site.device("ana").await, site.device("ana").await);
        phone.sync().await;
        phone.edit("signup.request", Some(ana), json!({ "session": visit }));
        assert_eq!(hall.row(&mut phone, "ana", visit).unwrap()["state"], "requested");
        assert!(phone.list("sign_ups")[0].is_pending);
        let results = phone.sync().await;
        assert_eq!(outcome(&results[0]), "confirmed");
        tablet.sync().await;
        for device in [&mut phone, &mut tablet] {
            let shown = device.list("sign_ups");
            assert_eq!((shown.len(), shown[0].is_pending), (1, false));
            assert_eq!(hall.row(device, "ana", visit).unwrap()["state"], "confirmed");
        }
        phone.edit("signup.cancel", Some(ana), json!({ "session": visit }));
        assert_eq!(hall.row(&mut phone, "ana", visit), None, "given back, it goes at once");
        assert_eq!(outcome(&phone.sync().await[0]), "cancelled");
        tablet.sync().await;
        assert_eq!(hall.row(&mut tablet, "ana", visit), None);
    }

    async fn a_seat_that_was_gone_is_a_place_in_the_line_with_a_number(site) {
        let hall = Hall::of(site, 1).await;
        let visit = site.week.id("visit");
        assert_eq!(hall.take("carla", visit).await, "confirmed");
        let mut bruno = site.device("bruno").await;
        let asked = ("signup.request", site.week.attendee("bruno"), json!({ "session": visit }));
        assert_eq!(send(&mut bruno, "bruno", asked.clone()).await, "waitlisted");
        let row = hall.row(&mut bruno, "bruno", visit).unwrap();
        assert_eq!((&row["state"], &row["number"]), (&json!("waitlisted"), &json!(1)));
        assert_eq!(hall.take("ana", visit).await, "waitlisted");
        assert_eq!(send(&mut bruno, "bruno", asked).await, "waitlisted", "asking again is no second place");
        assert_eq!(hall.row(&mut bruno, "bruno", visit).unwrap()["number"], 1);
        assert_eq!(hall.list(visit).await[&site.week.attendee("ana")].number, Some(2));
    }

    async fn every_thing_in_the_way_has_its_word(site) {
        let hall = Hall::of(site, 1).await;
        let (visit, ana) = (site.week.id("visit"), site.week.attendee("ana"));
        let phone = site.sign_in("ana").await;
        hall.ask(&phone, ana, site.week.id("opening")).await.expect_problem(409, "closed");
        hall.register("ana", json!({ "status": "requested" })).await;
        hall.ask(&phone, ana, visit).await.expect_problem(409, "not_registered");
        hall.register("ana", json!({})).await;
        hall.patch("briefing", json!({ "seats": 5 })).await;
        hall.ask(&phone, ana, site.week.id("briefing")).await.expect_problem(409, "not_invited");
        hall.patch("visit", json!({ "sign_up": { "opens_at": "2018-11-26T12:00:00Z" } })).await;
        hall.ask(&phone, ana, visit).await.expect_problem(409, "window_not_open");
        hall.patch("visit", json!({ "sign_up": { "closes_at": "2018-11-26T11:00:00Z" } })).await;
        hall.ask(&phone, ana, visit).await.expect_problem(409, "window_over");
        hall.patch("visit", json!({ "sign_up": { "has_no_waitlist": true } })).await;
        let beside = hall.session("beside", ("15:00", "17:00"), json!({ "seats": 5 })).await;
        assert_eq!(hall.take("ana", beside).await, "confirmed");
        hall.ask(&phone, ana, visit).await.expect_problem(409, "clash");
        hall.give_back("ana", beside).await;
        let chile = hall.delegation("chile", (visit, 0)).await;
        hall.register("ana", json!({ "delegation": chile })).await;
        hall.ask(&phone, ana, visit).await.expect_problem(409, "quota_reached");
        hall.register("ana", json!({})).await;
        hall.take("bruno", visit).await;
        hall.ask(&phone, ana, visit).await.expect_problem(409, "full");
        hall.patch("visit", json!({ "state": "draft" })).await;
        hall.ask(&phone, ana, visit).await.expect_problem(404, "not_found");
        hall.ask(&hall.world.olga, ana, visit).await.expect_problem(409, "closed");
    }

    async fn a_session_that_the_attendee_may_not_know_of_is_as_unknown_as_one_that_never_was(site) {
        let hall = Hall::of(site, 1).await;
        hall.patch("quiet-lunch", json!({ "seats": 5 })).await;
        let (bruno, mut phone) = (site.week.attendee("bruno"), site.device("bruno").await);
        for session in [site.week.id("quiet-lunch"), site.week.id("draft-idea"), RecordId(Uuid::new_v4())] {
            for method in [Method::PUT, Method::DELETE] {
                let answer = phone.actor.send((method, &hall.path(bruno, session)), &[], &json!({})).await;
                answer.expect_problem(404, "not_found");
            }
            for op in ["signup.request", "signup.cancel", "signup.accept"] {
                let asked = (op, bruno, json!({ "session": session }));
                assert_eq!(send(&mut phone, "bruno", asked).await, "unknown_reference", "{op}");
            }
        }
        let by_slug = hall.world.path(&format!("/attendees/{bruno}/sign-ups/quiet-lunch"));
        phone.actor.send((Method::PUT, &by_slug), &[], &json!({})).await.expect_problem(404, "not_found");
        assert_eq!(hall.take("carla", site.week.id("quiet-lunch")).await, "confirmed", "who is invited takes a seat");
    }

    async fn the_same_request_under_one_key_is_done_once(site) {
        let hall = Hall::of(site, 5).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        let (phone, key) = (site.sign_in("ana").await, Uuid::new_v4().to_string());
        let headers = [("idempotency-key", key.as_str())];
        let ask = async || phone.send((Method::PUT, &hall.path(ana, visit)), &headers, &json!({})).await.expect(200);
        let first = ask().await;
        hall.give_back("ana", visit).await;
        let again = ask().await;
        assert_eq!((again.json(), again.header("idempotency-replayed")), (first.json(), "true"));
        assert_eq!(hall.state("ana", visit).await, Some(SignUpState::Cancelled), "and not a second time");
        let other = format!("{}?override=true", hall.path(ana, visit));
        phone.send((Method::PUT, &other), &headers, &json!({})).await.expect_problem(422, "id_reused");
    }

    async fn an_assistant_takes_a_seat_for_a_minister_who_is_told(site) {
        let hall = Hall::of(site, 5).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        let (mut sol, mut phone) = (site.device("sol").await, site.device("ana").await);
        assert_eq!(send(&mut sol, "sol", ("signup.request", ana, json!({ "session": visit }))).await, "confirmed");
        phone.sync().await;
        assert_eq!(hall.row(&mut phone, "ana", visit).unwrap()["state"], "confirmed");
        assert_eq!(hall.notices(&mut phone), [("seat_given".to_owned(), json!({ "session": visit }))]);
        assert_eq!(send(&mut sol, "sol", ("signup.cancel", ana, json!({ "session": visit }))).await, "cancelled");
        phone.sync().await;
        assert_eq!(hall.notices(&mut phone)[1], ("seat_lost".to_owned(), json!({ "session": visit, "cause": "given_back" })));
        let audit = hall.world.olga.get(&hall.world.path(&format!("/audit?record={}", sign_up_id(ana, visit)))).await;
        let lines = audit.expect(200).json();
        let mut said: Vec<_> = lines["items"].as_array().unwrap().iter().map(|line| {
            assert_eq!((&line["account"], &line["attendee"]), (&json!(site.week.account("sol")), &json!(ana)));
            line["operation"].as_str().unwrap().to_owned()
        }).collect();
        said.sort();
        assert_eq!(said, ["signup.cancel", "signup.request"], "by whom, for whom");
    }

    async fn focal_points_choose_for_their_members_and_for_nobody_else(site) {
        let hall = Hall::of(site, 5).await;
        let visit = site.week.id("visit");
        let chile = hall.delegation("chile", (visit, 3)).await;
        hall.register("ana", json!({ "delegation": chile })).await;
        hall.give_duty("carla", chile, DelegationDuty::FocalPoint).await;
        hall.give_duty("bruno", chile, DelegationDuty::Liaison).await;
        let (carla, bruno) = (site.sign_in("carla").await, site.sign_in("bruno").await);
        let (ana, other) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        assert_eq!(hall.ask(&carla, ana, visit).await.expect(200).json()["state"], "confirmed");
        hall.ask(&carla, other, visit).await.expect_problem(404, "not_found");
        hall.ask(&bruno, ana, visit).await.expect_problem(403, "forbidden");
        bruno.get(&hall.world.path(&format!("/attendees/{ana}/sign-ups"))).await.expect(200);
        hall.ask(&site.sign_in("otto").await, ana, visit).await.expect_problem(404, "not_found");
        hall.ask(&site.anonymous(), ana, visit).await.expect_problem(401, "unauthenticated");
        let mut phone = site.device("bruno").await;
        let asked = ("signup.request", site.week.attendee("carla"), json!({ "session": visit }));
        assert_eq!(send(&mut phone, "bruno", asked).await, "forbidden");
    }

    async fn an_organiser_makes_exceptions_which_are_noted(site) {
        let hall = Hall::of(site, 1).await;
        let (visit, ana) = (site.week.id("visit"), site.week.attendee("ana"));
        hall.take("bruno", visit).await;
        let by_override = format!("{}?override=true", hall.path(ana, visit));
        for name in ["ana", "sol"] {
            let answer = site.sign_in(name).await.send((Method::PUT, &by_override), &[], &json!({})).await;
            answer.expect_problem(403, "forbidden");
        }
        hall.ask(&hall.world.olga, ana, visit).await.expect(200);
        assert_eq!(hall.state("ana", visit).await, Some(SignUpState::Waitlisted), "organisers follow the rules too");
        let given = hall.world.olga.send((Method::PUT, &by_override), &[], &json!({})).await.expect(200).json();
        assert_eq!((&given["state"], &given["is_override"]), (&json!("confirmed"), &json!(true)));
        hall.give_back("bruno", visit).await;
        assert_eq!(hall.list(visit).await[&ana].state, SignUpState::Confirmed);
        let mut tablet = site.device("olga").await;
        tablet.edit("signup.request", Some(site.week.attendee("carla")), json!({ "session": visit, "override": true }));
        assert_eq!(outcome(&tablet.sync().await[0]), "confirmed");
        let counts = hall.world.olga.get(&hall.world.path(&format!("/sessions/{visit}/sign-ups"))).await.expect(200).json();
        assert_eq!(counts["counts"], json!({ "seats": 1, "confirmed": 2, "offered": 0, "waitlisted": 0 }));
    }

    async fn after_closing_the_list_of_the_host_stands_and_only_exceptions_change_it(site) {
        let hall = Hall::of(site, 1).await;
        let (visit, ana, bruno) = (site.week.id("visit"), site.week.attendee("ana"), site.week.attendee("bruno"));
        hall.patch("visit", json!({ "sign_up": { "closes_at": "2018-11-26T11:05:00Z" } })).await;
        hall.take("ana", visit).await;
        hall.take("bruno", visit).await;
        hall.wait_ms(5 * 60_000).await;
        let phone = site.sign_in("ana").await;
        phone.delete(&hall.path(ana, visit)).await.expect_problem(409, "window_over");
        hall.world.olga.delete(&hall.path(ana, visit)).await.expect_problem(409, "window_over");
        hall.world.olga.delete(&format!("{}?override=true", hall.path(ana, visit))).await.expect(204);
        let list = hall.list(visit).await;
        assert_eq!((list[&ana].state, list[&ana].is_override), (SignUpState::Cancelled, true));
        assert_eq!(list[&bruno].state, SignUpState::Waitlisted, "nobody moves up on a list that stands");
        let by_override = format!("{}?override=true", hall.path(bruno, visit));
        let given = hall.world.olga.send((Method::PUT, &by_override), &[], &json!({})).await.expect(200).json();
        assert_eq!((&given["state"], &given["number"]), (&json!("confirmed"), &json!(1)), "a number is kept");
    }

    async fn arguments_of_another_form_change_nothing(site) {
        let hall = Hall::of(site, 1).await;
        let (ana, visit) = (site.week.attendee("ana"), site.week.id("visit"));
        let mut phone = site.device("ana").await;
        for args in [json!({}), json!({ "session": 7 }), json!({ "session": visit, "seat": 2 }), json!([]), json!({ "session": visit, "override": "yes" })] {
            for op in ["signup.request", "signup.cancel", "signup.accept"] {
                phone.edit(op, Some(ana), args.clone());
                assert_eq!(outcome(&phone.sync().await[0]), "invalid_request", "{op} {args}");
            }
        }
        phone.edit("signup.request", None, json!({ "session": visit }));
        assert_eq!(outcome(&phone.sync().await[0]), "forbidden");
        let odd = format!("{}?override=perhaps", hall.path(ana, visit));
        phone.actor.send((Method::PUT, &odd), &[], &json!({})).await.expect_problem(400, "invalid_request");
        assert!(hall.list(visit).await.is_empty());
    }
}
