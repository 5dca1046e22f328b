//! Files that change many sessions at once.

use cumbre::sync::change_log::{Actor, Unit};
use reqwest::Method;
use serde_json::json;
use shared::ids::RecordId;
use shared::programme::{Collection, RecordBody, RecordEdit};
use uuid::Uuid;

use super::cast::{
    PAUSE_MS, address, after_the_pause, newest_dispatch, nothing, notice, notices, path, phone_that_stars, work,
};
use crate::harness::Site;

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
