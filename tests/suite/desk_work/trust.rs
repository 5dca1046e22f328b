//! Whom a desk registered, and what becomes of them where the desk is not to be trusted any more.

use std::collections::BTreeMap;

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::badge::{Access, BadgeClaims, BadgeSecret, category_mark, event_mark};

use super::cast::{desk, newcomer, outcome, refusal, visitors};
use crate::check_in::cast::{check, reason, rows, scan, upload};
use crate::enrolment::cast::{address, area, checkpoint, door, path};
use crate::harness::{Actor, Site};
use crate::people::cast::{category, with_role};

fn person(badge: &str, (name, category): (&str, &str)) -> Value {
    json!({ "name": name, "category": category, "badge": badge })
}

/// The open incidents, by kind.
async fn odd(site: &Site, lead: &Actor) -> BTreeMap<String, usize> {
    let listed = lead.get(&path(site, "/incidents")).await.expect(200).json();
    let mut kinds = BTreeMap::new();
    for one in listed["items"].as_array().unwrap() {
        *kinds.entry(one["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    kinds
}

fn kinds<const N: usize>(of: [(&str, usize); N]) -> BTreeMap<String, usize> {
    of.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect()
}

on_both! {
    async fn whom_a_desk_registered_is_not_lost_when_it_is_ended_before_it_hands_them_in(site) {
        let visitors = visitors(site, json!({})).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let olga = site.organiser().await;
        for (seed, end, at_door) in [(1, "/revoke", "badge_void"), (2, "/suspend", "not_confirmed")] {
            let mut desk = desk(site, seed).await;
            let (badge, _) = desk.print(site, (seed, &visitors));
            olga.post(&address(site, &desk.device, end), &json!({})).await.expect(200);
            let who = newcomer(u128::from(seed));
            let mut args = person(&badge, ("José Núñez", &visitors));
            args["email"] = json!(format!("jose{seed}@example.org"));
            assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(who), args).await, "requested");
            assert_eq!(reason(&check(site, &olga, &entrance, json!({ "code": badge })).await), at_door);
            assert_eq!(outcome(&mut desk.device, "walk_in.settle", Some(who), json!({})).await, "held", "it settles nothing");
        }
        let mut other = desk(site, 3).await;
        let settle = refusal(&mut other.device, "walk_in.settle", Some(newcomer(1)), json!({})).await;
        assert_eq!(settle.0, "forbidden", "a desk lead decides");
        let lea = with_role(site, "lea", Role::DeskLead).await;
        for seed in [1, 2] {
            let settle = path(site, &format!("/walk-ins/{}/settle", newcomer(seed)));
            assert_eq!(lea.post(&settle, &json!({})).await.expect(200).json()["status"], "confirmed");
            assert_eq!(lea.post(&settle, &json!({})).await.expect(200).json()["status"], "confirmed", "once");
        }
        let people = rows(&mut other.device, "desk_people").await;
        let theirs = people.iter().filter(|row| row.get("walk_in").is_some());
        let statuses: Vec<&Value> = theirs.map(|row| &row["guest"]["status"]).collect();
        assert_eq!(statuses, ["confirmed", "confirmed"]);
        let found = json!({ "text": "jose2@example.org" });
        let found = olga.post(&path(site, "/registrations/search"), &found).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    }

    async fn whom_a_desk_registered_is_not_lost_when_its_key_alone_was_revoked(site) {
        let visitors = visitors(site, json!({})).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let mut desk = desk(site, 1).await;
        let (badge, _) = desk.print(site, (7, &visitors));
        let olga = site.organiser().await;
        olga.post(&path(site, "/badge-keys/128/revoke"), &json!({})).await.expect(200);
        let answer = check(site, &olga, &entrance, json!({ "code": badge })).await;
        assert_eq!((reason(&answer), &answer["verdict"]["fault"]), ("badge_void", &json!("revoked_key")));
        let args = person(&badge, ("José Núñez", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(1)), args).await, "requested");
        assert_eq!(reason(&check(site, &olga, &entrance, json!({ "code": badge })).await), "badge_void");
        let voids = rows(&mut desk.device, "void_badges").await;
        assert!(voids.iter().any(|void| void["carrier"] == 1_007 && void["reason"] == "key_revoked"), "{voids:?}");
    }

    async fn whom_a_desk_registered_is_not_lost_when_the_category_was_closed_or_the_badge_ran_out(site) {
        let visitors = visitors(site, json!({})).await;
        let mut desk = desk(site, 1).await;
        let badge = desk.print(site, (7, &visitors)).0;
        let now = u32::try_from(site.clock.now().0 / 1_000).unwrap();
        let claims = BadgeClaims {
            key: desk.number,
            event: event_mark(site.week.event),
            secret: BadgeSecret([8; 16]),
            carrier: 1_008,
            category: category_mark(visitors.parse().unwrap()),
            access: Access::CONFIRMED,
            not_before: now - 1_200,
            expires: now - 600,
        };
        let late = desk.signer.sign(&claims).unwrap();
        let olga = site.organiser().await;
        let closed = path(site, &format!("/categories/{visitors}"));
        olga.patch(&closed, &json!({ "enrolment": "closed" })).await.expect(200);
        let args = person(&badge, ("José Núñez", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(1)), args).await, "requested");
        olga.patch(&closed, &json!({ "enrolment": "automatic" })).await.expect(200);
        let args = person(&late, ("Ana Soto", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(2)), args).await, "confirmed");
    }

    async fn a_stolen_badge_of_a_walk_in_who_is_taken_away_or_erased_stays_void(site) {
        let visitors = visitors(site, json!({})).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let mut desk = desk(site, 1).await;
        let mut tablet = door(site).await;
        let olga = site.organiser().await;
        let mut badges = Vec::new();
        for number in [7, 8, 9] {
            let (badge, _) = desk.print(site, (number, &visitors));
            let who = newcomer(u128::from(number));
            let args = person(&badge, ("José Núñez", &visitors));
            outcome(&mut desk.device, "walk_in.register", Some(who), args).await;
            if number < 9 {
                let stolen = json!({ "carrier": 1_000 + u32::from(number), "reason": "stolen" });
                outcome(&mut desk.device, "badge.void", Some(who), stolen).await;
            }
            badges.push(badge);
        }
        olga.delete(&path(site, &format!("/attendees/{}", newcomer(7)))).await.expect(204);
        let erase = path(site, &format!("/attendees/{}/erase", newcomer(8)));
        olga.post(&erase, &json!({ "confirm": newcomer(8) })).await.expect(200);
        olga.delete(&path(site, &format!("/attendees/{}", newcomer(9)))).await.expect(204);
        for badge in &badges {
            let answer = check(site, &olga, &entrance, json!({ "code": badge })).await;
            assert_eq!((reason(&answer), answer["details"].get("name")), ("badge_void", None), "{answer}");
        }
        let voids = rows(&mut tablet, "void_badges").await;
        let of = |carrier: u32| voids.iter().find(|void| void["carrier"] == carrier).map(|void| &void["reason"]);
        let reasons = [of(1_007), of(1_008), of(1_009)].map(Option::unwrap);
        assert_eq!(reasons, ["stolen", "stolen", "registration_ended"]);
        let text = serde_json::to_string(&voids).unwrap();
        assert!(!text.contains("José") && !text.contains(&newcomer(7).to_string()), "{text}");
    }

    async fn who_came_in_by_a_desks_badge_is_looked_at_until_they_are_registered(site) {
        let visitors = visitors(site, json!({ "capacity": 1 })).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let mut desk = desk(site, 1).await;
        let (olga, lea) = (site.organiser().await, with_role(site, "lea", Role::DeskLead).await);
        let mut badges = Vec::new();
        for number in [7, 8] {
            let (badge, secret) = desk.print(site, (number, &visitors));
            let guest = secret.index().to_string();
            let mut came = scan(u128::from(number), (&entrance, &week), &guest, &site.clock.now().to_string());
            came["carrier"] = json!(1_000 + u32::from(number));
            upload(site, &olga, &[&came]).await;
            badges.push(badge);
        }
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 2)]));
        let args = person(&badges[0], ("José Núñez", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(7)), args).await, "confirmed");
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 1)]));
        let args = person(&badges[1], ("Ana Soto", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(8)), args).await, "waitlisted");
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 1)]), "nobody has confirmed her");
        let room = path(site, &format!("/categories/{visitors}"));
        olga.patch(&room, &json!({ "capacity": 2 })).await.expect(200);
        assert_eq!(odd(site, &lea).await, kinds([]), "she has a place now");
        olga.post(&path(site, "/badge-keys/128/revoke"), &json!({})).await.expect(200);
        assert_eq!(odd(site, &lea).await, kinds([("revoked_key", 2)]));
        let listed = lea.get(&path(site, "/incidents")).await.expect(200).json();
        let resolve = path(site, &format!("/incidents/{}/resolve", listed["items"][0]["id"].as_str().unwrap()));
        lea.post(&resolve, &json!({ "note": "I know her." })).await.expect(200);
        assert_eq!(odd(site, &lea).await, kinds([("revoked_key", 1)]));
    }

    async fn who_came_in_unconfirmed_and_was_erased_since_stays_to_be_looked_at_without_a_name(site) {
        let visitors = visitors(site, json!({ "capacity": 1 })).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let (mut desk, mut other) = (desk(site, 1).await, desk(site, 2).await);
        let (olga, lea) = (site.organiser().await, with_role(site, "lea", Role::DeskLead).await);
        let came = |number: u8, at: u128| {
            let (badge, secret) = desk.print(site, (number, &visitors));
            let mut came = scan(at, (&entrance, &week), &secret.index().to_string(), &site.clock.now().to_string());
            came["carrier"] = json!(1_000 + u32::from(number));
            (badge, came)
        };
        let [(first, _), (ana, entered), (_, stranger)] = [came(7, 7), came(8, 8), came(9, 9)];
        let late = came(8, 10).1;
        upload(site, &olga, &[&entered, &stranger]).await;
        outcome(&mut desk.device, "walk_in.register", Some(newcomer(7)), person(&first, ("José Núñez", &visitors))).await;
        let args = person(&ana, ("Ana Soto", &visitors));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(8)), args).await, "waitlisted");
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 2)]));
        let erase = path(site, &format!("/attendees/{}/erase", newcomer(8)));
        olga.post(&erase, &json!({ "confirm": newcomer(8) })).await.expect(200);
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 2)]));
        assert_eq!(upload(site, &olga, &[&late]).await, ["recorded"]);
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 2)]), "what comes late takes nothing away");
        let mut undo = stranger.clone();
        (undo["id"], undo["undoes"]) = (json!(uuid::Uuid::from_u128(1)), stranger["id"].clone());
        undo.as_object_mut().unwrap().retain(|field, _| !["verdict", "carrier"].contains(&field.as_str()));
        upload(site, &olga, &[&undo]).await;
        assert_eq!(odd(site, &lea).await, kinds([("unregistered", 1)]), "a scan that was taken back is none");
        for device in [&mut desk.device, &mut other.device] {
            let held = rows(device, "incidents").await;
            assert_eq!((held.len(), &held[0]["guests"]), (1, &json!([entered["guest"]])), "a desk goes on seeing it");
            assert!(!device.everything().contains("Ana Soto"));
        }
    }

    async fn a_badge_of_a_walk_in_whom_an_organiser_approves_is_not_confirmed_before(site) {
        let press = category(site, "press", json!({ "enrolment": "on_approval" })).await;
        let mut desk = desk(site, 1).await;
        let categories = rows(&mut desk.device, "roster_categories").await;
        assert!(categories.iter().any(|row| row["needs_approval"] == true && row["takes_walk_ins"] == true), "{categories:?}");
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let olga = site.organiser().await;
        let (badge, _) = desk.print(site, (7, &press));
        let args = person(&badge, ("José Núñez", &press));
        assert_eq!(outcome(&mut desk.device, "walk_in.register", Some(newcomer(7)), args).await, "requested");
        assert_eq!(reason(&check(site, &olga, &entrance, json!({ "code": badge })).await), "not_confirmed");
        let settle = path(site, &format!("/walk-ins/{}/settle", newcomer(7)));
        assert_eq!(olga.post(&settle, &json!({})).await.expect(200).json()["status"], "requested", "an organiser approves");
    }
}
