//! What an organiser sees before a change: whom it concerns and what they would be told.

use serde_json::{Value, json};
use shared::programme::Collection;

use super::cast::{after_the_pause, move_session, newest_dispatch, path, phone_that_stars};
use crate::harness::{Actor, Site};

async fn preview(site: &Site, olga: &Actor, rest: &str, mut body: Value) -> Value {
    body["preview"] = json!(true);
    olga.post(&path(site, rest), &body).await.expect(200).json()["notice"].clone()
}

on_both! {
    async fn every_operation_of_the_day_names_whom_it_concerns_and_what_they_would_be_told(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        phone_that_stars(site, "carla", "visit").await;
        let (library, cinema) = (site.week.id("library"), site.week.id("cinema"));
        let reality = format!("/sessions/{}", site.week.id("reality"));
        let moved = preview(site, &olga, &format!("{reality}/move"), json!({ "room": cinema })).await;
        assert_eq!(moved["concerns"], json!({ "people": 1, "by_reason": { "starred": 1 } }));
        assert_eq!(moved["texts"]["en"]["title"], "New room: The Internal Reality");
        assert_eq!((&moved["texts"]["es"]["title"], &moved["at_once"]), (&json!("Cambio de sala: The Internal Reality"), &json!(false)));
        let close = json!({ "from": "2018-11-26T17:00:00-03:00", "to": "2018-11-26T20:00:00-03:00", "rehouse": [{ "session": site.week.id("reality"), "room": cinema }] });
        let closed = preview(site, &olga, &format!("/rooms/{library}/close"), close.clone()).await;
        assert_eq!(closed, moved, "closing the room moves that session alone");
        let shift = json!({ "day": "2018-11-26", "from": "2018-11-26T13:45:00-03:00", "minutes": 25 });
        let shifted = preview(site, &olga, "/sessions/shift", shift).await;
        assert_eq!(shifted["concerns"], json!({ "people": 2, "by_reason": { "starred": 2 } }));
        assert_eq!(shifted["texts"]["en"]["title"], "2 changes in your programme");
        let swap = json!({ "a": site.week.id("reality"), "b": site.week.id("visit") });
        let swapped = preview(site, &olga, "/sessions/swap", swap).await;
        assert_eq!(swapped["concerns"]["people"], 2);
        let soon = format!("/sessions/{}/move", site.week.id("opening"));
        assert_eq!(preview(site, &olga, &soon, json!({ "room": cinema })).await["at_once"], true);
        let page = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!(page["changes"], json!([]), "nothing was committed");
    }

    async fn a_cancelled_session_and_a_room_that_opens_again_tell_what_follows_first(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        let (reality, library) = (site.week.id("reality"), path(site, "/rooms/library"));
        let target = |verb: &str| path(site, &format!("/sessions/{reality}/{verb}"));
        let asked = |verb: &str| format!("{}?preview=true", target(verb));
        let foreseen = olga.post(&asked("cancel"), &json!({})).await.expect(200).json();
        assert_eq!(foreseen["changes"][0]["fields"], json!([{ "field": "state", "before": "published", "after": "cancelled" }]));
        assert_eq!((&foreseen["concerns"]["favourites"], &foreseen["notice"]["concerns"]["people"]), (&json!(1), &json!(1)));
        olga.post(&asked("restore"), &json!({})).await.expect_problem(409, "wrong_state");
        assert_eq!(olga.get(&path(site, &format!("/sessions/{reality}"))).await.json()["state"], "published");
        olga.post(&target("cancel"), &json!({})).await.expect(200);
        let back = olga.post(&asked("restore"), &json!({})).await.expect(200).json();
        assert_eq!(back["changes"][0]["fields"][0]["after"], "published");

        olga.post(&target("restore"), &json!({})).await.expect(200);
        let close = json!({ "from": "2018-11-26T17:00:00-03:00", "to": "2018-11-26T20:00:00-03:00" });
        olga.post(&format!("{library}/close"), &close).await.expect(200);
        let open = json!({ "closures": null });
        let opened = olga.patch(&format!("{library}?preview=true"), &open).await.expect(200).json();
        assert_eq!((&opened["collisions"], &opened["resolved"][0]["code"]), (&json!([]), &json!("room_closed")));
        assert!(olga.get(&library).await.json()["closures"].is_array());
        let refused = path(site, "/tracks/prevention?preview=true");
        olga.patch(&refused, &json!({ "slug": "other" })).await.expect_problem(400, "invalid_request");
    }

    async fn a_preview_counts_those_who_are_told_and_nobody_who_may_not_see_it(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        let hidden = json!({ "admission": { "policy": "by_invitation", "visibility": "hidden", "audiences": [site.week.id("advisers")] } });
        site.week.patch(site.node.app(), (Collection::Sessions, "reality"), hidden).await;
        let to = json!({ "room": site.week.id("cinema") });
        let foreseen = preview(site, &olga, &format!("/sessions/{}/move", site.week.id("reality")), to.clone()).await;
        assert_eq!(foreseen["concerns"], json!({ "people": 1, "by_reason": { "invited": 1 } }));
        move_session(site, &olga, "reality", to).await;
        after_the_pause(site).await;
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["people"], 1);
    }

    async fn a_preview_says_what_goes_out_together_with_what_is_held(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        phone_that_stars(site, "carla", "visit").await;
        let (library, cinema) = (site.week.id("library"), site.week.id("cinema"));
        move_session(site, &olga, "reality", json!({ "room": cinema })).await;
        let to = json!({ "starts_at": "2018-11-26T14:30:00-03:00" });
        let visit = format!("/sessions/{}/move", site.week.id("visit"));
        let both = preview(site, &olga, &visit, to.clone()).await;
        assert_eq!((&both["concerns"]["people"], &both["texts"]["en"]["title"]), (&json!(2), &json!("2 changes in your programme")));
        let back = format!("/sessions/{}/move", site.week.id("reality"));
        let none = preview(site, &olga, &back, json!({ "room": library })).await;
        assert_eq!((&none["concerns"], &none["texts"]), (&json!({ "people": 0, "by_reason": {} }), &json!({})), "it takes back what is held");
        move_session(site, &olga, "visit", to).await;
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        assert_eq!((&held["concerns"], &held["texts"]), (&both["concerns"], &both["texts"]));
        after_the_pause(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!((&dispatch["reach"]["people"], &dispatch["texts"]), (&both["concerns"]["people"], &both["texts"]));
    }
}
