//! Many callers at once, and answers that get lost.

use std::collections::BTreeMap;

use cumbre::sync::change_log::Role;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::cast::{at, check, guests, lunch, reason};
use crate::harness::{Cable, Fate};
use crate::people::cast::{path, with_role};

/// How many badges the stories of many doors have: few on every run, as many as are asked for by
/// `CUMBRE_TEST_BADGES` on demand.
pub fn badges() -> usize {
    std::env::var("CUMBRE_TEST_BADGES").ok().and_then(|count| count.parse().ok()).unwrap_or(160)
}

on_both! {
    async fn twenty_badges_by_sixteen_callers_each_at_once_are_twenty_admissions(site) {
        let (people, lunch) = (guests(site, 20).await, lunch(site, 16).await);
        let dana = &with_role(site, "dana", Role::Desk).await;
        let calls = people.iter().flat_map(|guest| lunch.doors.iter().map(move |door| (guest, door)));
        let asked = calls.map(|(guest, door)| async move {
            (&guest.code, check(site, dana, door, json!({ "code": guest.code })).await)
        });
        let mut reasons: BTreeMap<&String, BTreeMap<String, usize>> = BTreeMap::new();
        for (code, answer) in join_all(asked).await {
            *reasons.entry(code).or_default().entry(reason(&answer).to_owned()).or_default() += 1;
        }
        let expected = BTreeMap::from([("admitted".to_owned(), 1), ("already_used".to_owned(), 15)]);
        assert_eq!(reasons.len(), 20);
        assert!(reasons.values().all(|said| *said == expected), "{reasons:?}");
        let uses = dana.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!(uses["uses"][0]["admitted"], 20);
        assert_eq!(dana.get(&path(site, "/incidents")).await.expect(200).json()["items"], json!([]));
    }

    async fn badges_at_sixteen_doors_count_once_though_a_tenth_of_the_answers_is_lost(site) {
        let (people, lunch) = (guests(site, badges()).await, lunch(site, 16).await);
        let dana = with_role(site, "dana", Role::Desk).await;
        let door = |number: usize| {
            let (people, lunch, dana) = (&people, &lunch, &dana);
            async move {
                let cable = Cable::to(site.node.address()).await;
                let (caller, mut admitted) = (dana.at(&cable.base()), 0);
                for (place, guest) in people.iter().enumerate().filter(|(place, _)| place % 16 == number) {
                    let asked = json!({ "scan": Uuid::from_u128(0x7000 + place as u128), "code": guest.code });
                    if place % 10 == 3 {
                        cable.set(Fate::AnswerLost);
                        let address = at(site, &lunch.doors[number], "check");
                        let (headers, body) = ([("content-type", "application/json")], asked.to_string().into_bytes());
                        assert!(caller.send_whole((Method::POST, &address), &headers, Some(body)).await.is_err());
                        cable.set(Fate::Whole);
                    }
                    let answer = check(site, &caller, &lunch.doors[number], asked).await;
                    admitted += usize::from(reason(&answer) == "admitted");
                }
                admitted
            }
        };
        let admitted: usize = join_all((0..16).map(door)).await.into_iter().sum();
        assert_eq!(admitted, people.len());
        let uses = dana.get(&path(site, "/check-in/occupancy")).await.expect(200).json();
        assert_eq!(uses["uses"][0]["admitted"], people.len());
        assert_eq!(dana.get(&path(site, "/incidents")).await.expect(200).json()["items"], json!([]));
    }
}
