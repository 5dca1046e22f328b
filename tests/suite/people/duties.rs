//! Focal points and liaison officers, as organisers name them.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, newcomer, on_duty, path, put, register, text, with_role};
use crate::harness::{Actor, Device, Site};

fn duties(site: &Site, delegation: &str) -> String {
    path(site, &format!("/delegations/{delegation}/duties"))
}

async fn name_for(site: &Site, by: &Actor, delegation: &str, (email, duty): (&str, &str)) -> String {
    let body = json!({ "email": email, "name": "Fay", "duty": duty });
    text(&by.post(&duties(site, delegation), &body).await.expect(200), "account")
}

/// The names of the members that somebody reads of a delegation.
async fn members(site: &Site, actor: &Actor, delegation: &str) -> Vec<Value> {
    let page = actor.get(&path(site, &format!("/delegations/{delegation}/members"))).await.expect(200).json();
    page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect()
}

on_both! {
    async fn a_focal_point_is_named_by_address_and_holds_the_delegation_at_once(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({ "is_listed": false })).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        put(site, &olga, ana, json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let fay = newcomer(site, "fay").await;
        let mut phone = Device::new(fay.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        assert_eq!(phone.find("delegation_members", ana), None);
        fay.get(&path(site, "/delegations/chile/members")).await.expect_problem(404, "not_found");
        assert_eq!(name_for(site, &olga, "chile", ("fay@example.org", "focal_point")).await, fay.account().to_string());
        phone.sync().await;
        assert_eq!(phone.find("delegation_members", ana).unwrap()["name"], "ana");
        assert_eq!(members(site, &fay, "chile").await, ["ana"]);
        olga.delete(&format!("{}/{}/focal_point", duties(site, &chile), fay.account())).await.expect(204);
        phone.sync().await;
        assert_eq!(phone.find("delegation_members", ana), None);
        fay.get(&path(site, "/delegations/chile/members")).await.expect_problem(404, "not_found");
    }

    async fn an_account_is_made_where_the_address_has_none(site) {
        let chile = delegation(site, "chile", json!({})).await;
        let pia = with_role(site, "pia", Role::Protocol).await;
        let account = name_for(site, &pia, &chile, ("New.Liaison@Example.org", "liaison")).await;
        assert_eq!(name_for(site, &pia, &chile, ("new.liaison@example.org", "focal_point")).await, account);
        let page = pia.get(&duties(site, &chile)).await.expect(200).json();
        let duty = json!({ "account": account, "name": "Fay", "email": "new.liaison@example.org", "duties": ["focal_point", "liaison"] });
        assert_eq!(page["items"], json!([duty]));
    }

    async fn duties_are_listed_in_pages_and_given_once_under_a_key(site) {
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        let mut named = Vec::new();
        for number in 0..5 {
            let email = format!("focal-{number}@example.org");
            named.push(json!(name_for(site, &olga, &chile, (&email, "focal_point")).await));
        }
        named.sort_by_key(|account| account.as_str().unwrap().to_owned());
        let listed = olga.list_by_pages(&duties(site, &chile), 2).await;
        assert_eq!(listed.iter().map(|item| item["account"].clone()).collect::<Vec<_>>(), named);
        let one = format!("{}/{}/liaison", duties(site, &chile), named[0].as_str().unwrap());
        let key = Uuid::new_v4().to_string();
        let key = [("idempotency-key", key.as_str())];
        for replayed in ["", "true"] {
            let given = olga.send((Method::PUT, &one), &key, &json!(null)).await.expect(204);
            assert_eq!(given.header("idempotency-replayed"), replayed);
        }
        let audit = olga.get(&path(site, "/audit?limit=500")).await.expect(200).json();
        let lines = audit["items"].as_array().unwrap().iter().filter(|line| line["operation"] == "delegation.duty");
        assert_eq!(lines.count(), 6);
    }

    async fn members_are_listed_in_pages_for_those_who_look_after_them(site) {
        let form = json!([{ "key": "diet", "label": { "en": "Diet" }, "kind": "text" }]);
        let delegates = category(site, "delegates", json!({ "form": form })).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        let olga = site.organiser().await;
        let body = |delegation: &str| json!({ "category": delegates, "delegation": delegation, "answers": { "diet": "no peanuts" } });
        for name in ["ana", "bruno"] {
            put(site, &olga, site.week.attendee(name), body(&chile)).await.expect(200);
        }
        put(site, &olga, site.week.attendee("carla"), body(&peru)).await.expect(200);
        name_for(site, &olga, &chile, ("lia@example.org", "liaison")).await;
        let lia = newcomer(site, "lia").await;
        let target = path(site, &format!("/delegations/{chile}/members"));
        let listed = lia.list_by_pages(&target, 1).await;
        assert_eq!(listed.iter().map(|item| &item["name"]).collect::<Vec<_>>(), ["ana", "bruno"]);
        assert!(!lia.get(&target).await.mentions("peanuts"));
        assert_eq!(lia.get(&format!("{target}?status=cancelled")).await.expect(200).json()["items"], json!([]));
        assert_eq!(members(site, &with_role(site, "pia", Role::Protocol).await, "peru").await, ["carla"]);
        lia.get(&path(site, "/delegations/peru/members")).await.expect_problem(404, "not_found");
    }

    async fn who_decides_nothing_names_nobody(site) {
        let (chile, account) = (delegation(site, "chile", json!({})).await, site.week.account("ana"));
        let olga = site.organiser().await;
        name_for(site, &olga, &chile, ("fay@example.org", "focal_point")).await;
        let body = json!({ "email": "thief@example.org", "name": "Thief", "duty": "focal_point" });
        let one = |delegation: &str| format!("{}/{account}/focal_point", duties(site, delegation));
        let never = Uuid::new_v4().to_string();
        for stranger in [site.sign_in("ana").await, site.sign_in("otto").await, with_role(site, "desk", Role::Desk).await] {
            for id in [chile.as_str(), &never] {
                stranger.get(&duties(site, id)).await.expect_problem(404, "not_found");
                stranger.post(&duties(site, id), &body).await.expect_problem(404, "not_found");
                stranger.send((Method::PUT, &one(id)), &[], &json!(null)).await.expect_problem(404, "not_found");
                stranger.delete(&one(id)).await.expect_problem(404, "not_found");
            }
        }
        let fay = newcomer(site, "fay").await;
        fay.get(&duties(site, &chile)).await.expect(200);
        fay.post(&duties(site, &chile), &body).await.expect_problem(403, "forbidden");
        olga.post(&duties(site, &never), &body).await.expect_problem(404, "not_found");
        olga.delete(&one(&chile)).await.expect_problem(404, "not_found");
        let nobody = format!("{}/{}/liaison", duties(site, &chile), Uuid::new_v4());
        olga.send((Method::PUT, &nobody), &[], &json!(null)).await.expect_problem(404, "not_found");
        let faults = [("email", json!("no address"), 422), ("name", json!(" "), 422), ("duty", json!("king"), 400)];
        for (field, value, status) in faults {
            let mut faulty = body.clone();
            faulty[field] = value;
            let answer = olga.post(&duties(site, &chile), &faulty).await.expect(status);
            assert_eq!(answer.json()["field"], format!("/{field}"), "{}", answer.text());
        }
    }

    async fn the_protocol_officer_sets_the_order_of_delegations_and_nothing_else_of_them(site) {
        let chile = delegation(site, "chile", json!({ "capacity": 5 })).await;
        let (pia, fay) = (with_role(site, "pia", Role::Protocol).await, on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await);
        let target = path(site, "/delegations/chile");
        let made = pia.patch(&target, &json!({ "order": 7 })).await.expect(200).json();
        assert_eq!((&made["order"], &made["capacity"]), (&json!(7), &json!(5)));
        let mut phone = Device::new(pia.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        let patch = |patch: Value| json!({ "collection": "delegations", "id": chile, "patch": patch });
        phone.edit("record.patch", None, patch(json!({ "order": null })));
        phone.edit("record.patch", None, patch(json!({ "order": 3, "capacity": 50 })));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Applied { .. }), "{results:?}");
        assert!(matches!(&results[1], MutationResult::Rejected { reason, .. } if reason == "forbidden"), "{results:?}");
        for refused in [json!({ "order": 3, "capacity": 50 }), json!({ "name": { "en": "Chile!" } }), json!({}), json!([])] {
            pia.patch(&target, &refused).await.expect_problem(403, "forbidden");
        }
        pia.patch(&path(site, "/sessions/visit"), &json!({ "order": 3 })).await.expect_problem(403, "forbidden");
        pia.delete(&target).await.expect_problem(403, "forbidden");
        fay.patch(&target, &json!({ "order": 1 })).await.expect_problem(403, "forbidden");
        let kept = site.organiser().await.get(&target).await.expect(200).json();
        assert_eq!((kept.get("order"), &kept["capacity"]), (None, &json!(5)));
    }

    async fn a_delegation_that_goes_takes_its_duties_along(site) {
        let delegates = category(site, "delegates", json!({ "enrolment": "automatic" })).await;
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        name_for(site, &olga, &chile, ("fay@example.org", "focal_point")).await;
        let fay = newcomer(site, "fay").await;
        let mut phone = Device::new(fay.clone(), &site.week.slug, &site.clock);
        phone.sync().await;
        assert!(phone.scopes().contains(&format!("delegation:{chile}")));
        olga.delete(&path(site, "/delegations/chile")).await.expect(204);
        phone.sync().await;
        assert!(!phone.scopes().contains(&format!("delegation:{chile}")));
        register(site, &fay, &delegates).await.expect(201);
    }
}
