//! What people need to take part: who says it, who reads it, and what is noted of that.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, move_to, newcomer, on_duty, path, put, registration, text, with_role};
use crate::harness::{Answer, Device, Site};

fn needs(site: &Site, attendee: impl ToString) -> String {
    path(site, &format!("/attendees/{}/access-needs", attendee.to_string()))
}

async fn say(site: &Site, actor: &crate::harness::Actor, attendee: impl ToString, body: &Value) -> Answer {
    actor.send((Method::PUT, &needs(site, attendee)), &[], body).await
}

/// What the audit log says of people's needs, the newest first: who, what, and before and after.
async fn audit(site: &Site) -> Vec<(Value, Value)> {
    let page = site.organiser().await.get(&path(site, "/audit?limit=500")).await.expect(200).json();
    let lines = page["items"].as_array().unwrap().iter().filter(|line| line["collection"] == "access_needs");
    lines
        .map(|line| {
            assert_eq!((&line["before"], &line["after"]), (&Value::Null, &Value::Null), "{line}");
            (line["operation"].clone(), line["account"].clone())
        })
        .collect()
}

on_both! {
    async fn a_person_says_what_they_need_and_their_phone_shows_it(site) {
        let (ana, bruno) = (site.sign_in("ana").await, site.week.attendee("bruno"));
        let attendee = site.week.attendee("ana");
        let none = json!({ "attendee": attendee, "needs": [] });
        assert_eq!(ana.get(&needs(site, attendee)).await.expect(200).json(), none);
        let body = json!({ "needs": ["step_free"], "note": "A seat near the door." });
        say(site, &ana, attendee, &body).await.expect(200);
        let kept = json!({ "attendee": attendee, "needs": ["step_free"], "note": "A seat near the door." });
        assert_eq!(ana.get(&needs(site, attendee)).await.expect(200).json(), kept);
        let mut phone = Device::new(ana.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        assert_eq!(phone.find("access_needs", attendee), Some(body));
        phone.edit("access_needs.put", Some(attendee), json!({ "needs": ["quiet_room"] }));
        assert_eq!(phone.find("access_needs", attendee), Some(json!({ "needs": ["quiet_room"] })), "before there is a network");
        phone.edit("access_needs.put", Some(bruno), json!({ "needs": ["quiet_room"] }));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[1], MutationResult::Rejected { reason, .. } if reason == "forbidden"), "{results:?}");
        assert_eq!(ana.get(&needs(site, attendee)).await.expect(200).json()["needs"], json!(["quiet_room"]));
        ana.delete(&needs(site, attendee)).await.expect(204);
        phone.sync().await;
        assert_eq!(phone.find("access_needs", attendee), None);
        assert_eq!(ana.get(&needs(site, attendee)).await.expect(200).json(), none);
        let who = json!(ana.account());
        let expected = [("access_needs.delete", &who), ("access_needs.put", &who), ("access_needs.put", &who)];
        assert_eq!(audit(site).await, expected.map(|(operation, who)| (json!(operation), who.clone())), "their own reading is nobody's business");
    }

    async fn who_else_reads_what_somebody_needs_is_in_the_audit_log(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        put(site, &olga, ana, json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let sol = site.sign_in("sol").await;
        say(site, &sol, ana, &json!({ "needs": ["captions"] })).await.expect(200);
        sol.get(&needs(site, ana)).await.expect(200);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let abe = with_role(site, "abe", Role::Accessibility).await;
        let mut expected = vec![(json!("access_needs.put"), json!(sol.account()))];
        for reader in [&fay, &lia, &abe, &olga] {
            assert_eq!(reader.get(&needs(site, ana)).await.expect(200).json()["needs"], json!(["captions"]));
            expected.insert(0, (json!("access_needs.read"), json!(reader.account())));
        }
        for writer in [&fay, &abe, &olga] {
            say(site, writer, ana, &json!({ "note": format!("By {}", writer.account()) })).await.expect(200);
            expected.insert(0, (json!("access_needs.put"), json!(writer.account())));
        }
        say(site, &lia, ana, &json!({ "needs": ["captions"] })).await.expect_problem(403, "forbidden");
        lia.delete(&needs(site, ana)).await.expect_problem(403, "forbidden");
        assert_eq!(audit(site).await, expected);
    }

    async fn who_has_no_duty_there_reads_nothing(site) {
        let (ana, never) = (site.week.attendee("ana").to_string(), Uuid::new_v4().to_string());
        let secret = json!({ "needs": ["wheelchair"], "note": "Of nobody's concern." });
        say(site, &site.sign_in("ana").await, &ana, &secret).await.expect(200);
        let pia = with_role(site, "pia", Role::Protocol).await;
        pia.get(&needs(site, &ana)).await.expect_problem(403, "forbidden");
        let (bruno, otto) = (site.sign_in("bruno").await, site.sign_in("otto").await);
        let desk = with_role(site, "desk", Role::Desk).await;
        for stranger in [&bruno, &otto, &desk, &newcomer(site, "stranger").await] {
            for id in [&ana, &never] {
                stranger.get(&needs(site, id)).await.expect_problem(404, "not_found");
                say(site, stranger, id, &secret).await.expect_problem(404, "not_found");
                stranger.delete(&needs(site, id)).await.expect_problem(404, "not_found");
            }
            stranger.get(&path(site, "/access-needs")).await.expect_problem(403, "forbidden");
        }
        site.organiser().await.get(&needs(site, &never)).await.expect_problem(404, "not_found");
    }

    async fn who_arranges_what_people_need_has_a_list_of_them(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let (olga, abe) = (site.organiser().await, with_role(site, "abe", Role::Accessibility).await);
        put(site, &olga, site.week.attendee("ana"), json!({ "category": delegates })).await.expect(200);
        for name in ["ana", "bruno", "carla"] {
            say(site, &olga, site.week.attendee(name), &json!({ "needs": ["captions"] })).await.expect(200);
        }
        let listed = abe.list_by_pages(&path(site, "/access-needs"), 2).await;
        let item = |name: &str| json!({ "attendee": site.week.attendee(name), "name": name, "needs": ["captions"] });
        let mut ana = item("ana");
        ana["status"] = json!("confirmed");
        assert_eq!(listed, [ana, item("bruno"), item("carla")]);
        let read = audit(site).await.into_iter().filter(|(operation, _)| operation == "access_needs.read");
        assert_eq!(read.count(), 3, "each person once");
    }

    async fn whoever_registers_somebody_says_what_they_need_in_the_same_act(site) {
        let delegates = category(site, "delegates", json!({ "enrolment": "automatic" })).await;
        let chile = delegation(site, "chile", json!({})).await;
        let (fay, pia) = (on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await, with_role(site, "pia", Role::Protocol).await);
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        let body = |name: &str, said: Value| json!({ "name": name, "category": delegates, "delegation": chile, "access_needs": said });
        let said = json!({ "needs": ["wheelchair"], "note": "Of nobody else's concern." });
        pia.post(&path(site, "/registrations"), &body("Teresa", said.clone())).await.expect_problem(403, "forbidden");
        let faults = [(json!({}), "/access_needs"), (json!({ "needs": ["captions", "captions"] }), "/access_needs/needs/1")];
        for (faulty, field) in faults {
            let answer = fay.post(&path(site, "/registrations"), &body("Teresa", faulty)).await.expect_problem(422, "invalid_value");
            assert_eq!(answer.json()["field"], field);
        }
        let member = shared::ids::AttendeeId(Uuid::new_v4());
        let mut phone = Device::new(fay.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        phone.edit("registration.request", Some(member), body("Teresa", said.clone()));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert_eq!(phone.find("access_needs", member), Some(said.clone()));
        assert!(!phone.find("delegation_members", member).unwrap().to_string().contains("concern"));
        let kept = json!({ "attendee": member, "needs": said["needs"], "note": said["note"] });
        assert_eq!(lia.get(&needs(site, member)).await.expect(200).json(), kept);
        assert_eq!(audit(site).await.pop(), Some((json!("access_needs.put"), json!(fay.account()))));
        let whole = site.organiser().await.get(&path(site, "/audit?limit=500")).await.expect(200);
        assert!(!whole.mentions("concern"), "the log says that it was said, and not what");
        let helper = newcomer(site, "helper").await;
        let assisted = json!({ "name": "Expert", "relation": "assistant", "category": delegates, "access_needs": { "needs": ["captions"] } });
        let expert = text(&helper.post(&path(site, "/registrations"), &assisted).await.expect(201), "attendee");
        assert_eq!(helper.get(&needs(site, expert)).await.expect(200).json()["needs"], json!(["captions"]));
    }

    async fn needs_that_cannot_be_change_nothing(site) {
        let (ana, attendee) = (site.sign_in("ana").await, site.week.attendee("ana"));
        let faults = [
            (json!({}), 422, ""),
            (json!({ "needs": ["captions", "captions"] }), 422, "/needs/1"),
            (json!({ "note": " " }), 422, "/note"),
            (json!({ "needs": ["a throne"] }), 400, "/needs/0"),
            (json!({ "wants": [] }), 400, "/wants"),
        ];
        for (body, status, field) in faults {
            let answer = say(site, &ana, attendee, &body).await.expect(status);
            assert_eq!(answer.json()["field"].as_str().unwrap_or_default(), field, "{}", answer.text());
        }
        assert_eq!(ana.get(&needs(site, attendee)).await.expect(200).json()["needs"], json!([]));
    }

    async fn a_companion_comes_with_somebody_who_comes_also_where_an_organiser_says_so(site) {
        let (delegates, olga) = (category(site, "delegates", json!({})).await, site.organiser().await);
        let enter = async |name: &str, of: Option<&str>| {
            let mut body = json!({ "name": name, "category": delegates });
            if let Some(of) = of {
                body["companion_of"] = json!(of);
            }
            olga.post(&path(site, "/registrations"), &body).await
        };
        let host = text(&enter("Host", None).await.expect(201), "attendee");
        let along = text(&enter("Along", Some(&host)).await.expect(201), "attendee");
        enter("Second", Some(&host)).await.expect(201);
        enter("Chain", Some(&along)).await.expect_problem(409, "wrong_state");
        let other = text(&enter("Other", None).await.expect(201), "attendee");
        let with_other = json!({ "companion_of": other });
        olga.patch(&registration(site, &host), &with_other).await.expect_problem(409, "wrong_state");
        olga.patch(&registration(site, &other), &with_other).await.expect_problem(422, "unknown_reference");
        move_to(site, &olga, &other, "cancelled").await.expect(200);
        enter("Late", Some(&other)).await.expect_problem(409, "wrong_state");
        olga.patch(&registration(site, &along), &with_other).await.expect_problem(409, "wrong_state");
    }

    async fn the_companion_of_who_needs_one_comes_outside_the_quota(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({ "capacity": 1 })).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        put(site, &olga, ana, json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let companion = json!({ "name": "Companion", "category": delegates, "delegation": chile, "companion_of": ana });
        fay.post(&path(site, "/registrations"), &companion).await.expect_problem(409, "wrong_state");
        say(site, &fay, ana, &json!({ "needs": ["companion"] })).await.expect(200);
        let made = fay.post(&path(site, "/registrations"), &companion).await.expect(201);
        assert_eq!(text(&made, "status"), "confirmed");
    }
}
