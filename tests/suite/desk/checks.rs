//! Who may enter, with and without a network.

use cumbre::database::{Connection, DatabaseUrl};
use cumbre::on;
use diesel::connection::SimpleConnection;
use serde_json::json;
use shared::badge::{BadgeClaims, BadgeSigner, event_mark};
use shared::programme::Collection;

use super::cast::{Desk, admitted, guest};
use crate::check_in::cast::{check, guests, keys, lunch, reason};
use crate::enrolment::cast::{area, checkpoint, door, path};
use crate::harness::Site;
use crate::people::cast::{category, delegation};

on_both! {
    async fn a_desk_lets_in_once_where_once_is_the_rule_with_the_cable_out(site) {
        let lunch = area(site, "lunch", json!({ "rule": "once" })).await;
        let door = checkpoint(site, "lunch-door", &lunch).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[&ana, &ana, "a menu", ":undo", ":find an", ":nonsense"]);
        assert!(said[0].starts_with("YES ") && said[0].contains("ana"), "{said:?}");
        assert!(said[1].starts_with("NO "), "{said:?}");
        assert!(said[2].starts_with("NO ") && !said[2].contains("ana"), "{said:?}");
        assert_eq!(said[3], "Taken back.");
        assert!(said[4].starts_with("1. ") && said[4].contains("ana"), "{said:?}");
        assert!(said[5].contains(":find NAME"), "{said:?}");
        // The program ends and begins anew, still without a network: nothing is forgotten.
        assert!(desk.says(&[&ana])[0].starts_with("NO "));
        assert_eq!(admitted(site).await, 0, "nothing was handed in yet");
        let waiting = &desk.says(&[":waiting"])[0];
        assert!(waiting.starts_with("Still to hand in: ") && waiting.contains("Last heard from the server: "), "{waiting}");
        desk.sync().await;
        assert_eq!(admitted(site).await, 1);
        assert!(desk.says(&[":waiting"])[0].starts_with("Everything is handed in. Last heard from the server: "));
        // What is handed in counts for other desks too.
        let other = Desk::enrol(site, "door", &door).await;
        assert!(other.says(&[&ana])[0].starts_with("NO "));
        desk.sync().await;
        assert_eq!(admitted(site).await, 1, "what was handed in is not handed in again");
    }

    async fn who_came_in_by_another_door_goes_out_by_this_one_and_comes_back_with_the_cable_out(site) {
        let hall = area(site, "hall", json!({ "rule": "in_and_out", "capacity": 1 })).await;
        let (east, west) = (checkpoint(site, "east", &hall).await, checkpoint(site, "west", &hall).await);
        let experts = category(site, "experts", json!({})).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let first = Desk::enrol(site, "full", &east).await;
        first.says(&[&ana]);
        first.sync().await;
        let desk = Desk::enrol(site, "full", &west).await;
        let said = desk.says(&[&bruno, ":out", &ana, ":in", &bruno, ":out", &bruno, ":in", &ana, &ana]);
        let let_in = |line: usize| said[line].starts_with("YES ");
        assert!(!let_in(0), "it is full: {said:?}");
        assert!(let_in(2) && let_in(4), "one went, so another comes: {said:?}");
        assert!(let_in(6) && let_in(8) && !let_in(9), "and back again, once: {said:?}");
    }

    async fn a_way_through_that_was_handed_in_is_taken_back_with_the_cable_out(site) {
        let hall = area(site, "hall", json!({ "rule": "in_and_out" })).await;
        let door = checkpoint(site, "hall-door", &hall).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says_around_a_sync(&[&ana, ":out", &ana], &[":undo", ":in", &ana]).await;
        assert_eq!(said[3], "Taken back.");
        assert!(said[5].starts_with("NO "), "she has not gone out: {said:?}");
        desk.sync().await;
        let said = desk.says_around_a_sync(&[":out", &ana, ":in", &ana], &[":undo", ":in", &ana]).await;
        assert!(said[6].starts_with("YES "), "nor come in again: {said:?}");
    }

    async fn a_door_knows_who_stands_there_by_the_badge_alone(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":find ana", &ana]);
        assert_eq!(said[0], "Nobody.", "a door has no names");
        assert!(said[1].starts_with("YES ") && said[1].contains("ana"), "the badge opens its own: {said:?}");
    }

    async fn what_is_no_good_badge_is_told_apart_with_the_cable_out_as_by_the_server(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let (good, at) = (&people[0].code, lunch.doors[0].as_str());
        let mut tablet = door(site).await;
        let claims = keys(site, &mut tablet).verify(good).unwrap();
        let forger = BadgeSigner::new(&[7; 32]).unwrap();
        let forged = |claims: BadgeClaims| forger.sign(&claims).unwrap();
        let shown = [
            (forged(claims.clone()), "unknown"),
            (forged(BadgeClaims { key: 9, ..claims.clone() }), "unknown"),
            (forged(BadgeClaims { key: 128, ..claims.clone() }), "unknown"),
            (forged(BadgeClaims { event: event_mark(site.week.other), ..claims }), "other_event"),
            (good[..good.len() - 8].to_owned(), "unknown"),
            ("https://example.org/menu".to_owned(), "unknown"),
            ("7".repeat(4_096), "unknown"),
        ];
        let desk = Desk::enrol(site, "door", at).await;
        for (code, expected) in &shown {
            assert_eq!(reason(&check(site, &tablet.actor, at, json!({ "code": code })).await), *expected, "{code}");
            let sentence = if *expected == "unknown" { "not a known badge" } else { "of another event" };
            let said = desk.says(&[code]).remove(0);
            assert!(said.starts_with("NO ") && said.contains(sentence), "{code}: {said}");
        }
        assert!(desk.says(&[good])[0].starts_with("YES "));
        // Long after the week the badge is none any more, at a device that was never there before either.
        site.clock.advance_ms(60 * 86_400_000);
        let late = Desk::enrol(site, "door", at).await;
        let said = late.says(&[good]).remove(0);
        assert!(said.starts_with("NO ") && said.contains("This badge is not valid."), "{said}");
        assert_eq!(reason(&check(site, &site.organiser().await, at, json!({ "code": good })).await), "badge_void");
    }

    async fn the_old_door_says_into_which_room_a_session_has_moved_with_the_cable_out(site) {
        let (people, app) = (guests(site, 1).await, site.node.app());
        let library = area(site, "library", json!({ "room": site.week.id("library"), "opens_minutes_before": 15 })).await;
        let at_library = checkpoint(site, "library-door", &library).await;
        let now = site.clock.now();
        let times = json!({ "starts_at": now.plus_minutes(-5), "ends_at": now.plus_minutes(55), "seats": null });
        site.week.patch(app, (Collection::Sessions, "reality"), times).await;
        site.week.patch(app, (Collection::Sessions, "reality"), json!({ "room": site.week.id("cinema") })).await;
        for profile in ["full", "door"] {
            let said = Desk::enrol(site, profile, &at_library).await.says(&[&people[0].code]).remove(0);
            assert!(said.starts_with("NO ") && said.contains(" Now in Cinema. Show the way"), "{profile}: {said}");
        }
    }

    async fn a_disk_that_takes_nothing_ends_no_desk(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let code = people[0].code.as_str();
        let desk = Desk::enrol(site, "full", &lunch.doors[0]).await;
        let fails = turn(&desk, "CREATE TRIGGER full BEFORE INSERT ON edits BEGIN SELECT RAISE(ABORT, 'full'); END");
        let works = turn(&desk, "DROP TRIGGER full");
        let said = desk.says_around([&[], &[code, ":count 3", ":find guest"]], fails).await;
        assert!(said[0].starts_with("WAIT.") && said[1].starts_with("WAIT.") && said[2].starts_with("1. "), "{said:?}");
        let said = desk.says_around([&[], &[code, code]], works).await;
        assert!(said[0].starts_with("YES ") && said[1].starts_with("NO "), "the check was not made: {said:?}");
        let long = format!(":note 1 {}", "a".repeat(2_000_000));
        let said = desk.says(&[":find guest", &long, code]);
        assert!(said[1].starts_with("Not so: :note NUMBER TEXT.") && said[2].starts_with("NO "), "{said:?}");
    }

    async fn a_desk_that_is_suspended_lets_nobody_in_and_goes_on_when_it_is_resumed(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 1).await);
        let [ana, bruno] = [&people[0], &people[1]].map(|guest| guest.code.as_str());
        let desk = Desk::enrol(site, "full", &lunch.doors[0]).await;
        let olga = site.organiser().await;
        let device = olga.get(&path(site, "/enrolments")).await.expect(200).json()["items"][0]["device"].clone();
        let turn = |to: &str| path(site, &format!("/enrolments/{}/{to}", device.as_str().unwrap()));
        olga.post(&turn("suspend"), &json!(null)).await.expect(200);
        let said = desk.says_around_a_sync(&[ana], &[bruno, ":find guest", ":count 1"]).await;
        assert!(said[0].starts_with("YES ") && said[1].starts_with("WAIT.") && said[3].starts_with("WAIT."), "{said:?}");
        assert_eq!(said[2], "Nobody.");
        olga.post(&turn("resume"), &json!(null)).await.expect(200);
        desk.sync().await;
        let said = desk.says(&[ana, bruno]);
        assert!(said[1].starts_with("YES "), "{said:?}");
    }

    async fn somebody_without_a_badge_is_found_and_let_in_by_hand(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[":find ana", ":take 1", ":take 7", ":count 12"]);
        assert!(said[1].starts_with("YES ") && said[1].contains("ana"), "{said:?}");
        assert!(said[2].starts_with("Not so: :take NUMBER. "), "{said:?}");
        assert_eq!(said[3], "Counted: 12.");
        desk.sync().await;
        let occupancy = site.organiser().await.get(&path(site, "/check-in/occupancy")).await.expect(200).text();
        assert!(occupancy.contains("\"counted\":12"), "{occupancy}");
    }

    async fn a_desk_knows_how_many_of_a_delegation_may_be_inside(site) {
        let dialogue = area(site, "dialogue", json!({ "session": session(site).await })).await;
        let door = checkpoint(site, "dialogue-door", &dialogue).await;
        let experts = category(site, "experts", json!({})).await;
        let chile = delegation(site, "chile", json!({ "quotas": [{ "session": session(site).await, "inside_at_most": 1 }] })).await;
        let (ana, bruno) = (guest(site, "ana", &experts).await, guest(site, "bruno", &experts).await);
        let olga = site.organiser().await;
        for who in ["ana", "bruno"] {
            let at = path(site, &format!("/attendees/{}/registration", site.week.attendee(who)));
            olga.patch(&at, &json!({ "delegation": chile })).await.expect(200);
        }
        for profile in ["full", "door"] {
            let desk = Desk::enrol(site, profile, &door).await;
            let said = desk.says(&[&ana, &bruno, ":out", &ana, ":in", &bruno]);
            let words: Vec<&str> = said.iter().map(|line| line.split(' ').next().unwrap()).collect();
            assert_eq!(words, ["YES", "NO", "Exits.", "YES", "Entries.", "YES"], "{profile}: {said:?}");
        }
    }
}

/// A published session without a time: it is entered whenever.
async fn session(site: &Site) -> String {
    let olga = site.organiser().await;
    let found = olga.get(&path(site, "/sessions/dialogue-of-ministers")).await;
    if found.status == 200 {
        return found.json()["id"].as_str().unwrap().to_owned();
    }
    let body = json!({ "slug": "dialogue-of-ministers", "title": { "en": "Dialogue" }, "kind": "session", "state": "published",
        "day": "2018-11-26", "order": 1 });
    olga.post(&path(site, "/sessions"), &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

/// Does something to the database of a desk.
fn turn(desk: &Desk, statement: &'static str) -> impl FnOnce() + Send + 'static {
    let store = desk.store();
    move || {
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(store)).unwrap();
        on!(&mut connection, |c| c.batch_execute(statement)).unwrap();
    }
}
