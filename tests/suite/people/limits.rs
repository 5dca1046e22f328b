//! Capacities, the waitlist, and who is next.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{category, delegation, move_to, newcomer, path, put, register, registration, text};
use crate::harness::{Actor, Site};

/// How many ask at once, and for how many places.
const ASKING: usize = 100;
const PLACES: usize = 10;

async fn status(site: &Site, attendee: &str) -> String {
    text(&site.organiser().await.get(&registration(site, attendee)).await.expect(200), "status")
}

/// Registers somebody by the organiser; their id and status.
async fn enter(site: &Site, olga: &Actor, body: Value) -> (String, String) {
    let mut whole = json!({ "name": "Somebody" });
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let made = olga.post(&path(site, "/registrations"), &whole).await.expect(201);
    (text(&made, "attendee"), text(&made, "status"))
}

on_both! {
    async fn a_hundred_who_ask_at_once_for_ten_places_get_ten_and_numbers_of_their_own(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic", "capacity": PLACES })).await;
        let people = join_all((0..ASKING).map(|number| newcomer_named(site, number))).await;
        let asks = people.iter().enumerate().flat_map(|(number, person)| {
            let key = Uuid::new_v4().to_string();
            let body = json!({ "name": format!("Person {number}"), "relation": "self", "category": press });
            // Every other one is sent twice, as by a phone that lost the answer.
            let times = if number % 2 == 0 { 2 } else { 1 };
            (0..times).map(move |_| (person, key.clone(), body.clone()))
        });
        let target = path(site, "/registrations");
        let answers = join_all(asks.map(|(person, key, body)| {
            let target = target.clone();
            async move {
                let headers = [("idempotency-key", key.as_str())];
                person.send((Method::POST, &target), &headers, &body).await.expect(201).json()
            }
        }))
        .await;
        assert_eq!(answers.len(), ASKING + ASKING / 2);
        let olga = site.organiser().await;
        let kept = olga.get(&path(site, "/registrations?limit=500")).await.expect(200).json();
        let kept = kept["items"].as_array().unwrap();
        assert_eq!(kept.len(), ASKING, "what was sent twice was done once");
        let count = |status: &str| kept.iter().filter(|item| item["status"] == status).count();
        assert_eq!((count("confirmed"), count("waitlisted")), (PLACES, ASKING - PLACES));
        let mut numbers: Vec<u64> = kept.iter().filter_map(|item| item["waitlist_number"].as_u64()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=(ASKING - PLACES) as u64).collect::<Vec<_>>());
    }

    async fn a_raised_capacity_lets_the_next_in_and_a_lowered_one_sends_nobody_away(site) {
        let press = category(site, "press", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        let mut entered = Vec::new();
        for _ in 0..4 {
            entered.push(enter(site, &olga, json!({ "category": press })).await);
        }
        let statuses: Vec<&str> = entered.iter().map(|(_, status)| status.as_str()).collect();
        assert_eq!(statuses, ["confirmed", "waitlisted", "waitlisted", "waitlisted"]);
        olga.patch(&path(site, "/categories/press"), &json!({ "capacity": 3 })).await.expect(200);
        assert_eq!(status(site, &entered[2].0).await, "confirmed");
        assert_eq!(status(site, &entered[3].0).await, "waitlisted");
        olga.patch(&path(site, "/categories/press"), &json!({ "capacity": 1 })).await.expect(200);
        assert_eq!(status(site, &entered[2].0).await, "confirmed");
        move_to(site, &olga, &entered[0].0, "cancelled").await.expect(200);
        assert_eq!(status(site, &entered[3].0).await, "waitlisted", "two are confirmed where one may be");
        olga.patch(&path(site, "/categories/press"), &json!({ "capacity": null })).await.expect(200);
        assert_eq!(status(site, &entered[3].0).await, "confirmed");
    }

    async fn who_waits_is_confirmed_only_by_a_free_place_or_an_organisers_exception(site) {
        let press = category(site, "press", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        enter(site, &olga, json!({ "category": press })).await;
        let (id, _) = enter(site, &olga, json!({ "category": press })).await;
        move_to(site, &olga, &id, "confirmed").await.expect_problem(409, "full");
        let target = format!("{}/status", registration(site, &id));
        let made = olga.post(&target, &json!({ "status": "confirmed", "override": true })).await.expect(200);
        assert_eq!(text(&made, "status"), "confirmed");
    }

    async fn a_delegation_has_its_own_places_and_a_companion_takes_none(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let drivers = category(site, "drivers", json!({ "is_outside_quotas": true })).await;
        let chile = delegation(site, "chile", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        let member = json!({ "category": delegates, "delegation": chile });
        let (first, _) = enter(site, &olga, member.clone()).await;
        let (second, waits) = enter(site, &olga, member).await;
        assert_eq!(waits, "waitlisted");
        move_to(site, &olga, &second, "confirmed").await.expect_problem(409, "quota_reached");
        let driver = enter(site, &olga, json!({ "category": drivers, "delegation": chile })).await;
        assert_eq!(driver.1, "confirmed");
        let companion = enter(site, &olga, json!({ "category": delegates, "delegation": chile, "companion_of": first })).await;
        assert_eq!(companion.1, "confirmed");
        move_to(site, &olga, &first, "cancelled").await.expect(200);
        assert_eq!(status(site, &second).await, "confirmed");
        assert_eq!(status(site, &companion.0).await, "cancelled", "they came for somebody who does not come");
    }

    async fn a_waitlist_that_categories_share_follows_their_order_then_the_numbers(site) {
        let ministers = category(site, "ministers", json!({ "order": 1 })).await;
        let experts = category(site, "experts", json!({ "order": 2 })).await;
        let chile = delegation(site, "chile", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        let (first, _) = enter(site, &olga, json!({ "category": experts, "delegation": chile })).await;
        let (expert, _) = enter(site, &olga, json!({ "category": experts, "delegation": chile })).await;
        let (minister, _) = enter(site, &olga, json!({ "category": ministers, "delegation": chile })).await;
        move_to(site, &olga, &first, "cancelled").await.expect(200);
        assert_eq!((status(site, &expert).await, status(site, &minister).await), ("waitlisted".into(), "confirmed".into()));
        move_to(site, &olga, &minister, "cancelled").await.expect(200);
        assert_eq!(status(site, &expert).await, "confirmed");
    }

    async fn who_comes_back_to_the_waitlist_stands_at_its_end(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic", "capacity": 1 })).await;
        let (olga, dana, emil) = (site.organiser().await, newcomer(site, "dana").await, newcomer(site, "emil").await);
        enter(site, &olga, json!({ "category": press })).await;
        let dana_id = text(&register(site, &dana, &press).await.expect(201), "attendee");
        register(site, &emil, &press).await.expect(201);
        for status in ["cancelled", "requested"] {
            move_to(site, &dana, &dana_id, status).await.expect(200);
        }
        let back = move_to(site, &olga, &dana_id, "confirmed").await.expect(200);
        assert_eq!((text(&back, "status"), &back.json()["waitlist_number"]), ("waitlisted".to_owned(), &json!(3)));
    }

    async fn who_changes_into_a_full_category_stays_where_they_are(site) {
        let (press, guests) = (category(site, "press", json!({ "capacity": 1 })).await, category(site, "guests", json!({ "capacity": 1 })).await);
        let olga = site.organiser().await;
        enter(site, &olga, json!({ "category": press })).await;
        let guest = site.week.attendee("carla");
        put(site, &olga, guest, json!({ "category": guests })).await.expect(200);
        let target = registration(site, &guest.to_string());
        olga.patch(&target, &json!({ "category": press })).await.expect_problem(409, "full");
        let (next, _) = enter(site, &olga, json!({ "category": guests })).await;
        olga.patch(&target, &json!({ "category": press, "override": true })).await.expect(200);
        assert_eq!(status(site, &next).await, "confirmed", "the place that was left is given on");
    }

    async fn a_category_or_delegation_that_registrations_name_stays(site) {
        let press = category(site, "press", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        enter(site, &olga, json!({ "category": press, "delegation": chile })).await;
        for record in ["/categories/press", "/delegations/chile"] {
            olga.delete(&path(site, record)).await.expect_problem(409, "still_referenced");
        }
    }
}

async fn newcomer_named(site: &Site, number: usize) -> Actor {
    newcomer(site, &format!("person{number}")).await
}
