//! The account of an enrolled device is no person.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::sync::MutationResult;

use super::cast::{door, path};
use crate::harness::Actor;
use crate::people::cast::{delegation, with_role};

on_both! {
    async fn a_device_gets_no_role_no_duty_and_no_attendee(site) {
        let device = door(site).await;
        let (olga, account) = (site.organiser().await, device.actor.account());
        let chile = delegation(site, "chile", json!({})).await;
        for role in ["organiser", "desk", "desk_lead", "protocol"] {
            let target = path(site, &format!("/roles/{account}/{role}"));
            olga.send((Method::PUT, &target), &[], &json!(null)).await.expect_problem(404, "not_found");
        }
        let duty = path(site, &format!("/delegations/{chile}/duties/{account}/focal_point"));
        olga.send((Method::PUT, &duty), &[], &json!(null)).await.expect_problem(404, "not_found");
        let relation = path(site, &format!("/attendees/{}/accounts/{account}", site.week.attendee("ana")));
        olga.send((Method::PUT, &relation), &[], &json!({ "relation": "assistant" })).await.expect_problem(422, "unknown_reference");
    }

    async fn nobody_signs_in_as_a_device(site) {
        let device = door(site).await;
        let account = device.actor.account();
        let lead = with_role(site, "lea", Role::DeskLead).await;
        for staff in [site.organiser().await, lead] {
            let target = path(site, &format!("/accounts/{account}/sign-in-codes"));
            staff.post(&target, &json!(null)).await.expect_problem(404, "not_found");
        }
        let own = &device.actor;
        let password = json!({ "password": "correct horse battery" });
        own.send((Method::PUT, "/v1/account/password"), &[], &password).await.expect_problem(403, "forbidden");
        own.patch("/v1/account", &json!({ "name": "Somebody" })).await.expect_problem(403, "forbidden");
    }

    async fn a_first_password_is_set_by_staff_alone(site) {
        let set = async |who: &Actor, body: Value| who.send((Method::PUT, "/v1/account/password"), &[], &body).await;
        let (ana, olga) = (site.sign_in("ana").await, site.organiser().await);
        let first = json!({ "password": "correct horse battery" });
        set(&ana, first.clone()).await.expect_problem(403, "forbidden");
        set(&olga, first.clone()).await.expect(204);
        set(&olga, first).await.expect_problem(401, "credential_refused");
        let second = json!({ "current_password": "correct horse battery", "password": "another long sentence" });
        set(&olga, second).await.expect(204);
    }

    async fn a_device_is_in_no_list_of_people_and_has_no_page_of_its_own(site) {
        let device = door(site).await;
        let (olga, account) = (site.organiser().await, device.actor.account().to_string());
        for list in ["/attendees", "/roles", "/registrations", "/people/links"] {
            assert!(!olga.get(&path(site, list)).await.expect(200).mentions(&account), "{list}");
        }
        for page in ["/v1/account/data", "/v1/account/data.html"] {
            device.actor.get(page).await.expect_problem(403, "forbidden");
        }
    }

    async fn a_device_changes_nothing_of_the_programme_and_of_people(site) {
        let mut device = door(site).await;
        let (opening, ana) = (site.week.id("opening"), site.week.attendee("ana"));
        device.edit("record.patch", None, json!({ "collection": "sessions", "id": opening, "patch": { "number": "9" } }));
        device.star(ana, opening, true);
        let results = device.sync().await;
        assert_eq!(results.len(), 2);
        assert!(results.iter().all(|result| matches!(result, MutationResult::Rejected { .. })), "{results:?}");
        let refused = [("/rooms", 403), ("/registrations/search", 403), ("/attendees", 403), ("/enrolments", 403), ("/invitations", 403)];
        for (list, status) in refused {
            let answer = device.actor.post(&path(site, list), &json!({})).await;
            assert!(answer.status == status || answer.status == 400, "{list}: {}", answer.text());
            assert!(!answer.mentions("ana"), "{list}");
        }
    }

    async fn a_device_reads_areas_and_checkpoints_and_nobody_else_does_but_organisers(site) {
        let made = super::cast::area(site, "library-area", json!({ "room": site.week.id("library") })).await;
        let device = door(site).await;
        let items = async |who: &crate::harness::Actor| -> Value {
            who.get(&path(site, "/access-areas")).await.expect(200).json()["items"].clone()
        };
        for who in [&device.actor, &site.organiser().await] {
            assert_eq!(items(who).await[0]["id"], json!(made));
        }
        for who in [&site.anonymous(), &site.sign_in("ana").await, &site.sign_in("otto").await] {
            assert_eq!(items(who).await, json!([]));
            who.get(&path(site, &format!("/access-areas/{made}"))).await.expect_problem(404, "not_found");
        }
    }
}
