//! From a change to the inbox.

use cumbre::sync::change_log::{Actor, Unit};
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::programme::{Collection, RecordBody, RecordEdit};
use uuid::Uuid;

use super::cast::{
    PAUSE_MS, address, after_the_pause, move_session, newest_dispatch, nothing, notice, notices, path,
    phone_that_stars, work,
};
use crate::harness::{SECRETS, Site};
use crate::people::cast::{category, delegation, move_to, put};

async fn dispatch_count(site: &Site) -> usize {
    let page = site.organiser().await.get(&path(site, "/dispatches")).await.expect(200).json();
    page["items"].as_array().unwrap().len()
}

/// Sessions of an afternoon of breakouts.
const BREAKOUTS: usize = 300;

/// Writes them, by one commit; their ids.
async fn write_breakouts(site: &Site) -> Vec<RecordId> {
    let body = |number: usize| {
        json!({ "slug": format!("breakout-{number}"), "kind": "session", "state": "published",
        "title": { "en": format!("Breakout {number}") }, "starts_at": "2018-11-27T15:11:00-03:00",
        "ends_at": "2018-11-27T16:00:00-03:00" })
    };
    let put = |number| RecordEdit::Put {
        id: RecordId(Uuid::now_v7()),
        body: RecordBody::from_json(Collection::Sessions, body(number)).unwrap(),
    };
    let edits: Vec<RecordEdit> = (0..BREAKOUTS).map(put).collect();
    let ids = edits.iter().map(|edit| edit.key().1).collect();
    let write = move |unit: &mut Unit<'_>| {
        unit.group.edit(Actor::default(), "sessions.create", &edits);
        Ok(())
    };
    site.node.app().writer.unit(site.week.event, write).await.unwrap();
    ids
}

