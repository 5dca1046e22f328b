//! Badges and envelopes with one signature, and what is lent.

use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{desk, outcome};
use crate::badges::cast::{confirm, paper};
use crate::check_in::cast::rows;
use crate::enrolment::cast::{address, path};
use crate::harness::{Actor, Site};

fn fact(number: u128, minute: u32, more: Value) -> Value {
    let mut value = json!({ "id": Uuid::from_u128(0x6000 + number),
        "at": { "wall": format!("2018-11-26T12:{minute:02}:00.000Z"), "offset_ms": 0, "uncertainty_ms": 10 } });
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}

fn receiver() -> Value {
    json!({ "kind": "receiver", "number": "R-231" })
}

async fn hand_in(site: &Site, actor: &Actor, facts: &[Value]) -> Vec<String> {
    let answer = actor.post(&path(site, "/handovers"), &json!({ "handovers": facts })).await.expect(200).json();
    let results = answer["results"].as_array().unwrap().iter();
    results.map(|result| result["status"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn one_signature_stands_for_the_badges_of_a_delegation_until_it_is_taken_back(site) {
        confirm(site, &["ana", "bruno"]).await;
        let olga = site.organiser().await;
        let to = [site.week.attendee("ana"), site.week.attendee("bruno")];
        for who in ["ana", "bruno"] {
            paper(site, &olga, who).await;
        }
        let mut desk = desk(site, 1).await;
        let given = fact(1, 0, json!({ "kind": "handed_out", "attendees": to, "what": ["badge", "envelope"],
            "received_by": "Carla Soto", "signature": [[0, 10, 40, 12]] }));
        assert_eq!(outcome(&mut desk.device, "handover.record", None, given.clone()).await, "recorded");
        let handed = |people: &[Value]| {
            let papers = people.iter().flat_map(|row| row["carriers"].as_array().unwrap()).filter(|one| one["kind"] == "paper");
            papers.filter(|one| one.get("handed_out_at").is_some()).count()
        };
        assert_eq!(handed(&rows(&mut desk.device, "desk_people").await), 2);
        let shown = rows(&mut desk.device, "handovers").await;
        assert_eq!((shown.len(), &shown[0]["is_signed"], shown[0].get("signature")), (1, &json!(true), None));
        let listed = olga.get(&path(site, &format!("/handovers?attendee={}", to[0]))).await.expect(200).json();
        assert_eq!(listed["items"][0]["signature"], json!([[0, 10, 40, 12]]));
        assert_eq!(hand_in(site, &olga, &[given]).await, ["duplicate"]);
        let undo = fact(2, 1, json!({ "undoes": Uuid::from_u128(0x6001) }));
        assert_eq!(outcome(&mut desk.device, "handover.undo", None, undo).await, "recorded");
        assert_eq!(handed(&rows(&mut desk.device, "desk_people").await), 0);
        assert_eq!(rows(&mut desk.device, "handovers").await, Vec::<Value>::new());
    }

    async fn what_two_desks_lend_and_take_back_is_the_same_in_every_order(site) {
        confirm(site, &["ana", "bruno"]).await;
        let olga = site.organiser().await;
        let mut desk = desk(site, 1).await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        let lent = |number, minute, who| fact(number, minute, json!({ "kind": "lent", "attendees": [who], "item": receiver() }));
        let back = fact(3, 5, json!({ "kind": "taken_back", "item": receiver() }));
        // The return arrives before the loan that it ends.
        assert_eq!(hand_in(site, &olga, &[back.clone(), lent(4, 9, bruno)]).await, ["recorded", "recorded"]);
        assert_eq!(hand_in(site, &olga, &[lent(1, 0, ana), back]).await, ["recorded", "duplicate"]);
        let out = olga.get(&path(site, "/loans")).await.expect(200).json();
        assert_eq!(out["items"][0]["holders"][0]["attendee"], json!(bruno));
        assert_eq!(rows(&mut desk.device, "loans").await.len(), 1);
        assert_eq!(hand_in(site, &olga, &[lent(5, 12, ana)]).await, ["recorded"]);
        let held = rows(&mut desk.device, "loans").await;
        assert_eq!(held[0]["holders"].as_array().unwrap().len(), 2, "it was lent while it was out: {held:?}");
        assert_eq!(hand_in(site, &olga, &[fact(6, 20, json!({ "kind": "taken_back", "item": receiver() }))]).await, ["recorded"]);
        assert_eq!(rows(&mut desk.device, "loans").await, Vec::<Value>::new());
        assert_eq!(olga.get(&path(site, "/loans")).await.expect(200).json()["items"], json!([]));
    }

    async fn what_is_out_is_listed_in_pages_by_kind_and_number(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let items = [("receiver", "R-2"), ("adapter", "9"), ("receiver", "R-1"), ("adapter", "10")];
        let lent = (0..).zip(items).map(|(number, (kind, label))| {
            fact(number, 0, json!({ "kind": "lent", "attendees": [ana], "item": { "kind": kind, "number": label } }))
        });
        hand_in(site, &olga, &lent.collect::<Vec<_>>()).await;
        let listed = olga.list_by_pages(&path(site, "/loans"), 3).await;
        let numbers: Vec<&Value> = listed.iter().map(|loan| &loan["item"]["number"]).collect();
        assert_eq!(numbers, ["10", "9", "R-1", "R-2"]);
        olga.get(&path(site, "/loans?limit=0")).await.expect_problem(400, "invalid_request");
    }

    async fn nothing_of_it_is_refused_and_what_cannot_be_read_is_put_before_a_desk_lead(site) {
        let olga = site.organiser().await;
        let desk = desk(site, 1).await;
        olga.post(&address(site, &desk.device, "/revoke"), &json!({})).await.expect(200);
        let odd = json!({ "id": "no uuid", "kind": "lent" });
        let good = fact(1, 0, json!({ "kind": "taken_back", "item": receiver() }));
        let other = fact(1, 0, json!({ "kind": "taken_back", "item": { "kind": "receiver", "number": "R-9" } }));
        let told = hand_in(site, &desk.device.actor, &[odd, good.clone(), good, other]).await;
        assert_eq!(told, ["not_understood", "recorded", "duplicate", "reused"], "of a revoked desk too");
        let incidents = olga.get(&path(site, "/incidents")).await.expect(200).json();
        assert_eq!(incidents["items"][0]["kind"], "not_understood");
        let none: [Value; 0] = [];
        site.sign_in("ana").await.post(&path(site, "/handovers"), &json!({ "handovers": none })).await.expect_problem(403, "forbidden");
        desk.device.actor.get(&path(site, "/loans")).await.expect_problem(403, "forbidden");
        let many = vec![json!({}); 501];
        olga.post(&path(site, "/handovers"), &json!({ "handovers": many })).await.expect_problem(413, "too_large");
    }

    async fn whoever_is_erased_leaves_no_signature(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let mut desk = desk(site, 1).await;
        let given = fact(1, 0, json!({ "kind": "handed_out", "attendees": [ana], "what": ["envelope"],
            "received_by": "Carla Soto", "signature": [[0, 10, 40, 12]], "note": "by the driver" }));
        hand_in(site, &olga, &[given]).await;
        olga.put(&path(site, &format!("/attendees/{ana}/door-note")), &json!({ "text": "Ask for the letter." })).await.expect(204);
        let held = site.sign_in("ana").await.get(&path(site, &format!("/attendees/{ana}/data"))).await.expect(200).json();
        assert_eq!((&held["handovers"][0]["received_by"], &held["door_notes"][0]["text"]), (&json!("Carla Soto"), &json!("Ask for the letter.")));
        olga.post(&path(site, &format!("/attendees/{ana}/erase")), &json!({ "confirm": ana })).await.expect(200);
        let left = olga.get(&path(site, "/handovers")).await.expect(200);
        assert!(!left.mentions("Carla") && !left.mentions("driver") && !left.mentions("signature"));
        desk.device.sync().await;
        assert!(!desk.device.everything().contains("Carla"));
        assert!(!desk.device.everything().contains("letter"));
    }
}
