//! Whose an address is that somebody gives: an account is one attendee of an event, and acts for the others.

use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, on_duty, path, put, registration, text};
use crate::harness::{Device, Site};

/// The accounts of an attendee, as organisers see them: each relation by its address.
async fn accounts(site: &Site, attendee: &str) -> Value {
    let known = site.organiser().await.get(&path(site, &format!("/attendees/{attendee}"))).await.expect(200).json();
    let line = |one: &Value| (one["email"].as_str().unwrap().to_owned(), one["relation"].clone());
    Value::Object(known["accounts"].as_array().unwrap().iter().map(line).collect())
}

/// A member whom a focal point enters, with this address; the answer without what differs by itself.
fn member(category: &str, delegation: &str, email: &str) -> Value {
    json!({ "name": "Expert One", "category": category, "delegation": delegation, "email": email })
}

on_both! {
    async fn a_focal_point_makes_nobodys_account_another_attendee_and_does_not_learn_whose_it_is(site) {
        let (delegates, chile) = (category(site, "delegates", json!({})).await, delegation(site, "chile", json!({})).await);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut told = Vec::new();
        for (email, relation) in [("bruno@example.org", "assistant"), ("nobody@example.org", "self")] {
            let made = fay.post(&path(site, "/registrations"), &member(&delegates, &chile, email)).await.expect(201);
            let attendee = text(&made, "attendee");
            assert_eq!(accounts(site, &attendee).await, json!({ email: relation }));
            let again = fay.patch(&registration(site, &attendee), &json!({ "email": "other@example.org" })).await;
            let mut again = again.expect_problem(403, "forbidden").json();
            again.as_object_mut().unwrap().remove("request_id");
            let mut made = made.json();
            ["attendee", "rev"].iter().for_each(|field| drop(made.as_object_mut().unwrap().remove(*field)));
            told.push((made, again));
        }
        assert_eq!(told[0], told[1], "the answers do not tell whose address is somebody's");
        let bruno = site.sign_in("bruno").await.get("/v1/account").await.expect(200).json();
        let relations: Vec<&Value> = bruno["attendees"].as_array().unwrap().iter().map(|one| &one["relation"]).collect();
        assert_eq!((relations.len(), relations.iter().filter(|relation| **relation == "self").count()), (2, 1), "{bruno}");
    }

    async fn a_request_from_a_phone_and_a_row_of_a_file_do_so_neither(site) {
        let (delegates, chile) = (category(site, "delegates", json!({})).await, delegation(site, "chile", json!({})).await);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = Device::new(fay, &site.week.slug, &site.clock);
        phone.sync().await;
        let id = AttendeeId(Uuid::new_v4());
        phone.edit("registration.request", Some(id), member(&delegates, &chile, "bruno@example.org"));
        assert!(matches!(phone.sync().await[0], MutationResult::Applied { .. }));
        assert_eq!(accounts(site, &id.to_string()).await, json!({ "bruno@example.org": "assistant" }));
        let row = b"Name;E-mail;Category\r\nExpert Two;bruno@example.org;delegates\r\n".to_vec();
        let (olga, target) = (site.organiser().await, path(site, "/registrations/import"));
        olga.send_bytes((Method::POST, &target), &[("content-type", "text/csv")], row).await.expect(200);
        let everybody = olga.get(&path(site, "/registrations")).await.expect(200).json();
        let second = everybody["items"].as_array().unwrap().iter().find(|one| one["name"] == "Expert Two").unwrap();
        assert_eq!(accounts(site, second["attendee"].as_str().unwrap()).await, json!({ "bruno@example.org": "assistant" }));
    }

    async fn an_organiser_is_told_that_the_account_is_another_attendee(site) {
        let (olga, ana, bruno) = (site.organiser().await, site.week.attendee("ana"), site.week.account("bruno"));
        let target = path(site, &format!("/attendees/{ana}/accounts/{bruno}"));
        olga.send((Method::PUT, &target), &[], &json!({ "relation": "self" })).await.expect_problem(409, "wrong_state");
        let body = json!({ "email": "bruno@example.org", "name": "Bruno", "relation": "self" });
        olga.post(&path(site, &format!("/attendees/{ana}/accounts")), &body).await.expect_problem(409, "wrong_state");
        let email = json!({ "email": "bruno@example.org" });
        olga.patch(&path(site, &format!("/attendees/{ana}")), &email).await.expect_problem(409, "wrong_state");
        let before = accounts(site, &ana.to_string()).await;
        let delegates = category(site, "delegates", json!({})).await;
        put(site, &olga, ana, json!({ "category": delegates })).await.expect(200);
        olga.patch(&registration(site, &ana.to_string()), &email).await.expect_problem(409, "wrong_state");
        assert_eq!(accounts(site, &ana.to_string()).await, before);
        let made = olga.post(&path(site, "/attendees"), &json!({ "name": "New", "email": "bruno@example.org" })).await.expect(201).json();
        assert_eq!(made["accounts"][0]["relation"], "assistant");
        olga.send((Method::PUT, &target), &[], &json!({ "relation": "assistant" })).await.expect(200);
    }
}
