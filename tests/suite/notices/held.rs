//! What is held back: shown at once, told to wait, and approved where it is told in somebody's own words.

use cumbre::sync::change_log::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{
    PAUSE_MS, after_the_pause, move_session, newest_dispatch, nothing, notice, notices, path, phone_that_stars, work,
};
use crate::harness::{Actor, Answer, Site};
use crate::people::cast::with_role;

/// What is held, as the organiser reads it.
async fn held(site: &Site, olga: &Actor) -> Value {
    olga.get(&path(site, "/notices/held")).await.expect(200).json()
}

async fn hold(site: &Site, by: &Actor, minutes: i64) -> Answer {
    by.post(&path(site, "/notices/held/hold"), &json!({ "minutes": minutes })).await
}

fn sessions(held: &Value) -> Vec<&str> {
    held["changes"].as_array().unwrap().iter().map(|change| change["slug"].as_str().unwrap()).collect()
}

/// Whoever reaches a minister needs a second person.
async fn protect_ministers(site: &Site, olga: &Actor) {
    let rules = json!({ "rules": [{ "audiences": [site.week.id("ministers")] }] });
    olga.send((Method::PUT, &path(site, "/approval-rules")), &[], &rules).await.expect(200);
}

async fn send(site: &Site, by: &Actor, wording: Value) -> Value {
    by.post(&path(site, "/notices/held/send"), &wording).await.expect(202);
    newest_dispatch(site, by).await
}

/// Whether it goes out, or is out already.
fn goes_out(dispatch: &Value) -> bool {
    dispatch["state"] == "sending" || dispatch["state"] == "sent"
}

async fn approve(site: &Site, by: &Actor, dispatch: &Value) -> Answer {
    let target = path(site, &format!("/announcements/{}/approve", dispatch["id"].as_str().unwrap()));
    by.post(&target, &nothing()).await
}

fn own_words() -> Value {
    json!({ "texts": { "en": { "title": "Dear ministers", "text": "The library has a better view." } } })
}

