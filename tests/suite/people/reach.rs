//! Whom an account reaches: a focal point their delegation, an assistant their people, an attendee
//! themselves. Others' ids are answered like ids that never were.

use cumbre::routes::ROUTES;
use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, move_to, newcomer, on_duty, path, put, registration, text, with_role};
use crate::harness::{Actor, Answer, Device, Site};

fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

/// Whatever this actor tries with the registration is answered as if the attendee had never been.
async fn expect_out_of_reach(site: &Site, actor: &Actor, attendee: &str) {
    let never = Uuid::new_v4().to_string();
    for id in [attendee, &never] {
        let target = registration(site, id);
        let there = [
            actor.get(&target).await,
            actor.patch(&target, &json!({ "name": "Another" })).await,
            actor.send((reqwest::Method::PUT, &target), &[], &json!({ "category": Uuid::new_v4() })).await,
            move_to(site, actor, id, "cancelled").await,
        ];
        for answer in there {
            let body = without_request_id(&answer.expect_problem(404, "not_found"));
            assert_eq!(body["detail"], "There is no such thing, or not for you.");
        }
    }
}

on_both! {
    async fn a_focal_point_reaches_their_own_delegation_and_no_other(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        let olga = site.organiser().await;
        let (ana, bruno) = (site.week.attendee("ana").to_string(), site.week.attendee("bruno").to_string());
        put(site, &olga, site.week.attendee("ana"), json!({ "category": delegates, "delegation": chile })).await.expect(200);
        put(site, &olga, site.week.attendee("bruno"), json!({ "category": delegates, "delegation": peru })).await.expect(200);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let body = json!({ "name": "Expert One", "category": delegates, "delegation": chile, "email": "expert@example.org" });
        let made = fay.post(&path(site, "/registrations"), &body).await.expect(201);
        assert_eq!(text(&made, "status"), "confirmed");
        let foreign = json!({ "name": "Expert Two", "category": delegates, "delegation": peru });
        fay.post(&path(site, "/registrations"), &foreign).await.expect_problem(403, "forbidden");
        fay.patch(&registration(site, &ana), &json!({ "delegation_role": "head", "details": { "position": "Minister" } })).await.expect(200);
        let second = text(&made, "attendee");
        fay.patch(&registration(site, &second), &json!({ "delegation_role": "head" })).await.expect_problem(409, "wrong_state");
        for patch in [json!({ "delegation": peru }), json!({ "delegation": null })] {
            fay.patch(&registration(site, &ana), &patch).await.expect_problem(403, "forbidden");
        }
        fay.patch(&registration(site, &ana), &json!({ "email": "thief@example.org" })).await.expect_problem(403, "forbidden");
        expect_out_of_reach(site, &fay, &bruno).await;
        fay.get(&path(site, "/registrations")).await.expect_problem(403, "forbidden");
        assert_eq!(text(&move_to(site, &fay, &ana, "cancelled").await.expect(200), "status"), "cancelled");
    }

    async fn the_phone_of_a_focal_point_holds_the_members_and_nothing_that_is_their_own(site) {
        let delegates = category(site, "delegates", json!({ "form": [{ "key": "diet", "label": { "en": "Diet" }, "kind": "text" }] })).await;
        let (chile, peru) = (delegation(site, "chile", json!({ "capacity": 5 })).await, delegation(site, "peru", json!({})).await);
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let body = json!({ "category": delegates, "delegation": chile, "answers": { "diet": "no peanuts" } });
        put(site, &olga, ana, body).await.expect(200);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = Device::new(fay, &site.week.slug, &site.clock);
        phone.sync().await;
        let row = phone.find("delegation_members", ana).unwrap();
        assert_eq!((&row["name"], &row["status"]), (&json!("ana"), &json!("confirmed")));
        assert_eq!(phone.find("delegation_details", &chile).unwrap()["capacity"], 5);
        assert!(!phone.everything().contains("peanuts"));
        assert!(!phone.scopes().contains(&site.week.own("ana")));
        let member = shared::ids::AttendeeId(Uuid::new_v4());
        phone.edit("registration.request", Some(member), json!({ "name": "Expert One", "category": delegates, "delegation": chile }));
        phone.edit("registration.cancel", Some(ana), json!({}));
        phone.edit("registration.cancel", Some(site.week.attendee("bruno")), json!({}));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[1], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[2], MutationResult::Rejected { reason, field: Some(field), .. } if reason == "forbidden" && field == "/for"));
        assert_eq!(phone.find("delegation_members", member).unwrap()["name"], "Expert One");
        assert_eq!(phone.find("delegation_members", ana).unwrap()["status"], "cancelled");
        olga.patch(&registration(site, &member.to_string()), &json!({ "delegation": peru })).await.expect(200);
        phone.sync().await;
        assert_eq!(phone.find("delegation_members", member), None, "who left is not shown any more");
    }

    async fn whatever_is_about_an_attendee_is_not_there_for_whom_they_are_out_of_reach(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        let (olga, carla) = (site.organiser().await, site.week.attendee("carla"));
        put(site, &olga, carla, json!({ "category": delegates, "delegation": peru })).await.expect(200);
        let others = [
            ("focal point", on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await),
            ("liaison officer", on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await),
            ("assistant", site.sign_in("sol").await),
            ("attendee", site.sign_in("ana").await),
            ("stranger", newcomer(site, "stranger").await),
            ("organiser of another event", site.sign_in("otto").await),
        ];
        let before = olga.get(&registration(site, &carla.to_string())).await.expect(200).json();
        let about_somebody = |path: &str| path.starts_with("/v1/events/{event}/") && path.contains("{attendee}");
        let mut tried = 0;
        for route in ROUTES.iter().filter(|route| about_somebody(route.path)) {
            let method: reqwest::Method = route.method.parse().unwrap();
            let address = |id: &str| {
                let named = [("{event}", site.week.slug.as_str()), ("{attendee}", id), ("{session}", "visit")];
                let filled = named.iter().fold(route.path.to_owned(), |path, (name, text)| path.replace(name, text));
                filled.replace("{account}", &site.week.account("ana").to_string()).replace("{id}", &site.week.id("visit").to_string())
            };
            for (who, actor) in &others {
                let there = actor.send((method.clone(), &address(&carla.to_string())), &[], &json!({})).await;
                let never = actor.send((method.clone(), &address(&Uuid::new_v4().to_string())), &[], &json!({})).await;
                assert!((400..500).contains(&there.status), "{who} {}: {}", there.request, there.text());
                assert_eq!(without_request_id(&there), without_request_id(&never), "{who} {}", there.request);
                tried += 1;
            }
        }
        assert!(tried > 150, "{tried}");
        assert_eq!(olga.get(&registration(site, &carla.to_string())).await.expect(200).json(), before);
    }

    async fn a_liaison_officer_reads_and_changes_nothing(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        put(site, &olga, ana, json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let target = registration(site, &ana.to_string());
        assert_eq!(text(&lia.get(&target).await.expect(200), "name"), "ana");
        lia.patch(&target, &json!({ "name": "Another" })).await.expect_problem(403, "forbidden");
        move_to(site, &lia, &ana.to_string(), "cancelled").await.expect_problem(403, "forbidden");
        expect_out_of_reach(site, &lia, &site.week.attendee("bruno").to_string()).await;
    }

    async fn an_attendee_reaches_themselves_and_an_assistant_their_people(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        for name in ["ana", "bruno", "carla"] {
            put(site, &olga, site.week.attendee(name), json!({ "category": delegates })).await.expect(200);
        }
        let id = |name: &str| site.week.attendee(name).to_string();
        let (ana, sol) = (site.sign_in("ana").await, site.sign_in("sol").await);
        ana.get(&registration(site, &id("ana"))).await.expect(200);
        expect_out_of_reach(site, &ana, &id("bruno")).await;
        for name in ["ana", "bruno"] {
            sol.patch(&registration(site, &id(name)), &json!({ "details": { "phone": "+56 2 2345 6789" } })).await.expect(200);
        }
        expect_out_of_reach(site, &sol, &id("carla")).await;
        expect_out_of_reach(site, &newcomer(site, "stranger").await, &id("ana")).await;
        expect_out_of_reach(site, &site.sign_in("otto").await, &id("ana")).await;
        for anonymous in [registration(site, &id("ana")), path(site, "/registrations")] {
            site.anonymous().get(&anonymous).await.expect_problem(401, "unauthenticated");
        }
    }

    async fn an_assistant_registers_several_and_holds_each_of_them(site) {
        let experts = category(site, "experts", json!({ "enrolment": "automatic" })).await;
        let dana = newcomer(site, "dana").await;
        let mut ids = Vec::new();
        for name in ["Expert One", "Expert Two"] {
            let body = json!({ "name": name, "relation": "assistant", "category": experts });
            ids.push(text(&dana.post(&path(site, "/registrations"), &body).await.expect(201), "attendee"));
        }
        let mut office = Device::new(dana, &site.week.slug, &site.clock);
        office.sync().await;
        for id in ids {
            assert_eq!(office.find("registrations", &id).unwrap()["status"], "confirmed");
        }
        assert_eq!(office.list("attendees").len(), 2);
    }

    async fn the_protocol_officer_asks_people_to_come_and_leaves_their_answers_alone(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let pia = with_role(site, "pia", Role::Protocol).await;
        let ana = site.week.attendee("ana");
        let body = json!({ "category": delegates, "delegation": chile });
        assert_eq!(text(&put(site, &pia, ana, body).await.expect(200), "status"), "invited");
        let target = registration(site, &ana.to_string());
        pia.patch(&target, &json!({ "delegation_role": "head" })).await.expect(200);
        pia.patch(&target, &json!({ "answers": { "diet": "none" } })).await.expect_problem(403, "forbidden");
        let over = json!({ "status": "confirmed", "override": true });
        pia.post(&format!("{target}/status"), &over).await.expect_problem(403, "forbidden");
        assert_eq!(text(&move_to(site, &pia, &ana.to_string(), "declined").await.expect(200), "status"), "declined");
        assert_eq!(pia.get(&path(site, "/registrations")).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    }
}