on_both! {
    async fn a_room_change_is_told_after_a_pause_to_those_whom_it_concerns(site) {
        let olga = site.organiser().await;
        let (mut brunos, mut carlas) = (phone_that_stars(site, "bruno", "reality").await, site.device("carla").await);
        let (library, cinema) = (site.week.id("library"), site.week.id("cinema"));
        move_session(site, &olga, "reality", json!({ "room": cinema })).await;
        work(site).await;
        assert_eq!(notices(&mut brunos).await, [], "it waits for further edits");
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!(held["changes"][0]["slug"], "reality");
        assert_eq!(held["concerns"], json!({ "people": 1, "by_reason": { "starred": 1 } }));
        assert_eq!(held["texts"]["en"]["title"], "New room: The Internal Reality");
        assert_eq!(held["texts"]["es"]["title"], "Cambio de sala: The Internal Reality");
        after_the_pause(site).await;
        let (_, told) = notice(&mut brunos).await;
        assert_eq!((&told["kind"], &told["collection"]), (&json!("room"), &json!("sessions")));
        assert_eq!(told["reasons"], json!(["starred"]));
        let change = &told["changes"][0];
        assert_eq!((&change["before"]["room"], &change["after"]["room"]), (&json!(library), &json!(cinema)));
        assert_eq!(notices(&mut carlas).await, []);
        let letters = site.post.wait_for(2).await;
        let own = letters.iter().find(|letter| letter.to == "bruno@example.org").unwrap();
        assert_eq!(own.subject, "Cambio de sala: The Internal Reality");
        assert!(own.plain.contains("Cinema, Military Club") && own.plain.contains("Library, Military Club"), "{}", own.plain);
        assert!(letters.iter().any(|letter| letter.to == "sol@example.org"), "who acts for him is told as well");
    }

    async fn twenty_edits_in_a_minute_are_one_notice(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        for minute in 1..=20 {
            let starts_at = format!("2018-11-26T18:{minute:02}:00-03:00");
            move_session(site, &olga, "reality", json!({ "starts_at": starts_at })).await;
            site.clock.advance_ms(2_900);
            work(site).await;
            assert_eq!(notices(&mut phone).await, []);
        }
        // Ten seconds after the last edit would be later than a minute after the first.
        site.clock.advance_ms(2_000);
        work(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["kind"], &told["changes"][0]["after"]["starts_at"]), (&json!("time"), &json!("2018-11-26T21:20:00.000Z")));
        assert_eq!(told["changes"][0]["before"]["starts_at"], "2018-11-26T21:00:00.000Z");
        site.clock.advance_ms(60_000);
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 1);
    }

    async fn what_is_taken_back_in_the_pause_is_told_to_nobody_and_later_it_is_a_correction(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        let (library, cinema) = (site.week.id("library"), site.week.id("cinema"));
        move_session(site, &olga, "reality", json!({ "room": cinema })).await;
        site.clock.advance_ms(5_000);
        move_session(site, &olga, "reality", json!({ "room": library })).await;
        after_the_pause(site).await;
        assert_eq!((notices(&mut phone).await, dispatch_count(site).await), (vec![], 0));
        move_session(site, &olga, "reality", json!({ "room": cinema })).await;
        after_the_pause(site).await;
        move_session(site, &olga, "reality", json!({ "room": library })).await;
        after_the_pause(site).await;
        let told = notices(&mut phone).await;
        let corrections: Vec<_> = told.iter().map(|(_, row)| row["is_correction"] == json!(true)).collect();
        assert_eq!(corrections, [false, true]);
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["title"]["en"], "Correction: New room: The Internal Reality");
    }

    async fn a_delay_that_is_taken_back_is_told_as_a_correction(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "ana", "reality").await;
        let session = path(site, &format!("/sessions/{}", site.week.id("reality")));
        olga.post(&format!("{session}/progress"), &json!({ "state": "running_late", "minutes_late": 15 })).await.expect(200);
        after_the_pause(site).await;
        assert_eq!(notices(&mut phone).await[0].1["kind"], "late");
        let headers = [("content-type", "application/merge-patch+json")];
        olga.send((reqwest::Method::PATCH, &session), &headers, &json!({ "progress": null })).await.expect(200);
        after_the_pause(site).await;
        let (_, told) = notices(&mut phone).await.remove(1);
        assert_eq!((&told["kind"], &told["is_correction"]), (&json!("late"), &json!(true)));
        assert_eq!((&told["changes"][0]["before"]["minutes_late"], told["changes"][0]["after"].get("minutes_late")), (&json!(15), None));
        let title = newest_dispatch(site, &olga).await["texts"]["en"]["title"].clone();
        assert_eq!(title, "Correction: On time after all: The Internal Reality");
    }

    async fn what_begins_within_the_hour_is_told_at_once(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "opening").await;
        move_session(site, &olga, "opening", json!({ "room": site.week.id("cinema") })).await;
        work(site).await;
        assert_eq!(notice(&mut phone).await.1["kind"], "room");
    }

    async fn what_begins_within_the_hour_and_is_edited_again_and_again_is_told_at_once_and_then_merged(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "opening").await;
        let rooms = ["cinema", "patio", "library"];
        for turn in 0..12 {
            move_session(site, &olga, "opening", json!({ "room": site.week.id(rooms[turn % 3]) })).await;
            work(site).await;
            site.clock.advance_ms(2_900);
            work(site).await;
        }
        let starts: Vec<Value> = notices(&mut phone).await.into_iter().map(|(_, row)| row["changes"][0]["after"]["room"].clone()).collect();
        assert_eq!(starts, [json!(site.week.id("cinema"))], "the first is told at once");
        move_session(site, &olga, "opening", json!({ "room": site.week.id("patio") })).await;
        after_the_pause(site).await;
        let told = notices(&mut phone).await;
        let change = &told[1].1["changes"][0];
        assert_eq!((told.len(), &change["before"]["room"], &change["after"]["room"]), (2, &json!(site.week.id("cinema")), &json!(site.week.id("patio"))));
        site.clock.advance_ms(60_000);
        move_session(site, &olga, "opening", json!({ "room": site.week.id("library") })).await;
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 3, "a minute later it is told at once again");
    }

    async fn of_a_file_what_begins_within_the_hour_does_not_wait_until_the_whole_is_confirmed(site) {
        let olga = site.organiser().await;
        let (mut phone, mut later) = (phone_that_stars(site, "bruno", "opening").await, site.device("carla").await);
        let breakouts = write_breakouts(site).await;
        later.sync().await;
        later.star(site.week.attendee("carla"), breakouts[7], true);
        later.sync().await;
        after_the_pause(site).await;
        let file = olga.get(&path(site, "/export")).await.expect(200).text();
        let file = file.replace("15:11", "15:12").replace("09:00", "08:55");
        olga.send_bytes((Method::POST, &path(site, "/import")), &[("content-type", "application/yaml")], file.into_bytes()).await.expect(200);
        work(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["kind"], &told["changes"][0]["session"], told.get("is_digest")), (&json!("time"), &json!(site.week.id("opening")), None));
        assert_eq!(notices(&mut later).await, []);
        let page = olga.get(&path(site, "/dispatches?state=to_confirm")).await.expect(200).json();
        let waiting = &page["items"][0];
        assert_eq!((waiting["changes"].as_array().unwrap().len(), &waiting["is_digest"]), (BREAKOUTS, &json!(true)));
        olga.post(&address(site, waiting, "/confirm"), &nothing()).await.expect(200);
        work(site).await;
        assert_eq!(notice(&mut later).await.1["is_digest"], true);
    }

    async fn a_change_in_a_part_for_everybody_registered_concerns_everybody_registered(site) {
        let olga = site.organiser().await;
        let app = site.node.app();
        site.week.patch(app, (Collection::Parts, "clinic"), json!({ "admission": { "policy": "registered" } })).await;
        let delegates = category(site, "delegates", json!({})).await;
        for name in ["bruno", "carla"] {
            put(site, &olga, site.week.attendee(name), json!({ "category": delegates })).await.expect(200);
        }
        move_to(site, &olga, &site.week.attendee("carla").to_string(), "cancelled").await.expect(200);
        let (mut brunos, mut carlas) = (site.device("bruno").await, site.device("carla").await);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!(held["concerns"], json!({ "people": 1, "by_reason": { "part": 1 } }));
        after_the_pause(site).await;
        let of_changes = async |phone: &mut crate::harness::Device| {
            let told = notices(phone).await.into_iter().map(|(_, row)| row);
            told.filter(|row| row.get("dispatch").is_some()).map(|row| row["reasons"].clone()).collect::<Vec<Value>>()
        };
        assert_eq!((of_changes(&mut brunos).await, of_changes(&mut carlas).await), (vec![json!(["part"])], vec![]));
        // What has an admission of its own is not for all of them.
        site.week.patch(app, (Collection::Sessions, "quiet-lunch"), json!({ "part": site.week.id("clinic") })).await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(of_changes(&mut brunos).await.len(), 1);
    }

    async fn what_is_for_a_delegation_concerns_its_members_for_that_reason(site) {
        let olga = site.organiser().await;
        let delegates = category(site, "delegates", json!({})).await;
        let chile = delegation(site, "chile", json!({})).await;
        put(site, &olga, site.week.attendee("bruno"), json!({ "category": delegates, "delegation": chile })).await.expect(200);
        let audience = json!({ "slug": "chileans", "title": { "en": "Chileans" }, "rules": [{ "delegations": [chile] }] });
        let audience = olga.post(&path(site, "/audiences"), &audience).await.expect(201).json();
        let admission = json!({ "policy": "by_invitation", "visibility": "hidden", "audiences": [audience["id"]] });
        site.week.patch(site.node.app(), (Collection::Sessions, "visit"), json!({ "admission": admission })).await;
        after_the_pause(site).await;
        let mut phone = site.device("bruno").await;
        move_session(site, &olga, "visit", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let of_change = notices(&mut phone).await.pop().unwrap().1;
        assert_eq!(of_change["reasons"], json!(["invited", "delegation"]));
        let message = json!({ "texts": { "en": { "title": "Bus", "text": "At nine." } }, "audience": { "delegations": [chile] } });
        olga.post(&path(site, "/announcements"), &message).await.expect(201);
        work(site).await;
        assert_eq!(notices(&mut phone).await.pop().unwrap().1["reasons"], json!(["delegation"]));
    }

    async fn what_the_organiser_sends_now_is_told_at_once_in_their_words(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        let words = json!({ "en": { "title": "Flooded", "text": "Please come to the cinema." },
            "es": { "title": "Inundada", "text": "Venga al cine, por favor." } });
        let send = path(site, "/notices/held/send");
        let faulty = json!({ "texts": { "en": { "title": "two\nlines", "text": "x" } } });
        olga.post(&send, &faulty).await.expect_problem(422, "invalid_value");
        olga.post(&send, &json!({ "texts": words, "urgency": "urgent" })).await.expect(202);
        work(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["texts"], &told["urgency"]), (&words, &json!("urgent")));
        let letters = site.post.wait_for(2).await;
        assert_eq!(letters[0].subject, "Inundada", "he reads Spanish");
        assert_eq!(olga.get(&path(site, "/notices/held")).await.expect(200).json()["changes"], json!([]));
        move_session(site, &olga, "reality", json!({ "room": site.week.id("library") })).await;
        olga.post(&path(site, "/notices/held/discard"), &nothing()).await.expect(204);
        after_the_pause(site).await;
        assert_eq!(notices(&mut phone).await.len(), 1);
        let bruno = site.sign_in("bruno").await;
        bruno.get(&path(site, "/notices/held")).await.expect_problem(403, "forbidden");
        bruno.post(&send, &nothing()).await.expect_problem(403, "forbidden");
        bruno.get(&path(site, "/dispatches")).await.expect_problem(403, "forbidden");
    }

    async fn nobody_is_told_of_what_they_may_not_see(site) {
        let olga = site.organiser().await;
        // Carla is an adviser, and has the hidden lunch; ana was one until a minute ago.
        site.week.grant(site.node.app(), "advisers", "ana").await;
        let mut anas = phone_that_stars(site, "ana", "quiet-lunch").await;
        let (mut carlas, mut brunos) = (site.device("carla").await, site.device("bruno").await);
        site.week.withdraw(site.node.app(), "advisers", "ana").await;
        site.clock.advance_ms(60_000);
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(notice(&mut carlas).await.1["reasons"], json!(["invited"]));
        assert_eq!((notices(&mut anas).await, notices(&mut brunos).await), (vec![], vec![]));
        let letters = site.post.wait_for(1).await;
        assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["carla@example.org"]);
        for phone in [&mut anas, &mut brunos] {
            let held = phone.everything();
            assert!(!SECRETS.iter().any(|secret| held.contains(secret)), "{held}");
        }
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["reach"]["people"], 1);
    }

    async fn who_sees_that_it_is_listed_is_told_when_and_not_where(site) {
        let olga = site.organiser().await;
        // The round table is the ministers'; bruno sees that there is one, and starred it.
        let (mut brunos, mut anas) = (phone_that_stars(site, "bruno", "briefing").await, site.device("carla").await);
        let to = json!({ "room": site.week.id("cinema"), "starts_at": "2018-11-26T15:00:00-03:00", "ends_at": "2018-11-26T15:30:00-03:00" });
        move_session(site, &olga, "briefing", to).await;
        after_the_pause(site).await;
        let (_, listed) = notice(&mut brunos).await;
        assert_eq!((&listed["kind"], &listed["changes"][0]["kinds"]), (&json!("time"), &json!(["time"])));
        assert!(!listed.to_string().contains(&site.week.id("cinema").to_string()), "{listed}");
        let (_, whole) = notice(&mut anas).await;
        assert_eq!((&whole["kind"], &whole["changes"][0]["kinds"]), (&json!("changes"), &json!(["time", "room"])));
        let letters = site.post.wait_for(3).await;
        for letter in letters.iter().filter(|letter| !letter.to.starts_with("carla")) {
            assert!(!letter.plain.contains("Cinema") && !letter.plain.contains("Patio"), "{}", letter.plain);
        }
    }

    async fn a_morning_that_shifts_is_one_notice_for_each(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "visit").await;
        phone.star(site.week.attendee("bruno"), site.week.id("reality"), true);
        phone.sync().await;
        let shift = json!({ "day": "2018-11-26", "from": "2018-11-26T13:45:00-03:00", "minutes": 25 });
        olga.post(&path(site, "/sessions/shift"), &shift).await.expect(200);
        after_the_pause(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["kind"], told["changes"].as_array().unwrap().len()), (&json!("changes"), 2));
        assert_eq!(told["changes"][0]["after"]["starts_at"], "2018-11-26T17:25:00.000Z");
    }

    async fn a_cancellation_reaches_its_people_and_a_restoration_too(site) {
        let olga = site.organiser().await;
        let (mut brunos, mut carlas) = (phone_that_stars(site, "bruno", "reality").await, phone_that_stars(site, "carla", "visit").await);
        let reality = format!("/sessions/{}", site.week.id("reality"));
        olga.post(&path(site, &format!("{reality}/cancel")), &nothing()).await.expect(200);
        after_the_pause(site).await;
        assert_eq!(notice(&mut brunos).await.1["kind"], "cancelled");
        assert_eq!(notices(&mut carlas).await, []);
        olga.post(&path(site, &format!("{reality}/restore")), &nothing()).await.expect(200);
        after_the_pause(site).await;
        let kinds: Vec<Value> = notices(&mut brunos).await.into_iter().map(|(_, row)| row["kind"].clone()).collect();
        assert_eq!(kinds, ["cancelled", "restored"]);
        assert_eq!(newest_dispatch(site, &olga).await["title"]["en"], "Correction: Takes place after all: The Internal Reality");
    }

    async fn what_is_cancelled_with_its_part_or_the_event_is_told_and_is_nothing_to_be_moved(site) {
        let olga = site.organiser().await;
        let mut brunos = phone_that_stars(site, "bruno", "reality").await;
        let reality = path(site, &format!("/sessions/{}", site.week.id("reality")));
        let is_moved = json!({ "room": site.week.id("cinema") });
        let is_late = json!({ "state": "running_late", "minutes_late": 10 });
        for whole in [path(site, &format!("/parts/{}", site.week.id("clinic"))), path(site, "")] {
            let foreseen = olga.post(&format!("{whole}/cancel?preview=true"), &nothing()).await.expect(200).json();
            let change = foreseen["changes"].as_array().unwrap().iter().find(|change| change["slug"] == "reality").unwrap();
            let states = json!([{ "field": "state", "before": "published", "after": "cancelled" }]);
            assert_eq!((&change["fields"], &foreseen["notice"]["concerns"]["by_reason"]["starred"]), (&states, &json!(1)));
            olga.post(&format!("{whole}/cancel"), &nothing()).await.expect(200);
            after_the_pause(site).await;
            assert_eq!(notices(&mut brunos).await.last().unwrap().1["kind"], "cancelled");
            assert_eq!(olga.get(&reality).await.json()["state"], "published", "by itself it is as it was");
            olga.post(&format!("{reality}/move"), &is_moved).await.expect_problem(409, "wrong_state");
            olga.post(&format!("{reality}/progress"), &is_late).await.expect_problem(409, "wrong_state");
            let shift = json!({ "part": site.week.id("clinic"), "from": "2018-11-26T00:00:00-03:00", "minutes": 5 });
            olga.post(&path(site, "/sessions/shift"), &shift).await.expect_problem(422, "invalid_value");
            olga.post(&format!("{whole}/restore"), &nothing()).await.expect(200);
            after_the_pause(site).await;
            assert_eq!(notices(&mut brunos).await.last().unwrap().1["kind"], "restored");
        }
        assert_eq!(notices(&mut brunos).await.len(), 4);
    }

    async fn a_new_session_of_a_gated_part_is_told_to_those_who_belong_there(site) {
        let olga = site.organiser().await;
        let (mut anas, mut brunos) = (site.device("ana").await, site.device("bruno").await);
        let body = json!({ "slug": "second-table", "kind": "session", "state": "published", "part": site.week.id("dialogue"),
            "title": { "en": "Second table" }, "starts_at": "2018-11-27T09:00:00-03:00", "ends_at": "2018-11-27T10:00:00-03:00" });
        olga.post(&path(site, "/sessions"), &body).await.expect(201);
        after_the_pause(site).await;
        let (_, told) = notice(&mut anas).await;
        assert_eq!((&told["kind"], &told["reasons"]), (&json!("new_in_part"), &json!(["part"])));
        assert_eq!(notices(&mut brunos).await, []);
    }

    async fn a_file_that_changes_many_sessions_asks_before_it_tells_and_sends_one_digest(site) {
        let olga = site.organiser().await;
        let (mut phone, mut carlas) = (phone_that_stars(site, "bruno", "reality").await, phone_that_stars(site, "carla", "reality").await);
        let mut uninterested = site.device("ana").await;
        let breakouts = write_breakouts(site).await;
        for some in breakouts.chunks(100) {
            phone.sync().await;
            for id in some {
                phone.star(site.week.attendee("bruno"), *id, true);
            }
            phone.sync().await;
        }
        carlas.star(site.week.attendee("carla"), breakouts[7], true);
        carlas.sync().await;
        after_the_pause(site).await;
        let before = notices(&mut phone).await.len();
        let file = olga.get(&path(site, "/export")).await.expect(200).text().replace("15:11", "15:12");
        let import = path(site, "/import");
        olga.send_bytes((Method::POST, &import), &[("content-type", "application/yaml")], file.into_bytes()).await.expect(200);
        after_the_pause(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!((&dispatch["state"], dispatch["changes"].as_array().unwrap().len()), (&json!("to_confirm"), BREAKOUTS));
        site.clock.advance_ms(10 * PAUSE_MS);
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), before, "nobody is told before somebody confirms it");
        olga.post(&address(site, &dispatch, "/confirm"), &nothing()).await.expect(200);
        work(site).await;
        let told = notices(&mut phone).await;
        assert_eq!(told.len(), before + 1);
        assert_eq!((&told[before].1["is_digest"], told[before].1["changes"].as_array().unwrap().len()), (&json!(true), BREAKOUTS));
        let (_, of_one) = notice(&mut carlas).await;
        assert_eq!((&of_one["is_digest"], of_one["changes"].as_array().unwrap().len()), (&json!(true), 1));
        assert_eq!(notices(&mut uninterested).await, []);
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["people"], 2);
        olga.post(&address(site, &dispatch, "/discard"), &nothing()).await.expect_problem(409, "wrong_state");
    }
    async fn what_waits_to_be_confirmed_tells_nothing_that_is_not_so_any_more(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("carla").await;
        phone.sync().await;
        let breakouts = write_breakouts(site).await;
        for id in [breakouts[7], breakouts[8]] {
            phone.star(site.week.attendee("carla"), id, true);
        }
        phone.sync().await;
        after_the_pause(site).await;
        let file = olga.get(&path(site, "/export")).await.expect(200).text().replace("15:11", "15:12");
        olga.send_bytes((Method::POST, &path(site, "/import")), &[("content-type", "application/yaml")], file.into_bytes()).await.expect(200);
        after_the_pause(site).await;
        let digest = newest_dispatch(site, &olga).await;
        let by_hand = json!({ "starts_at": "2018-11-27T15:40:00-03:00", "ends_at": "2018-11-27T16:30:00-03:00" });
        olga.post(&path(site, &format!("/sessions/{}/move", breakouts[7])), &by_hand).await.expect(200);
        after_the_pause(site).await;
        let (_, told) = notice(&mut phone).await;
        let starts = |slot: &str| told["changes"][0][slot]["starts_at"].clone();
        assert_eq!((starts("before"), starts("after")), (json!("2018-11-27T18:11:00.000Z"), json!("2018-11-27T18:40:00.000Z")), "nobody knew of the file");
        olga.post(&address(site, &digest, "/confirm"), &nothing()).await.expect(200);
        work(site).await;
        let (_, summed) = notices(&mut phone).await.remove(1);
        let sessions: Vec<_> = summed["changes"].as_array().unwrap().iter().map(|change| &change["session"]).collect();
        assert_eq!(sessions, [&json!(breakouts[8])], "it is not as the file said any more");
    }
}
