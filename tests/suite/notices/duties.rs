//! Who works somewhere is told first.

use serde_json::{Value, json};

use super::cast::{
    address, after_the_pause, move_session, newest_dispatch, notice, notices, path, phone_that_stars, work,
};
use crate::harness::{Actor, SECRETS, Site};

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

    async fn who_works_there_at_the_time_that_it_leaves_is_told_too(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let mut sound = json!({ "attendee": site.week.attendee("bruno"), "kind": "sound", "collection": "rooms", "object": site.week.id("library") });
        (sound["from"], sound["to"]) = (json!("2018-11-26T16:00:00-03:00"), json!("2018-11-26T20:00:00-03:00"));
        olga.post(&path(site, "/duties"), &sound).await.expect(201);
        let later = json!({ "starts_at": "2018-11-26T20:30:00-03:00", "ends_at": "2018-11-26T22:00:00-03:00" });
        move_session(site, &olga, "reality", later).await;
        after_the_pause(site).await;
        assert_eq!(notice(&mut phone).await.1["reasons"], json!(["duty"]), "he stands in an empty room");
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

    async fn who_works_in_a_room_sees_what_is_on_there_in_their_time_and_is_told_of_it(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        phone.sync().await;
        let sees = |phone: &mut crate::harness::Device, session: &str| phone.find("sessions", site.week.id(session)).is_some();
        assert!(!sees(&mut phone, "quiet-lunch") && !sees(&mut phone, "briefing"));
        let mut morning = json!({ "attendee": site.week.attendee("bruno"), "kind": "interpreter", "collection": "rooms", "object": site.week.id("patio") });
        morning["to"] = json!("2018-11-26T12:00:00-03:00");
        olga.post(&path(site, "/duties"), &morning).await.expect(201);
        phone.sync().await;
        assert!(sees(&mut phone, "briefing") && !sees(&mut phone, "quiet-lunch"), "the lunch is after his time");
        let noon = give(site, &olga, "bruno", ("sound", "rooms", "patio")).await;
        phone.sync().await;
        assert!(sees(&mut phone, "quiet-lunch"));
        let later = json!({ "starts_at": "2018-11-26T12:45:00-03:00", "ends_at": "2018-11-26T13:45:00-03:00" });
        move_session(site, &olga, "quiet-lunch", later).await;
        after_the_pause(site).await;
        assert_eq!(notice(&mut phone).await.1["reasons"], json!(["duty"]), "that a duty lets him in is no invitation");
        // Elsewhere it is somebody else's, and here again his.
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("library") })).await;
        phone.sync().await;
        assert!(!sees(&mut phone, "quiet-lunch") && sees(&mut phone, "briefing"));
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("patio") })).await;
        phone.sync().await;
        assert!(sees(&mut phone, "quiet-lunch"));
        olga.delete(&path(site, &format!("/duties/{}", noon["id"].as_str().unwrap()))).await.expect(204);
        phone.sync().await;
        assert!(!sees(&mut phone, "quiet-lunch"));
    }

    async fn who_works_in_a_room_is_let_in_there_in_their_time_as_on_duty(site) {
        let olga = site.organiser().await;
        let check = async |session: &str| {
            let target = format!("/sessions/{}/admission/{}", site.week.id(session), site.week.attendee("bruno"));
            let verdict = olga.get(&path(site, &target)).await.expect(200).json();
            (verdict["may_enter"].as_bool().unwrap(), verdict["reason"].as_str().unwrap().to_owned())
        };
        assert!(!check("briefing").await.0);
        let mut morning = json!({ "attendee": site.week.attendee("bruno"), "kind": "sound", "collection": "rooms", "object": site.week.id("patio") });
        morning["to"] = json!("2018-11-26T12:00:00-03:00");
        let duty = olga.post(&path(site, "/duties"), &morning).await.expect(201).json();
        assert_eq!(check("briefing").await, (true, "on_duty".to_owned()));
        assert!(!check("quiet-lunch").await.0, "the lunch is after his time");
        olga.delete(&path(site, &format!("/duties/{}", duty["id"].as_str().unwrap()))).await.expect(204);
        assert!(!check("briefing").await.0);
    }

    async fn who_works_in_a_room_sees_what_is_on_there_of_a_part_by_invitation(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let duty = give(site, &olga, "bruno", ("interpreter", "rooms", "cinema")).await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("round-table")).is_some());
        move_session(site, &olga, "round-table", json!({ "room": site.week.id("library") })).await;
        phone.sync().await;
        assert_eq!(phone.find("sessions", site.week.id("round-table")), None);
        move_session(site, &olga, "round-table", json!({ "room": site.week.id("cinema") })).await;
        phone.sync().await;
        assert!(phone.find("sessions", site.week.id("round-table")).is_some());
        olga.delete(&path(site, &format!("/duties/{}", duty["id"].as_str().unwrap()))).await.expect(204);
        phone.sync().await;
        assert!(!SECRETS.iter().any(|secret| phone.everything().contains(secret)));
    }

    async fn who_drives_sees_what_the_vehicle_runs_for_as_long_as_it_runs(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let bus = json!({ "slug": "bus", "kind": "transfer", "state": "published", "title": { "en": "Bus to a supper that few know of" },
            "starts_at": "2018-11-26T19:15:00-03:00", "ends_at": "2018-11-26T19:50:00-03:00",
            "transfer": { "to": site.week.id("club") },
            "admission": { "policy": "by_invitation", "visibility": "hidden", "audiences": [site.week.id("advisers")] } });
        let bus = olga.post(&path(site, "/sessions"), &bus).await.expect(201).json();
        let coach = json!({ "slug": "coach-1", "name": { "en": "Coach 1" }, "session": bus["id"] });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json();
        let duty = json!({ "attendee": site.week.attendee("bruno"), "kind": "driver", "collection": "vehicles", "object": coach["id"] });
        phone.sync().await;
        assert!(!phone.everything().contains("few know of"));
        olga.post(&path(site, "/duties"), &duty).await.expect(201);
        phone.sync().await;
        assert!(phone.everything().contains("few know of"));
        olga.delete(&path(site, &format!("/vehicles/{}", coach["id"].as_str().unwrap()))).await.expect(204);
        phone.sync().await;
        assert!(!phone.everything().contains("few know of"));
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
}
