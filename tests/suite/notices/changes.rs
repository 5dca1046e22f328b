//! From a change to the inbox.

use serde_json::{Value, json};

use super::cast::{
    after_the_pause, dispatch_count, move_session, newest_dispatch, nothing, notice, notices, path, phone_that_stars,
    work,
};

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
}