on_both! {
    async fn what_is_held_waits_when_it_is_told_to_with_what_is_edited_meanwhile(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        hold(site, &olga, 10).await.expect_problem(409, "wrong_state");
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        let answered = hold(site, &olga, 10).await.expect(200).json();
        assert_eq!((&answered["due_at"], sessions(&answered)), (&json!("2018-11-26T11:10:00.000Z"), vec!["reality"]));
        assert_eq!(held(site, &olga).await, answered);
        after_the_pause(site).await;
        assert_eq!(notices(&mut phone).await, []);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("patio") })).await;
        site.clock.advance_ms(60_000);
        work(site).await;
        assert_eq!((held(site, &olga).await["due_at"].clone(), notices(&mut phone).await), (answered["due_at"].clone(), vec![]));
        site.clock.advance_ms(10 * 60_000 - 60_000 - PAUSE_MS);
        work(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!(told["changes"][0]["after"]["room"], json!(site.week.id("patio")), "one notice of all that was edited");
        assert_eq!(held(site, &olga).await["changes"], json!([]));
        let audit = olga.get(&path(site, "/audit?limit=50")).await.expect(200).json();
        let operations: Vec<_> = audit["items"].as_array().unwrap().iter().map(|line| &line["operation"]).collect();
        assert_eq!(operations.iter().filter(|operation| **operation == "notices.hold").count(), 1);
    }

    async fn what_waits_is_sent_when_somebody_says_so_or_never(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        hold(site, &olga, 60).await.expect(200);
        let dispatch = send(site, &olga, json!({})).await;
        work(site).await;
        assert!(goes_out(&dispatch), "{dispatch}");
        assert_eq!(notices(&mut phone).await.len(), 1);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("library") })).await;
        hold(site, &olga, 60).await.expect(200);
        olga.post(&path(site, "/notices/held/discard"), &nothing()).await.expect(204);
        site.clock.advance_ms(61 * 60_000);
        work(site).await;
        let mut phone = site.device("bruno").await;
        assert_eq!(notices(&mut phone).await.len(), 1);
    }

    async fn what_nobody_was_told_of_is_told_with_what_comes_next_against_what_they_know(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        let discard = path(site, "/notices/held/discard");
        let to = async |room: &str| move_session(site, &olga, "reality", json!({ "room": site.week.id(room) })).await;
        to("cinema").await;
        olga.post(&discard, &nothing()).await.expect(204);
        assert_eq!(held(site, &olga).await["changes"], json!([]));
        after_the_pause(site).await;
        // Back where it was: nobody heard that it had left.
        to("library").await;
        after_the_pause(site).await;
        assert_eq!(notices(&mut phone).await, []);
        to("cinema").await;
        olga.post(&discard, &nothing()).await.expect(204);
        // What is taken back in the pause is told to nobody, and nobody was to be told of where that is.
        to("patio").await;
        to("cinema").await;
        assert_eq!(held(site, &olga).await["changes"], json!([]));
        after_the_pause(site).await;
        assert_eq!(notices(&mut phone).await, []);
        to("patio").await;
        let rooms = |change: &Value| (change["before"]["room"].clone(), change["after"]["room"].clone());
        let known = (json!(site.week.id("library")), json!(site.week.id("patio")));
        assert_eq!(rooms(&held(site, &olga).await["changes"][0]), known);
        after_the_pause(site).await;
        let (_, told) = notice(&mut phone).await;
        assert_eq!(rooms(&told["changes"][0]), known, "not from a room that they were never sent to");
        to("library").await;
        after_the_pause(site).await;
        let (_, told) = notices(&mut phone).await.remove(1);
        assert_eq!(rooms(&told["changes"][0]), (known.1, known.0));
    }

    async fn what_begins_soon_does_not_wait_for_what_is_told_to_but_may_be_told_to_itself(site) {
        let olga = site.organiser().await;
        let (mut visitor, mut realist) =
            (phone_that_stars(site, "bruno", "visit").await, phone_that_stars(site, "ana", "reality").await);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        move_session(site, &olga, "visit", json!({ "room": site.week.id("cinema") })).await;
        hold(site, &olga, 59).await.expect(200);
        // The briefing begins at once.
        move_session(site, &olga, "briefing", json!({ "room": site.week.id("library") })).await;
        work(site).await;
        assert_eq!(newest_dispatch(site, &olga).await["changes"].as_array().unwrap().len(), 1);
        assert_eq!(sessions(&held(site, &olga).await), ["visit", "reality"]);
        // What waits and is brought forward to within the hour still waits.
        let soon = json!({ "starts_at": "2018-11-26T08:30:00-03:00", "ends_at": "2018-11-26T09:00:00-03:00" });
        move_session(site, &olga, "visit", soon).await;
        work(site).await;
        assert_eq!(sessions(&held(site, &olga).await), ["visit", "reality"]);
        assert_eq!((notices(&mut visitor).await, notices(&mut realist).await), (vec![], vec![]));
    }

    async fn only_organisers_let_it_wait_and_not_for_ever(site) {
        let (olga, bruno) = (site.organiser().await, site.sign_in("bruno").await);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        hold(site, &bruno, 10).await.expect_problem(403, "forbidden");
        for minutes in [0, -1, 61] {
            let problem = hold(site, &olga, minutes).await.expect_problem(422, "invalid_value").json();
            assert_eq!(problem["field"], "/minutes");
        }
        assert_eq!(held(site, &olga).await["due_at"], "2018-11-26T11:00:10.000Z", "nothing was changed");
    }

    async fn changes_told_in_somebodys_own_words_to_a_minister_wait_for_a_second_person(site) {
        let (olga, pia) = (site.organiser().await, with_role(site, "pia", Role::Protocol).await);
        let mut phone = site.device("ana").await;
        protect_ministers(site, &olga).await;
        move_session(site, &olga, "round-table", json!({ "room": site.week.id("library") })).await;
        let waiting = send(site, &olga, own_words()).await;
        assert_eq!((&waiting["state"], &waiting["needs_approval"]), (&json!("to_approve"), &json!(true)));
        work(site).await;
        assert_eq!(notices(&mut phone).await, []);
        approve(site, &olga, &waiting).await.expect_problem(403, "forbidden");
        approve(site, &pia, &waiting).await.expect(200);
        work(site).await;
        assert_eq!(notice(&mut phone).await.1["texts"]["en"]["title"], "Dear ministers");
        // What has merely changed is told as it is.
        move_session(site, &olga, "round-table", json!({ "room": site.week.id("cinema") })).await;
        assert!(goes_out(&send(site, &olga, json!({})).await));
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 2);
        // So are others' changes in own words.
        move_session(site, &olga, "visit", json!({ "room": site.week.id("library") })).await;
        assert!(goes_out(&send(site, &olga, own_words()).await));
    }

    async fn changes_that_wait_for_a_second_person_can_be_given_up(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("ana").await;
        protect_ministers(site, &olga).await;
        move_session(site, &olga, "round-table", json!({ "room": site.week.id("library") })).await;
        let waiting = send(site, &olga, own_words()).await;
        let target = path(site, &format!("/dispatches/{}", waiting["id"].as_str().unwrap()));
        olga.post(&format!("{target}/confirm"), &nothing()).await.expect_problem(409, "wrong_state");
        olga.post(&format!("{target}/discard"), &nothing()).await.expect(200);
        work(site).await;
        assert_eq!((&newest_dispatch(site, &olga).await["state"], notices(&mut phone).await), (&json!("discarded"), vec![]));
    }

    async fn a_rule_that_came_after_a_message_was_scheduled_holds_it_when_its_time_comes(site) {
        let (olga, pia) = (site.organiser().await, with_role(site, "pia", Role::Protocol).await);
        let mut phone = site.device("ana").await;
        let later = json!({ "texts": { "en": { "title": "Lunch", "text": "On the terrace." } },
            "audience": { "attendees": [site.week.attendee("ana")] }, "send_at": "2018-11-26T08:10:00-03:00" });
        let scheduled = olga.post(&path(site, "/announcements"), &later).await.expect(201).json();
        assert_eq!(scheduled["state"], "scheduled");
        protect_ministers(site, &olga).await;
        site.clock.advance_ms(10 * 60_000);
        work(site).await;
        assert_eq!((&newest_dispatch(site, &olga).await["state"], notices(&mut phone).await), (&json!("to_approve"), vec![]));
        approve(site, &pia, &scheduled).await.expect(200);
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 1);
    }
}
