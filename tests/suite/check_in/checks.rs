//! Checks through the server: the verdict, the scan that records it, and who may ask.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::programme::Collection;
use uuid::Uuid;

use super::cast::{at, check, guests, lunch, reason};
use crate::enrolment::cast::{address, area, checkpoint, door, enrol};
use crate::people::cast::{path, with_role};

on_both! {
    async fn a_badge_is_let_in_once_and_the_same_question_is_answered_as_it_was(site) {
        let (people, lunch) = (guests(site, 2).await, lunch(site, 2).await);
        let door = door(site).await.actor;
        let (one, other) = (&lunch.doors[0], &lunch.doors[1]);
        let asked = json!({ "scan": Uuid::from_u128(1), "code": people[0].code });
        let first = check(site, &door, one, asked.clone()).await;
        assert_eq!((reason(&first), &first["is_let_through"], &first["sentence"]), ("admitted", &json!(true), &json!("Welcome.")));
        assert_eq!(first["details"], json!({ "name": "Guest 0000" }), "the badge opens who they are");
        assert_eq!(check(site, &door, one, asked).await, first, "the answer was lost");
        let again = check(site, &door, other, json!({ "code": people[0].code })).await;
        assert_eq!((reason(&again), &again["verdict"]["first"]["scan"]), ("already_used", &json!(Uuid::from_u128(1))));
        assert_eq!(again["verdict"]["first"]["checkpoint"], json!(one));
        let reused = json!({ "scan": Uuid::from_u128(1), "code": people[1].code });
        door.post(&at(site, one, "check"), &reused).await.expect_problem(422, "id_reused");
        assert_eq!(reason(&check(site, &door, one, json!({ "code": people[1].code })).await), "admitted");
    }

    async fn to_verify_records_nothing(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let mut door = door(site).await;
        let asked = json!({ "code": people[0].code });
        for _ in 0..2 {
            let answer = door.actor.post(&at(site, "lunch-0", "verify"), &asked).await.expect(200).json();
            assert_eq!((reason(&answer), answer.get("scan")), ("admitted", None));
        }
        assert_eq!(super::cast::rows(&mut door, "admissions").await, Vec::<Value>::new());
        check(site, &door.actor, &lunch.doors[0], asked).await;
        assert_eq!(super::cast::rows(&mut door, "admissions").await.len(), 1);
    }

    async fn what_is_no_badge_has_its_reason_and_never_an_error_of_the_server(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let door = door(site).await.actor;
        let good = &people[0].code;
        let changed = format!("{}{}", &good[..100], good[100..].replace(&good[100..101], if &good[100..101] == "A" { "B" } else { "A" }));
        let rubbish = ["https://example.org/menu".to_owned(), String::new(), "\u{0}".to_owned(), "x".repeat(4_096), "𝄞".repeat(500), good[..150].to_owned(), changed];
        for code in &rubbish {
            let answer = check(site, &door, &lunch.doors[0], json!({ "code": code })).await;
            assert_eq!((reason(&answer), &answer["is_let_through"]), ("unknown", &json!(false)), "{code:?}");
            assert_eq!(answer["next_sentence"], "Send to the registration desk.");
        }
        let spanish = format!("{}?language=es-CL", at(site, &lunch.doors[0], "check"));
        let answer = door.post(&spanish, &json!({ "code": "menu" })).await.expect(200).json();
        assert_eq!(answer["sentence"], "Este código no es una credencial conocida.");
        let fields = [
            (json!({}), 400),
            (json!({ "code": "a", "attendee": people[0].attendee }), 400),
            (json!({ "code": "x".repeat(8_193) }), 400),
            (json!({ "code": "a", "by_hand": "\u{0}" }), 400),
            (json!({ "code": 3 }), 400),
        ];
        for (body, status) in fields {
            door.post(&at(site, &lunch.doors[0], "check"), &body).await.expect(status);
        }
        door.post(&at(site, "nowhere", "check"), &json!({ "code": "a" })).await.expect_problem(404, "not_found");
    }

    async fn a_void_paper_is_turned_away_and_the_phone_is_still_good(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let olga = site.organiser().await;
        let badges = path(site, &format!("/attendees/{}/badges", people[0].attendee));
        let paper = olga.post(&badges, &json!({ "kind": "paper" })).await.expect(201).json();
        let void = path(site, &format!("/badges/{}/void", paper["carrier"]));
        olga.post(&void, &json!({ "reason": "lost" })).await.expect(200);
        let answer = check(site, &olga, &lunch.doors[0], json!({ "code": paper["token"] })).await;
        assert_eq!(reason(&answer), "badge_void");
        assert_eq!(reason(&check(site, &olga, &lunch.doors[0], json!({ "code": people[0].code })).await), "admitted");
    }

    async fn somebody_found_by_name_is_checked_like_their_badge_and_let_in_by_hand(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 1).await);
        let dana = with_role(site, "dana", Role::Desk).await;
        let by_name = json!({ "attendee": people[0].attendee });
        let first = check(site, &dana, &lunch.doors[0], by_name.clone()).await;
        assert_eq!((reason(&first), &first["details"]["name"]), ("admitted", &json!("Guest 0000")));
        assert_eq!(reason(&check(site, &dana, &lunch.doors[0], json!({ "code": people[0].code })).await), "already_used");
        let by_hand = json!({ "attendee": people[0].attendee, "by_hand": "Gave the plate to a child." });
        let answer = check(site, &dana, &lunch.doors[0], by_hand).await;
        assert_eq!((reason(&answer), &answer["is_let_through"]), ("already_used", &json!(true)));
        let incidents = dana.get(&path(site, "/incidents")).await.expect(200).json();
        assert_eq!(incidents["items"], json!([]), "a person decided it, who was told of the first");
        let nobody = json!({ "attendee": Uuid::from_u128(9) });
        assert_eq!(reason(&check(site, &dana, &lunch.doors[0], nobody).await), "unknown");
    }

    async fn who_leaves_may_come_back_where_exits_are_recorded(site) {
        let people = guests(site, 1).await;
        let hall = area(site, "hall", json!({ "rule": "in_and_out", "capacity": 1 })).await;
        let hall = checkpoint(site, "hall-door", &hall).await;
        let dana = with_role(site, "dana", Role::Desk).await;
        let code = &people[0].code;
        let asked = |direction: &str| json!({ "code": code, "direction": direction });
        for (direction, expected, next) in [
            ("in", "admitted", "Let in."),
            ("in", "already_inside", "Call the person in charge."),
            ("out", "admitted", "Let out."),
            ("in", "admitted", "Let in."),
        ] {
            site.clock.advance_ms(1_000);
            let answer = check(site, &dana, &hall, asked(direction)).await;
            assert_eq!((reason(&answer), &answer["next_sentence"]), (expected, &json!(next)), "{direction}");
        }
    }

    async fn no_more_are_let_in_than_may_be_inside(site) {
        let people = guests(site, 3).await;
        let hall = area(site, "hall", json!({ "capacity": 2 })).await;
        let hall = checkpoint(site, "hall-door", &hall).await;
        let dana = with_role(site, "dana", Role::Desk).await;
        let mut said = Vec::new();
        for guest in [&people[0], &people[1], &people[2], &people[0]] {
            said.push(reason(&check(site, &dana, &hall, json!({ "code": guest.code })).await).to_owned());
        }
        assert_eq!(said, ["admitted", "admitted", "full", "admitted"]);
    }

    async fn the_old_door_says_where_a_session_has_moved(site) {
        let people = guests(site, 1).await;
        let library = area(site, "library", json!({ "room": site.week.id("library"), "opens_minutes_before": 15 })).await;
        let library = checkpoint(site, "library-door", &library).await;
        let (app, dana) = (site.node.app(), with_role(site, "dana", Role::Desk).await);
        let now = site.clock.now();
        let times = json!({ "starts_at": now.plus_minutes(-5), "ends_at": now.plus_minutes(55), "seats": null });
        site.week.patch(app, (Collection::Sessions, "reality"), times).await;
        let asked = json!({ "code": people[0].code });
        let here = check(site, &dana, &library, asked.clone()).await;
        assert_eq!(reason(&here), "admitted");
        site.week.patch(app, (Collection::Sessions, "reality"), json!({ "room": site.week.id("cinema") })).await;
        let moved = check(site, &dana, &library, asked).await;
        assert_eq!(reason(&moved), "moved");
        assert_eq!(moved["verdict"]["moved_to"], json!({ "session": site.week.id("reality"), "room": site.week.id("cinema") }));
        let mut door = door(site).await;
        let row = door.find("moved_sessions", site.week.id("reality")).unwrap();
        assert_eq!(row, json!({ "left": [site.week.id("library")] }));
    }

    async fn only_enrolled_devices_in_use_and_desks_check(site) {
        let (people, lunch) = (guests(site, 1).await, lunch(site, 2).await);
        let asked = json!({ "code": people[0].code });
        for name in ["ana", "bruno", "otto"] {
            let stranger = site.sign_in(name).await;
            for rest in ["check", "verify"] {
                stranger.post(&at(site, &lunch.doors[0], rest), &asked).await.expect_problem(404, "not_found");
            }
        }
        site.anonymous().post(&at(site, &lunch.doors[0], "check"), &asked).await.expect(401);
        let only = json!({ "name": "A door", "profile": "door", "checkpoints": [lunch.doors[1]] });
        let door = enrol(site, only).await;
        door.actor.post(&at(site, &lunch.doors[0], "check"), &asked).await.expect_problem(404, "not_found");
        assert_eq!(reason(&check(site, &door.actor, &lunch.doors[1], asked.clone()).await), "admitted");
        let olga = site.organiser().await;
        olga.post(&address(site, &door, "/suspend"), &json!(null)).await.expect(200);
        door.actor.post(&at(site, &lunch.doors[1], "check"), &asked).await.expect_problem(404, "not_found");
    }
}
