//! Messages that a second person approves because a rule asks for it.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{nothing, notices, path, work};
use crate::harness::{Actor, Site};
use crate::people::cast::{category, delegation, put, with_role};

async fn set_rules(site: &Site, olga: &Actor, rules: Value) -> crate::harness::Answer {
    olga.send((Method::PUT, &path(site, "/approval-rules")), &[], &json!({ "rules": rules })).await
}

async fn announce(site: &Site, by: &Actor, (audience, fields): (Value, Value)) -> Value {
    let mut body = json!({ "texts": { "en": { "title": "Lunch", "text": "On the terrace." } }, "audience": audience });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    by.post(&path(site, "/announcements"), &body).await.expect(201).json()
}

fn address(site: &Site, announcement: &Value, rest: &str) -> String {
    path(site, &format!("/announcements/{}{rest}", announcement["id"].as_str().unwrap()))
}

async fn patch(site: &Site, by: &Actor, announcement: &Value, patch: Value) -> crate::harness::Answer {
    let headers = [("content-type", "application/merge-patch+json")];
    by.send((Method::PATCH, &address(site, announcement, "")), &headers, &patch).await
}

on_both! {
    async fn a_message_that_reaches_a_minister_waits_for_a_second_person_however_it_is_addressed(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("ana").await;
        set_rules(site, &olga, json!([{ "audiences": [site.week.id("ministers")] }])).await.expect(200);
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        for audience in [
            json!({ "audiences": [site.week.id("ministers")] }),
            json!({ "attendees": [bruno, ana] }),
            json!({ "sessions": [site.week.id("round-table")] }),
        ] {
            assert_eq!(announce(site, &olga, (audience.clone(), json!({}))).await["state"], "to_approve", "{audience}");
        }
        let free = announce(site, &olga, (json!({ "attendees": [bruno] }), json!({}))).await;
        assert_eq!((&free["state"], free.get("needs_approval")), (&json!("sending"), None));
        work(site).await;
        assert_eq!(notices(&mut phone).await, []);
        let waiting = announce(site, &olga, (json!({ "attendees": [ana] }), json!({}))).await;
        let pia = with_role(site, "pia", Role::Protocol).await;
        olga.post(&address(site, &waiting, "/approve"), &nothing()).await.expect_problem(403, "forbidden");
        let approved = pia.post(&address(site, &waiting, "/approve"), &nothing()).await.expect(200).json();
        assert_eq!(approved["approved_by"], json!(pia.account()));
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 1);
        // What was approved is not changed behind the second person's back.
        let text = json!({ "texts": { "en": { "text": "In the cellar." } } });
        patch(site, &olga, &waiting, text).await.expect_problem(409, "wrong_state");
    }

    async fn a_rule_may_name_categories_delegations_and_urgency(site) {
        let olga = site.organiser().await;
        let (delegates, speakers) = (category(site, "delegates", json!({})).await, category(site, "speakers", json!({})).await);
        let chile = delegation(site, "chile", json!({})).await;
        let (ana, bruno, carla) = (site.week.attendee("ana"), site.week.attendee("bruno"), site.week.attendee("carla"));
        put(site, &olga, ana, json!({ "category": delegates, "delegation": chile })).await.expect(200);
        put(site, &olga, bruno, json!({ "category": speakers })).await.expect(200);
        put(site, &olga, carla, json!({ "category": delegates })).await.expect(200);
        let rules = json!([
            { "categories": [delegates], "delegations": [chile] },
            { "categories": [speakers], "urgencies": ["urgent"] },
            { "urgencies": ["emergency"] },
        ]);
        set_rules(site, &olga, rules.clone()).await.expect(200);
        assert_eq!(olga.get(&path(site, "/approval-rules")).await.expect(200).json(), json!({ "rules": rules }));
        for (attendee, urgency, state) in [
            (ana, "normal", "to_approve"),
            (carla, "normal", "sending"),
            (bruno, "normal", "sending"),
            (bruno, "urgent", "to_approve"),
            (carla, "urgent", "sending"),
            (carla, "emergency", "to_approve"),
        ] {
            let made = announce(site, &olga, (json!({ "attendees": [attendee] }), json!({ "urgency": urgency }))).await;
            assert_eq!(made["state"], state, "{urgency}");
        }
        let everybody = announce(site, &olga, (json!({ "everybody": true }), json!({}))).await;
        assert_eq!(everybody["state"], "to_approve", "ana is among them");
    }

    async fn a_draft_a_change_and_a_correction_are_looked_at_as_well(site) {
        let olga = site.organiser().await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let draft = announce(site, &olga, (json!({ "attendees": [ana] }), json!({ "is_draft": true }))).await;
        set_rules(site, &olga, json!([{ "audiences": [site.week.id("ministers")] }, { "urgencies": ["emergency"] }])).await.expect(200);
        let sent = olga.post(&address(site, &draft, "/send"), &nothing()).await.expect(200).json();
        assert_eq!(sent["state"], "to_approve", "the rule was made after the draft");
        let later = announce(site, &olga, (json!({ "attendees": [bruno] }), json!({ "send_at": "2018-11-26T10:00:00-03:00" }))).await;
        assert_eq!(later["state"], "scheduled");
        let changed = patch(site, &olga, &later, json!({ "audience": { "attendees": [bruno, ana] } })).await.expect(200).json();
        assert_eq!(changed["state"], "to_approve");
        let out = announce(site, &olga, (json!({ "attendees": [bruno] }), json!({}))).await;
        work(site).await;
        patch(site, &olga, &out, json!({ "urgency": "emergency" })).await.expect_problem(409, "wrong_state");
        patch(site, &olga, &out, json!({ "texts": { "en": { "text": "At one." } } })).await.expect(200);
    }

    async fn who_changed_what_somebody_else_wrote_does_not_approve_it_either(site) {
        let (olga, paul, pia) = (
            site.organiser().await,
            with_role(site, "paul", Role::Organiser).await,
            with_role(site, "pia", Role::Protocol).await,
        );
        set_rules(site, &olga, json!([{ "audiences": [site.week.id("ministers")] }])).await.expect(200);
        let audience = json!({ "attendees": [site.week.attendee("ana")] });
        let waiting = announce(site, &olga, (audience, json!({}))).await;
        patch(site, &paul, &waiting, json!({ "texts": { "en": { "text": "In the cellar." } } })).await.expect(200);
        let approve = address(site, &waiting, "/approve");
        for writer in [&olga, &paul] {
            writer.post(&approve, &nothing()).await.expect_problem(403, "forbidden");
        }
        pia.post(&approve, &nothing()).await.expect(200);
    }

    async fn rules_are_the_organisers_and_name_what_there_is(site) {
        let (olga, bruno) = (site.organiser().await, site.sign_in("bruno").await);
        assert_eq!(olga.get(&path(site, "/approval-rules")).await.expect(200).json(), json!({ "rules": [] }));
        bruno.get(&path(site, "/approval-rules")).await.expect_problem(403, "forbidden");
        set_rules(site, &bruno, json!([])).await.expect_problem(403, "forbidden");
        for (rules, code, field) in [
            (json!([{}]), "invalid_value", "/rules/0"),
            (json!([{ "urgencies": ["urgent"] }, { "audiences": [site.week.id("opening")] }]), "unknown_reference", "/rules/1/audiences"),
            (json!([{ "urgencies": ["pressing"] }]), "invalid_request", "/rules/0/urgencies/0"),
            (json!([{ "people": [] }]), "invalid_request", "/rules/0"),
        ] {
            let answer = set_rules(site, &olga, rules).await;
            let status = if code == "invalid_request" { 400 } else { 422 };
            let problem = answer.expect_problem(status, code).json();
            assert!(problem["field"].as_str().unwrap_or_default().starts_with(field), "{problem}");
        }
        set_rules(site, &olga, json!([{ "urgencies": ["urgent"] }])).await.expect(200);
        set_rules(site, &olga, json!([])).await.expect(200);
        let audit = olga.get(&path(site, "/audit?limit=2")).await.expect(200).json();
        assert_eq!(audit["items"][0]["operation"], "approval_rules.set");
    }
}
