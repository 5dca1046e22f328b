//! Who works somewhere is told first.

use serde_json::{Value, json};
use shared::programme::DelegationDuty;

use super::cast::{
    address, after_the_pause, move_session, newest_dispatch, notice, notices, path, phone_that_stars, work,
};
use crate::harness::{Actor, SECRETS, Site};
use crate::people::cast::{category, delegation, on_duty, put};

async fn give(site: &Site, olga: &Actor, who: &str, (kind, collection, object): (&str, &str, &str)) -> Value {
    let body = json!({ "attendee": site.week.attendee(who), "kind": kind, "collection": collection, "object": site.week.id(object) });
    olga.post(&path(site, "/duties"), &body).await.expect(201).json()
}

on_both! {
    async fn who_interprets_at_a_session_is_told_first_and_stays_on_the_list_until_they_say_so(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "ana", "reality").await;
        let mut carlas = site.device("carla").await;
        give(site, &olga, "carla", ("interpreter", "sessions", "reality")).await;
        carlas.sync().await;
        assert_eq!(carlas.list("duties").len(), 1);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!(held["concerns"]["by_reason"], json!({ "duty": 1, "starred": 1 }));
        after_the_pause(site).await;
        let (id, told) = notice(&mut carlas).await;
        assert_eq!(told["reasons"], json!(["duty"]));
        let dispatch = newest_dispatch(site, &olga).await;
        let people = olga.get(&address(site, &dispatch, "/people")).await.expect(200).json();
        let list: Vec<_> = people["items"].as_array().unwrap().iter().map(|one| (&one["name"], &one["must_acknowledge"])).collect();
        assert_eq!(list, [(&json!("carla"), &json!(true)), (&json!("ana"), &json!(false))]);
        carlas.exchange().await;
        carlas.exchange().await;
        work(site).await;
        assert!(newest_dispatch(site, &olga).await["reach"]["must_still_be_told"].as_i64().unwrap() >= 1);
        carlas.edit("notice.acknowledge", Some(site.week.attendee("carla")), json!({ "ids": [id] }));
        carlas.sync().await;
        let still = olga.get(&address(site, &dispatch, "/people?told=false")).await.expect(200).json();
        assert!(still["items"].as_array().unwrap().iter().all(|one| one["name"] != "carla"), "{still}");
    }

    async fn a_duty_in_a_room_or_part_is_about_what_is_on_there_in_its_time(site) {
        let olga = site.organiser().await;
        let (mut anas, mut brunos, mut carlas) = (site.device("ana").await, site.device("bruno").await, site.device("carla").await);
        // Sound in the library until the afternoon, and in the cinema from then on; an usher of the clinic.
        for (who, room, from, to) in [("ana", "library", None, Some("2018-11-26T12:00:00-03:00")), ("bruno", "cinema", Some("2018-11-26T12:00:00-03:00"), None)] {
            let mut body = json!({ "attendee": site.week.attendee(who), "kind": "sound", "collection": "rooms", "object": site.week.id(room) });
            for (name, at) in [("from", from), ("to", to)] {
                if let Some(at) = at {
                    body[name] = json!(at);
                }
            }
            olga.post(&path(site, "/duties"), &body).await.expect(201);
        }
        give(site, &olga, "carla", ("usher", "parts", "clinic")).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(notices(&mut anas).await, [], "her duty is over by then");
        assert_eq!(notice(&mut brunos).await.1["reasons"], json!(["duty"]));
        assert_eq!(notice(&mut carlas).await.1["reasons"], json!(["duty"]));
    }

    async fn who_works_at_a_hidden_session_sees_it_as_long_as_they_do(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("quiet-lunch")), None);
        let usher = give(site, &olga, "bruno", ("usher", "sessions", "quiet-lunch")).await;
        let sound = give(site, &olga, "bruno", ("sound", "sessions", "quiet-lunch")).await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("quiet-lunch")).is_some());
        let end = |duty: &Value| path(site, &format!("/duties/{}", duty["id"].as_str().unwrap()));
        olga.delete(&end(&usher)).await.expect(204);
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("quiet-lunch")).is_some(), "there is the other duty");
        olga.delete(&end(&sound)).await.expect(204);
        olga.delete(&end(&sound)).await.expect_problem(404, "not_found");
        phone.sync().await;
        assert!(!SECRETS.iter().any(|secret| phone.everything().contains(secret)));
        assert_eq!(phone.list("duties"), []);
    }

    async fn a_duty_goes_with_what_it_is_at_and_with_whom_it_is(site) {
        let olga = site.organiser().await;
        give(site, &olga, "carla", ("interpreter", "sessions", "visit")).await;
        give(site, &olga, "bruno", ("driver", "parts", "clinic")).await;
        let count = || async { olga.get(&path(site, "/duties")).await.expect(200).json()["items"].as_array().unwrap().len() };
        assert_eq!(count().await, 2);
        olga.delete(&path(site, &format!("/sessions/{}", site.week.id("visit")))).await.expect(204);
        assert_eq!(count().await, 1);
        olga.delete(&path(site, &format!("/attendees/{}", site.week.attendee("bruno")))).await.expect(204);
        assert_eq!(count().await, 0);
    }

    async fn what_is_no_duty_is_refused_by_its_field(site) {
        let (olga, bruno) = (site.organiser().await, site.sign_in("bruno").await);
        let good = json!({ "attendee": site.week.attendee("bruno"), "kind": "usher", "collection": "sessions", "object": site.week.id("reality") });
        for (field, value, status, code) in [
            ("attendee", json!(uuid::Uuid::new_v4()), 422, "unknown_reference"),
            ("object", json!(site.week.id("library")), 422, "unknown_reference"),
            ("kind", json!("juggler"), 400, "invalid_request"),
            ("collection", json!("tracks"), 400, "invalid_request"),
            ("note", json!("two\nlines"), 422, "invalid_value"),
        ] {
            let mut body = good.clone();
            body[field] = value;
            let problem = olga.post(&path(site, "/duties"), &body).await.expect_problem(status, code).json();
            assert_eq!(problem["field"], format!("/{field}"));
        }
        let mut body = good.clone();
        (body["from"], body["to"]) = (json!("2018-11-26T12:00:00Z"), json!("2018-11-26T12:00:00Z"));
        olga.post(&path(site, "/duties"), &body).await.expect_problem(422, "invalid_value");
        bruno.post(&path(site, "/duties"), &good).await.expect_problem(403, "forbidden");
        bruno.get(&path(site, "/duties")).await.expect_problem(403, "forbidden");
    }

    async fn a_liaison_officer_who_is_no_attendee_is_told_by_mail_what_everybody_may_read(site) {
        let olga = site.organiser().await;
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        put(site, &olga, site.week.attendee("carla"), json!({ "category": delegates, "delegation": chile })).await.expect(200);
        on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        on_duty(site, "paz", (&peru, DelegationDuty::Liaison)).await;
        on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = phone_that_stars(site, "carla", "reality").await;
        phone.sync().await;
        let before = site.post.letters().len();
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let letters = site.post.wait_for(before + 3).await;
        let outside: Vec<_> = letters[before..].iter().filter(|letter| letter.to != "carla@example.org").collect();
        assert_eq!(outside.len(), 1, "{outside:?}");
        assert_eq!((outside[0].to.as_str(), outside[0].subject.as_str()), ("lia@example.org", "New room: The Internal Reality"));
        assert!(!SECRETS.iter().any(|secret| outside[0].plain.contains(secret)));
    }
}
